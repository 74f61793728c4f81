"""A gradient through a call of the student's function is for a person, not a silent zero."""

import pytest

from autograder.result import Status

pytestmark = pytest.mark.slow
SQUARE, SAME = "def f(x): return x * x", "def f(x): return x"
TAPE = """x = tf.constant(3.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = f(x)
"""


@pytest.fixture
def points(graded_with_keras):
    def run(code, test):
        seconds = {"question_seconds": 60, "submission_seconds": 120, "call_seconds": 30}
        tensorflow = "import tensorflow as tf\n"
        return graded_with_keras(tensorflow + code, tensorflow + test, **seconds).cells[0]

    return run


@pytest.mark.parametrize("code", [SQUARE, SAME], ids=["right", "wrong"])
def test_a_test_that_takes_one_is_for_a_person(points, code):
    cell = points(code, f"{TAPE}assert float(tape.gradient(y, x)) == 6.0")
    assert (cell.status, cell.score) == (Status.BY_HAND, None)
    assert "a person grades it: a gradient does not pass through a call" in cell.message


def test_one_that_is_not_taken_changes_nothing(points):
    assert points(SQUARE, f"{TAPE}assert float(y) == 9.0").score == 1.0


@pytest.mark.parametrize(("code", "score"), [(SQUARE, 1.0), (SAME, 0.0)], ids=["right", "wrong"])
def test_after_it_an_answer_is_judged_as_ever(points, code, score):
    before = "with tf.GradientTape() as tape:\n    tf.constant(1.0)\n"
    cell = points(code, f"{before}assert float(f(tf.constant(3.0))) == 9.0")
    assert cell.score == score


def test_one_that_the_students_function_takes_is_its_own(points):
    code = """def slope(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    return tape.gradient(y, x)"""
    assert points(code, "assert float(slope(tf.constant(3.0))) == 6.0").score == 1.0
