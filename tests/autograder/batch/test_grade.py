"""`autograder grade`: all submissions at once, the same rows as nbgrader's, nothing twice."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest
from rich.console import Console

from autograder.batch import cluster
from autograder.batch.job import JobRunner
from autograder.batch.lock import only_one
from autograder.batch.scheduler import ClassGrading
from autograder.commands import grade as command
from autograder.execution.engine import Engine
from autograder.execution.spec import unpack
from autograder.plugin import staged
from autograder.plugin.save_grades import SaveGrades
from autograder.store import Store, StoreError
from course.sample_class.tiny import QUESTIONS
from tests.autograder.batch import course
from tests.autograder.batch.course import CLASS, LAB, RIGHT, grade, no_execution

# nbgrader's own, when it runs in this process: of SQLAlchemy and of traitlets
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return course.make(tmp_path_factory.mktemp("released") / "course")


@pytest.fixture
def room(released, tmp_path, here):
    return here(course.copy_of(released, tmp_path / "course"))


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """A class that was graded, with what the command said."""
    room = course.copy_of(released, tmp_path_factory.mktemp("graded") / "course")
    before = os.getcwd()
    os.chdir(room.root)
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            done = grade(room)
        done.heard = [str(each.message) for each in heard]
        return room, done
    finally:
        os.chdir(before)


@pytest.fixture
def again(graded, tmp_path, here):
    """A copy of the graded class."""
    return here(course.copy_of(graded[0], tmp_path / "course"))


def count_runs(monkeypatch, ran):
    real = Engine.grade
    monkeypatch.setattr(Engine, "grade", lambda *args, **kwargs: ran.append(1) or real(*args, **kwargs))


def test_every_submission_has_the_scores_that_it_deserves(graded):
    room, done = graded
    assert done.code == 0, done.shown
    assert room.scores(LAB) == {
        "ada": {"test_double": 2, "test_parts": 3, "why": None},
        "bob": {"test_double": 0, "test_parts": 1, "why": None},
        "cyd": {"test_double": 0, "test_parts": 3, "why": None},
        "dan": {"test_double": 0, "test_parts": 0, "why": 0},
        "eve": {"test_double": 0, "test_parts": 0, "why": 0},
        "fay": {"test_double": 0, "test_parts": 0, "why": 0},
        "gus": {"test_double": 2, "test_parts": 3, "why": None},
        "hal": {"test_double": 2, "test_parts": 0, "why": None},
    }


def test_rows_comments_and_pages_are_those_of_nbgrader_autograde(graded, released, tmp_path):
    room, _ = graded
    plain = course.copy_of(released, tmp_path / "plain")
    plain.configure(course.CONFIG + "c.SandboxExecute.keep_results = False\n")
    plain.autograde(LAB)
    assert not (plain.root / ".autograder").exists()
    assert room.scores(LAB) == plain.scores(LAB)
    for student in CLASS:
        assert room.comments(LAB, student) == plain.comments(LAB, student), student
        with room.gradebook() as ours, plain.gradebook() as theirs:
            rows = [each.find_submission(LAB, student) for each in (ours, theirs)]
            assert [row.timestamp for row in rows][:1] * 2 == [row.timestamp for row in rows], student
            assert rows[0].late_submission_penalty == rows[1].late_submission_penalty
        files = [
            {path.relative_to(each.root): path.stat().st_mode for path in folder.rglob("*")}
            for each in (room, plain)
            for folder in [each.folder(student, LAB, "autograded")]
        ]
        assert files[0] == files[1], student
        cells = [each.autograded(student, LAB, LAB).cells for each in (room, plain)]
        assert [c.source for c in cells[0]] == [c.source for c in cells[1]]


def test_what_is_said_and_written_counts_the_penalty_and_the_questions(graded):
    _, done = graded
    assert done.of("state") == dict.fromkeys(CLASS, "graded")
    assert (done.submissions["ada"]["score"], done.submissions["gus"]["score"]) == (5, 4)
    assert done.submissions["ada"]["by_hand"]
    assert not done.submissions["dan"]["by_hand"]
    assert done.submissions["eve"]["notebooks"][LAB]["reason"]
    question = done.questions["test_parts"]
    assert (question["graded"], question["passed"], question["mean_score"]) == (8, 3, 10 / 8)
    assert 0 < question["median_seconds"] <= question["largest_seconds"]
    assert "8 submissions in" in done.shown
    assert "1 late (1 point off)" in done.shown


def test_what_sqlalchemy_warns_nbgrader_of_is_not_shown(graded):
    assert [each for each in graded[1].heard if "not in session" in each] == []


def test_equal_submissions_are_run_once(graded):
    room, done = graded
    assert course.kept(room) == len(CLASS) - 1  # ada's and gus' are the same
    assert all(ran for student, ran in done.of("executed").items() if student != "gus")


def test_nothing_is_run_or_written_again(again, monkeypatch):
    no_execution(monkeypatch)
    page = again.folder("ada", LAB, "autograded") / f"{LAB}.ipynb"
    before = page.stat().st_mtime_ns
    done = grade(again)
    assert (done.code, done.of("state")) == (0, dict.fromkeys(CLASS, "unchanged"))
    assert page.stat().st_mtime_ns == before
    assert done.submissions["gus"]["score"] == 4


def test_what_has_changed_is_run_and_only_that(again, monkeypatch):
    course.hand_in(again, "bob", RIGHT, day=2)
    course.add_cell(again, "dan", "more = 1")
    ran = []
    count_runs(monkeypatch, ran)
    done = grade(again)
    changed = [student for student, state in done.of("state").items() if state == "graded"]
    # bob's is now what ada's was, so there is a result; its row is written all the same
    assert (changed, len(ran), again.scores(LAB)["bob"]["test_double"]) == (["bob", "dan"], 1, 2)


def test_where_the_engine_fails_the_row_is_for_a_person_until_the_next_run(room, monkeypatch):
    with monkeypatch.context() as patch:

        def fail(*_):
            raise SystemError("AST constructor recursion depth mismatch")

        patch.setattr(Engine, "_run", fail)
        done = grade(room, "ada", "dan")
    assert done.code == 1
    assert "ada: not graded: the grader itself failed 2 times (SystemError)" in done.shown
    assert room.scores(LAB)["ada"] == {"test_double": None, "test_parts": None, "why": None}
    shown = room.autograded("ada", LAB, LAB)
    assert "a person grades" in shown.cells[0].source
    assert "the grader, not this answer, fell short" in str([c.get("outputs") for c in shown.cells])
    done = grade(room, "ada", "dan")
    assert (done.code, done.of("state")["ada"]) == (0, "graded")
    assert room.scores(LAB)["ada"] == {"test_double": 2, "test_parts": 3, "why": None}


def test_force_runs_again_what_is_named(again, monkeypatch):
    ran = []
    count_runs(monkeypatch, ran)
    done = grade(again, "ada", "bob", force=True)
    assert (done.of("state"), len(ran)) == ({"ada": "graded", "bob": "graded"}, 2)


def test_nbgrader_autograde_takes_what_is_kept(again):
    config = again.config + (
        "from autograder.execution.engine import Engine\n"
        "def refuse(*a, **k): raise AssertionError('a submission was run')\n"
        "Engine.grade = refuse\n"
    )
    again.configure(config)
    before = again.scores(LAB)
    again.autograde(LAB, "--force")
    assert again.scores(LAB) == before


def test_a_mended_test_grades_everybody_again(again):
    nb = course.source()
    nb.cells[1].source = nb.cells[1].source.replace("double(5) == 10", "double(5) == 12.5")
    again.source(LAB, LAB, nb)
    again.release(LAB)
    done = grade(again)
    assert done.of("state") == dict.fromkeys(CLASS, "graded")
    assert again.scores(LAB)["ada"]["test_double"] == 0
    assert again.scores(LAB)["bob"]["test_double"] == 2
    records = course.store(again).history("ada")
    assert len({record.tests for record in records}) == 2
    scores = [
        course.store(again).result(record.notebooks[LAB]).cells["test_double"].score for record in records
    ]
    assert scores == [2, 0]


def test_a_lost_page_or_row_is_made_again(again, monkeypatch):
    no_execution(monkeypatch)
    page = again.folder("ada", LAB, "autograded") / f"{LAB}.ipynb"
    page.unlink()
    with again.gradebook() as gradebook:
        gradebook.remove_submission(LAB, "bob")
    done = grade(again)
    written = [student for student, state in done.of("state").items() if state == "graded"]
    assert (done.code, written, page.exists()) == (0, ["ada", "bob"], True)


def test_a_submission_that_cannot_be_graded_leaves_the_others_alone(room, monkeypatch, tmp_path):
    real = JobRunner.run

    def run(self, spec, submission):
        if b"n ** 2" in unpack(submission, lambda: tmp_path)[0].get("notebook", b""):
            raise OSError("no more processes")
        return real(self, spec, submission)

    with monkeypatch.context() as patch:
        patch.setattr(JobRunner, "run", run)
        done = grade(room)
    assert (done.code, done.of("state")) == (1, {**dict.fromkeys(CLASS, "graded"), "bob": "failed"})
    assert "bob: not graded: OSError: no more processes" in done.shown
    os.chdir(room.root)
    assert grade(room).code == 0


def rows_for_others(room, student: str) -> int:
    """Return how many grades of a student another process sees in the gradebook."""
    query = (
        "select count(*) from grade join submitted_notebook on grade.notebook_id = submitted_notebook.id "
        "join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id "
        "where student_id = ?"
    )
    with closing(sqlite3.connect(room.root / "gradebook.db")) as connection:
        return connection.execute(query, [student]).fetchone()[0]


def test_a_submissions_rows_are_written_at_once_and_before_its_page_appears(room, monkeypatch):
    save, replace, seen = SaveGrades.preprocess, staged.replace, {}

    def saved(self, nb, resources):
        result, student = save(self, nb, resources), resources["nbgrader"]["student"]
        seen[student] = [rows_for_others(room, student)]
        return result

    def appeared(new, old):
        student = old.parent.name
        seen[student].append(rows_for_others(room, student))
        if student == "bob" and not old.exists():
            raise OSError("the folder's disk is gone")
        replace(new, old)

    with monkeypatch.context() as patch:
        patch.setattr(SaveGrades, "preprocess", saved)
        patch.setattr(staged, "replace", appeared)
        done = grade(room)
    most = rows_for_others(room, "ada")
    assert most >= len(QUESTIONS)
    assert seen == {student: [0, most] for student in CLASS}
    assert done.of("state") == {**dict.fromkeys(CLASS, "graded"), "bob": "failed"}
    os.chdir(room.root)
    again = grade(room)
    assert again.of("state") == {**dict.fromkeys(CLASS, "unchanged"), "bob": "graded"}


def test_a_submission_whose_writing_fails_keeps_the_rows_that_it_had(again, monkeypatch):
    before = {student: rows_for_others(again, student) for student in CLASS}
    course.add_cell(again, "ada", "number = 7")
    with again.gradebook() as gradebook:
        scores = {row["student"]: row["score"] for row in gradebook.submission_dicts(LAB)}

    def lost(self, nb, resources):
        if resources["nbgrader"]["student"] == "ada":
            raise OSError("no such luck")
        return save(self, nb, resources)

    save = SaveGrades.preprocess
    monkeypatch.setattr(SaveGrades, "preprocess", lost)
    assert grade(again).of("state")["ada"] == "failed"
    assert {student: rows_for_others(again, student) for student in CLASS} == before
    with again.gradebook() as gradebook:
        assert {row["student"]: row["score"] for row in gradebook.submission_dicts(LAB)} == scores


def page_of(room, student: str) -> bytes:
    return (room.folder(student, LAB, "autograded") / f"{LAB}.ipynb").read_bytes()


def test_a_finished_folder_stays_where_its_record_cannot_be_written(again, monkeypatch):
    course.add_cell(again, "ada", "number = 7")

    def full(*_):
        raise StoreError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add_record", full)
        done = grade(again, "ada")
    assert (done.code, "no space left" in done.shown) == (2, True)
    assert b"number = 7" in page_of(again, "ada")
    assert grade(again).of("state") == {**dict.fromkeys(CLASS, "unchanged"), "ada": "graded"}
    assert grade(again).of("state") == dict.fromkeys(CLASS, "unchanged")


@pytest.mark.parametrize("error", [OSError("the disk is gone"), KeyboardInterrupt()])
@pytest.mark.parametrize("number", [1, 2])  # the old one is put aside; the new one takes its place
def test_the_earlier_folder_stays_where_it_cannot_be_replaced(again, monkeypatch, error, number):
    before, rename, renamed = page_of(again, "ada"), Path.rename, []
    course.add_cell(again, "ada", "number = 7")

    def fail(path, target):
        renamed.append(path)
        if len(renamed) == number:
            raise error
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail)
        assert grade(again, "ada").code != 0
    assert page_of(again, "ada") == before
    assert grade(again, "ada").code == 0
    assert b"number = 7" in page_of(again, "ada")


def test_a_killed_run_is_finished_by_the_same_command(room):
    for number in range(4):
        course.hand_in(room, f"slow{number}", RIGHT)
        course.add_cell(room, f"slow{number}", f"import time; time.sleep(2 + {number} / 10)")
    grading = [sys.executable, "-m", "autograder.cli", "grade", LAB, "--workers", "2"]
    running = subprocess.Popen(grading, cwd=room.root, env=room.environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while course.kept(room) < 4 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    running.kill()
    running.wait()
    before = course.kept(room)
    assert 4 <= before < len(CLASS) + 3
    done = grade(room)
    assert done.code == 0
    assert course.kept(room) == len(CLASS) - 1 + 4
    assert sum(done.of("executed").values()) in (
        len(CLASS) + 3 - before,
        len(CLASS) + 4 - before,
    )  # ada and gus
    assert set(room.scores(LAB)) == {*CLASS, *(f"slow{number}" for number in range(4))}
    assert not list(room.root.glob("autograded/*/.*"))


def test_an_interrupt_keeps_what_is_done_and_leaves_nothing_running(room):
    for number in range(6):
        course.hand_in(room, f"zoe{number}", RIGHT)
        course.add_cell(room, f"zoe{number}", f"import time; time.sleep(4 + {number} / 10)")
    grading = [sys.executable, "-m", "autograder.cli", "grade", LAB, "--workers", "2"]
    running = subprocess.Popen(
        grading,
        cwd=room.root,
        env=room.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    while course.kept(room) < len(CLASS) - 1 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    shown = " ".join(running.communicate(timeout=60)[0].split())
    assert running.returncode == 130, shown
    assert "The same command does the rest" in shown
    assert time.monotonic() - began < 30
    assert set(room.scores(LAB)) <= {*CLASS, *(f"zoe{number}" for number in range(6))}
    assert all(score is not None for row in room.scores(LAB).values() for score in [row["test_double"]])


def test_a_second_interrupt_gives_up_what_is_under_way_and_tells_what_is_written(room, monkeypatch):
    finish = ClassGrading._finish

    def interrupted(self, *args):
        finish(self, *args)
        if len(self.outcomes) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ClassGrading, "_finish", interrupted)
        steps = course.ends_of_pools(patch)
        done = grade(room)
    assert (done.code, len(done.submissions)) == (130, 2)
    assert f"Interrupted with {len(CLASS) - 2} left" in done.shown
    assert steps.index("stop") < steps.index("close")
    assert set(done.of("state").values()) == {"graded"}
    assert None not in done.of("score").values()
    assert "no row in the gradebook" not in done.shown
    os.chdir(room.root)
    assert grade(room).code == 0


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_stops_at_once_be_it_the_same_or_another(second):
    before = signal.getsignal(second)
    grading, reached = Mock(stopping=False), []
    with command._stopped_by_signals(grading, Console(file=io.StringIO())):
        signal.raise_signal(signal.SIGINT)
        assert grading.stopping
        assert not grading.pool.stop.called
        signal.raise_signal(second)
        reached.append("the next step")
    assert (reached, grading.pool.stop.called) == ([], True)
    assert signal.getsignal(second) == before


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"assignment": "tinny"}, "no assignment 'tinny' in the gradebook (did you mean 'tiny'?)"),
        ({"students": ["aba"]}, "no submission of 'aba' for tiny (did you mean 'ada'?)"),
        ({"scheduler": "tcp://127.0.0.1:9"}, "--scheduler tcp://127.0.0.1:9: no Dask scheduler answers"),
        ({"json_file": "nowhere/out.json"}, "no folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(again, order, said, monkeypatch):
    if "scheduler" in order:
        pytest.importorskip("distributed")
        monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    order = {**order, "json_file": Path(order["json_file"])} if "json_file" in order else order
    shown = io.StringIO()
    full = {"assignment": LAB, "students": ()} | order
    code = command.grade(command.GradeOptions(**full), Console(file=shown, width=500))
    assert (code, shown.getvalue().count("\n")) == (2, 1), shown.getvalue()
    assert said in shown.getvalue()


def test_no_submissions_are_said(released, tmp_path, here):
    room = here(course.copy_of(released, tmp_path / "course"))
    for student in CLASS:
        os.rename(room.root / "submitted" / student, room.root / f"away-{student}")
    assert "no submissions: expected folders" in grade(room).shown


def test_a_gradebook_of_another_course_is_refused_and_not_touched(again):
    before = (again.root / "gradebook.db").read_bytes()
    again.configure(again.config.replace("'course'", "'another'"))
    done = grade(again)
    assert (done.code, "the gradebook is of the course 'course', this folder of 'another'" in done.shown) == (
        2,
        True,
    )
    assert (again.root / "gradebook.db").read_bytes() == before


def test_what_is_no_gradebook_is_said(again):
    (again.root / "gradebook.db").write_bytes(b"no database" * 1000)
    done = grade(again)
    assert (done.code, "cannot be read: " in done.shown) == (2, True)


def test_a_folder_without_the_autograder_is_told_how(again):
    again.configure("c = get_config()\n")
    done = grade(again)
    assert done.code == 2
    assert "does not use the autograder" in done.shown


def test_two_at_once_are_refused(again):
    with only_one(again.root / ".autograder"):
        done = grade(again)
    assert (done.code, f"is being graded by process {os.getpid()}" in done.shown) == (2, True)
    assert grade(again).code == 0


def test_a_full_disk_loses_nothing(again):
    course.hand_in(again, "ida", RIGHT)
    course.add_cell(again, "ida", "print('x' * 100_000)")
    before = again.scores(LAB)

    (again.root / "gradebook.db").chmod(0o644)
    done = again.autograder("grade", LAB, code=2, largest_file=60_000)
    shown = " ".join(done.log.split())
    assert "the same command goes on from there" in shown
    assert again.scores(LAB) == before
    assert grade(again).code == 0
    assert again.scores(LAB)["ida"]["test_double"] == 2
