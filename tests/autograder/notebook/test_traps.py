"""Tests that wrong answers pass are named where they stand; sound ones are not."""

import math
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder import checks
from autograder.notebook.findings import Cause
from autograder.notebook.traps import find_traps
from course.sample_class.notebooks import answer, graded, locked, notebook, plain

ROOT = Path(__file__).resolve().parents[3]
ASKED = answer("asked", "def f(x): ...\ndef g(x): ...\ndef my_sort(x): ...\ndata = ...")


def rows():
    """The guide's table of traps: test, what passes, what to write instead."""
    page = (ROOT / "book" / "writing-tests.md").read_text(encoding="utf-8")
    table = page.partition("(tests-traps)=")[2].partition("(tests-checks)=")[0]
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    return [
        tuple("\n".join(re.findall(r"`([^`]+)`", column)) for column in line.strip("| ").split(" | "))
        for line in lines
    ]


RIGHT = {
    "np.arange(3)": lambda x: np.arange(3),
    "[0, 1, 2]": lambda x: [0, 1, 2],
    "is False": lambda x: x == 7,
    "raise AssertionError": math.sqrt,
    "2.5": lambda x: 2.5,
    '"yes"': lambda x: "yes",
    '"5"': lambda x: "5",
    "my_sort": sorted,
    "x >= 0": lambda x: [0, 1, 2],
}


def run(code, function):
    names = {"f": function, "g": function, "my_sort": function, "np": np, "math": math, "checks": checks}
    exec(code, names)


def causes(*tests, cells=(ASKED,)):
    graded_cells = [graded(f"test{number}", 1, test) for number, test in enumerate(tests)]
    return [finding.cause for finding in find_traps(notebook(*cells, *graded_cells))]


@pytest.mark.filterwarnings("ignore:assertion is always true:SyntaxWarning")
@pytest.mark.parametrize(("test", "wrong", "instead"), rows(), ids=[row[0][:40] for row in rows()])
def test_a_row_of_the_guide_is_true_and_the_trap_is_found(test, wrong, instead):
    value = eval(wrong, {"np": np, "math": math})
    right = next(function for words, function in RIGHT.items() if words in instead)
    run(test, lambda x: value)
    with pytest.raises((AssertionError, TypeError, ValueError)):
        run(instead, lambda x: value)
    run(instead, right)
    assert len(causes(test)) == 1
    assert causes(instead) == []


def test_a_right_answer_that_is_rounded_otherwise_is_meant():
    assert 0.1 + 0.2 != 0.3
    assert causes("assert f(3) == 0.3") == causes("assert f(3) == [1, -0.7]") == [Cause.FLOAT]
    checks.equals(0.1 + 0.2, 0.3)


def test_every_cause_is_in_the_guide_and_has_words():
    shown = {cause for test, _, _ in rows() for cause in causes(test)}
    assert shown == {*Cause} - {Cause.FLOAT, Cause.CHANGEABLE, Cause.MAIN, Cause.PROMPT}
    assert all(cause.text and cause.instead for cause in Cause)


@pytest.mark.parametrize(
    ("test", "cause"),
    [
        ("result = np.asarray(f(3))\nassert np.allclose(result, 1)", Cause.BROADCAST),
        ("assert (data['a'] > 3).all()", Cause.BROADCAST),
        ("assert np.allclose(data - 1, 0)", Cause.BROADCAST),
        ("assert np.allclose(unknown(3), [1, 2])", Cause.BROADCAST),
        ("np.testing.assert_array_almost_equal(f(3), -1)", Cause.BROADCAST),
        ("def near(a, b):\n    return np.allclose(a, b)\nassert near(f(3), 1)", Cause.BROADCAST),
        ("points = 2\nif data < 0.9 or data > 1.1:\n    points -= 1\npoints", Cause.NAN),
        ("for x in [1]:\n    error = abs(f(x) - 1)\n    if error > 1e-6:\n        assert False", Cause.NAN),
        ("def near(a):\n    if abs(a - 1) > 1e-6:\n        return False\nnear(f(3))", Cause.NAN),
        ("for i, (a, b) in enumerate(zip(data, [1, 2])):\n    assert a == b, i", Cause.ZIP),
        ("for item in data:\n    assert item > 0", Cause.EMPTY),
        ("assert all([isinstance(item, int) for item in f(3)])", Cause.EMPTY),
        ("assert f(3) - 1 <= tol", Cause.SIGN),
        ("assert np.mean(f(3) - np.arange(3)) < 1e-3", Cause.CANCEL),
        ("try:\n    assert f(3) == 1\nexcept:\n    pass", Cause.SWALLOWED),
        ("np.allclose(f(3), np.arange(3).shape)\nassert f(3).shape == (3,)", Cause.UNUSED),
    ],
)  # fmt: skip
def test_other_forms_of_a_trap_are_found(test, cause):
    assert causes(test) == [cause]


