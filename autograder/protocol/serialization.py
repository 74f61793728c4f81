"""Values as bounded bytes, and back: what may pass between two processes that do not trust each other.

A packet is ``AGV1``, the length of its head, the head and the blobs. The head is JSON: a tree of plain values
in which every list starts with a tag; long text, bytes and the numbers of arrays lie in the blobs. Reading it
runs no code that it names: there are exact built-in types, NumPy arrays without objects, and `Tagged`
values, of which the caller decides what they may become. All bounds are checked before anything is decoded.
"""

from __future__ import annotations

import collections
import json
import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

MAGIC = b"AGV1"
MAX_HEAD = 16 * 2**20
SHORT = 256
MAX_DIGITS = 100_000
MAX_RICH_KEYS = 5_000  # in one packet; keys of which many can be made that have one hash
MAX_RANGE = 10_000_000
MAX_EXPONENT = 10_000
_DTYPE = re.compile(r"[<>|][biufcSUmM]\d{1,6}(\[\d{0,4}[a-zA-Zμ]{1,7}\])?")
# Possessive, and closed or not, so that its time is linear in what it reads.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, object, range)
}
TYPES["NoneType"] = type(None)
TYPES["numpy.ndarray"] = np.ndarray
TYPES |= {
    f"numpy.{kind.__name__}": kind
    for kind in (
        np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
        np.float16, np.float32, np.float64, np.complex64, np.complex128, np.str_, np.bytes_, np.integer,
        np.floating, np.number,
    )
}  # fmt: skip
_NAME_OF_TYPE = {kind: name for name, kind in TYPES.items()}


class SerializationError(ValueError):
    """A value that may not cross, or bytes that are none; the text says what and which bound."""


@dataclass(frozen=True)
class Bounds:
    """The largest packet: encoded bytes, nesting, elements of all containers together."""

    bytes: int = 64 * 2**20
    depth: int = 40
    items: int = 500_000


@dataclass(frozen=True)
class Tagged:
    """A value of a kind that only the caller knows: its kind, and a body of plain values."""

    kind: str
    body: Any


def json_depth(data: bytes) -> int:
    """How deep the brackets of a JSON text are nested."""
    deepest = depth = 0
    for bracket in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def pack(value: Any, tag: Callable[[Any], Tagged] | None = None, bounds: Bounds = Bounds()) -> bytes:
    """Encode a value.

    Parameters
    ----------
    value
        Of exact built-in and NumPy types, nested.
    tag
        Called with whatever is of another type; returns what stands for it or raises `SerializationError`.
    bounds
        What the packet must not exceed.

    Raises
    ------
    SerializationError
        If the value has a part that cannot cross or exceeds the bounds.
    """
    packer = _Packer(tag, bounds)
    node = packer.node(value, 0)
    head = json.dumps({"value": node, "blobs": [len(blob) for blob in packer.blobs]}).encode()
    if len(head) > MAX_HEAD or len(head) + packer.size > bounds.bytes:
        raise SerializationError(f"the value is larger than {bounds.bytes:,} bytes")
    return b"".join([MAGIC, struct.pack(">I", len(head)), head, *packer.blobs])


def unpack(data: bytes, untag: Callable[[str, Any], Any] | None = None, bounds: Bounds = Bounds()) -> Any:
    """Decode a packet from a process that is not trusted.

    Parameters
    ----------
    data
        The packet.
    untag
        Called with kind and body of each tagged value; returns what it becomes or raises
        `SerializationError`.
    bounds
        Checked before anything is decoded.

    Raises
    ------
    SerializationError
        If the bytes are not a packet, or exceed the bounds. No other exception leaves this function,
        except those of ``untag``.
    """
    if len(data) > bounds.bytes + len(MAGIC) + 4:
        raise SerializationError(f"the value is larger than {bounds.bytes:,} bytes")
    if len(data) < 8 or data[:4] != MAGIC:
        raise SerializationError("the bytes are not a value")
    (length,) = struct.unpack(">I", data[4:8])
    if length > min(MAX_HEAD, len(data) - 8):
        raise SerializationError("the value is cut off or has too long a head")
    head = bytes(data[8 : 8 + length])
    if head.count(b",") + head.count(b"[") + head.count(b"{") > 3 * bounds.items + 100:
        raise SerializationError(f"the value has more than {bounds.items:,} elements")
    if json_depth(head) > 2 * bounds.depth + 10:
        raise SerializationError(f"the value is nested deeper than {bounds.depth}")
    try:
        tree = json.loads(head.decode())
        node, lengths = tree["value"], tree["blobs"]
        if type(lengths) is not list or not all(type(size) is int and size >= 0 for size in lengths):
            raise SerializationError("the lengths of the value's parts are wrong")
        if 8 + length + sum(lengths) != len(data):
            raise SerializationError("the value is cut off")
        blobs, at = [], 8 + length
        for size in lengths:
            blobs.append(memoryview(data)[at : at + size])
            at += size
    except SerializationError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SerializationError(f"the bytes are not a value: {type(error).__name__}") from None
    return _Unpacker(blobs, untag, bounds).value(node, 0)


