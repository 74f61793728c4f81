"""What a grade depends on beside the notebook: applied without a run, and never exported stale."""

import io
import sys

import pytest
from nbgrader.coursedir import CourseDirectory
from rich.console import Console

from autograder.commands.course import Refused
from autograder.commands.export import export
from autograder.plugin.staleness import _plain
from tests.autograder.batch import course
from tests.autograder.batch.course import LAB, RIGHT, grade, no_execution

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own, of SQLAlchemy and of traitlets

HALF = course.LATENESS.replace("1.0 if", "score / 2 if")
SAME = {"ada": "unchanged", "bob": "unchanged", "gus": "unchanged"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of whom one was late, with points for every question."""
    room = course.make(tmp_path_factory.mktemp("graded") / "course", dict.fromkeys(SAME, RIGHT))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(room.root)
        patch.setattr(sys, "path", list(sys.path))
        assert grade(room).code == 0
    sys.modules.pop("lateness", None)
    for student in SAME:
        give(room, student, "why", 1)
    return room


@pytest.fixture
def room(graded, tmp_path, here, monkeypatch):
    no_execution(monkeypatch)
    return here(course.copy_of(graded, tmp_path / "course"))


def give(room, student: str, question: str, points: float) -> None:
    """Give points by hand, as the formgrader does."""
    with room.gradebook() as gradebook:
        found = gradebook.find_grade(question, LAB, LAB, student)
        found.manual_score, found.needs_manual_grade = points, False
        gradebook.db.commit()


def plugin(room, text: str) -> None:
    (room.root / "lateness.py").write_text(text)
    sys.modules.pop("lateness", None)  # as in a command of its own


def exported(room) -> dict[str, str]:
    rows = export(LAB, "moodle", console=Console(file=io.StringIO())).read_text().splitlines()[1:]
    return {row.split(",")[2]: row.split(",")[-1] for row in rows}


def refused(room) -> str:
    with pytest.raises(Refused) as error:
        export(LAB, "moodle", console=Console(file=io.StringIO()))
    assert "`autograder grade tiny` brings them up to date" in error.value.message
    assert not (room.root / "reports" / LAB / "moodle.csv").exists()
    return error.value.message


def test_nothing_is_stale_where_nothing_has_changed(room):
    assert exported(room) == {"ada": "6", "bob": "6", "gus": "5"}
    give(room, "ada", "why", 0.5)  # who was in time
    assert exported(room) == {"ada": "5.5", "bob": "6", "gus": "5"}
    assert grade(room).of("state") == SAME


def move_due_date(room):
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate="2026-01-04 00:00:00 UTC")


def take_due_date_away(room):
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=None)


def extend(room):
    with room.gradebook() as gradebook:
        gradebook.grant_extension(LAB, "gus", days=3)


def extend_none(room):
    extend(room)
    take_due_date_away(room)


def change_plugin(room):
    plugin(room, HALF)


def change_configuration(room):
    plugin(room, course.LATENESS + HALF.replace("Plugin(", "Other(").partition("\n")[2])
    room.configure(room.config.replace("lateness.Plugin", "lateness.Other"))


def leave_the_plugin_out(room):
    room.configure(room.config.replace("c.AssignLate", "# c.AssignLate"))


@pytest.mark.parametrize(
    ("change", "points"),
    [
        (move_due_date, 6),
        (take_due_date_away, 6),
        (extend, 6),
        (extend_none, 6),
        (change_plugin, 3),
        (change_configuration, 3),
        (leave_the_plugin_out, 6),
    ],
)
def test_what_changes_lateness_is_applied_without_a_run(room, change, points):
    change(room)
    assert f"gus (1 off for being late, now {6 - points})" in refused(room)
    done = grade(room)
    assert done.of("state") == SAME | {"gus": "graded"}
    assert "0 run" in done.shown
    assert exported(room) == {"ada": "6", "bob": "6", "gus": f"{points}"}
    assert grade(room).of("state") == SAME


def test_points_by_hand_change_what_lateness_takes_off_and_stand(room):
    plugin(room, HALF)
    grade(room)
    give(room, "gus", "why", 0)
    give(room, "gus", "test_parts", 1)  # a correction of what the test gave
    assert "gus (3 off for being late, now 1.5)" in refused(room)
    assert grade(room).of("state") == SAME | {"gus": "graded"}
    assert exported(room)["gus"] == "1.5"  # nobody has to look at it once more


def test_a_due_date_that_makes_everybody_late_is_everybodys(room):
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate="2025-01-01 00:00:00 UTC")
    assert "points of 2 are no longer right" in refused(room)
    assert grade(room).of("state") == dict.fromkeys(SAME, "graded") | {"gus": "unchanged"}
    assert exported(room) == dict.fromkeys(SAME, "5")


def test_a_mended_test_or_a_later_submission_is_not_exported_before_it_is_graded(room):
    with room.gradebook() as gradebook:
        gradebook.find_source_cell("test_double", LAB, LAB).source = "assert double(4) == 9"
        gradebook.db.commit()
    stamp = room.folder("bob", LAB) / "timestamp.txt"
    stamp.write_text("2026-01-01 10:00 UTC")
    (room.folder("gus", LAB) / "timestamp.txt").write_text("cut of")
    said = refused(room)
    assert "ada (tests or settings were changed)" in said
    assert "bob (handed in at another time than what was graded)" in said
    assert "gus (late or not? timestamp.txt: 'cut of': is no date and time)" in said


def interrupted(room, student: str, day: int) -> None:
    """Let a student hand in again, and `nbgrader autograde` be interrupted while it grades that."""
    course.hand_in(room, student, RIGHT, day=day)
    config = room.config
    room.configure(
        config + "from autograder.plugin.execute import SandboxExecute\n"
        "def interrupt(*_): raise KeyboardInterrupt\n"
        "SandboxExecute.preprocess = interrupt\n"
    )
    assert "Canceled" in room.autograde(LAB, "--student", student, code=None).log
    room.configure(config)
    with room.gradebook() as gradebook:
        assert gradebook.find_submission(LAB, student).timestamp.day == day


@pytest.mark.parametrize("has_record", [True, False])
def test_a_later_submission_whose_grading_was_interrupted_is_not_exported(room, has_record):
    if not has_record:  # as in a course that keeps no results
        (room.root / ".autograder" / LAB / "records" / "bob.json").unlink()
        assert exported(room)["bob"] == "6"
        (room.root / "reports" / LAB / "moodle.csv").unlink()
    interrupted(room, "bob", day=2)
    assert "bob (the grading of what was handed in last did not come to its end)" in refused(room)
    assert grade(room).of("state") == SAME | {"bob": "graded"}
    assert exported(room) == {"ada": "6", "bob": "6", "gus": "5"}


def test_what_was_handed_in_before_is_graded_again_where_a_later_one_was_interrupted(room):
    interrupted(room, "bob", day=2)
    course.hand_in(room, "bob", RIGHT, day=1)
    assert "bob (handed in at another time than what was graded)" in refused(room)
    assert grade(room).of("state") == SAME | {"bob": "graded"}
    assert exported(room)["bob"] == "6"


def test_a_later_submission_that_was_graded_without_a_record_is_exported(room):
    record = room.root / ".autograder" / LAB / "records" / "bob.json"
    before = record.read_text()
    course.hand_in(room, "bob", RIGHT, day=2)
    assert grade(room).of("state") == SAME | {"bob": "graded"}
    record.write_text(before)  # as where results are no longer kept
    assert exported(room)["bob"] == "6"


def test_a_setting_is_part_of_what_a_grade_depends_on(room):
    room.configure(room.config + "c.IgnorePattern.pattern = 'x'\n")
    assert "(tests or settings were changed)" in refused(room)
    assert grade(room).of("state") == dict.fromkeys(SAME, "graded")
    assert exported(room) == {"ada": "6", "bob": "6", "gus": "5"}


def test_a_plugin_that_fails_is_named(room):
    plugin(room, course.LATENESS.replace("1.0", "1 / 0"))
    assert "gus (the late plugin failed (ZeroDivisionError: division by zero))" in refused(room)


def test_a_time_that_a_person_has_settled_stays_settled(room):
    (room.folder("ada", LAB) / "timestamp.txt").write_text("?")
    grade(room, "ada")
    assert "ada" not in exported(room)
    give(room, "ada", "test_double", 2)  # by which the formgrader takes the mark away
    assert exported(room)["ada"] == "6"
    room.configure(room.config + "c.IgnorePattern.pattern = 'x'\n")
    grade(room)
    assert exported(room)["ada"] == "6"


def test_a_setting_reads_the_same_in_each_process():
    value = {"hook": give, "kind": CourseDirectory, "object": object(), "names": {"b", "a"}, "n": (1, None)}
    assert _plain(value) == {
        "hook": f"{__name__}.give",
        "kind": "nbgrader.coursedir.CourseDirectory",
        "object": ".object",
        "names": ["a", "b"],
        "n": [1, None],
    }
