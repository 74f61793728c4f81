"""Twelve students, each with something that real classes do, from the release to the export."""

import csv

import pytest

from tests.autograder.twelve.semester import Course, whole_semester
from tests.autograder.twelve.students import LAB, SECOND, SERIES, STUDENTS

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # nbgrader's own warnings
NAMES = [student.name for student in STUDENTS]
BY_HAND = ["example", "explain", "plot", "why"]
MOST = 20


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    return whole_semester(tmp_path_factory.mktemp("twelve") / "course")


def test_all_ways_are_there():
    assert len(STUDENTS) == len(set(NAMES)) == 12
    assert len({student.ways for student in STUDENTS}) == 12


def test_each_gets_what_the_work_deserves_and_a_person_what_a_person_has_to_grade(course):
    first = {student: each["score"] for student, each in course.outcomes["grade"].items()}
    assert first == dict.fromkeys(NAMES, 15) | {"Ada": 13, "=1+1": 13, "ned": 12, "quy": 13}
    unclear = sorted([*BY_HAND, "test_mean", "test_double"])
    assert course.waited == dict.fromkeys(NAMES, BY_HAND) | {
        "eli": unclear,
        "fay": unclear,
        "quy": ["example", "explain", "plot"],
    }


def test_a_moved_due_date_and_an_extension_are_applied_without_a_run_and_never_exported_stale(course):
    penalties = {
        step: {name: each["penalty"] for name, each in outcomes.items() if each["penalty"]}
        for step, outcomes in course.outcomes.items()
    }
    assert penalties == {"grade": {"Ada": 2, "=1+1": 2, "ned": 2}, "grade again": {"ned": 2}}
    refused = course.said["export refused"]
    assert "points of 2 are no longer right" in refused
    for student in ("=1+1", "Ada"):
        assert f"{student} (1 off for being late, now 0)" in refused
    states = {name: each["state"] for name, each in course.outcomes["grade again"].items()}
    assert states == dict.fromkeys(NAMES, "unchanged") | {"Ada": "graded", "=1+1": "graded"}
    assert "12 submissions" in course.said["grade again"]
    assert " 0 run; " in course.said["grade again"]


def test_each_platform_finds_everybody_with_the_points_of_the_gradebook(course):
    last = dict.fromkeys(NAMES, "20") | {"ned": "17", "quy": "17"}
    assert course.exported == {"canvas": last | {"jon": "21.5"}, "moodle": last}
    path = course.room.root / "reports" / LAB / "moodle.csv"
    with open(path, encoding="utf-8", newline="") as file:
        above = {row["Username"]: row[f"{LAB} (above the maximum)"] for row in csv.DictReader(file)}
    assert above == dict.fromkeys(NAMES, "0") | {"jon": "1.5"}
    for platform in course.exported:
        said = course.said[f"export {platform}"]
        assert "12 of 12 students with points" in said
        assert f"1 with more than the maximum of {MOST}" in said
        assert "'Ada' and 'ada' may be one student" in said


def test_what_is_odd_is_said_of_each_and_nothing_of_the_others(course):
    other = f"found {SERIES} (1).ipynb, {SECOND} (2).ipynb instead"
    expected = {
        "ada": ["nearly identical to that of bob"],
        "bob": ["nearly identical to that of ada"],
        "eli": ["late or not? timestamp.txt: '2026-01-03 23:30:00 IST': 'IST' may be"],
        "fay": ["late or not? timestamp.txt: '2026-01-0': is no date and time"],
        "ida": [
            f"{SERIES}.ipynb lies in the folder my homework",
            f"{SECOND}.ipynb lies in the folder my homework",
            f"cells are missing: {SERIES}/counter, {SERIES}/explain, {SERIES}/example",
        ],
        "jon": [
            f"{SERIES}.ipynb was not handed in; {other}; graded in its place: {SERIES} (1).ipynb",
            f"{SECOND}.ipynb was not handed in; {other}; graded in its place: {SECOND} (2).ipynb",
        ],
        "max": [
            f"{name}.ipynb was not handed in; graded in its place: {LAB}/{name}.ipynb in homework.zip"
            for name in (SERIES, SECOND)
        ],
        "ned": [f"{SECOND}.ipynb: not stored as UTF-8, so it was read as Windows-1252 (Latin-1)"],
        "quy": [f"{SECOND}.ipynb was not handed in", f"{SECOND}.ipynb: no notebook of this name"],
    }
    for student in NAMES:
        said, words = course.words(student), expected.get(student, [])
        assert len(said) == len(words), (student, said)
        for start in words:
            assert any(each.startswith(start) for each in said), (student, start, said)
    assert "'Ada' and 'ada' may be one student" in course.said["grade"]
    assert "2 handed in at a time that cannot be told" in course.said["grade"]


def test_what_the_instructor_added_since_is_said_once_and_of_nobody(course):
    assert f"named for nobody: {SERIES}/test_more" in course.said["report"]
    assert all("test_more" not in word for student in NAMES for word in course.words(student))
    scores = course.room.scores(LAB)
    assert {scores[student]["test_more"] for student in NAMES} == {1}


def test_everybody_has_pages_with_the_answers_and_one_shows_where_a_picture_should_be(course):
    assert "12 of 12 in" in course.said["feedback"]
    pages = {
        student: (course.room.folder(student, LAB, "feedback") / f"{SERIES}.html").read_text()
        for student in NAMES
    }
    for student in NAMES:
        assert f"The ends stand in fewer windows, {student} says." in pages[student], student
        assert (course.room.folder(student, LAB, "feedback") / f"{SECOND}.html").is_file()
        assert "A period equal to the width." not in pages[student]  # the mark scheme
        assert "drawing.png" not in pages[student] or student == "fay"
    assert "drawing.png" in pages["fay"]
    assert "déjà vu" in (course.room.folder("ned", LAB, "feedback") / f"{SECOND}.html").read_text()


def test_no_command_ended_in_a_traceback(course):
    assert {step for step, said in course.said.items() if "Traceback" in said} == set()
    assert not [line for line in course.logged if "Traceback" in line]
