"""The instructor's notebook is the same each time that it is read."""

import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.plugin.assignment import instructors_notebook, own_answers
from course.sample_class.notebooks import answer, graded, locked, notebook, plain, prose, written
from tests.autograder.classroom import new_gradebook

CELLS = (
    prose("# Lab"), plain("import math"), locked("helper", "limit = 3"), answer("f", "def f(x): ..."),
    graded("test_f", 2, "assert f(1) < limit"),
)  # fmt: skip
NAME = "one"


@pytest.fixture
def read(tmp_path):
    """Give a function: what was released → the instructor's notebook, from the gradebook."""
    shutil.copyfile(new_gradebook(), tmp_path / "gradebook.db")
    coursedir = CourseDirectory(root=str(tmp_path))
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        gradebook.add_assignment("lab")
        gradebook.add_notebook(NAME, "lab")
        for cell in CELLS[2:]:
            kind, grade_id = cell.cell_type, cell.metadata.nbgrader.grade_id
            gradebook.add_source_cell(grade_id, NAME, "lab", cell_type=kind, source=cell.source, locked=True)
        gradebook.add_solution_cell("f", NAME, "lab")
        gradebook.add_grade_cell("test_f", NAME, "lab", max_score=2, cell_type="code")

        def run(release):
            folder = tmp_path / "release" / "lab"
            folder.mkdir(parents=True, exist_ok=True)
            if release is not None:
                (folder / f"{NAME}.ipynb").write_text(nbformat.writes(release))
            return instructors_notebook(gradebook, coursedir, "lab", NAME)

        yield run


def without_ids(*cells):
    """Make a notebook of the form that knew no ids."""
    made = notebook(*map(nbformat.from_dict, cells))
    made.nbformat_minor = 4
    for cell in made.cells:
        cell.pop("id", None)
    return made


def test_cells_that_have_ids_keep_them(read):
    release = notebook(*map(nbformat.from_dict, CELLS))
    assert [cell.id for cell in read(release).cells] == [cell.id for cell in release.cells]


@pytest.mark.parametrize("kept", [5, 4, 3, 0], ids=lambda kept: f"{kept} of 5 released")
def test_a_release_without_ids_gets_the_same_each_time(read, kept):
    release = without_ids(*CELLS[:kept])
    first, second = read(release), read(release)
    nbformat.validate(first)
    assert len({cell.id for cell in first.cells}) == len(first.cells) >= 3
    assert first == second


def test_ids_that_are_given_are_not_given_again(read):
    release = notebook(*map(nbformat.from_dict, CELLS[:4]))
    for cell, name in zip(release.cells, ("cell-4", "cell-5", "x", "y"), strict=True):
        cell.id = name
    made = read(release)  # the test cell comes from the gradebook alone, in fifth place
    assert len({cell.id for cell in made.cells}) == 5
    assert made == read(release)


def test_an_own_answer_keeps_its_pictures_and_an_answer_without_marks_is_none(tmp_path):
    picture = {"map.png": {"image/png": "iVBORw0KGgo="}}
    marked = written("why", 1, "### BEGIN SOLUTION\n![map](attachment:map.png)\n### END SOLUTION")
    marked["attachments"] = picture
    folder = tmp_path / "source" / "lab"
    folder.mkdir(parents=True)
    nbformat.write(notebook(marked, written("how", 1, "So.")), folder / "one.ipynb")
    (own,) = own_answers(CourseDirectory(root=str(tmp_path)), "lab", "one").items()
    assert (own[0], own[1].source, own[1].attachments) == ("why", "![map](attachment:map.png)", picture)
