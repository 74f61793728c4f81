import collections
import contextlib
import json
import struct
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.protocol.serialization import MAGIC, Bounds, SerializationError, Tagged, pack, unpack

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**300), 2**300)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.fractions()
)
KEYS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.text()
    | st.tuples(st.text(), st.integers(0, 9))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner) | st.sets(KEYS),
    max_leaves=30,
)


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


@given(VALUES)
def test_plain_values_arrive_as_they_were(value):
    assert same(unpack(pack(value)), value)


@pytest.mark.parametrize(
    "dtype", ["?", "i1", "<u8", ">i4", "<f2", "<f4", ">f8", "<c8", "<U3", "S4", "<M8[ns]", "<m8[s]"]
)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 4), (1, 2, 3, 4)])
def test_arrays_arrive_with_dtype_and_shape(dtype, shape):
    size = int(np.prod(shape))
    value = np.arange(size).astype("i8" if dtype[-1] == "]" else dtype).reshape(shape).astype(dtype)
    result = unpack(pack([value]))[0]
    assert type(result) is np.ndarray
    assert result.dtype == value.dtype
    assert result.shape == shape
    assert result.flags.writeable
    np.testing.assert_array_equal(result, value)


@pytest.mark.parametrize(
    "value",
    [
        collections.OrderedDict(b=1, a=2),
        collections.Counter("abca"),
        collections.deque([1, 2], 3),
        range(3, 9, 2),
        range(2**70, 2**70 + 5),
        slice(1, None, 2),
        Decimal("1.50"),
        Fraction(1, 3),
        ...,
        int,
        type(None),
        np.ndarray,
        np.float32,
        np.dtype("f4"),
        np.float32(1.5),
        np.int64(-3),
        np.bool_(True),
        np.str_("ab"),
        bytearray(b"ab"),
        frozenset([1, 2]),
        2**500,
        -(2**64),
        float("inf"),
        "\ud800",
        "x" * 5000,
    ],
)
def test_other_exact_types_arrive_as_they_were(value):
    result = unpack(pack(value))
    assert type(result) is type(value)
    assert result == value


def test_views_of_a_dictionary_arrive_as_views():
    value = {"a": 1, "b": 2}
    assert unpack(pack(value.keys())) == value.keys()
    assert list(unpack(pack(value.values()))) == [1, 2]
    assert unpack(pack(value.items())) == value.items()


def test_nan_arrives():
    assert np.isnan(unpack(pack(float("nan"))))


def test_a_random_generator_goes_on_where_it_was():
    rng = np.random.default_rng(3)
    rng.integers(0, 9, dtype="i4")
    copy = unpack(pack(rng))
    assert (
        copy.integers(0, 2**31, dtype="i4", size=5).tolist()
        == rng.integers(0, 2**31, dtype="i4", size=5).tolist()
    )


class Liar:
    def __eq__(self, other):
        return True

    def __reduce__(self):
        raise AssertionError("was asked to pickle itself")

    __hash__ = None


class Numbers(list):
    pass


class Floats(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [
        Liar(),
        Numbers([1]),
        np.zeros(3).view(Floats),
        len,
        Liar,
        np.array([object()]),
        np.zeros(2, "i4,O"),
        object(),
    ],
)
def test_rule_1_what_is_not_of_an_exact_plain_type_does_not_cross_by_itself(value):
    with pytest.raises(SerializationError, match="cannot cross"):
        pack([value])


def test_tagged_values_are_made_by_the_caller_only():
    data = pack([Liar()], tag=lambda value: Tagged("thing", {"name": type(value).__name__}))
    assert unpack(data, untag=lambda kind, body: (kind, body)) == [("thing", {"name": "Liar"})]
    with pytest.raises(SerializationError, match="not expected"):
        unpack(data)


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def test_a_value_that_contains_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(SerializationError, match="contains itself"):
        pack(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (nested(60), "nested deeper than 40"),
        ([0] * 501_000, "more than 500,000 elements"),
        (np.zeros(2**23 + 1), "larger than 67,108,864 bytes"),
        (b"x" * (2**26 + 1), "larger than 67,108,864 bytes"),
    ],
)
def test_rule_1_bounds_hold_when_sending_and_name_themselves(value, words):
    with pytest.raises(SerializationError, match=words):
        pack(value)


