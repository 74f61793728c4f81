"""Tasks: a person's points stand as long as the answer does; the mark scheme is the grader's."""

import io
import sys

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from rich.console import Console

from autograder.commands.export import export
from autograder.plugin.hide_tests import HideTests
from course.sample_class.notebooks import answer, graded, index, notebook, task
from tests.autograder.batch.course import grade
from tests.autograder.classroom import ONE_LINE, Classroom

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own, of SQLAlchemy and of traitlets

LAB = "lab"
SCHEME = "Draw it.\n\n=== BEGIN MARK SCHEME ===\nTwo axes: SCHEME-WORD\n=== END MARK SCHEME ===\n\nBelow."
TEST = "assert double(4) == 8"
TOTAL = {"ada": "4", "bob": "4", "cyd": "4"}


def source(test: str):
    return notebook(
        answer("double", "def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION"),
        graded("test_double", 1, test),
        task("draw", 3, SCHEME),
    )


def hand_in(room: Classroom, student: str, drawn: str = "a drawing", picture: str = "x") -> None:
    nb = room.released(LAB, LAB)
    nb.cells[index(nb, "double")].source = "def double(n):\n    return 2 * n"
    nb.cells += [new_markdown_cell(drawn), new_code_cell("'below'")]
    room.submit(student, LAB, {f"{LAB}.ipynb": nb, "picture.txt": picture})


def give(room: Classroom, points: float = 3) -> None:
    with room.gradebook() as gradebook:
        for submission in gradebook.find_assignment(LAB).submissions:
            task = gradebook.find_grade("draw", LAB, LAB, submission.student.id)
            task.manual_score, task.needs_manual_grade = points, False
        gradebook.db.commit()


def exported(room: Classroom) -> dict[str, str]:
    rows = export(LAB, "moodle", console=Console(file=io.StringIO())).read_text().splitlines()[1:]
    return {row.split(",")[2]: row.split(",")[-1] for row in rows}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class whose tasks a person has graded."""
    room = Classroom(tmp_path_factory.mktemp("tasks") / "course", ONE_LINE)
    room.source(LAB, LAB, source(TEST))
    room.release(LAB)
    for student in TOTAL:
        hand_in(room, student)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(room.root)
        patch.setattr(sys, "path", list(sys.path))
        assert grade(room, lab=LAB).code == 0
        assert exported(room) == {}
        give(room)
        yield room


def test_points_of_a_task_stand_when_a_test_is_mended_and_not_when_its_answer_changes(room):
    assert exported(room) == TOTAL
    room.source(LAB, LAB, source(f"{TEST}\nassert double(0) == 0"))
    room.release(LAB)
    assert set(grade(room, lab=LAB).of("state").values()) == {"graded"}
    assert exported(room) == TOTAL
    hand_in(room, "ada", drawn="another drawing")
    hand_in(room, "bob", picture="another")  # a task may be answered by a file
    grade(room, lab=LAB)
    assert exported(room) == {"cyd": "4"}
    with room.gradebook() as gradebook:
        assert gradebook.find_grade("draw", LAB, LAB, "ada").manual_score == 3  # until it is looked at


def test_the_mark_scheme_is_for_the_grader_and_in_no_students_page(room):
    assert "SCHEME-WORD" not in str(room.released(LAB, LAB))
    assert "SCHEME-WORD" in str(room.autograded("cyd", LAB, LAB))
    page = room.feedback("cyd", LAB, LAB)
    assert "SCHEME-WORD" not in page
    assert "MARK SCHEME" not in page
    assert "Draw it." in page
    assert "Below." in page


@pytest.mark.parametrize("show", ["always", "never"])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        (SCHEME, "Draw it.\n\n\nBelow."),
        ("Draw.\nBEGIN MARK SCHEME\n![a](attachment:a.png)\nEND MARK SCHEME", "Draw."),
        ("Draw.\nBEGIN MARK SCHEME\nBEGIN MARK SCHEME\nx\nEND MARK SCHEME", "Draw."),
        ("Draw.\nBEGIN MARK SCHEME\nx", "Draw."),
    ],
)
def test_every_mark_scheme_is_taken_out_whatever_is_shown_of_tests(show, text, left):
    hide = HideTests(show=show)
    feedback, _ = hide.preprocess(notebook(task("draw", 1, text)), {})
    assert feedback.cells[0].source == left
