"""Answers that stand beside their cells, and notebooks that are known by their cells."""

import json

import pytest

from autograder.notebook.own_work import Release, work_beside
from autograder.notebook.recognition import likeness
from autograder.notebook.submission import as_utf8, read_submission
from course.sample_class.notebooks import (
    answer,
    answered,
    free_code,
    graded,
    index,
    locked,
    notebook,
    plain,
    prose,
    task,
    written,
)  # fmt: skip

SOURCE = notebook(
    prose("# Springs"),
    plain("import math"),
    locked("helper", "def near(a, b): return abs(a - b) < 1e-9"),
    prose("Write `period(k)`."),
    answer("period", "# YOUR CODE HERE"),
    graded("test_period", 2, "assert near(period(1), 6)\n### BEGIN HIDDEN TESTS\nassert period(4)\n### END"),
    prose("## In words\n\nWhy is it so?"),
    written("why", 1, "YOUR ANSWER HERE"),
    prose("And show it."),
    free_code("show", 1, "# YOUR CODE HERE"),
    task("draw", 1, "Draw it.\n=== BEGIN MARK SCHEME ===\nA sine.\n=== END MARK SCHEME ==="),
)
RELEASED = answered(
    SOURCE, {"test_period": "assert near(period(1), 6)", "draw": "Draw it."}
)  # as students get it


def cells(nb):
    return read_submission(json.dumps(nb).encode(), 2**20)


def beside(nb) -> dict[str, list[str]]:
    return {name: [cell.source for cell in found] for name, found in work_beside(cells(nb), SOURCE).items()}


def insert(nb, place: str | int, *new):
    nb = answered(nb, {})
    where = place if isinstance(place, int) else index(nb, place)
    nb.cells[where:where] = new
    return nb


def without_marks(nb):
    nb = answered(nb, {})
    for cell in nb.cells:
        cell.metadata.pop("nbgrader", None)
    return nb


def test_a_release_and_an_honest_submission_have_nothing_beside():
    assert beside(RELEASED) == {}
    assert beside(answered(RELEASED, {"why": "Because.", "period": "def period(k): return 6"})) == {}


def test_a_new_cell_below_or_above_the_placeholder_may_be_the_answer():
    below = insert(RELEASED, index(RELEASED, "why") + 1, prose("Because of the mass."))
    assert beside(below) == {"why": ["Because of the mass."], "show": ["Because of the mass."]}
    above = insert(RELEASED, "why", plain("# Because of the mass."))
    assert beside(above) == {"why": ["# Because of the mass."]}


def test_an_answer_in_the_question_or_at_the_end_may_be_the_answer():
    question = answered(RELEASED, {})
    question.cells[6].source += "\n\nBecause of the mass."
    assert list(beside(question)) == ["why"]
    end = insert(RELEASED, len(RELEASED.cells), prose("Answer: because of the mass."))
    assert beside(end) == {"why": ["Answer: because of the mass."]}


def test_work_on_other_questions_is_not_beside():
    scratch = insert(RELEASED, "test_period", plain("period(2)"), prose("I tried."))
    assert beside(scratch) == {}
    assert beside(insert(RELEASED, 0, prose("My name"))) == {}


def test_an_answer_whose_cell_has_lost_its_marks_or_was_copied_may_be_the_answer():
    lost = answered(RELEASED, {"why": "Because of the mass."})
    lost.cells[index(lost, "why")].metadata.pop("nbgrader")
    assert beside(lost) == {"why": ["Because of the mass."], "show": ["Because of the mass."]}
    copied = insert(RELEASED, "why", answered(RELEASED, {"why": "Mine."}).cells[index(RELEASED, "why")])
    assert beside(copied) == {"why": ["Mine."]}
    everything = without_marks(answered(RELEASED, {"why": "Because of the mass."}))
    assert "Because of the mass." in beside(everything)["why"]


def test_a_release_that_has_lost_its_marks_has_nothing_of_the_students():
    assert beside(without_marks(RELEASED)) == {}


@pytest.mark.parametrize(
    ("nb", "known"),
    [
        (answered(RELEASED, {"period": "def period(k): return 6"}), True),
        (without_marks(answered(RELEASED, {"period": "def period(k): return 6"})), True),
        (notebook(*[cell for cell in RELEASED.cells if "test" not in str(cell.metadata)]), True),
        (notebook(prose("# Notes"), plain("import math"), plain("1 + 1")), False),
        (notebook(), False),
        # another lab, whose cells have the same names
        (
            notebook(
                prose("# Pendulums"), locked("helper", "x"), answer("period", "# YOUR CODE HERE"),
                graded("test_period", 2, "assert period(9) == 3"), written("why", 1, "YOUR ANSWER HERE"),
                free_code("show", 1, "# YOUR CODE HERE"), task("draw", 1, "Draw a pendulum."),
            ),
            False,
        ),
    ],
)  # fmt: skip
def test_a_notebook_is_known_by_its_cells(nb, known):
    assert (likeness(cells(nb), Release(SOURCE)) > 0) is known


TEXT = json.dumps({"cells": [{"cell_type": "markdown", "source": "déjà vu – ☺"}]}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-32", "UTF-32"), ("cp1252", "Latin-1")],
)
def test_a_notebook_in_another_encoding_is_read_and_said(encoding, said):
    text = TEXT.replace(" ☺", "") if encoding == "cp1252" else TEXT
    content, remark = as_utf8(text.encode(encoding))
    assert json.loads(content.decode("utf-8-sig")) == json.loads(text)
    assert said in remark
    assert bool(remark) is bool(said)


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"\xe9" * 50, b"\x80[3]", b'"\xe9"', b"\xe9" + b"[" * 10_000]
)
def test_what_is_no_notebook_in_any_encoding_stays_as_it_is(data):
    assert as_utf8(data) == (data, "")
