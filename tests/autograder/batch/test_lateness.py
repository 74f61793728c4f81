"""When work was handed in, and what lateness takes off."""

from datetime import datetime

import pytest

from tests.autograder.batch import course
from tests.autograder.batch.course import LAB, RIGHT, grade, no_execution

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own, of SQLAlchemy and of traitlets

# The due date is the start of 2 January, in UTC.
TIMES = {
    "ada": "2026-01-02 00:30:00 CET",  # an hour earlier in UTC
    "bob": "2026-01-02 00:30:00 +0100",
    "cyd": "2026-01-01 23:30:00 EST",  # five hours later
    "dan": "2026-01-01 23:30:00 IST",
    "eve": "damaged",
}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return course.make(tmp_path_factory.mktemp("released") / "course", dict.fromkeys(TIMES, RIGHT))


@pytest.fixture
def room(released, tmp_path, here):
    room = here(course.copy_of(released, tmp_path / "course"))
    for student, text in TIMES.items():
        (room.folder(student, LAB) / "timestamp.txt").write_text(text)
    return room


def penalties(room) -> dict[str, float]:
    with room.gradebook() as gradebook:
        return {
            row.student.id: row.late_submission_penalty for row in gradebook.find_assignment(LAB).submissions
        }


def by_hand(room, student: str) -> dict[str, bool]:
    with room.gradebook() as gradebook:
        (notebook,) = gradebook.find_submission(LAB, student).notebooks
        return {grade.name: grade.needs_manual_grade for grade in notebook.grades}


def test_a_time_counts_in_its_zone_and_one_that_is_unclear_is_for_a_person(room, monkeypatch):
    done = grade(room)
    assert done.code == 0, done.shown
    assert penalties(room) == {"ada": 0, "bob": 0, "cyd": 1, "dan": 0, "eve": 0}
    for student, clear in (("ada", True), ("dan", False), ("eve", False)):
        assert by_hand(room, student) == {"test_double": not clear, "test_parts": False, "why": True}
        note = room.autograded(student, LAB, LAB).cells[0].source
        assert ("About the time of handing in" in note) is not clear
    assert "'IST' may be UTC" in done.submissions["dan"]["time_unclear"]
    assert "eve: late or not? timestamp.txt: 'damaged': is no date and time" in done.shown
    assert "2 handed in at a time that cannot be told" in done.shown
    # Once a person has mended the file, nothing is run, and the mark is gone.
    no_execution(monkeypatch)
    (room.folder("eve", LAB) / "timestamp.txt").write_text("2026-01-03 00:00 UTC")
    again = grade(room)
    assert again.of("state") == dict.fromkeys(TIMES, "unchanged") | {"eve": "graded"}
    assert penalties(room)["eve"] == 1
    assert by_hand(room, "eve") == {"test_double": False, "test_parts": False, "why": True}


def test_the_configured_zone_of_the_exchange_is_the_students(room):
    room.configure(room.config + "c.Exchange.timezone = 'Asia/Kolkata'\n")
    done = grade(room, "dan")
    assert done.submissions["dan"]["time_unclear"] == ""
    assert not by_hand(room, "dan")["test_double"]
    with room.gradebook() as gradebook:
        assert gradebook.find_submission(LAB, "dan").timestamp == datetime(2026, 1, 1, 18)


def test_a_time_of_before_is_not_that_of_a_file_that_cannot_be_read(room):
    stamp = room.folder("ada", LAB) / "timestamp.txt"
    stamp.write_text("2026-01-03 00:00 UTC")
    grade(room, "ada")
    assert penalties(room)["ada"] == 1
    stamp.write_text("?")
    grade(room, "ada")
    assert penalties(room)["ada"] == 0
    assert by_hand(room, "ada")["test_double"]


def test_without_a_due_date_no_time_is_anybodys_concern(room):
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=None)
    done = grade(room, "eve")
    assert done.submissions["eve"]["time_unclear"] == ""
    assert not by_hand(room, "eve")["test_double"]


def test_a_due_date_is_read_in_its_zone_or_refused_in_words(room):
    def due(text: str, code: int = 0) -> str:
        return room.nbgrader("db", "assignment", "add", LAB, f"--duedate={text}", code=code).log

    due("2026-07-01 10:00 CEST")
    with room.gradebook() as gradebook:
        assert gradebook.find_assignment(LAB).duedate == datetime(2026, 7, 1, 8)
    said = due("2026-08-01 10:00 IST", code=1)
    assert "Due date '2026-08-01 10:00 IST': 'IST' may be UTC" in said
    assert "Traceback" not in said
    with room.gradebook() as gradebook:
        assert gradebook.find_assignment(LAB).duedate == datetime(2026, 7, 1, 8)
