"""No bytes make `unpack` run code, hang, or use more than its bound of memory."""

# ruff: noqa: E501 - tables of cases

import collections
import json
import math
import os
import struct
import sys
import time
import tracemalloc
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.protocol.serialization import MAGIC, Bounds, SerializationError, json_depth, pack, unpack
from tests.autograder.fuzzing import run_atheris
from tests.timed import timed

# Small bounds make what exceeds them cheap to generate.
BOUNDS = Bounds(bytes=50_000, depth=12, items=400)
PEAK = 60 * BOUNDS.bytes  # a decoded value is larger than its bytes: small objects have headers
SECONDS = 2.0
ATHERIS_SECONDS = int(os.environ.get("WIRE_ATHERIS_SECONDS", "20"))
SEEDS = int(os.environ.get("WIRE_FUZZ_EXAMPLES", "300"))

_watched = False
_events: list[str] = []
_CODE = ("exec", "compile", "import", "open", "os.", "subprocess.", "pickle.", "marshal.", "ctypes.", "socket.",
         "code.", "function.", "sys._getframe")  # fmt: skip


def _audit(event: str, arguments: tuple) -> None:
    if _watched and event.startswith(_CODE):
        _events.append(f"{event} {arguments!r:.100}")


sys.addaudithook(_audit)  # cannot be removed again, so it only looks while something is watched


@contextmanager
def watched():
    """Fail if what happens inside runs code, takes long or takes much memory."""
    global _watched  # noqa: PLW0603
    _events.clear()
    tracemalloc.start()
    start = time.perf_counter()
    _watched = True
    try:
        yield
    finally:
        _watched = False
        seconds, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert not _events
    assert seconds < SECONDS
    assert peak < PEAK


def decoded(data: bytes, bounds: Bounds = BOUNDS):
    """What the bytes decode to, or the error; any other exception is a failure."""
    with watched():
        try:
            return unpack(data, bounds=bounds)
        except SerializationError as error:
            return error


def packet(node, blobs: list[bytes] = (), lengths: list | None = None) -> bytes:
    """A packet with any tree as its head."""
    sizes = [len(blob) for blob in blobs] if lengths is None else lengths
    head = json.dumps({"value": node, "blobs": sizes}).encode()
    return MAGIC + struct.pack(">I", len(head)) + head + b"".join(blobs)


# --- whatever crosses comes back equal

_floats = st.floats() | st.sampled_from([math.inf, -math.inf, math.nan, -0.0])
_keys = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | _floats
    | st.text(max_size=20)
    | st.binary(max_size=20)
)
_plain = (
    _keys
    | st.integers(-(2**300), 2**300)
    | st.complex_numbers()
    | st.builds(Fraction, st.integers(-1000, 1000), st.integers(1, 1000))
    | st.builds(Decimal, st.integers(-1000, 1000))
    | st.builds(range, st.integers(-20, 20), st.integers(-20, 20), st.integers(1, 5))
    | st.builds(np.ones, st.lists(st.integers(0, 4), max_size=3),
                st.sampled_from(["<f4", "<f8", "<i8", "|b1", "<c16", "<U3", "|S2", "<M8[D]"]))
)  # fmt: skip
_values = st.recursive(
    _plain,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(_keys, inner, max_size=5)
        | st.sets(_keys, max_size=5)
        | st.lists(inner, max_size=4).map(collections.deque)
    ),
    max_leaves=30,
)


