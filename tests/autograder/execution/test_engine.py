"""One engine, several submissions at once: each has its own settings."""

import threading
from dataclasses import replace

import pytest
from nbformat.v4 import new_notebook

from autograder.execution.engine import Engine, StoppedError
from autograder.execution.pair import ProcessPair
from autograder.execution.run import SubmissionRun
from autograder.execution.servers import ForkServers
from autograder.execution.spec import GradingSpec, Submission
from tests.autograder.conftest import FAST, cell

SOURCE = new_notebook(
    cells=[cell("pass", "answer", solution=True), cell("assert True", "t", grade=True, locked=True, points=1)]
)


def handed_in(code):
    return Submission(new_notebook(cells=[cell(code, "answer", solution=True)]))


def shown(result):
    return "".join(output.get("text", "") for output in result.outputs["s0"]).strip()


def test_submissions_with_other_environments_do_not_get_each_others(engine):
    seen = {}

    def grade(name):
        spec = GradingSpec(SOURCE, FAST, environment=(("WHO", name),))
        code = "import os; print(os.environ['WHO'])"
        seen[name] = [shown(engine.grade(spec, handed_in(code))) for _ in range(5)]

    threads = [threading.Thread(target=grade, args=(name,)) for name in ("ada", "bob", "cyd")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {name: [name] * 5 for name in ("ada", "bob", "cyd")}


def test_fork_servers_that_nobody_uses_are_few():
    with Engine() as engine:
        for name in "abcd":
            engine.grade(GradingSpec(SOURCE, FAST, environment=(("WHO", name),)), handed_in("x = 1"))
        assert len(engine._servers._entries) == 2
        servers = [server for entry in engine._servers._entries.values() for server in entry.servers.values()]
        assert all(server.alive for server in servers)
    assert not any(server.alive for server in servers)


def test_engines_do_not_share_what_they_own():
    with Engine() as one, Engine() as other:
        spec = GradingSpec(SOURCE, FAST)
        assert one.grade(spec, handed_in("x = 1")).cells["t"].score == 1
        one.close()
        assert other.grade(spec, handed_in("x = 1")).cells["t"].score == 1


def test_a_stopped_submission_has_no_result_be_it_in_its_last_test(engine, tmp_path):
    # the student's cell says that it runs; the test then waits for its end, which does not come
    source = new_notebook(
        cells=[
            cell("pass", "answer", solution=True),
            cell("import time\nf()\ntime.sleep(60)", "t", grade=True, locked=True, points=1),
        ]
    )
    raised = []

    def grade():
        try:
            engine.grade(GradingSpec(source, FAST), handed_in("def f(): pass"))
        except StoppedError as error:
            raised.append(error)

    thread = threading.Thread(target=grade)
    thread.start()
    while thread.is_alive() and not raised:
        engine.stop()
        thread.join(0.05)
    assert len(raised) == 1


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (ForkServers, "lease"),
        (ProcessPair, "start_worker"),
        (ProcessPair, "start_judge"),
        (SubmissionRun, "_set_up"),
        (SubmissionRun, "run_cell"),
        (SubmissionRun, "test"),
    ],
)
def test_whenever_a_submission_is_stopped_it_has_no_result(engine, monkeypatch, kind, step, when):
    real, begun = getattr(kind, step), []

    def stopped(*args):
        begun.append(step)
        if when == "before":
            engine.stop()
        done = real(*args)
        if when == "after":
            engine.stop()
        return done

    monkeypatch.setattr(kind, step, stopped)
    with pytest.raises(StoppedError):
        engine.grade(GradingSpec(SOURCE, FAST), handed_in("x = 1"))
    assert begun == [step]


def test_a_submission_that_is_stopped_does_not_wait_for_its_solution(engine, monkeypatch):
    push = "def push(to): to.append(1)"
    source = new_notebook(
        cells=[
            cell(push, "answer", solution=True),
            cell("a = []\npush(a)\nassert a == [1]", "t", grade=True, locked=True, points=1),
        ]
    )
    grade, start, started = Engine._grade_solution, ProcessPair.start_worker, []

    def stopped(*args):
        started.clear()
        engine.stop()
        return grade(*args)

    monkeypatch.setattr(ProcessPair, "start_worker", lambda pair: started.append(pair) or start(pair))
    assert engine.grade(GradingSpec(source, FAST), handed_in(push)).cells["t"].score == 1
    assert len(started) == 2  # its own, and the solution's
    engine._solutions.clear()
    monkeypatch.setattr(Engine, "_grade_solution", stopped)
    with pytest.raises(StoppedError):
        engine.grade(GradingSpec(source, FAST), handed_in(push))
    assert started == []


def test_an_engine_that_is_stopped_for_good_grades_nothing_further():
    with Engine() as engine:
        engine.stop(for_good=True)
        with pytest.raises(StoppedError):
            engine.grade(GradingSpec(SOURCE, FAST), handed_in("x = 1"))
        assert not engine._servers._entries


@pytest.mark.parametrize("name", ["doing", "operation", "args", "kwargs", "self", "client"])
def test_a_parameter_may_have_any_name(graded, name):
    student = f"def f({name}=1, *more): return {name}\nclass C:\n    def m(this, {name}=1): return {name}"
    assert graded(student, f"assert f({name}=5) == 5\nassert C().m({name}=6) == 6").scores == [1]


def fails(monkeypatch, times):
    """Let the engine's own code raise what is no fault of a submission."""
    real, left = Engine._run, [times]

    def run(*args):
        left[0] -= 1
        if left[0] >= 0:
            raise SystemError("AST constructor recursion depth mismatch")
        return real(*args)

    monkeypatch.setattr(Engine, "_run", run)


def test_where_the_engine_fails_once_it_tries_again(engine, monkeypatch):
    fails(monkeypatch, 1)
    result = engine.grade(GradingSpec(SOURCE, FAST), handed_in("x = 1"))
    assert result.cells["t"].score == 1
    assert not result.failed


def test_where_the_engine_fails_again_a_person_grades_each_cell(engine, monkeypatch):
    fails(monkeypatch, 2)
    result = engine.grade(GradingSpec(SOURCE, FAST), handed_in("x = 1"))
    assert result.failed
    assert (result.cells["t"].score, result.cells["t"].status) == (None, "by hand")
    assert "the grader itself failed 2 times (SystemError)" in result.reason
    assert "recursion depth mismatch" in result.cells["t"].detail


@pytest.mark.parametrize("whose", ["released_files", "judge_files", "files"])
def test_where_files_are_gone_a_person_grades_and_no_cell_fails_for_want_of_them(engine, tmp_path, whose):
    gone = {whose: tmp_path / "gone"}
    submission, spec = handed_in("x = 1"), GradingSpec(SOURCE, FAST)
    if whose == "files":
        submission = replace(submission, **gone)
    else:
        spec = replace(spec, **gone)
    result = engine.grade(spec, submission)
    assert result.failed  # so that the next run tries again
    assert (result.cells["t"].score, result.cells["t"].status) == (None, "by hand")
    assert "FileNotFoundError" in result.reason


def test_a_wrong_source_is_no_failure_of_the_engine(engine):
    again = cell("pass", "t", locked=True)
    again.id = "another"
    twice = new_notebook(cells=[*SOURCE.cells, again])
    with pytest.raises(ValueError, match="'t'"):
        engine.grade(GradingSpec(twice, FAST), handed_in("x = 1"))
