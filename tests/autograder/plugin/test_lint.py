"""Helpers that a submission could change are named."""

import pytest

from autograder.plugin.lint import changeable_names
from course.sample_class.notebooks import answer, graded, locked, notebook, plain

TEST = graded("test", 1, "points = 1\nassert near(f(x), 2, TOLERANCE), np.pi\npoints")


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (
            [plain("def near(a, b, c): return True"), plain("TOLERANCE = 1; import numpy as np")],
            ["TOLERANCE", "near"],
        ),
        ([locked("helpers", "def near(a, b, c): return True\nTOLERANCE = 1")], []),
        ([plain("def near(a, b, c): ..."), locked("helpers", "def near(a, b, c): return True")], []),
        ([answer("f", "def f(x): return 2"), plain("x = f(1)")], ["x"]),
        ([answer("f", "def f(x): return 2\nx = 3"), plain("f(x)")], []),
        ([plain("%matplotlib inline\nx = 3")], []),
        ([plain("points = 3\ny = 4")], []),
    ],
)
def test_names_that_only_an_unlocked_cell_defines_are_found(cells, names):
    assert changeable_names(notebook(*cells, TEST)) == names
