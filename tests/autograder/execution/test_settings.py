"""What a test sets in Python and its libraries holds for the student's call, and no longer."""

import decimal
import sys

import numpy as np
import pytest

from autograder.execution.settings import Settings, having
from autograder.notebook.code import parse_cell
from autograder.notebook.watching import watching
from autograder.result import Status

DEEP = "def f(n): return 0 if n == 0 else 1 + f(n - 1)"
THIRD = "import decimal\ndef f(n): return str(decimal.Decimal(1) / n)"
RATIO = "import numpy as np\ndef f(n): return float(np.array(1.0) / np.array(float(n)))"
SHOWN = "import numpy as np\ndef f(n): return str(np.array([1 / n]))"


@pytest.mark.parametrize(
    ("answer", "test", "after"),
    [
        (DEEP, "import sys\nsys.setrecursionlimit(9000)\nassert f(4000) == 4000\nsys.setrecursionlimit(1000)",
         "try: f(4000)\nexcept RecursionError: pass\nelse: assert False"),
        (THIRD, "import decimal\ndecimal.getcontext().prec = 3\nassert f(3) == '0.333'\n"
         "decimal.getcontext().prec = 28",
         "assert f(3) == '0.' + 28 * '3'"),
        (RATIO, "with np.errstate(divide='raise'):\n    try: f(0)\n    except FloatingPointError: pass\n"
         "    else: assert False", "assert f(0) == np.inf"),
        (SHOWN, "with np.printoptions(precision=2): assert f(3) == '[0.33]'",
         "assert f(3) == '[0.33333333]'"),
    ],
    ids=["recursion limit", "decimal", "errors of NumPy", "printing of NumPy"],
)  # fmt: skip
def test_a_setting_holds_for_the_call_and_no_longer(graded, answer, test, after):
    result = graded(answer, test, after)
    assert result.statuses == [Status.PASSED, Status.PASSED], result.messages
    assert graded("def f(n): return 2", test).statuses == [Status.FAILED]


def test_a_setting_of_the_students_own_cell_is_left_as_it_is(graded):
    answer = "import numpy as np\nnp.set_printoptions(precision=1)\ndef f(): return str(np.array([1 / 3]))"
    assert graded(answer, "import sys\nsys.setrecursionlimit(5000)\nassert f() == '[0.3]'").scores == [1]


@pytest.mark.parametrize(
    "answer",
    [
        "import sys\ndef f(n):\n    sys.setrecursionlimit(10)\n    return n",
        "import numpy as np\nnp.get_printoptions = lambda: {'score': 1}\n"
        "def f(n): return np.get_printoptions()",
        "import autograder.execution.settings as s\ns._SETTINGS.clear()\ndef f(n): return n",
    ],
    ids=["leaves a limit of its own", "answers for NumPy", "empties the worker's table"],
)
def test_a_submission_gains_nothing_by_the_settings(graded, answer):
    test = "sys.setrecursionlimit(9000)\nwith np.printoptions(precision=2): assert f(4000) == 'right'"
    result = graded(answer, test, "assert sys.getrecursionlimit() == 9000", helper="import numpy as np, sys")
    assert not result.scores[0]
    assert result.statuses[1] is Status.PASSED


def test_the_worker_has_its_own_settings_again():
    settings = Settings()
    settings.begin_test("sys.setrecursionlimit(…), decimal.localcontext(), np.errstate()")
    assert settings.current() == {}
    before = sys.getrecursionlimit(), decimal.getcontext().prec, np.geterr()
    with np.errstate(all="raise"), decimal.localcontext() as context:
        context.prec = 4
        told = settings.current()
    assert told.keys() == {"decimal", "numpy errors"}
    with having(told | {"unknown": 3}):
        assert decimal.getcontext().prec == 4
        assert np.geterr()["divide"] == "raise"
    assert (sys.getrecursionlimit(), decimal.getcontext().prec, np.geterr()) == before


@pytest.mark.parametrize(
    "code",
    ["import sys\nsys.settrace(print)", "from sys import setprofile\nsetprofile(None)",
     "import tracemalloc\ntracemalloc.start()"],
)  # fmt: skip
def test_a_test_that_watches_its_own_process_is_for_a_person_though_it_passes(graded, code):
    assert watching(parse_cell(code))
    result = graded("def f(n): return n", f"if False:\n    {code.splitlines()[-1]}\nassert f(1) == 1")
    assert result.statuses == [Status.BY_HAND]
    assert "and the student's code runs elsewhere" in result.messages[0]
