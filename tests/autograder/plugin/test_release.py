"""A release holds nothing of an answer, and a failure leaves the old one in its place."""

# ruff: noqa: E501 - tables of cells

import os
import shutil
import sys
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from traitlets.config import Config

import autograder.plugin
from autograder.batch.errors import failure_reason
from autograder.commands.release import say_what_is_left_out
from autograder.plugin.gradebook import make_row, quiet
from autograder.plugin.taken_out import Mark, slip_of_marks, take_out, words_of_taken
from course.sample_class.notebooks import answer, graded, locked, notebook, prose, task, written

PICTURE = {"image/png": "iVBORw0KGgo="}
SECRET = "the-answer-itself"
MARKS = [
    Mark("BEGIN SOLUTION", "END SOLUTION"),
    Mark("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),
    Mark("BEGIN MARK SCHEME", "END MARK SCHEME"),
]


def attached(cell, **pictures):
    cell["attachments"] = {name.replace("_", "."): PICTURE for name in pictures}
    return cell


def shown(cell, text=SECRET):
    cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text=text)], 3
    return cell


def source() -> nbformat.NotebookNode:
    double = answer(
        "double", f"def double(x):\n    ### BEGIN SOLUTION\n    return '{SECRET}'\n    ### END SOLUTION"
    )
    double.metadata.update({"note": SECRET, "tags": ["kept"], "execution": {"iopub.execute_input": "now"}})
    why = written(
        "why",
        1,
        f"See ![s](attachment:sketch.png).\n### BEGIN SOLUTION\n{SECRET} ![](attachment:own.png)\n### END SOLUTION",
    )
    made = notebook(
        attached(prose("Look: ![m](attachment:map.png)"), map_png=1, old_png=1),
        shown(double),
        shown(graded("test_double", 2, f"assert double(2)\n### BEGIN HIDDEN TESTS\nassert '{SECRET}'\n### END HIDDEN TESTS")),
        attached(why, sketch_png=1, own_png=1),
        attached(task("draw", 1, f"Draw.\n### BEGIN MARK SCHEME\n{SECRET}\n![](attachment:own.png)\n### END MARK SCHEME"), own_png=1),
        locked("helper", "limit = 3"),
    )  # fmt: skip
    made.metadata["widgets"] = {"state": SECRET}
    return made


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """Give the folder of a course with one assignment, released, and one submission."""
    root = tmp_path_factory.mktemp("course")
    path = os.environ["PATH"]
    os.environ["PATH"] = (
        f"{Path(sys.executable).parent}{os.pathsep}{path}"  # nbgrader looks up its tool on it
    )
    try:
        write(root, source())
        (root / "source" / "lab" / "rain.csv").write_text("1\n")
        assert release(root)["success"]
    finally:
        os.environ["PATH"] = path
    with gradebook(root) as book, quiet():
        make_row(book, "lab", "ada", None, new_student=True)
    return root


@pytest.fixture
def room(released, tmp_path) -> Path:
    """Give a copy of that course."""
    return Path(shutil.copytree(released, tmp_path / "course"))


def gradebook(root: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{root}/gradebook.db")


def write(root: Path, nb: nbformat.NotebookNode) -> None:
    folder = root / "source" / "lab"
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, folder / "one.ipynb")


def release(root: Path, **sections) -> dict:
    config = Config(sections)
    autograder.plugin.configure(config)
    config.CourseDirectory.root = str(root)
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config).generate_assignment("lab")


def given(root: Path) -> nbformat.NotebookNode:
    return nbformat.read(root / "release" / "lab" / "one.ipynb", as_version=4)


def test_nothing_of_an_answer_is_released(room):
    nb = given(room)
    text = nbformat.writes(nb)
    assert SECRET not in text
    assert "own.png" not in text
    by_name = {cell.metadata.get("nbgrader", {}).get("grade_id", ""): cell for cell in nb.cells}
    assert set(by_name["why"].attachments) == {"sketch.png"}
    assert set(by_name[""].attachments) == {"map.png"}
    assert "attachments" not in by_name["draw"]
    assert by_name["double"].metadata["tags"] == ["kept"]
    assert set(by_name["double"].metadata) <= {"nbgrader", "tags", "deletable", "editable"}
    nbformat.validate(nb)


def test_what_was_left_out_is_said(room):
    said = StringIO()
    console = Console(file=said, width=200)
    say_what_is_left_out(console, room / "source" / "lab", room / "release" / "lab")
    assert said.getvalue().splitlines() == [
        "one.ipynb, left out:",
        "  cell 1: picture old.png",
        "  double: 3 lines of its answer, metadata note",
        "  test_double: 3 lines of hidden tests",
        "  why: 3 lines of its answer, picture own.png",
        "  draw: 4 lines of its mark scheme, picture own.png",
        "  outputs of 2 cells, metadata widgets",
        "released as they are: rain.csv",
    ]