@pytest.mark.parametrize(
    "test",
    [
        "result = f(3)\nassert result.shape == (3,)\nassert np.allclose(result, 1)",
        "result = f(3)\nassert len(result) == 3, 'three'\nassert all(x > 0 for x in result)",
        "assert f(3).shape == (3,)\nassert (f(3) == 1).all()",
        "np.testing.assert_allclose(f(3), np.arange(3))",
        "np.testing.assert_allclose(f(3), 2.5, strict=True)",
        "assert np.array_equal(f(3), np.arange(3))",
        "assert np.isclose(f(3), 2.5)",
        "assert np.allclose(np.arange(3), [0, 1, 2])",
        "assert np.allclose(f(3).sum(), 3)",
        "assert (table['a'] == data['a']).all()",
        "if len(f(3)) > 3:\n    raise AssertionError('too long')",
        "if f(3) != 3:\n    raise AssertionError",
        "if not abs(f(3) - 2.5) <= 1e-6:\n    raise AssertionError",
        "if abs(f(3) - 2.5) < 1e-6:\n    points = 1\nelse:\n    raise AssertionError",
        "assert [f(x) for x in range(3)] == [0, 1, 2]",
        "assert all(f(x) == y for x, y in zip([1, 2], [3, 4]))",
        "for x, y in {1: 2}.items():\n    assert f(x) == y",
        "for x in range(5):\n    assert f(x) > 0",
        "assert list(map(f, [1, 2])) == [3, 4]",
        "for got, want in zip(map(f, [1, 2]), [3, 4]):\n    assert got == want",
        "assert f(2)\nassert not f(4)",
        "assert f(2) is True",
        "assert f(3) in [1, 2]",
        "assert 'shape' in f(3)",
        "assert sorted(f(3)) == [1, 2]",
        "assert f(g(3)) == 3",
        "assert f(3) == g(3)\nassert f(4) == 5",
        "assert f(3) == 2.5",
        "assert data == 0.1",
        "assert round(f(3), 2) == 0.33",
        "assert f(3) - 1 < 7",
        "try:\n    f(-1)\n    raise AssertionError\nexcept ValueError:\n    pass",
        "points = 0\ntry:\n    assert f(3) == 3\n    points += 1\nexcept AssertionError:\n    pass\npoints",
        "try:\n    assert f(3) == 3\nexcept Exception as error:\n    raise AssertionError('no') from error",
        "sum(f(x) == x for x in [1, 2])",
        "f(3) == 3",
        "assert isinstance(f(3), list), 'a list'",
        "assert callable(f)",
        "checks.agrees(f, case)",
        "def near(a, b):\n    assert a.shape == b.shape\n    assert np.allclose(a, b)\nnear(f(3), [1])",
        "this is no Python",
        "%matplotlib inline\nassert f(3) == 3",
    ],
)
def test_sound_tests_are_left_alone(test):
    assert causes(test, cells=(ASKED, plain("import numpy as np; table = {}"))) == []


def test_a_locked_helper_is_looked_at_where_a_test_calls_it():
    judging = "def near(a, b):\n    '''Close.'''\n    return bool(np.allclose(a, b))"
    idle = "def spare(a, b):\n    return np.allclose(a, b)"
    found = find_traps(
        notebook(locked("helpers", f"{judging}\n{idle}"), ASKED, graded("test", 1, "assert near(f(1), 2)"))
    )
    assert [(finding.cell, finding.line, finding.cause, finding.code) for finding in found] == [
        ("helpers", 3, Cause.BROADCAST, "np.allclose(a, b)")
    ]


LABS = [
    *sorted((ROOT / "solutions").glob("*/*.ipynb")),
    *sorted((ROOT / "labs").glob("*/*.ipynb")),
    *sorted((ROOT / "tests" / "autograder" / "plain_course" / "source").glob("*/*.ipynb")),
]


@pytest.mark.parametrize("path", LABS, ids=[f"{path.parts[-3]}-{path.stem}" for path in LABS])
def test_no_assignment_of_ours_has_a_trap(path):
    assert find_traps(nbformat.read(path, as_version=4)) == []
