"""Courses, notebooks and students of every name, from the release to the feedback."""

import csv
import io
import os

import pytest
from rich.console import Console

from autograder.commands.course import Refused
from autograder.commands.export import export
from autograder.commands.feedback import feedback
from autograder.commands.release import release
from autograder.commands.report import report
from course.sample_class.notebooks import answered
from course.sample_class.tiny import QUESTIONS, RIGHT, source
from tests.autograder.batch import course
from tests.autograder.batch.course import grade
from tests.autograder.classroom import Classroom

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own, when it runs in this process
LAB, NOTEBOOK = "lab [1]", "conv+pool [x]"
STUDENTS = ("=1+1", "Ada", "a+b", "a1", "a[1]", "ada", "ada ")
LATIN = os.fsdecode(b"Jos\xe9")


def said(command, *arguments, **more) -> str:
    shown = io.StringIO()
    command(*arguments, console=Console(file=shown, width=300), **more)
    return " ".join(shown.getvalue().split())


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    room = Classroom(tmp_path_factory.mktemp("names") / "Kurs [2027]", course.CONFIG)
    (room.root / "lateness.py").write_text(course.LATENESS)
    room.source(LAB, NOTEBOOK, source())
    (room.root / "source" / LAB / "judge").mkdir()
    (room.root / "source" / LAB / "judge" / "held_out.txt").write_text("for the judge alone")
    before = os.getcwd()
    os.chdir(room.root)
    try:
        said(release, LAB, check=False)
        right = answered(room.released(LAB, NOTEBOOK), dict(zip(QUESTIONS, RIGHT, strict=True)))
        for student in (*STUDENTS, LATIN):
            room.submit(student, LAB, {f"{NOTEBOOK}.ipynb": right})
        yield room, grade(room, lab=LAB)
    finally:
        os.chdir(before)


def test_a_course_whose_folder_looks_like_a_pattern_is_graded(graded):
    room, _ = graded
    assert set(room.scores(LAB)) == set(STUDENTS)
    assert {tuple(points.values()) for points in room.scores(LAB).values()} == {(2, 3, None)}
    assert not (room.root / "release" / LAB / "judge").exists()


def test_a_name_that_cannot_be_written_is_refused_in_a_line(graded):
    _, done = graded
    assert done.code == 1
    assert (
        "Jos?: not graded: the folder's name is not in UTF-8, so rename it, perhaps to 'José'" in done.shown
    )
    assert "8 submissions" in done.shown
    assert "Traceback" not in done.shown


def test_ids_that_may_be_one_students_are_pointed_out(graded):
    _, done = graded
    assert "'Ada' and 'ada' and 'ada ' may be one student" in done.shown


def test_everybody_has_feedback_report_and_points(graded):
    room, _ = graded
    shown = said(feedback, LAB, ("a+b", "a[1]", "ada ", "=1+1"))
    assert "4 of 4 in" in shown
    pages = {path.parent.parent.name for path in (room.root / "feedback").rglob("*.html")}
    assert pages == {"a+b", "a[1]", "ada ", "=1+1"}
    assert "report.html" in said(report, LAB)
    with room.gradebook() as gradebook:
        for student in STUDENTS:
            entry = gradebook.find_grade("why", NOTEBOOK, LAB, student)
            entry.manual_score, entry.needs_manual_grade = 1, False
        gradebook.db.commit()
    shown = said(export, LAB, "canvas")
    assert "'Ada' and 'ada' and 'ada ' may be one student" in shown
    with open(room.root / "reports" / LAB / "canvas.csv", newline="") as file:
        assert {row[3] for row in list(csv.reader(file))[2:]} == set(STUDENTS)


@pytest.mark.parametrize("name", ["conv+pool", "a+b", " lab", "a/b", ".", ""])
def test_an_assignment_that_nbgrader_cannot_take_is_refused_in_a_line(graded, name):
    room, _ = graded
    (room.root / "source" / name).mkdir(parents=True, exist_ok=True)
    for command in (release, feedback, report):
        with pytest.raises(Refused) as refused:
            said(command, name)
        assert f"the assignment's name {name!r} cannot be used" in refused.value.message
        assert "\n" not in refused.value.message
    done = grade(room, lab=name)
    assert (done.code, f"the assignment's name {name!r} cannot be used" in done.shown) == (2, True)


def test_a_list_with_a_byte_order_mark_is_imported(graded):
    room, _ = graded
    (room.root / "students.csv").write_bytes("id;last_name\r\nzoe;Zø\r\n".encode("utf-8-sig"))
    room.nbgrader("db", "student", "import", "students.csv")
    with room.gradebook() as gradebook:
        assert gradebook.find_student("zoe").last_name == "Zø"