def test_outputs_of_answers_go_even_where_the_course_keeps_outputs():
    own, made = source(), source()
    made.cells[1].source = "def double(x):\n    # YOUR CODE HERE"
    made.cells[2].source = "assert double(2)"
    take_out(made, own)
    assert [cell.outputs for cell in made.cells if cell.cell_type == "code"] == [[], [], []]
    plain = shown(nbformat.v4.new_code_cell("1"), "an example")
    kept = notebook(nbformat.from_dict(plain))
    take_out(kept, notebook(plain))
    assert kept.cells[0].outputs[0].text == "an example"


def test_metadata_that_students_need_is_kept_where_the_course_says_so():
    made = source()
    take_out(made, source(), keep=["note"])
    assert made.cells[1].metadata["note"] == SECRET
    assert not any("note" in line for line in words_of_taken(source(), made))


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (graded("t", 1, "### Begin hidden tests\nassert 1\n### END HIDDEN TESTS"), "'### END HIDDEN TESTS' ends what no"),
        (graded("t", 1, "### begin hidden tests\nassert 1\n### end hidden tests"), "'### begin hidden tests' is no mark"),
        (graded("t", 1, "# BEGIN_HIDDEN_TESTS\nassert 1"), "'# BEGIN_HIDDEN_TESTS' is no mark"),
        (graded("t", 1, "### BEGIN HIDDEN TESTS\nassert 1"), "no 'END HIDDEN TESTS' ends"),
        (answer("t", "### BEGIN SOLUTION\n1\n### END SOLUTION\n### BEGIN SOLUTON\n2\n### END SOLUTION"), "ends what no"),
        (answer("t", "### begin solution\n1\n### end solution"), ""),  # nbgrader leaves out the whole cell
        (prose("At the end solutions are compared."), ""),
        (graded("t", 1, "### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS"), ""),
    ],
)  # fmt: skip
def test_a_mark_that_hides_nothing_is_named(cell, words):
    slip = slip_of_marks(notebook(cell), MARKS)
    assert words in slip
    assert bool(words) == bool(slip)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("helper.py", "### BEGIN SOLUTION\n1\n### END SOLUTION", "helper.py holds 'BEGIN SOLUTION'"),
        ("one.html", "<span># BEGIN HIDDEN TESTS</span>", "one.html holds 'BEGIN HIDDEN TESTS'"),
    ],
)
def test_a_file_with_an_answer_is_not_released_and_the_old_release_stays(room, name, text, words):
    (room / "source" / "lab" / name).write_text(text)
    result = release(room)
    assert words in failure_reason(result)
    assert given(room).cells
    assert release(room, CourseDirectory={"ignore": [name]})["success"]
    assert not (room / "release" / "lab" / name).exists()


def test_a_release_that_fails_leaves_the_old_one_whole(room):
    before = {path.name: path.read_bytes() for path in (room / "release" / "lab").iterdir()}
    nb = source()
    nb.cells[2].source = "### begin hidden tests\nassert double(3)\n### end hidden tests"
    write(room, nb)
    result = release(room)
    assert failure_reason(result).startswith(
        "one.ipynb, cell test_double: '### begin hidden tests' is no mark"
    )
    assert {path.name: path.read_bytes() for path in (room / "release" / "lab").iterdir()} == before
    assert [path.name for path in (room / "release").iterdir()] == ["lab"]


def test_a_release_that_was_killed_between_two_steps_is_found_again(room):
    (room / "release" / "lab").rename(room / "release" / ".lab.replaced")
    (room / "source" / "lab" / "one.ipynb").write_text("no notebook")
    assert not release(room)["success"]
    assert given(room).cells


def test_a_file_that_is_gone_is_gone_from_the_release(room):
    (room / "source" / "lab" / "rain.csv").unlink()
    assert release(room)["success"]
    assert [path.name for path in (room / "release" / "lab").iterdir()] == ["one.ipynb"]


def test_a_test_may_be_added_after_submissions(room):
    nb = source()
    nb.cells.insert(3, graded("test_more", 5, "assert double(3)"))
    nb.cells.insert(4, written("how", 2, "In words."))
    write(room, nb)
    assert release(room)["success"]
    with gradebook(room) as book:
        assert book.find_grade("test_more", "one", "lab", "ada").max_score == 5
        assert book.find_grade("how", "one", "lab", "ada").max_score == 2
        assert book.find_comment("how", "one", "lab", "ada").comment is None
        assert book.find_submission("lab", "ada").max_score == 11
    assert release(room)["success"]


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_cell_may_go_where_no_person_gave_anything_for_it(room, by_hand):
    with gradebook(room) as book:
        grade = book.find_grade("why", "one", "lab", "ada")
        grade.auto_score = 1.0
        if by_hand:
            grade.manual_score = 0.5
        book.db.commit()
    nb = source()
    del nb.cells[3]
    write(room, nb)
    result = release(room)
    with gradebook(room) as book:
        names = {grade.name for grade in book.find_submission_notebook("one", "lab", "ada").grades}
    if by_hand:
        assert "the cell 'why' is gone or is of another kind, and ada got points" in failure_reason(result)
        assert "why" in names
        assert "why" in nbformat.writes(given(room))
    else:
        assert result["success"]
        assert names == {"test_double", "draw"}