def test_an_integer_without_end_is_refused():
    assert unpack(pack(2**5000)) == 2**5000
    with pytest.raises(SerializationError, match="more than 100,000 hexadecimal digits"):
        pack(16**100_001)


def packet(tree, *blobs):
    head = (
        tree
        if isinstance(tree, bytes)
        else json.dumps({"value": tree, "blobs": [len(b) for b in blobs]}).encode()
    )
    return MAGIC + struct.pack(">I", len(head)) + head + b"".join(blobs)


EIGHT = bytes(8)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"AGV1",
        b"nonsense" * 9,
        MAGIC + b"\xff\xff\xff\xff",
        packet(b"[" * 100_000),
        packet(b'{"value": 1}'),
        packet(b'{"value": 1, "blobs": [-1]}'),
        packet(b'{"value": 1, "blobs": [9999999999999]}'),
        packet(b"1" * 5000),
        packet(b'{"value": ' + b"9" * 5000 + b', "blobs": []}'),
        packet(b"\xff"),
        packet({}),
        packet([]),
        packet([1]),
        packet(["no such"]),
        packet(["a", "|O", [1], 0], EIGHT),
        packet(["a", "<f8", [2], 0], EIGHT),
        packet(["a", "<f8", [-1], 0], EIGHT),
        packet(["a", "<f8", [2**62, 2**62], 0], EIGHT),
        packet(["a", "<f8", [1], 1], EIGHT),
        packet(["a", "<f8", [True], 0], EIGHT),
        packet(["a", "<f8,<i4", [1], 0], EIGHT),
        packet(["a", 8, [1], 0], EIGHT),
        packet(["a", "<U2", [1], 0], b"\xff" * 8),
        packet(["a", "<f8", [1.0], 0], EIGHT),
        packet(["a", "<f7", [1], 0], EIGHT),
        packet(["a", "<f8"]),
        packet(["u", 0], b"\xff\xff"),
        packet(["i", 0], b"12q"),
        packet(["s", ["l"]]),
        packet(["d", 1]),
        packet(["d", ["l"], 1]),
        packet(["d", ["i", 0], 1], hex(2**70).encode()),
        packet(["range", 1, 2, 0]),
        packet(["range", "a"]),
        packet(["F", 1, 0]),
        packet(["D", "abc"]),
        packet(["D", "1" * 2000]),
        packet(["type", "os.system"]),
        packet(["type", ["l"]]),
        packet(["dtype", "|V8"]),
        packet(["dtype", "O"]),
        packet(["rng", 1, 2, 3, 4]),
        packet(["rng", -1, 2, 0, 0]),
        packet(["rng"]),
        packet(["c", "a"]),
        packet(["dq", "a"]),
        packet(["dq", -1, 2]),
        packet(["@", "x"]),
        packet(["@", "x", 1]),
        packet(["l", {}]),
        packet(["n", "<f8", [], 0], b""),
        packet(["slice"] + [1] * 9),
        packet(1, b"left over")[:-1],
        packet(1) + b"x",
    ],
)
def test_rule_1_damaged_packets_are_refused_and_nothing_else(data):
    with pytest.raises(SerializationError):
        unpack(data)


def test_rule_1_bounds_are_checked_before_decoding():
    many = b'{"value": ["l"' + b",0" * 2_000_000 + b'], "blobs": []}'
    with pytest.raises(SerializationError, match="more than 500,000 elements"):
        unpack(packet(many))
    with pytest.raises(SerializationError, match="larger than 1,000 bytes"):
        unpack(packet(["b", 0], b"x" * 2000), bounds=Bounds(bytes=1000))
    deep = b'{"value": ' + b'["l",' * 90 + b"0" + b"]" * 90 + b', "blobs": []}'
    with pytest.raises(SerializationError, match="nested deeper"):
        unpack(packet(deep))


def test_keys_with_one_hash_for_all_are_refused():
    with pytest.raises(SerializationError, match="keys"):
        unpack(pack({(1, n): n for n in range(6000)}))


def test_booleans_of_an_array_are_zero_or_one():
    assert unpack(packet(["a", "|b1", [3], 0], b"\x00\x02\xff")).view("u1").tolist() == [0, 1, 1]


@given(st.binary(max_size=400), st.binary(max_size=60))
def test_rule_1_arbitrary_bytes_are_a_value_or_refused(head, blob):
    for data in (head, packet(head, blob)):
        with contextlib.suppress(SerializationError):
            unpack(data)