class _Packer:
    def __init__(self, tag: Callable[[Any], Tagged] | None, bounds: Bounds) -> None:
        self.tag, self.bounds = tag, bounds
        self.blobs: list[bytes] = []
        self.size = self.items = 0

    def blob(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self.bounds.bytes:
            raise SerializationError(f"the value is larger than {self.bounds.bytes:,} bytes")
        self.blobs.append(data)
        return len(self.blobs) - 1

    def many(self, values: Any, depth: int) -> list:
        nodes = []
        for value in values:
            self.items += 1
            if self.items > self.bounds.items:
                raise SerializationError(f"the value has more than {self.bounds.items:,} elements")
            nodes.append(self.node(value, depth + 1))
        return nodes

    def node(self, value: Any, depth: int) -> Any:  # noqa: PLR0911 - one return for each kind
        if depth > self.bounds.depth:
            raise SerializationError(
                f"the value is nested deeper than {self.bounds.depth}, or contains itself"
            )
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        pack = self._EXACT.get(kind)
        if pack is not None:
            return pack(self, value, depth)
        if (isinstance(value, np.generic) and kind in _NAME_OF_TYPE) or kind in (
            np.datetime64,
            np.timedelta64,
        ):
            return self.array("n", np.asarray(value))
        if kind is type or isinstance(value, type):
            if value in _NAME_OF_TYPE:
                return ["type", _NAME_OF_TYPE[value]]
        elif isinstance(value, np.dtype) and _DTYPE.fullmatch(value.str):
            return ["dtype", value.str]
        elif kind is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
            state = value.bit_generator.state
            return [
                "rng",
                *self.many([*state["state"].values(), state["has_uint32"], state["uinteger"]], depth),
            ]
        if self.tag is None:
            raise SerializationError(f"an object of type {kind.__name__} cannot cross")
        tagged = self.tag(value)
        return ["@", tagged.kind, self.node(tagged.body, depth + 1)]

    def integer(self, value: int, depth: int) -> Any:
        if abs(value) < 2**63:
            return value
        digits = hex(value)
        if len(digits) > MAX_DIGITS:
            raise SerializationError(f"an integer has more than {MAX_DIGITS:,} hexadecimal digits")
        return ["i", self.blob(digits.encode())]

    def text(self, value: str, depth: int) -> Any:
        data = value.encode("utf-8", "surrogatepass")
        return value if len(data) <= SHORT else ["u", self.blob(data)]

    def array(self, tag: str, value: np.ndarray) -> list:
        if not _DTYPE.fullmatch(value.dtype.str):
            raise SerializationError(f"an array of dtype {value.dtype} cannot cross; give it a numeric dtype")
        if value.nbytes > self.bounds.bytes:
            raise SerializationError(f"the value is larger than {self.bounds.bytes:,} bytes")
        return [tag, value.dtype.str, list(value.shape), self.blob(np.ascontiguousarray(value).tobytes())]

    def dictionary(self, value: dict, depth: int) -> list:
        return ["d", *self.many([part for pair in value.items() for part in pair], depth)]

    def decimal(self, value: Decimal, depth: int) -> list:
        return ["D", self.text(str(value), depth)]

    _EXACT: ClassVar[dict[type, Callable]] = {
        int: integer,
        str: text,
        bytes: lambda self, value, depth: ["b", self.blob(value)],
        bytearray: lambda self, value, depth: ["B", self.blob(bytes(value))],
        complex: lambda self, value, depth: ["c", value.real, value.imag],
        list: lambda self, value, depth: ["l", *self.many(value, depth)],
        tuple: lambda self, value, depth: ["t", *self.many(value, depth)],
        set: lambda self, value, depth: ["s", *self.many(value, depth)],
        frozenset: lambda self, value, depth: ["f", *self.many(value, depth)],
        dict: dictionary,
        collections.OrderedDict: lambda self, value, depth: ["od", *self.dictionary(value, depth)[1:]],
        collections.Counter: lambda self, value, depth: ["ctr", *self.dictionary(value, depth)[1:]],
        collections.deque: lambda self, value, depth: ["dq", value.maxlen, *self.many(value, depth)],
        type({}.keys()): lambda self, value, depth: ["dk", *self.many(value, depth)],
        type({}.values()): lambda self, value, depth: ["dv", *self.many(value, depth)],
        type({}.items()): lambda self, value, depth: ["d-", *self.dictionary(dict(value), depth)[1:]],
        range: lambda self, value, depth: [
            "range", *(self.integer(part, depth) for part in (value.start, value.stop, value.step))],
        slice: lambda self, value, depth: ["slice", *self.many([value.start, value.stop, value.step], depth)],
        type(...): lambda self, value, depth: ["..."],
        np.ndarray: lambda self, value, depth: self.array("a", value),
        Fraction: lambda self, value, depth: [
            "F", self.integer(value.numerator, depth), self.integer(value.denominator, depth)],
        Decimal: decimal,
        Tagged: lambda self, value, depth: ["@", value.kind, self.node(value.body, depth + 1)],
    }  # fmt: skip


_SIMPLE = (str, int, float, bool, bytes, type(None))


def _richness(key: Any) -> int:
    """How much a key counts: nothing for what is hashed with a secret or has few keys of one hash."""
    if type(key) in _SIMPLE:
        return 0
    return 1 if type(key) is tuple and all(type(part) in _SIMPLE for part in key) else 10


class _Unpacker:
    def __init__(self, blobs: list[memoryview], untag: Callable | None, bounds: Bounds) -> None:
        self.blobs, self.untag, self.bounds = blobs, untag, bounds
        self.items = self.bytes = self.rich_keys = 0

    def value(self, node: Any, depth: int) -> Any:
        if depth > self.bounds.depth:
            raise SerializationError(f"the value is nested deeper than {self.bounds.depth}")
        if type(node) is dict or (type(node) is list and (not node or type(node[0]) is not str)):
            raise SerializationError("a part of the value has no tag")
        if type(node) is not list:
            return node
        kind, *parts = node
        if kind == "@":
            if len(parts) != 2 or type(parts[0]) is not str or self.untag is None:
                raise SerializationError("a part of the value is of a kind that is not expected here")
            return self.untag(parts[0], self.value(parts[1], depth + 1))
        unpack = self._KINDS.get(kind)
        if unpack is None:
            raise SerializationError("a part of the value is of an unknown kind")
        try:
            return unpack(self, parts, depth)
        except SerializationError:
            raise
        except (ValueError, TypeError, IndexError, KeyError, OverflowError, ArithmeticError) as error:
            raise SerializationError(
                f"a part of the value is damaged: {kind!r}, {type(error).__name__}"
            ) from None

    def blob(self, index: Any) -> memoryview:
        if type(index) is not int or not 0 <= index < len(self.blobs):
            raise SerializationError("a part of the value is missing")
        self.bytes += len(self.blobs[index])
        if self.bytes > self.bounds.bytes:
            raise SerializationError(f"the value is larger than {self.bounds.bytes:,} bytes")
        return self.blobs[index]

    def many(self, nodes: list, depth: int) -> list:
        self.items += len(nodes)
        if self.items > self.bounds.items:
            raise SerializationError(f"the value has more than {self.bounds.items:,} elements")
        return [self.value(node, depth + 1) for node in nodes]

    def keys(self, nodes: list, depth: int) -> list:
        """Keys of a dict or set: none that can be chosen so that many have one hash."""
        keys = self.many(nodes, depth)
        self.rich_keys += sum(map(_richness, keys))
        if self.rich_keys > MAX_RICH_KEYS or any(type(key) is int and abs(key) >= 2**63 for key in keys):
            raise SerializationError("a dictionary or set has keys that cannot cross")
        return keys

    def pairs(self, nodes: list, depth: int) -> dict:
        keys, values = self.keys(nodes[::2], depth), self.many(nodes[1::2], depth)
        return dict(zip(keys, values, strict=True))

    def integer(self, node: Any) -> int:
        value = self.value(node, self.bounds.depth)
        if type(value) is not int:
            raise SerializationError("a part of the value is no integer")
        return value

    def big(self, parts: list, depth: int) -> int:
        data = self.blob(*parts)
        if len(data) > MAX_DIGITS:
            raise SerializationError("an integer is too long")
        return int(bytes(data), 16)

    def array(self, parts: list, depth: int) -> np.ndarray:
        text, shape, index = parts
        if type(text) is not str or not _DTYPE.fullmatch(text):
            raise SerializationError("an array has a dtype that cannot cross")
        if type(shape) is not list or len(shape) > 32 or not all(type(n) is int and n >= 0 for n in shape):
            raise SerializationError("an array has a shape that is none")
        dtype, data = np.dtype(text), self.blob(index)
        if dtype.hasobject or math.prod(shape) * dtype.itemsize != len(data):
            raise SerializationError("an array has another size than its shape says")
        if dtype.itemsize == 0 or 0 in shape:
            return np.zeros(shape, dtype)
        if dtype.kind == "b":
            return (np.frombuffer(data, np.uint8) != 0).reshape(shape)
        if dtype.kind == "U" and np.frombuffer(data, dtype.str[0] + "u4").max() > 0x10FFFF:
            raise SerializationError("an array of text has characters that are none")
        return np.frombuffer(data, dtype).reshape(shape).copy()

    def scalar(self, parts: list, depth: int) -> np.generic:
        return self.array([parts[0], [], parts[2]], depth)[()]

    def generator(self, parts: list, depth: int) -> np.random.Generator:
        state, inc, has, last = (self.integer(part) for part in parts)
        if not (0 <= state < 2**128 and 0 <= inc < 2**128 and has in (0, 1) and 0 <= last < 2**32):
            raise SerializationError("the state of a random generator is damaged")
        bits = np.random.PCG64(0)
        bits.state = {"bit_generator": "PCG64", "state": {"state": state, "inc": inc},
                      "has_uint32": has, "uinteger": last}  # fmt: skip
        return np.random.Generator(bits)

    def dtype(self, parts: list, depth: int) -> np.dtype:
        if type(parts[0]) is not str or not _DTYPE.fullmatch(parts[0]):
            raise SerializationError("a dtype cannot cross")
        return np.dtype(parts[0])

    def decimal(self, parts: list, depth: int) -> Decimal:
        value = self.value(parts[0], depth)
        if type(value) is not str or len(value) > 1000:
            raise SerializationError("a decimal number is too long")
        number = Decimal(value)
        if abs(number.adjusted()) > MAX_EXPONENT:
            raise SerializationError(f"a decimal number has an exponent beyond {MAX_EXPONENT:,}")
        return number

    def range(self, parts: list, depth: int) -> range:
        numbers = range(*(self.integer(part) for part in parts))
        if numbers and (numbers[-1] - numbers[0]) // numbers.step >= MAX_RANGE:
            raise SerializationError(f"a range has more than {MAX_RANGE:,} elements")
        return numbers

    _KINDS: ClassVar[dict[str, Callable]] = {
        "i": big,
        "u": lambda self, parts, depth: bytes(self.blob(*parts)).decode("utf-8", "surrogatepass"),
        "b": lambda self, parts, depth: bytes(self.blob(*parts)),
        "B": lambda self, parts, depth: bytearray(self.blob(*parts)),
        "c": lambda self, parts, depth: complex(*(float(part) for part in parts)),
        "l": many,
        "t": lambda self, parts, depth: tuple(self.many(parts, depth)),
        "s": lambda self, parts, depth: set(self.keys(parts, depth)),
        "f": lambda self, parts, depth: frozenset(self.keys(parts, depth)),
        "d": pairs,
        "od": lambda self, parts, depth: collections.OrderedDict(self.pairs(parts, depth)),
        "ctr": lambda self, parts, depth: collections.Counter(self.pairs(parts, depth)),
        "dq": lambda self, parts, depth: collections.deque(self.many(parts[1:], depth), parts[0]),
        "dk": lambda self, parts, depth: dict.fromkeys(self.keys(parts, depth)).keys(),
        "dv": lambda self, parts, depth: dict(enumerate(self.many(parts, depth))).values(),
        "d-": lambda self, parts, depth: self.pairs(parts, depth).items(),
        "range": range,
        "slice": lambda self, parts, depth: slice(*self.many(parts, depth)),
        "...": lambda self, parts, depth: ...,
        "a": array,
        "n": scalar,
        "F": lambda self, parts, depth: Fraction(*(self.integer(part) for part in parts)),
        "D": decimal,
        "type": lambda self, parts, depth: TYPES[parts[0]],
        "dtype": dtype,
        "rng": generator,
    }
