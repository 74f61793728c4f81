"""Types that the submission's objects claim: a claim leads to no points, and each was made."""

# ruff: noqa: E501 - each submission is one string

import pytest

from tests.autograder.corpus.claims import AXES, CLAIM, TOLD

MADE = "made = 0\ndef count():\n    global made\n    made += 1\n"
DATA = "from numbers import Number, Real\nimport numpy as np\nx = f()\n"
CLAIMS = {
    "a number": "assert isinstance(x, (int, float)) and x == 3",
    "a number of any kind": "assert isinstance(x, Number) and x == 3",
    "a real number": "assert isinstance(x, Real) and abs(x - 3) < 1e-9",
    "a list": "assert isinstance(x, list) and x == [1, 2]",
    "an array": "assert isinstance(x, np.ndarray) and (x == 3).all()",
    "its type": "assert type(x) is float and x == 3",
    "its class": "assert issubclass(type(x), float) and x == 3",
    "unittest": "import unittest\nt = unittest.TestCase()\nt.assertIsInstance(x, float)\nt.assertAlmostEqual(x, 3)",
    "a comparison of close values": "assert isinstance(x, float) and np.isclose(x, 3)",
}
BODIES = {
    "an object": "def f():\n    count()\n    return Claim()",
    "a class": "def f():\n    count()\n    return Claim",
    "an object whose class is an object": "def f():\n    count()\n    return type('float', (Claim,), {'__module__': 'builtins', '__qualname__': 'float'})()",
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("told", ["", TOLD], ids=["", "told falsely"])
def test_no_claim_of_a_type_wins_points(graded, body, told):
    tests = [DATA + claim for claim in CLAIMS.values()]
    result = graded(
        "\n".join([CLAIM, MADE, told, BODIES[body]]),
        *tests,
        "assert made == 9",
        template="def f(): return 3.0\nmade = 9",
        call_seconds=20,
        question_seconds=30,
    )
    assert result.scores[:-1] == [0] * len(CLAIMS), result.messages
    assert result.scores[-1] == 1  # each of them was asked for


def test_what_an_axes_answers_is_compared_by_the_test(graded):
    pytest.importorskip("matplotlib", reason="a drawing is asked for")
    tests = [
        "from matplotlib.axes import Axes\nassert isinstance(f(), Axes)\nassert f().get_title() == 'a hidden title'",
        "assert f().get_xlabel().startswith('hidden') and 'hidden' in f().get_ylabel()",
        "assert list(f().lines[0].get_ydata()) == [1, 4, 9]",
        "import numpy as np\nassert np.allclose(f().get_xlim(), (3, 7))",
        "assert len(f().patches) == 1 and f().patches[0].get_height() == 17",
        "assert [t.get_text() for t in f().get_xticklabels()] == ['hidden']",
        "assert f().get_xscale() == 'log' and 0.3 < f().get_position().width < 0.4",
        "assert made == 9",
    ]
    right = "import matplotlib\nmatplotlib.use('Agg')\nfrom matplotlib.figure import Figure\ndef f():\n    count()\n    ax = Figure().subplots()\n    ax.set_title('a hidden title')\n    return ax"
    lying = AXES + "\ndef f():\n    count()\n    return AXES"
    limits = {"call_seconds": 20, "question_seconds": 30, "cell_seconds": 30}
    assert graded(MADE + right, tests[0], template=MADE + right, **limits).scores == [1]
    result = graded(MADE + lying, *tests, template=MADE + right, **limits)
    assert result.scores == [0] * 7 + [1], list(zip(result.scores, result.messages, strict=True))