def same(a, b) -> bool:
    """Equality in type and content, NaN equal to NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple | collections.deque):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(map(repr, a)) == list(map(repr, b)) and all(map(same, a.values(), b.values()))
    return repr(a) == repr(b) if not isinstance(a, set) else sorted(map(repr, a)) == sorted(map(repr, b))


@settings(max_examples=SEEDS, deadline=None)
@given(_values)
@example({float("nan"): 1, float("nan"): 2})  # two keys: no NaN equals another
@example({float("nan"), float("nan")})
def test_what_crosses_comes_back_of_the_same_type_and_content(value):
    assert same(unpack(pack(value)), value)


# --- no bytes do harm

_KINDS = ["i", "u", "b", "B", "c", "l", "t", "s", "f", "d", "od", "ctr", "dq", "dk", "dv", "d-", "range", "slice",
          "...", "a", "n", "F", "D", "type", "dtype", "rng", "@", "?"]  # fmt: skip
_words = st.sampled_from([
    *_KINDS, "<f8", "<U1", "|O", "<U999999", "<M8[D]", "|S0", "|V8", "<f16", "object", "int", "builtins.eval", "1e5",
    "1E+999999", "sNaN", "__import__", "\ud800",
])  # fmt: skip
_scalars = (
    st.none() | st.booleans() | st.integers(-3, 5) | st.integers() | _floats | _words | st.text(max_size=5)
    | st.sampled_from([2**31, 2**63, -(2**63), 2**64, 10**18])
)  # fmt: skip
_trees = st.recursive(
    _scalars,
    lambda inner: (
        st.builds(lambda kind, parts: [kind, *parts], st.sampled_from(_KINDS), st.lists(inner, max_size=6))
        | st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=40,
)
_blobs = st.lists(
    st.binary(max_size=64) | st.sampled_from([b"0xff", b"-0x1", b"1_0", b" 7 ", b"\xff" * 8]), max_size=4
)
_quiet = settings(max_examples=SEEDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_quiet
@given(_trees, _blobs)
def test_no_tree_does_harm(tree, blobs):
    decoded(packet(tree, blobs))


@_quiet
@given(_trees, _blobs, st.lists(_scalars, max_size=4))
def test_no_list_of_lengths_does_harm(tree, blobs, lengths):
    decoded(packet(tree, blobs, lengths))


@_quiet
@given(st.binary(max_size=2000))
@example(MAGIC)
@example(MAGIC + b"\xff" * 4)
@example(MAGIC + b"\0\0\0\2{}")
def test_no_bytes_do_harm(data):
    assert isinstance(decoded(data), SerializationError)


@_quiet
@given(_values, st.data())
def test_no_damaged_packet_does_harm(value, data):
    packed = bytearray(pack(value))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(packed) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "insert", "repeat"])):
            case "flip":
                packed[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del packed[at : at + data.draw(st.integers(1, 20))]
            case "insert":
                packed[at:at] = data.draw(st.binary(min_size=1, max_size=20))
            case "repeat":
                packed[at:at] = packed[at : at + 50] * data.draw(st.integers(1, 20))
        if not packed:
            break
    decoded(bytes(packed))


# --- the bounds, one by one

LARGE = b"x" * 40_000
COLLIDING = [hex((2**61 - 1) * (10**6 + k) + 1).encode() for k in range(390)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(packet(["l", *[["b", 0]] * 300], [LARGE]), id="one blob named many times, as bytes"),
        pytest.param(packet(["l", *[["u", 0]] * 300], [LARGE]), id="one blob named many times, as text"),
        pytest.param(packet(["l", *[["a", "<f8", [5000], 0]] * 300], [LARGE]), id="one blob named many times, as array"),
        pytest.param(packet(["l", *[["B", 0]] * 300], [LARGE]), id="one blob named many times, as bytearray"),
        pytest.param(packet(["l", *[0] * 500]), id="too many elements"),
        pytest.param(packet(["l", *[["l", *[0] * 30]] * 30]), id="too many elements in all"),
        pytest.param(packet(["u", 0], [b"x" * 60_000]), id="too many bytes"),
        pytest.param(packet(["a", "<f8", [2**40, 2**40], 0], [b""]), id="a shape without its bytes"),
        pytest.param(packet(["a", "<f8", [0, 2**62, 2**62], 0], [b""]), id="an empty shape that is too large"),
        pytest.param(packet(["a", "|O", [1], 0], [b"\0" * 8]), id="an array of objects"),
        pytest.param(packet(["a", "<U999999", [0], 0], [b""]) + b"x", id="a byte too many"),
        pytest.param(packet(["i", 0], [b"f" * 49_000] * 1 + [b""]) [:-1], id="a byte too few"),
        pytest.param(packet(["D", "1" * 1001]), id="a decimal that is too long"),
        pytest.param(packet(["range", 0, 2**62, 1]), id="a range with more elements than may cross"),
        pytest.param(packet(["D", "1E+999999999"]), id="a decimal with a great exponent"),
        pytest.param(packet(["@", "model", None]), id="a tag that nobody asked for"),
        pytest.param(MAGIC + struct.pack(">I", 5000) + b"[" * 5000, id="nested without end"),
        pytest.param(MAGIC + struct.pack(">I", 5000) + b"]" * 5000, id="closed without end"),
        pytest.param(packet(["rng", 2**200, 0, 0, 0]), id="a generator with a wrong state"),
    ],
)  # fmt: skip
def test_what_exceeds_a_bound_is_refused(data):
    assert isinstance(decoded(data), SerializationError)


@timed
def test_keys_chosen_to_collide_cost_little():
    blobs = COLLIDING
    keys = [["F", ["i", number], 1] for number in range(len(blobs))]
    entries = [part for key in keys[:190] for part in (key, None)]
    decoded(packet(["d", *entries], blobs))


@timed
@pytest.mark.slow
def test_dictionaries_of_colliding_keys_cost_little_at_full_bounds():
    blobs = [hex((2**61 - 1) * (10**6 + k) + 1).encode() for k in range(5000)]
    entries = [part for number in range(5000) for part in (["F", ["i", number], 1], None)]
    data = packet(["l", *[["d", *entries]] * 20], blobs)
    start = time.perf_counter()
    with pytest.raises(SerializationError):
        unpack(data)
    assert time.perf_counter() - start < 5


@timed
@pytest.mark.parametrize(
    "text",
    [
        b'"' + b'\\"' * 30_000,
        b'"' * 200_001,
        b"\\" * 200_000,
        b'"\\' * 30_000,
        b"[" * 200_000,
        b"]" * 200_000,
    ],
)
def test_depth_is_measured_in_linear_time(text):
    start = time.perf_counter()
    json_depth(text)
    assert time.perf_counter() - start < SECONDS


def test_brackets_in_strings_have_no_depth():
    assert json_depth(b'{"a[[[": ["\\"[[", [1]]}') == 3


@pytest.mark.slow
def test_a_coverage_guided_fuzzer_finds_nothing(tmp_path):
    script = Path(__file__).parent / "serialization_atheris.py"
    run_atheris(script, tmp_path, seconds=ATHERIS_SECONDS, fewest=10_000)
