"""What nbgrader's own commands did, they do with the engine."""

# ruff: noqa: E501 - tables of students

import copy
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from course.sample_class.notebooks import (
    answer,
    answered,
    free_code,
    graded,
    index,
    locked,
    notebook,
    plain,
    task,
    written,
)
from tests.autograder.classroom import ONE_LINE, Classroom
from tests.timed import timed

# module-scoped runs: one command grades many students, each test looks at one of them
pytestmark = pytest.mark.slow

FIRST = notebook(
    plain("import math"),
    locked("helper", "def near(a, b): return abs(a - b) < 1e-9"),
    answer("double", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    graded("test_double", 1, "assert near(double(4), 8), 'double(4) should be 8'"),
    graded(
        "test_double_hidden",
        2,
        "assert near(double(0), 0)\n### BEGIN HIDDEN TESTS\nassert near(double(-21.5), -43.0)\n### END HIDDEN TESTS",
    ),
    answer("letters", "### BEGIN SOLUTION\nletters = ['a', 'b', 'c', 'd']\n### END SOLUTION"),
    graded("partial", 4, "len(set(letters) & set('abcd'))"),
    written("why", 3, "YOUR ANSWER HERE"),
    free_code("show", 2, "### BEGIN SOLUTION\nprint(double(1))\n### END SOLUTION"),
    task("draw", 1, "Draw something."),
)
SECOND = notebook(
    answer("half", "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION"),
    graded("test_half", 1, "assert half(4) == 2"),
    written("second_why", 1, "YOUR ANSWER HERE"),
)
RIGHT = {
    "double": "def double(x): return 2 * x",
    "letters": "letters = list('abcd')",
    "why": "Because it is twice.",
    "show": "print(double(1))",
}
RIGHT_SECOND = {"half": "def half(x): return x / 2", "second_why": "Because."}
FULL = {
    "test_double": 1, "test_double_hidden": 2, "partial": 4, "why": None, "show": None, "draw": None,
    "test_half": 1, "second_why": None,
}  # fmt: skip
UNTOUCHED = {
    "test_double": 0, "test_double_hidden": 0, "partial": 0, "why": 0, "show": 0, "draw": None,
    "test_half": 0, "second_why": 0,
}  # fmt: skip
LATE = """
import sys; sys.path.insert(0, {root!r})
c.AssignLatePenalties.plugin_class = "late.OnePerHour"
"""
LATE_PLUGIN = """
from nbgrader.plugins import BasePlugin

class OnePerHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 3600
"""


def new_course(root: Path, config: str = "") -> Classroom:
    """An assignment of two notebooks with a data file, due at a known time."""
    shutil.copytree(released_course().name, root, dirs_exist_ok=True)
    return Classroom(root, ONE_LINE + config)


@functools.cache
def released_course() -> tempfile.TemporaryDirectory:
    """The course of `new_course`, released once for all of its copies; gone with the process."""
    folder = tempfile.TemporaryDirectory(prefix="released-")
    root = Path(folder.name)
    room = Classroom(root)
    room.source("ps1", "first", FIRST)
    room.source("ps1", "second", SECOND)
    (root / "source" / "ps1" / "data").mkdir()
    (root / "source" / "ps1" / "data" / "rain.txt").write_text("from the instructor")
    room.release("ps1")
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2030-01-01 12:00:00 UTC")
    return folder


def work(room: Classroom, **changes: str) -> dict[str, nbformat.NotebookNode]:
    """Both notebooks answered rightly, except for ``changes``."""
    first, second = room.released("ps1", "first"), room.released("ps1", "second")
    return {
        "first.ipynb": answered(first, RIGHT | {k: v for k, v in changes.items() if k not in RIGHT_SECOND}),
        "second.ipynb": answered(
            second, RIGHT_SECOND | {k: v for k, v in changes.items() if k in RIGHT_SECOND}
        ),
    }


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Classroom:
    """One run over a class."""
    root = tmp_path_factory.mktemp("course")
    room = new_course(root, LATE.format(root=str(root)))
    (root / "late.py").write_text(LATE_PLUGIN)
    on_time, late = "2030-01-01 11:00:00 UTC", "2030-01-01 14:30:00 UTC"
    released = {name: room.released("ps1", Path(name).stem) for name in ("first.ipynb", "second.ipynb")}
    room.submit("right", "ps1", work(room), on_time)
    room.submit("untouched", "ps1", released)
    room.submit("late", "ps1", work(room), late)
    room.submit("late-untouched", "ps1", released, late)
    room.submit("visible-only", "ps1", work(room, double="def double(x): return {4: 8, 0: 0}[x]"))
    room.submit("partial", "ps1", work(room, letters="letters = ['a', 'c', 'x']"))
    room.submit("crashes", "ps1", work(room, double="def double(x): return x.nothing"))
    room.submit("one-notebook", "ps1", {"first.ipynb": work(room)["first.ipynb"]})
    room.submit("broken", "ps1", work(room) | {"second.ipynb": "{"})
    room.submit("nothing", "ps1", {})
    room.submit("extra", "ps1", work(room) | {"first copy.ipynb": work(room)["first.ipynb"], "notes.txt": "mine",
                                             "data/rain.txt": "changed", "junk.pyc": "x"})  # fmt: skip
    room.submit("bad-timestamp", "ps1", work(room), "yesterday, I think")
    room.submit(
        "warns",
        "ps1",
        work(room, double="import sys\ndef double(x):\n    print('hm', file=sys.stderr)\n    return 2 * x"),
    )
    room.submit("validating", "ps1", work(room, double=(
        "import os\nassert os.environ.get('NBGRADER_EXECUTION') == 'autograde'\ndef double(x): return 2 * x")))  # fmt: skip
    room.submit("scripts", "ps1", work(room, why="<img src=x onerror=alert(1)><script>alert(2)</script>", show=(
        "from IPython.display import HTML, display\ndisplay(HTML('<script>alert(3)</script><b>bold</b>'))")))  # fmt: skip
    room.log = room.autograde("ps1").log
    room.feedback_made = False
    return room


def scores(room: Classroom, student: str) -> dict:
    return room.scores("ps1")[student]


# --- scores


def test_right_work_gets_all_points_and_leaves_the_rest_to_a_person(room):
    assert scores(room, "right") == FULL


def test_the_release_gets_no_points_and_needs_no_person(room):
    assert scores(room, "untouched") == UNTOUCHED


def test_hidden_tests_count(room):
    assert scores(room, "visible-only") == FULL | {"test_double_hidden": 0}


def test_partial_credit_is_what_the_test_says(room):
    assert scores(room, "partial") == FULL | {"partial": 2}


def test_an_error_costs_its_question_only(room):
    assert scores(room, "crashes") == FULL | {"test_double": 0, "test_double_hidden": 0}


def test_words_on_stderr_cost_nothing(room):
    assert scores(room, "warns") == FULL


def test_cells_see_that_they_are_graded(room):
    assert scores(room, "validating") == FULL


# --- comments, manual grading


def test_untouched_answers_are_commented(room):
    comments = room.comments("ps1", "untouched")
    assert comments["double"] == "No response."
    assert comments["why"] == "No response."
    assert comments["draw"] is None
    assert set(room.comments("ps1", "right").values()) == {None}


def test_a_persons_score_and_comment_survive_grading_again(room, tmp_path):
    own = new_course(tmp_path / "course")
    own.submit("ada", "ps1", work(own))
    own.autograde("ps1")
    with own.gradebook() as gradebook:
        grade = gradebook.find_grade("why", "first", "ps1", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.find_grade("test_double", "first", "ps1", "ada").manual_score = 0.5
        gradebook.find_comment("double", "first", "ps1", "ada").manual_comment = "Nice."
        gradebook.db.commit()
    own.autograde("ps1", "--force")
    with own.gradebook() as gradebook:
        why = gradebook.find_grade("why", "first", "ps1", "ada")
        test = gradebook.find_grade("test_double", "first", "ps1", "ada")
        assert (why.score, why.needs_manual_grade) == (2.5, False)  # it is the answer that was graded
        assert (test.auto_score, test.score, test.needs_manual_grade) == (1, 0.5, True)
        assert gradebook.find_comment("double", "first", "ps1", "ada").comment == "Nice."
    own.submit("ada", "ps1", work(own, why="On second thoughts."))
    own.autograde("ps1", "--force")
    with own.gradebook() as gradebook:
        why = gradebook.find_grade("why", "first", "ps1", "ada")
        assert (why.score, why.needs_manual_grade) == (2.5, True)


# --- late work


def penalty(room: Classroom, student: str) -> float | None:
    with room.gradebook() as gradebook:
        return gradebook.find_submission_notebook("first", "ps1", student).late_submission_penalty


def test_late_work_loses_what_the_plugin_says(room):
    assert scores(room, "late") == FULL
    assert penalty(room, "late") == pytest.approx(2.5)
    assert penalty(room, "right") is None


def test_a_penalty_is_never_more_than_the_score(room):
    assert penalty(room, "late-untouched") == 0


FOR_A_PERSON = {"test_double": None, "test_half": None}  # the first question of each notebook


def test_an_unreadable_timestamp_is_said_and_for_a_person(room):
    assert scores(room, "bad-timestamp") == FULL | FOR_A_PERSON
    assert penalty(room, "bad-timestamp") is None
    assert "late or not? timestamp.txt: " in room.log


# --- missing and broken files


def test_a_missing_notebook_gets_no_points_and_the_reason(room):
    assert scores(room, "one-notebook") == FULL | {"test_half": 0, "second_why": 0}
    assert room.comments("ps1", "one-notebook")["half"] == "second.ipynb was not handed in"


def test_a_broken_notebook_costs_itself_only(room):
    assert scores(room, "broken") == FULL | {"test_half": 0, "second_why": 0}
    assert "not JSON" in room.comments("ps1", "broken")["half"]


def test_an_empty_folder_gets_a_row_and_the_reason(room):
    assert scores(room, "nothing") == dict.fromkeys(FULL, 0)
    assert set(room.comments("ps1", "nothing").values()) == {
        "first.ipynb was not handed in",
        "second.ipynb was not handed in",
    }
    assert "About this submission" in room.autograded("nothing", "ps1", "first").cells[0].source


def test_what_is_no_notebook_of_the_assignment_is_left_out(room):
    assert scores(room, "extra") == FULL
    folder = room.folder("extra", "ps1", "autograded")
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        "data/rain.txt", "first.ipynb", "notes.txt", "second.ipynb",
    ]  # fmt: skip
    assert (folder / "data" / "rain.txt").read_text() == "from the instructor"


def test_graded_files_cannot_be_written(room):
    folder = room.folder("extra", "ps1", "autograded")
    assert {oct(path.stat().st_mode & 0o777) for path in folder.rglob("*") if path.is_file()} == {"0o444"}


def test_nothing_unfinished_is_left(room):
    assert not list((room.root / "autograded").rglob(".*unfinished*"))


# --- what is seen


def test_graders_see_hidden_tests_messages_and_the_full_report(room):
    nb = room.autograded("visible-only", "ps1", "first")
    cell = nb.cells[index(nb, "test_double_hidden")]
    assert "-43.0" in cell.source
    assert cell.metadata.autograder.status == "failed"
    assert "-43.0" in cell.metadata.autograder.detail
    *said, report = cell.outputs
    assert "-43.0" not in str(said)
    assert "-43.0" in str(report)


@pytest.fixture(scope="module")
def pages(room) -> dict[str, str]:
    room.nbgrader("generate_feedback", "ps1")
    return {
        student: (room.folder(student, "ps1", "feedback") / "first.html").read_text()
        for student in ("right", "visible-only", "untouched", "nothing", "crashes", "scripts")
    }


def test_the_grader_sees_the_instructors_answer_and_students_do_not(room, pages):
    nb = room.autograded("right", "ps1", "first")
    shown = [cell.source for cell in nb.cells if "the instructor's answer" in cell.source]
    assert shown == [nb.cells[index(nb, "show") + 1].source]
    assert "print(double(1))" in shown[0]
    assert "SOLUTION" not in shown[0]
    assert not any("instructor" in page for page in pages.values())


def test_feedback_loads_nothing_and_fits_a_phone(pages):
    for page in pages.values():
        assert not re.search(r"<(script|link|iframe)\b[^>]*\b(src|href)=", page)
        assert '<html lang="en">' in page
        assert 'name="viewport"' in page


def text_of(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_feedback_tells_what_failed_without_the_hidden_tests(pages):
    for page in pages.values():
        assert "-43" not in page
        assert "HIDDEN" not in page
    visible = text_of(pages["untouched"])
    assert "double(4) should be 8" in visible or "NotImplementedError" in visible


def test_feedback_shows_the_visible_tests_the_scores_and_the_reason(pages):
    assert "should be 8" in text_of(pages["right"])
    assert "first (Score: 7.0 / 13.0)" in text_of(pages["right"])
    assert "first.ipynb was not handed in" in text_of(pages["nothing"])


def test_the_contents_of_feedback_name_each_cell(pages, room):
    contents = text_of(pages["right"].partition("</ol>")[0])
    kinds = "|".join(("Test cell", "Coding free-response", "Written response", "Task"))
    named = re.findall(rf"(?:{kinds}): (\w+) \(Score", contents)
    assert named
    assert set(named) < set(room.scores("ps1")["right"])  # those of the first notebook
    assert len(named) == len(re.findall(rf"(?:{kinds})", contents))


def test_feedback_names_the_students_error(pages):
    page = text_of(pages["crashes"])
    assert "AttributeError" in page
    assert "nothing" in page


def test_feedback_has_no_scripts_of_a_submission(pages, room):
    page = pages["scripts"]
    assert not re.search(r"<script[^>]*>\s*alert", page)
    assert "<img src=x" not in page
    assert "<b>bold</b>" in page
    stored = json.dumps([cell.get("outputs") for cell in room.autograded("scripts", "ps1", "first").cells])
    assert "<script" not in stored


@pytest.mark.parametrize(
    ("show", "due", "shown"),
    [
        ("always", "2030-01-01 12:00:00", True),
        ("never", "2001-01-01 12:00:00", False),
        ("after deadline", "2001-01-01 12:00:00", True),
        ("after deadline", "2970-01-01 12:00:00", False),
    ],
)
def test_the_switch_shows_hidden_tests(tmp_path, show, due, shown):
    room = new_course(tmp_path, f"c.HideTests.show = {show!r}\n")
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate=due)
    room.submit("ada", "ps1", work(room, double="def double(x): return {4: 8, 0: 0}[x]"))
    room.autograde("ps1")
    page = text_of(room.feedback("ada", "ps1", "first"))
    assert ("-43.0" in page.replace("&#45;", "-")) is shown


def test_an_extension_keeps_hidden_tests_from_everybody(tmp_path):
    room = new_course(tmp_path, "c.HideTests.show = 'after deadline'\n")
    for student in ("ada", "bob"):
        room.submit(student, "ps1", work(room))
    room.autograde("ps1")
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2001-01-01 12:00:00")
        gradebook.grant_extension("ps1", "bob", weeks=52 * 900)
    assert "-43.0" not in text_of(room.feedback("ada", "ps1", "first"))


# --- running again


def mtime(room: Classroom, student: str) -> float:
    return (room.folder(student, "ps1", "autograded") / "first.ipynb").stat().st_mtime_ns


@pytest.fixture
def small(tmp_path) -> Classroom:
    """Two students, graded."""
    room = new_course(tmp_path / "course")
    room.submit("ada", "ps1", work(room), "2030-01-01 10:00:00 UTC")
    room.submit("bob", "ps1", work(room), "2030-01-01 10:00:00 UTC")
    room.autograde("ps1")
    return room


def test_what_is_graded_is_skipped_unless_forced_or_newer(small):
    first = mtime(small, "ada"), mtime(small, "bob")
    small.autograde("ps1")
    assert (mtime(small, "ada"), mtime(small, "bob")) == first
    small.submit("ada", "ps1", work(small, double="def double(x): return 0"), "2030-01-01 11:00:00 UTC")
    small.autograde("ps1")
    assert mtime(small, "bob") == first[1]
    assert small.scores("ps1") == {"ada": FULL | {"test_double": 0, "test_double_hidden": 0}, "bob": FULL}
    small.autograde("ps1", "--force", "--student", "bob")
    assert mtime(small, "bob") != first[1]


def test_a_time_that_is_none_and_a_name_of_two_lines_stop_nothing(tmp_path):
    room = new_course(tmp_path / "course")
    room.submit("ada", "ps1", work(room), "yesterday")
    room.submit("two\nlines", "ps1", work(room))
    assert "Not the name of a student, so not graded" in room.autograde("ps1").log
    assert room.scores("ps1") == {"ada": FULL | FOR_A_PERSON}
    for _ in range(2):
        room.nbgrader("generate_feedback", "ps1")
        assert (room.folder("ada", "ps1", "feedback") / "first.html").is_file()


def test_a_newer_submission_without_tests_does_not_keep_old_points(small):
    broken = work(small, double="def double(x): return 0")
    nb = broken["first.ipynb"]
    nb.cells = [cell for cell in nb.cells if "test_double" not in str(cell.metadata)]
    small.submit("ada", "ps1", broken, "2030-01-01 11:00:00 UTC")
    small.autograde("ps1")
    assert small.scores("ps1")["ada"] == FULL | {"test_double": 0, "test_double_hidden": 0}


def test_one_notebook_alone_can_be_graded(small):
    small.submit("cy", "ps1", work(small))
    small.autograde("ps1", "--notebook", "second", "--student", "cy")
    assert sorted(os.listdir(small.folder("cy", "ps1", "autograded"))) == ["data", "second.ipynb"]
    assert small.scores("ps1")["cy"]["test_half"] == 1
    small.autograde("ps1", "--notebook", "first", "--student", "cy")
    assert sorted(os.listdir(small.folder("cy", "ps1", "autograded"))) == [
        "data",
        "first.ipynb",
        "second.ipynb",
    ]
    assert small.scores("ps1")["cy"] == FULL


def test_a_student_can_be_left_out(small):
    small.submit("cy", "ps1", work(small))
    small.autograde("ps1", "--CourseDirectory.student_id_exclude=cy")
    assert "cy" not in small.scores("ps1")


def test_an_unknown_student_is_refused_where_none_is_to_be_made(small):
    small.submit("cy", "ps1", work(small))
    run = small.autograde("ps1", "--Autograde.create_student=False", code=1)
    assert "No student 'cy' in the gradebook" in run.log
    assert set(small.scores("ps1")) == {"ada", "bob"}


def test_an_unknown_assignment_is_said(small):
    small.submit("ada", "ps9", work(small))
    run = small.autograde("ps9", code=1)
    assert "run: nbgrader generate_assignment ps9" in run.log


def test_without_execution_nothing_is_scored(small):
    nb = work(small)["first.ipynb"]
    for name in ("test_double", "double"):
        nb.cells[index(nb, name)].outputs = [nbformat.v4.new_output("stream", text=f"stored with {name}")]
    small.submit("cy", "ps1", {"first.ipynb": nb})
    small.autograde("ps1", "--student", "cy", "--no-execute")
    given = small.scores("ps1")["cy"]
    assert given["test_double"] is None
    assert given["partial"] is None
    graded_nb = small.autograded("cy", "ps1", "first")
    assert graded_nb.cells[index(graded_nb, "double")].outputs[0].text == "stored with double"
    assert graded_nb.cells[index(graded_nb, "test_double")].outputs == []


@timed
def test_the_time_limit_of_nbgrader_is_kept(tmp_path):
    room = new_course(tmp_path)
    room.submit(
        "ada", "ps1", work(room, double="import time\ndef double(x):\n    time.sleep(3)\n    return 2 * x")
    )
    room.autograde("ps1", "--Execute.timeout=1")
    given = room.scores("ps1")["ada"]
    assert given == FULL | {"test_double": 0, "test_double_hidden": 0}
    room.autograde("ps1", "--force")
    assert room.scores("ps1")["ada"] == FULL


@timed
def test_limits_are_set_in_the_configuration(tmp_path):
    room = new_course(tmp_path, "c.SandboxExecute.call_seconds = 1\nc.SandboxExecute.cell_seconds = 2\n")
    loop = "def double(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    room.submit("ada", "ps1", work(room, double=loop))
    run = room.autograde("ps1")
    assert room.scores("ps1")["ada"] == FULL | {"test_double": 0, "test_double_hidden": 0}
    nb = room.autograded("ada", "ps1", "first")
    assert "call_seconds" in nb.metadata.autograder.limits_hit
    assert nb.cells[index(nb, "test_double")].metadata.autograder.status == "timeout"
    assert run.code == 0


def test_a_limit_that_is_none_is_refused(tmp_path):
    room = new_course(tmp_path, "c.SandboxExecute.call_seconds = -1\n")
    room.submit("ada", "ps1", work(room))
    assert "call_seconds must be a positive number, got -1" in room.autograde("ps1", code=1).log


# --- faults


def test_a_killed_run_is_finished_by_the_same_command(tmp_path):
    room = new_course(tmp_path)
    slow = "import time\ntime.sleep(1.5)\ndef double(x): return 2 * x"
    for student in ("ada", "bob", "cy"):
        room.submit(student, "ps1", work(room, double=f"{slow}  # {student}'s own"))
    process = subprocess.Popen(
        [sys.executable, "-m", "nbgrader", "autograde", "ps1"],
        cwd=room.root,
        env=room.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    first = room.folder("ada", "ps1", "autograded")
    until = time.monotonic() + 60
    while not first.exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.7)  # into the next submission
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not room.folder("cy", "ps1", "autograded").exists()
    done = mtime(room, "ada")
    room.autograde("ps1")
    assert mtime(room, "ada") == done
    assert room.scores("ps1") == dict.fromkeys(("ada", "bob", "cy"), FULL)
    assert not list((room.root / "autograded").rglob(".*unfinished*"))


def test_a_locked_gradebook_is_said_and_nothing_is_half_written(small):
    import sqlite3

    small.submit("cy", "ps1", work(small))
    with sqlite3.connect(small.root / "gradebook.db") as lock:
        lock.execute("BEGIN EXCLUSIVE")
        run = small.autograde("ps1", "--student", "cy", code=None)
        lock.rollback()
    assert run.code != 0
    assert "database is locked" in run.log
    assert not small.folder("cy", "ps1", "autograded").exists()
    small.autograde("ps1")
    assert small.scores("ps1")["cy"] == FULL


@pytest.mark.parametrize("arguments", [("--force",), ()], ids=["forced", "newer"])
def test_what_was_graded_stays_until_it_can_be_replaced(small, arguments):
    import sqlite3

    first = mtime(small, "ada")
    wrong = work(small, double="def double(x): return 0")
    small.submit("ada", "ps1", wrong, "2030-01-01 11:00:00 UTC")
    with sqlite3.connect(small.root / "gradebook.db") as lock:
        lock.execute("BEGIN EXCLUSIVE")
        run = small.autograde("ps1", "--student", "ada", *arguments, code=None)
        lock.rollback()
    assert run.code != 0
    assert "database is locked" in run.log
    assert mtime(small, "ada") == first
    assert small.scores("ps1")["ada"] == FULL
    small.autograde("ps1", *arguments)
    assert mtime(small, "ada") != first
    assert small.scores("ps1")["ada"] == FULL | {"test_double": 0, "test_double_hidden": 0}
    assert [path.name for path in small.folder("ada", "ps1", "autograded").parent.iterdir()] == ["ps1"]


def test_a_full_disk_is_said_and_the_same_command_does_the_rest(tmp_path):
    room = new_course(tmp_path)
    loud = work(room)
    loud["first.ipynb"].cells.append(plain("print('x' * 79 + '\\n', end='')\n" * 10_000))
    room.submit("loud", "ps1", loud)
    room.submit("quiet", "ps1", work(room))
    run = room.nbgrader("autograde", "ps1", code=1, largest_file=400_000)
    assert "File too large" in run.log
    assert not room.folder("loud", "ps1", "autograded").exists()
    assert room.folder("quiet", "ps1", "autograded").exists()
    assert room.scores("ps1")["quiet"] == FULL
    room.autograde("ps1")
    assert room.scores("ps1") == {"loud": FULL, "quiet": FULL}
    assert not list((tmp_path / "autograded").rglob(".*unfinished*"))


# --- the instructor's side


def test_what_only_the_judge_may_read_is_neither_released_nor_copied(tmp_path):
    source = copy.deepcopy(SECOND)
    source.cells[1].source = (
        "### BEGIN HIDDEN TESTS\nimport os\n"
        "with open(os.path.join(os.environ['AUTOGRADER_JUDGE'], 'expected.txt')) as file:\n"
        "    assert half(4) == float(file.read())\n### END HIDDEN TESTS"
    )
    room = Classroom(tmp_path)
    room.source("ps2", "second", source)
    (tmp_path / "source" / "ps2" / "judge").mkdir()
    (tmp_path / "source" / "ps2" / "judge" / "expected.txt").write_text("2.0")
    room.release("ps2")
    assert not (tmp_path / "release" / "ps2" / "judge").exists()
    room.submit("ada", "ps2", {"second.ipynb": answered(room.released("ps2", "second"), RIGHT_SECOND)})
    looks = "import os\nprint(os.environ.get('AUTOGRADER_JUDGE'), os.listdir('.'))\ndef half(x): return 0"
    room.submit("bob", "ps2", {"second.ipynb": answered(room.released("ps2", "second"), {"half": looks})})
    room.autograde("ps2")
    assert room.scores("ps2") == {
        "ada": {"test_half": 1, "second_why": None},
        "bob": {"test_half": 0, "second_why": 0},
    }
    assert not (room.folder("ada", "ps2", "autograded") / "judge").exists()
    nb = room.autograded("bob", "ps2", "second")
    assert "None" in nb.cells[0].outputs[0].text
    assert "judge" not in nb.cells[0].outputs[0].text


def test_a_file_that_the_student_may_change_is_the_students_in_the_worker_only(tmp_path):
    source = notebook(
        plain("from mine import value"),
        answer("answer", "### BEGIN SOLUTION\nresult = value()\n### END SOLUTION"),
        graded("test", 1, "assert result == 3"),
    )
    room = Classroom(tmp_path, ONE_LINE + "c.Autograde.exclude_overwriting = {'ps3': ['mine.py']}\n")
    room.source("ps3", "only", source)
    (tmp_path / "source" / "ps3" / "mine.py").write_text("def value(): return 3\n")
    room.release("ps3")
    nb = answered(room.released("ps3", "only"), {"answer": "result = value()"})
    room.submit("right", "ps3", {"only.ipynb": nb, "mine.py": "def value(): return 1 + 2\n"})
    room.submit("wrong", "ps3", {"only.ipynb": nb, "mine.py": "def value(): return 5\n"})
    room.autograde("ps3")
    assert room.scores("ps3") == {"right": {"test": 1}, "wrong": {"test": 0}}


def test_a_notebook_in_another_language_is_refused(tmp_path):
    room = Classroom(tmp_path, ONE_LINE + "c.ClearSolutions.code_stub = {'R': '# here'}\n")
    nb = notebook(plain("1"))
    nb.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    room.source("ps4", "only", nb)
    room.release("ps4")
    room.submit("ada", "ps4", {"only.ipynb": nb})
    run = room.autograde("ps4", code=1)
    assert "ps4/only.ipynb is in R; the engine runs Python only" in run.log


def test_the_instructors_own_preprocessors_are_kept(tmp_path):
    (tmp_path / "own.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Stamp(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n"
        "        nb.metadata['stamped'] = True\n"
        "        return nb, resources\n"
    )
    config = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "c = get_config()\n"
        "c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute',"
        " 'nbgrader.preprocessors.SaveAutoGrades', 'own.Stamp']\n"
        "import autograder.plugin; autograder.plugin.configure(c)\n"
    )
    room = new_course(tmp_path / "course")
    room.configure(config)
    room.submit("ada", "ps1", work(room))
    room.autograde("ps1")
    assert room.scores("ps1") == {"ada": FULL}
    assert room.autograded("ada", "ps1", "first").metadata.stamped


