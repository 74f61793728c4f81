"""The notebook that graders see: the instructor's cells, the student's words."""

# ruff: noqa: E501 - tables of cases

import copy
import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.execution.engine import Engine
from autograder.execution.spec import GradingSpec
from autograder.notebook.alignment import align
from autograder.plugin import notebook_context
from autograder.plugin.graded_notebook import merged_notebook, show_result
from autograder.plugin.hide_tests import HideTests
from autograder.plugin.notebook_context import KEY, NotebookContext
from autograder.result import CellResult, Result
from course.sample_class.notebooks import (
    answer,
    answered,
    graded,
    index,
    locked,
    notebook,
    plain,
    prose,
    task,
    written,
)

SOURCE = notebook(
    prose("# A lab"),
    plain("import math"),
    locked("helper", "def half(x): return x / 2"),
    prose("## First"),
    answer("first", "# YOUR CODE HERE"),
    graded("test_first", 2, "assert first() == 1"),
    prose("## Second"),
    answer("second", "# YOUR CODE HERE"),
    graded("test_second", 3, "assert second() == 2"),
    written("why", 1, "YOUR ANSWER HERE"),
    task("task", 1, "Do something."),
)
RIGHT = {"first": "def first(): return 1", "second": "def second(): return 2", "why": "Because."}


def merged(submission) -> tuple[nbformat.NotebookNode, NotebookContext]:
    spec = GradingSpec(copy.deepcopy(SOURCE))
    context = NotebookContext(Engine(), submission, copy.deepcopy(SOURCE), spec)
    nb = merged_notebook(context)
    nbformat.validate(nb)
    return nb, context


def sources(nb) -> list[str]:
    return [cell.source for cell in nb.cells]


def ids(nb) -> list[str]:
    return [cell.metadata.nbgrader.grade_id for cell in nb.cells if "nbgrader" in cell.metadata]


def right() -> nbformat.NotebookNode:
    return answered(SOURCE, RIGHT)


def test_an_honest_submission_looks_as_it_was_handed_in():
    nb, context = merged(right())
    assert sources(nb) == sources(right())
    assert ids(nb) == ids(SOURCE)
    assert not context.unreadable


def test_a_submission_is_aligned_once_for_the_page_and_the_engine(monkeypatch):
    aligned, graded_ = [], []
    monkeypatch.setattr(
        notebook_context, "align", lambda *a, **k: aligned.append(align(*a, **k)) or aligned[-1]
    )
    monkeypatch.setattr(
        Engine,
        "grade",
        lambda engine, spec, submission: graded_.append(submission.notebook) or Result({}),
    )
    _, context = merged(json.dumps(right()).encode())
    context.grade()
    assert len(aligned) == 1
    assert graded_ == aligned


def test_extra_cells_stay_where_they_were_put():
    submission = right()
    submission.cells.insert(5, plain("first()"))
    submission.cells.insert(5, prose("My first answer."))
    submission.cells.append(prose("The end."))
    nb, _ = merged(submission)
    assert sources(nb) == sources(submission)


def test_the_instructors_text_stays_above_the_code_that_it_speaks_of():
    text = nbformat.v4.new_markdown_cell("## Train")
    text.metadata.nbgrader = locked("about_training", "").metadata.nbgrader
    source = notebook(
        answer("first", "# YOUR CODE HERE"),
        text,
        plain("train()"),
        graded("test_first", 2, "assert first() == 1"),
    )
    spec = GradingSpec(copy.deepcopy(source))
    context = NotebookContext(Engine(), copy.deepcopy(source), copy.deepcopy(source), spec)
    assert sources(merged_notebook(context)) == sources(source)


def test_tests_helpers_points_and_kinds_are_the_instructors():
    submission = right()
    for name in ("helper", "test_first", "test_second", "task"):
        submission.cells[index(submission, name)].source = "1000"
    submission.cells[index(submission, "test_first")].metadata.nbgrader.points = 1000
    submission.cells[index(submission, "first")].cell_type = "markdown"
    nb, _ = merged(submission)
    assert sources(nb) == sources(right())
    assert nb.cells[index(nb, "test_first")].metadata.nbgrader == SOURCE.cells[5].metadata.nbgrader
    assert nb.cells[index(nb, "first")].cell_type == "code"


