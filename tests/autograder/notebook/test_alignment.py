import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.alignment import align


def nbgrader(cell, grade_id, *, grade=False, solution=False, locked=False, task=False, points=None):
    cell.metadata["nbgrader"] = {
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": task,
        "schema_version": 3,
    }
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def helper(grade_id, source):
    return nbgrader(new_code_cell(source), grade_id, locked=True)


def answer(grade_id, source):
    return nbgrader(new_code_cell(source), grade_id, solution=True)


def graded(grade_id, source, points=1):
    return nbgrader(new_code_cell(source), grade_id, grade=True, locked=True, points=points)


def lab():
    return new_notebook(
        cells=[
            new_code_cell("import numpy as np"),
            helper("setup", "K = 1"),
            answer("a1", "def f(): return 1"),
            graded("t1", "assert f() == 1", 2),
            new_markdown_cell("between"),
            answer("a2", "def g(): return 2"),
            graded("t2", "assert g() == 2", 3),
            nbgrader(new_markdown_cell("why?"), "written", grade=True, solution=True, locked=False, points=4),
        ]
    )


def runs(aligned):
    return [cell.grade_id or cell.source for cell in aligned.cells]


WHOLE = ["import numpy as np", "setup", "def f(): return 1", "t1", "def g(): return 2", "t2"]


def test_the_cells_run_in_their_order_with_the_tests_from_the_instructor():
    submission = lab()
    submission.cells[3].source = "pass"
    aligned = align(submission, lab())
    assert runs(aligned) == WHOLE
    assert [cell.source for cell in aligned.tests] == ["assert f() == 1", "assert g() == 2"]
    assert [cell.points for cell in aligned.tests] == [2, 3]
    assert aligned.by_hand == {"written": 4}
    assert [cell.id for cell in aligned.cells] == ["s0", "i1", "s2", "i3", "s5", "i6"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda cells: cells.pop(3), WHOLE),
        (lambda cells: [cells.pop(6), cells.pop(3), cells.pop(1)], WHOLE),
        (lambda cells: cells.pop(2), [*WHOLE[:2], *WHOLE[3:]]),
        (lambda cells: cells.insert(3, new_code_cell("extra")), [*WHOLE[:3], "extra", *WHOLE[3:]]),
        (lambda cells: cells.append(new_code_cell("extra")), [*WHOLE, "extra"]),
        (lambda cells: cells.insert(0, new_code_cell("extra")), ["extra", *WHOLE]),
        (lambda cells: cells.append(cells.pop(3)), WHOLE),
        (lambda cells: cells.reverse(), None),
        (lambda cells: cells.insert(0, cells.pop(6)), WHOLE),
        (lambda cells: cells[2].metadata.clear(), WHOLE),
        (lambda cells: cells[2].metadata.nbgrader.update(grade_id="mine"), WHOLE),
        (lambda cells: cells[2].metadata.nbgrader.update(grade=True, solution=False, locked=True), WHOLE),
        (lambda cells: cells[2].update(cell_type="markdown"), WHOLE),
        (lambda cells: cells[2].update(cell_type=["code"], outputs=3), WHOLE),
        (lambda cells: cells[3].update(cell_type="markdown", source="gone"), WHOLE),
        (lambda cells: cells[3].metadata.nbgrader.update(points=900), WHOLE),
        (lambda cells: cells[4].update(cell_type="raw"), WHOLE),
        (lambda cells: cells[2].metadata.update(nbgrader=[1]), WHOLE),
        (lambda cells: cells.extend([3, None, {}, {"cell_type": "code", "source": 5}]), WHOLE),
        (lambda cells: cells.append(nbformat.from_dict(dict(cells[3], source="mine = 1"))), WHOLE),
        (lambda cells: cells[7].update(cell_type="code", source="mine = 1"), WHOLE),
    ],
)
def test_rule_3_no_change_of_the_cells_changes_the_tests(change, expected):
    submission = lab()
    change(submission.cells)
    aligned = align(submission, lab())
    assert [cell.source for cell in aligned.tests] == ["assert f() == 1", "assert g() == 2"]
    assert sum(cell.points for cell in aligned.tests) == 5
    if expected is not None:
        assert runs(aligned) == expected
    assert not aligned.unreadable


