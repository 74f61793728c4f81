"""A result has the expected type, shape and value, or the message says how it differs."""

import collections

import numpy as np
import pytest

from autograder import checks

NAN, INF = float("nan"), float("inf")


class Agreeable(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = float.__hash__


class Pretender:
    __class__ = property(lambda self: float)

    def __eq__(self, other):
        return True

    __hash__ = None


EQUAL = [
    (3, 3), (3.0, 3), (3, 3.0), (0.1 + 0.2, 0.3), (np.float32(0.5), 0.5), (np.int8(3), 3), (10**400, 10**400),
    (1e16 + 2, 1e16), (NAN, NAN), (INF, INF), (-INF, -INF), (True, True),
    (np.bool_(False), False), (None, None),
    ("a", "a"), (b"a", b"a"), (1 + 2j, 1 + 2j), ([], []), ([1, 2.0], [1.0, 2]), ((1, "a"), (1, "a")),
    ({"a": [1]}, {"a": [1]}), ({np.int64(1): 2}, {1: 2}), (collections.Counter("aab"), {"a": 2, "b": 1}),
    ({1, 2}, {1, 2}), (frozenset("a"), {"a"}), (np.array([]), np.array([])), (np.arange(3), np.arange(3.0)),
    (np.array(["a", "b"]), np.array(["a", "b"])), (np.array([NAN, 1]), np.array([NAN, 1])),
    (np.array(2), np.array(2)),
    (np.array(["2024-01-01", "NaT"], "M8[D]"), np.array(["2024-01-01", "NaT"], "M8[D]")),
    (np.zeros((0, 3)), np.zeros((0, 3))), ([np.arange(2)], [np.arange(2)]), (np.float64(2), 2),
]  # fmt: skip
DIFFERENT = [
    (4, 3, "Expected 3, came 4."),
    (NAN, 3, "Expected 3, came nan."),
    (3, NAN, "came 3"),
    (INF, 3, "came inf"),
    (3, INF, "Expected inf, came 3."),
    (10**400, 3.5, "Expected 3.5"),
    (3, 10**400, "came 3"),
    (2**63 + 1, 2**63, "came"),
    (True, 1, "Expected 1, came True."),
    (1, True, "Expected True, came 1."),
    ("3", 3, "Expected 3, came '3'."),
    (None, 3, "Is a `return` missing?"),
    (Agreeable(4), 3, "Expected 3, came 4"),
    (Pretender(), 3, "came something of type Pretender"),
    (lambda: 3, 3, "came something of type function"),
    ("ab", "a", "Expected 'a', came 'ab'."),
    ("", "a", "came ''"),
    (1 + 2j, 1, "came something of type complex"),
    ([], [1], "Expected a list of length 1, came one of length 0."),
    ([1, 2], [1], "length 2"),
    ((1,), [1], "Expected a list, came (1,)."),
    (np.array([1]), [1], "Expected a list, came int64 array"),
    ([1], np.array([1]), "Expected an array, came [1]."),
    ([1, [2, 4]], [1, [2, 3]], "At [1][1]: Expected 3, came 4."),
    ({"a": 1}, {"a": 1, "b": 2}, "1 of 2 are missing, one key: 'b'."),
    ({"a": 1, "c": 2}, {"a": 1}, "'c' is no key that is expected."),
    ({True: 1}, {1: 1}, "True is no key"),
    ({"a": {"b": 2}}, {"a": {"b": 1}}, "At ['a']['b']: Expected 1, came 2."),
    ({1}, {1, 2}, "1 of 2 are missing, one entry: 2."),
    ({1, 2, 3}, {1, 2}, "3 is no entry that is expected."),
    ([1, 2], {1, 2}, "Expected a set"),
    (np.array([]), np.array([1.0]), "Expected an array of shape (1,), came one of shape (0,)."),
    (np.array([]), 1.0, "Expected 1.0, came float64 array of shape (0,)."),
    (np.empty((0, 1)), np.arange(3.0), "shape (0, 1)"),
    (np.full((3, 1), 2), np.full(3, 2), "shape (3, 1)"),
    (np.array(2), np.full(3, 2), "shape ()"),
    (np.array([True, False]), np.array([1, 0]), "Expected an array of numbers, came one of truths."),
    (np.array(["1"]), np.array([1]), "came one of texts"),
    (np.array([1, None]), np.array([1, 2]), "came one of object"),
    (np.array([1, NAN]), np.array([1, 2]), "At [1]: Expected 2, came nan. 1 of 2 values differ."),
    (np.array([[1, 2], [3, 4]]), np.array([[1, 2], [5, 5]]), "At [1, 0]: Expected 5, came 3. 2 of 4 values"),
    ([np.arange(2)], [np.arange(1, 3)], "At [0][0]: Expected 1, came 0."),
]  # fmt: skip


@pytest.mark.parametrize(("result", "expected"), EQUAL, ids=repr)
def test_equal_values_pass(result, expected):
    checks.equals(result, expected)


@pytest.mark.parametrize(("result", "expected", "words"), DIFFERENT, ids=range(len(DIFFERENT)))
def test_other_values_fail_and_the_message_says_how(result, expected, words):
    with pytest.raises(AssertionError) as error:
        checks.equals(result, expected)
    assert words in " ".join(str(error.value).split())


def test_the_tolerance_can_be_chosen_and_is_none_between_whole_numbers():
    checks.equals(3.14, np.pi, absolute=0.01)
    checks.equals(np.array([99.0]), np.array([100.0]), relative=0.02)
    with pytest.raises(AssertionError):
        checks.equals(4, 3, absolute=5)
    with pytest.raises(AssertionError):
        checks.equals(np.array([4]), np.array([3]), absolute=5)


def test_a_dtype_counts_where_it_is_asked_for():
    checks.equals(np.float32([1]), np.array([1.0]))
    with pytest.raises(AssertionError, match="array of float64, came one of float32"):
        checks.equals(np.float32([1]), np.array([1.0]), same_dtype=True)


@pytest.mark.parametrize(
    ("result", "expected"),
    [(1, 4711), ("a", "4711"), ([1], [4711]), ({}, {4711: 1}), ({1}, {1, 4711}),
     (np.zeros(2), np.full(2, 4711)), ("1", 4711), (None, 4711)],
)  # fmt: skip
def test_a_hidden_comparison_does_not_say_what_is_expected(result, expected):
    with pytest.raises(AssertionError) as error:
        checks.equals(result, expected, hidden=True)
    assert "4711" not in str(error.value)


@pytest.mark.parametrize(
    "expected",
    [object(), [object()], np.array([None]), Pretender()],
    ids=["object", "list of objects", "array of objects", "object that says what it is not"],
)
def test_what_cannot_be_compared_is_the_instructors_error(expected):
    result = [1] if isinstance(expected, list) else 1
    result = np.array([1]) if isinstance(expected, np.ndarray) else result
    with pytest.raises(TypeError, match="expected must be"):
        checks.equals(result, expected)