def test_deleted_cells_come_back_in_their_place():
    submission = right()
    submission.cells = [cell for cell in submission.cells if "nbgrader" not in cell.metadata]
    nb, _ = merged(submission)
    assert ids(nb) == ids(SOURCE)
    assert "import math" in sources(nb)


def test_of_copied_cells_the_last_counts_and_the_others_are_the_students():
    submission = right()
    copied = nbformat.from_dict(submission.cells[4])
    copied.source = "def first(): return 0"
    submission.cells.insert(4, copied)
    nb, _ = merged(submission)
    assert ids(nb) == ids(SOURCE)
    assert sources(nb).index("def first(): return 0") < index(nb, "first")
    assert nb.cells[index(nb, "first")].source == "def first(): return 1"


def test_an_unreadable_submission_is_the_release_with_the_reason():
    nb, context = merged(b"no json")
    assert sources(nb) == sources(SOURCE)
    assert context.unreadable
    assert "not JSON" in context.reason


def test_metadata_outputs_and_ids_of_the_student_are_dropped():
    submission = right()
    for cell in submission.cells:
        cell["id"] = "same"
        cell.metadata["evil"] = 1
        cell.metadata[KEY] = {"score": 1000}
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="1000")]
    nb, _ = merged(submission)
    assert len({cell.id for cell in nb.cells}) == len(nb.cells)
    assert "evil" not in str(nb)
    assert "1000" not in str(nb)


def test_only_pictures_are_kept_of_attachments():
    submission = right()
    submission.cells[index(submission, "why")]["attachments"] = {
        "a.png": {"image/png": "iVBORw0KGgo=", "text/html": "<script>"},
        "b.png": {"image/png": "not base64"},
        "c": 5,
        "d.webp": {"image/webp": ["iVBO\r\n", "Rw0KGgo="]},
    }
    nb, _ = merged(submission)
    kept = {"a.png": {"image/png": "iVBORw0KGgo="}, "d.webp": {"image/webp": "iVBORw0KGgo="}}
    assert nb.cells[index(nb, "why")].attachments == kept


def test_a_picture_of_the_instructors_is_the_graders_alone():
    picture = {"own.png": {"image/png": "iVBORw0KGgo="}}
    _, context = merged(right())
    context.source.cells[index(context.source, "why")]["attachments"] = picture
    own = nbformat.v4.new_markdown_cell("![own](attachment:own.png)")
    own.attachments = picture
    context.own_answers = {"why": own}
    nb = merged_notebook(context)
    context.result = Result({})
    show_result(nb, context)
    nbformat.validate(nb)
    why = index(nb, "why")
    assert "attachments" not in nb.cells[why]
    assert nb.cells[why + 1].attachments == picture
    assert nb.cells[why + 1].source.endswith("![own](attachment:own.png)")


def test_half_a_character_can_be_written():
    submission = right()
    submission.cells[index(submission, "first")].source = "# \ud800"
    nb, _ = merged(json.dumps(submission).encode())
    nbformat.writes(nb).encode("utf-8")


def test_messages_outputs_and_the_reason_are_shown():
    nb, context = merged(right())
    failed = CellResult(
        "test_first", 0.0, 2.0, "failed", "it is wrong", [{"output_type": "stream", "name": "stdout", "text": "no"}], 0.1,
        "the traceback",
    )  # fmt: skip
    passed = CellResult("test_second", 3.0, 3.0, "passed")
    by_hand = {name: CellResult(name, None, 1.0, "by hand") for name in ("why", "task")}
    outputs = {"s4": [{"output_type": "stream", "name": "stdout", "text": "hello"}], "s99": []}
    cells = {"test_first": failed, "test_second": passed, **by_hand}
    context.result = Result(cells, outputs, "too slow", ("submission_seconds",), ("landlock",), 3.0)
    show_result(nb, context)
    nbformat.validate(nb)
    assert nb.cells[0].source == "**About this submission:** too slow"
    assert nb.cells[index(nb, "first")].outputs[0].text == "hello"
    assert nb.cells[index(nb, "test_first")].outputs[0].text == "no"
    assert nb.cells[index(nb, "test_first")].metadata[KEY]["detail"] == "the traceback"
    assert len(nb.metadata[KEY].pop("answers")) == 64  # for the task
    assert nb.metadata[KEY] == {
        "reason": "too slow", "limits_hit": ["submission_seconds"], "missing_layers": ["landlock"], "seconds": 3.0,
    }  # fmt: skip


