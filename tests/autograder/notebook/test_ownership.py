"""Whose a cell is."""

import pytest

from autograder.notebook.ownership import Marks, Owner, grade_id_of
from course.sample_class.notebooks import answer, free_code, graded, locked, plain, prose, task, written


@pytest.mark.parametrize(
    ("cell", "owner", "is_test", "is_by_hand"),
    [
        (plain("1"), Owner.FREE, False, False),
        (prose("text"), Owner.FREE, False, False),
        (locked("a", "1"), Owner.INSTRUCTOR, False, False),
        (graded("a", 1, "1"), Owner.INSTRUCTOR, True, False),
        (answer("a", "1"), Owner.ANSWER, False, False),
        (free_code("a", 1, "1"), Owner.ANSWER, False, True),
        (written("a", 1, "text"), Owner.ANSWER, False, True),
        (task("a", 1, "text"), Owner.INSTRUCTOR, False, True),
    ],
)
def test_a_cells_owner_follows_from_nbgraders_marks(cell, owner, is_test, is_by_hand):
    marks = Marks.of(cell)
    assert (marks.owner, marks.is_test, marks.is_by_hand) == (owner, is_test, is_by_hand)


@pytest.mark.parametrize(
    "cell",
    [
        *(None, 3, [], {}),
        *({"metadata": 1}, {"metadata": {"nbgrader": []}}, {"metadata": {"nbgrader": {"grade_id": 5}}}),
    ],
)
def test_a_cell_of_any_shape_has_a_name_or_none(cell):
    assert grade_id_of(cell) == ""