def test_a_copied_answer_runs_in_both_places():
    submission = lab()
    submission.cells.insert(4, nbformat.from_dict(dict(submission.cells[2], source="def f(): return 3")))
    assert runs(align(submission, lab())) == [*WHOLE[:4], "def f(): return 3", *WHOLE[4:]]


def test_an_answer_moved_behind_its_test_runs_where_it_stands():
    submission = lab()
    submission.cells.append(submission.cells.pop(2))
    assert runs(align(submission, lab())) == [*WHOLE[:2], *WHOLE[3:], WHOLE[2]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "no notebook"),
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"not json", "not JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"cells": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested deeper"),
        (b"[]", "no list of cells"),
        (b"3", "no list of cells"),
        (b"NaN", "no list of cells"),
        (b'{"cells": {}}', "no list of cells"),
        (b'{"worksheets": [3], "nbformat": 3}', "old format"),
        (b'{"cells": [' + b"1," * 6000 + b"1]}", "6,001 cells"),
        (b" " * 4096 + b"{}", "more than the 4,096"),
    ],
)
def test_rule_5_what_is_no_notebook_has_its_reason_and_all_tests(data, reason):
    limit = 4096 if data and data.startswith(b" " * 4096) else 2**20
    aligned = align(data, lab(), max_bytes=limit)
    assert reason in aligned.unreadable
    assert runs(aligned) == ["setup", "t1", "t2"]


def test_bytes_of_a_notebook_with_a_byte_order_mark_and_lists_of_lines():
    notebook = json.loads(nbformat.writes(lab()))
    notebook["cells"][2]["source"] = ["def f():\n", "    return 1"]
    aligned = align(b"\xef\xbb\xbf" + json.dumps(notebook).encode(), lab())
    assert aligned.cells[2].source == "def f():\n    return 1"


def test_half_a_character_is_replaced():
    submission = lab()
    submission.cells[2].source = "x = 1  # \udfff"
    assert align(submission, lab()).cells[2].source == "x = 1  # ?"


def test_an_old_format_is_converted():
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {
                        "cell_type": "code",
                        "input": "x = 1",
                        "language": "python",
                        "metadata": {},
                        "outputs": [],
                        "collapsed": False,
                        "prompt_number": 1,
                    }
                ],
            }
        ],
    }
    assert "x = 1" in runs(align(json.dumps(old).encode(), lab()))


def test_the_instructors_imports_are_the_judges():
    source = lab()
    source.cells[2].source = "%matplotlib inline\nfrom math import pi\ndef f(): import os"
    assert align(lab(), source).imports == ("import numpy as np", "from math import pi")


def test_an_answer_may_rebind_a_builtin_or_a_value_but_no_import_and_no_helper():
    source = new_notebook(
        cells=[
            helper("h", "import numpy as np\nx = 1\ny = 1\ndef check(v): pass"),
            answer(
                "a", "def sum(v): pass\nx = x + 1\nnp = 3\ncheck = None\nfor i in []: pass\nclass P: pass"
            ),
            helper("h2", "y = 3"),
            graded("t", "x = 3"),
        ]
    )
    aligned = align(source, source)
    assert aligned.asked == {"sum", "x", "i", "P"}
    assert [cell.fresh for cell in aligned.cells if cell.grade_id] == [(), ("P", "i", "sum", "x"), ()]
    assert aligned.classes == {"P"}


@pytest.mark.parametrize("points", ["3", -1, float("nan"), True])
def test_points_of_the_instructor_are_numbers(points):
    source = lab()
    source.cells[3].metadata.nbgrader.points = points
    with pytest.raises(ValueError, match="points of 't1'"):
        align(lab(), source)


def test_two_cells_of_the_instructor_with_one_name_are_refused():
    source = lab()
    source.cells[6].metadata.nbgrader.grade_id = "t1"
    with pytest.raises(ValueError, match="two cells are named 't1'"):
        align(lab(), source)