def test_no_two_cells_have_one_id_whatever_the_instructors_are(monkeypatch):
    source = copy.deepcopy(SOURCE)
    for cell, name in zip(
        source.cells, ("student-1", "cell-3", "same", "same", "no id", "cell-5"), strict=False
    ):
        cell.id = name
    monkeypatch.setitem(globals(), "SOURCE", source)
    submission = right()
    submission.cells.insert(1, plain("import os"))
    nb, _ = merged(submission)
    names = [cell.id for cell in nb.cells]
    assert len({*names}) == len(names)


def test_a_value_that_is_shown_stays_the_result_of_its_cell():
    nb, context = merged(right())
    value = {
        "output_type": "execute_result",
        "data": {"text/plain": "3"},
        "metadata": {},
        "execution_count": 91,
    }
    drawn = {"output_type": "display_data", "data": {"text/plain": "<Figure>"}, "metadata": {}}
    context.result = Result({}, {"s4": [drawn, value]})
    show_result(nb, context)
    nbformat.validate(nb)
    cell = nb.cells[index(nb, "first")]
    assert [output.output_type for output in cell.outputs] == ["display_data", "execute_result"]
    assert cell.outputs[1].execution_count == cell.execution_count != 91


def test_the_grader_sees_the_whole_report_and_the_student_the_message():
    nb, context = merged(right())
    detail = "Traceback (most recent call last):\n  assert first() == 41\nAssertionError"
    said = [{"output_type": "error", "ename": "TestFailed", "evalue": "it did not hold",
             "traceback": ["TestFailed: it did not hold"]}]  # fmt: skip
    context.result = Result(
        {
            "test_first": CellResult("test_first", 0, 2, "failed", "it did not hold", said, detail=detail),
            "test_second": CellResult("test_second", 3, 3, "passed"),
        }
    )
    show_result(nb, context)
    nbformat.validate(nb)
    shown = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if "nbgrader" in cell.metadata}
    message, report = shown["test_first"].outputs
    assert (message, report.traceback[1:]) == (said[0], detail.splitlines())
    assert "not shown to students" in report.traceback[0]
    assert shown["test_second"].outputs == []
    feedback, _ = HideTests().preprocess(copy.deepcopy(nb), {})
    for text in ("== 41", "Traceback", "For the grader"):
        assert text in nbformat.writes(nb)
        assert text not in nbformat.writes(feedback)
    assert "it did not hold" in nbformat.writes(feedback)
    everything, _ = HideTests(show="always").preprocess(copy.deepcopy(nb), {})
    assert nbformat.writes(everything).count("assert first() == 41") == nbformat.writes(nb).count(
        "assert first() == 41"
    )
    assert "For the grader" not in nbformat.writes(everything)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda i: st.lists(i, max_size=3),
    max_leaves=5,
)
_names = st.sampled_from([*ids(SOURCE), "other", "", None, 3])
_cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "x"]) | _json,
        "source": st.text(max_size=10) | _json,
        "metadata": st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": _names}) | _json})
        | _json,
        "attachments": _json,
        "outputs": _json,
    },
)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=200, deadline=None)
@given(st.lists(_cells | _json, max_size=12))
def test_whatever_the_cells_are_every_tracked_cell_is_there_once_and_in_order(cells):
    nb, _ = merged(json.dumps({"cells": cells}).encode())
    assert sorted(ids(nb)) == sorted(ids(SOURCE))
    code = [name for name in ids(nb) if name.startswith(("test", "helper"))]
    assert code == ["helper", "test_first", "test_second"]
    nbformat.writes(nb).encode("utf-8")
