import math
from decimal import Decimal

import numpy as np
import pytest

from autograder.execution.scoring import message_of, points_of
from autograder.protocol.values import TransferError


@pytest.mark.parametrize(
    ("value", "points"),
    [
        (None, 3),
        ("text", 3),
        ([], 3),
        (object(), 3),
        (np.zeros(3), 0),
        (np.ones((1, 1)), 0),
        (1j, 0),
        (Decimal(2), 0),
        (np.array(True), 0),
        ({1: 2}, 3),
        (True, 3),
        (False, 0),
        (np.bool_(True), 3),
        (np.bool_(False), 0),
        (0, 0),
        (2, 2),
        (1.5, 1.5),
        (3, 3),
        (4, 3),
        (-1, 0),
        (-0.0, 0),
        (math.nan, 0),
        (math.inf, 3),
        (-math.inf, 0),
        (np.float32(0.5), 0.5),
        (np.int64(2), 2),
        (np.array(1.5), 1.5),
        (np.float64("nan"), 0),
    ],
)
def test_points_of_a_cells_last_value(value, points):
    assert points_of(value, 3)[0] == points


def raised(code, names=None):
    try:
        exec(code, names or {})
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("assert 1 == 2, 'one is not two'", "one is not two"),
        ("assert 1 == 2", "a check did not hold"),
        ("raise KeyError('k')", "KeyError: 'k'"),
        ("nosuch", "`nosuch` is not defined"),
        ("import numpy as np; np.testing.assert_allclose(1.25, 3.75)", "Not equal to tolerance"),
        (
            "import unittest; unittest.TestCase().assertEqual(1.25, 3.75)",
            "a comparison with the expected value",
        ),
        ("raise KeyboardInterrupt", "took too long"),
    ],
)
def test_rule_2_messages_say_what_is_wrong_without_values(code, words):
    message = message_of(raised(code))
    assert words in message
    assert "3.75" not in message


def test_an_exception_of_the_student_is_named_as_theirs():
    error = ValueError("no good")
    error.from_student = True
    assert message_of(error) == "your code raised ValueError: no good"
    assert message_of(TransferError("cannot")) == "cannot"
