"""Helpers that a submission could change are named, and prompts that IPython takes away."""

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.notebook.findings import Cause, Finding
from autograder.notebook.prompts import first_prompt
from autograder.plugin.lint import changeable_names, findings
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


PROMPTS = [
    (">>> f(3)\n9", 1),
    ("x = 3\n>>> f(x)\n9\n>>> f(4)\n16", 2),
    ("\n\nx = 3\n    >>> f(x)\n", 4),
    ("examples = '''\n>>> f(3)\n9\n'''", 2),
    ("def examples():\n    '''Try.\n\n    >>> f(3)\n    9\n    '''\nrun(examples)", 0),
    ("assert f(3) == 9  # >>> f(3)", 0),
    ("text = '>>> f(3)'", 0),
    ("assert f(3) >> 1 == 4", 0),
    ("", 0),
]


@pytest.mark.parametrize(("test", "line"), PROMPTS)
def test_a_prompt_that_ipython_takes_away_is_found(test, line):
    assert first_prompt(test) == line
    run = TransformerManager().transform_cell(test)
    assert (run.count(">>> f") < test.count(">>> f")) is bool(line)


def test_a_test_with_prompts_is_named_with_what_to_write():
    made = notebook(
        answer("f", "def f(x): ..."), graded("examples", 1, f"x = 3\n>>> f(x)  # {'long ' * 30}\n9")
    )
    (found,) = [finding for finding in findings(made) if finding.cause is Cause.PROMPT]
    assert found == Finding("examples", 2, Cause.PROMPT, ">>> f(x)  # " + "long " * 13 + "lo…")
    assert len(found.code) == 80
    assert "IPython takes `>>>` away" in found.cause.text
    assert findings(notebook(answer("f", ">>> f(3)"), graded("test", 1, "assert f(3) is True"))) == []
