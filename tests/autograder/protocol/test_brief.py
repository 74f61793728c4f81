"""Calls in few bytes: the simple ones come back as they were, the rest is refused or left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.protocol import brief
from autograder.protocol.bounds import SerializationError

SIMPLE = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats() | st.text(max_size=40)


def same(one, other):
    """Whether two values are one, signs of zeros and NaN included."""
    return type(one) is type(other) and repr(one) == repr(other)


@given(st.integers(1, 2**40), st.lists(SIMPLE, max_size=4))
def test_a_simple_call_comes_back_as_it_was(number, arguments):
    payload = brief.question(number, arguments)
    if payload is None:  # characters may take twelve bytes each
        assert sum(12 * len(part) for part in arguments if type(part) is str) > 900
        return
    assert brief.is_brief(payload)
    reference, read = brief.read_question(payload)
    assert reference == number
    assert len(read) == len(arguments)
    assert all(map(same, arguments, read))


@given(SIMPLE)
def test_a_simple_result_comes_back_as_it_was(value):
    assert same(value, brief.read_answer(brief.answer(value)))


@pytest.mark.parametrize(
    "value",
    [[1], (1, 2), {}, 2**63, -(2**63), "x" * 101, 1j, b"x", type("Int", (int,), {})(3), ...],
)
def test_what_is_not_simple_is_left_to_packets(value):
    assert brief.answer(value) is None
    assert brief.question(1, [value]) is None


@pytest.mark.parametrize(
    "tail",
    [b"", b"[", b"[[1]]", b'[{"a": 1}]', b"{}", b"1", b"[1, 2]", b"[]", b"[" * 500, b"[%d]" % 2**63, b"\xff",
     b"[1]x", b'["%s"]' % (b"x" * 101), b"[1" + b"0" * 990 + b"]", b"[1]" + b" " * 1100],
)  # fmt: skip
def test_a_damaged_result_is_refused(tail):
    with pytest.raises(SerializationError):
        brief.read_answer(brief.MAGIC + tail)


@given(st.binary(max_size=60))
def test_whatever_bytes_come_a_result_is_simple_or_refused(tail):
    try:
        value = brief.read_answer(brief.MAGIC + tail)
    except SerializationError:
        return
    assert value is None or type(value) in (bool, int, float, str)


@pytest.mark.parametrize("tail", [b"[]", b'["1"]', b"[null]", b"[true]", b"[1.5]"])
def test_a_call_names_its_object_by_a_number(tail):
    with pytest.raises(SerializationError):
        brief.read_question(brief.MAGIC + tail)