def test_without_a_release_the_source_will_do(small):
    import shutil

    shutil.rmtree(small.root / "release")
    small.autograde("ps1", "--force")
    assert small.scores("ps1") == {"ada": FULL, "bob": FULL}
    shutil.rmtree(small.root / "source")
    small.autograde("ps1", "--force")
    assert small.scores("ps1") == {"ada": FULL, "bob": FULL}


# --- the formgrader


def test_the_formgraders_button_grades_within_a_running_loop(small, tmp_path):
    script = tmp_path / "button.py"
    script.write_text(
        "import asyncio, json, sys\n"
        "from nbgrader.apps import NbGraderAPI\n"
        "from nbgrader.apps.baseapp import NbGrader\n"
        "from nbgrader.coursedir import CourseDirectory\n"
        "app = NbGrader(); app.load_config_file()\n"
        "api = NbGraderAPI(CourseDirectory(config=app.config), config=app.config)\n"
        "async def click():\n"
        "    return api.autograde('ps1', 'cy'), api.generate_feedback('ps1', 'cy')\n"
        "results = asyncio.run(click())\n"
        "print(json.dumps([each['success'] for each in results])); print(results, file=sys.stderr)\n"
    )
    small.submit("cy", "ps1", work(small, double="def double(x): return {4: 8, 0: 0}[x]"))
    done = subprocess.run(
        [sys.executable, str(script)], cwd=small.root, env=small.environment, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1:] == ["[true, true]"], done.stderr[-3000:]
    assert small.scores("ps1")["cy"] == FULL | {"test_double_hidden": 0}
    assert "-43.0" not in text_of((small.folder("cy", "ps1", "feedback") / "first.html").read_text())


