"""What warns is shown where it warned, and nowhere else."""

import pytest

from autograder.result import Status

WARNS = {
    "a cell": "import warnings\nwarnings.warn('mind the gap')\ndef f(x): return x + 1",
    "a call": "import warnings\ndef f(x):\n    warnings.warn('mind the gap')\n    return x + 1",
    "a library": "np.array([1.0]) / 0\ndef f(x): return x + 1",
}


@pytest.mark.parametrize("student", WARNS.values(), ids=WARNS)
def test_a_warning_leaves_nothing_in_later_tests(graded, student):
    plain, asks = "assert f(1) == 2", "assert '__warningregistry__' not in globals()\nassert f(1) == 2"
    warns = "import warnings\nwarnings.warn('of the test')\nassert f(1) == 2"
    result = graded(["import numpy as np\n" + student], plain, asks, warns, plain)
    assert result.statuses == [Status.PASSED] * 4
    texts = ["".join(output["text"] for output in one.outputs) for one in result.cells]
    assert not [text for text in texts if "Error in callback" in text or "_registry" in text]
    assert ["of the test" in text for text in texts] == [False, False, True, False]
    in_calls = student == WARNS["a call"]
    assert ["mind the gap" in text for text in texts] == [in_calls, False, False, False]