AUTOTESTS = """
python3:
    setup: "from hashlib import sha1"
    hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
    success: "print('Success!')"
    templates:
        default:
            - test: "type({{snippet}})"
              fail: "type of {{snippet}} is not correct"
            - test: "{{snippet}}"
              fail: "value of {{snippet}} is not correct"
"""


def test_tests_that_nbgrader_writes_itself_are_judged(tmp_path):
    room = Classroom(tmp_path)
    (tmp_path / "autotests.yml").write_text(AUTOTESTS)
    room.source(
        "ps5",
        "only",
        notebook(
            answer("a", "### BEGIN SOLUTION\na = 5\nb = [1, 'test']\n### END SOLUTION"),
            graded("plain", 1, "### AUTOTEST a"),
            graded("hashed", 2, "### HASHED AUTOTEST b"),
            graded(
                "hidden",
                4,
                "### AUTOTEST type(a)\n### BEGIN HIDDEN TESTS\n### AUTOTEST a + 73194060\n### END HIDDEN TESTS",
            ),
        ),
    )
    room.release("ps5")
    released = room.released("ps5", "only")
    room.submit("right", "ps5", {"only.ipynb": answered(released, {"a": "a = 5\nb = [1, 'test']"})})
    room.submit("wrong", "ps5", {"only.ipynb": answered(released, {"a": "a = 6\nb = [1, 'test']"})})
    room.submit("untouched", "ps5", {"only.ipynb": released})
    room.autograde("ps5")
    assert room.scores("ps5") == {
        "right": {"plain": 1, "hashed": 2, "hidden": 4},
        "wrong": {"plain": 0, "hashed": 2, "hidden": 0},
        "untouched": {"plain": 0, "hashed": 0, "hidden": 0},
    }
    page = text_of(room.feedback("wrong", "ps5", "only"))
    assert "value of a is not correct" in page
    assert "73194065" not in page
