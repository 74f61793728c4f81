"""The values that cross as themselves, in one table: how each type is encoded, and decoded again.

Decoding makes exact built-in types and NumPy arrays without objects, and runs no code that a packet
names. A type that is to cross gets a line in `CODECS`.
"""

from __future__ import annotations

import collections
import datetime
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.protocol.bounds import SerializationError
from autograder.protocol.packet import SHORT, Codec, Decoder, Encoder, Part

MAX_DIGITS = 100_000
MAX_RANGE = 10_000_000
MAX_EXPONENT = 10_000
_DTYPE = re.compile(r"[<>|][biufcSUmM]\d{1,6}(\[\d{0,4}[a-zA-Zμ]{1,7}\])?")
_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, object, range)
}
_TYPES["NoneType"] = type(None)
_TYPES["numpy.ndarray"] = np.ndarray
_TYPES |= {
    f"numpy.{kind.__name__}": kind
    for kind in (
        np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
        np.float16, np.float32, np.float64, np.complex64, np.complex128, np.str_, np.bytes_, np.integer,
        np.floating, np.number,
    )
}  # fmt: skip
_NAME_OF_TYPE = {kind: name for name, kind in _TYPES.items()}


def _encode_integer(encoder: Encoder, value: int, depth: int) -> list[Any]:
    digits = hex(value)
    if len(digits) > MAX_DIGITS:
        raise SerializationError(f"an integer has more than {MAX_DIGITS:,} hexadecimal digits")
    return [encoder.blob(digits.encode())]


def _decode_integer(decoder: Decoder, parts: list[Any], depth: int) -> int:
    data = decoder.blob(*parts)
    if len(data) > MAX_DIGITS:
        raise SerializationError("an integer is too long")
    return int(bytes(data), 16)


def _encode_array(encoder: Encoder, value: np.ndarray, depth: int) -> list[Any]:
    if not _DTYPE.fullmatch(value.dtype.str):
        raise SerializationError(f"an array of dtype {value.dtype} cannot cross; give it a numeric dtype")
    if value.nbytes > encoder.bounds.bytes:
        raise SerializationError(f"the value is larger than {encoder.bounds.bytes:,} bytes")
    blob = encoder.blob(np.ascontiguousarray(value).tobytes())
    return [value.dtype.str, list(value.shape), blob]


def _decode_array(decoder: Decoder, parts: list[Any], depth: int) -> np.ndarray:
    text, shape, index = parts
    if type(text) is not str or not _DTYPE.fullmatch(text):
        raise SerializationError("an array has a dtype that cannot cross")
    if (
        type(shape) is not list
        or len(shape) > 32
        or not all(type(size) is int and size >= 0 for size in shape)
    ):
        raise SerializationError("an array has a shape that is none")
    dtype, data = np.dtype(text), decoder.blob(index)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != len(data):
        raise SerializationError("an array has another size than its shape says")
    if dtype.itemsize == 0 or 0 in shape:
        return np.zeros(shape, dtype)
    if dtype.kind == "b":
        return np.not_equal(np.frombuffer(data, np.uint8), 0).reshape(shape)
    if dtype.kind == "U" and np.frombuffer(data, dtype.str[0] + "u4").max() > 0x10FFFF:
        raise SerializationError("an array of text has characters that are none")
    return np.frombuffer(data, dtype).reshape(shape).copy()


def _part_of_array(value: np.ndarray, known: Sequence[Part]) -> list[Any] | None:
    """Describe a view of an array of the question, None for an array of its own."""
    for number, part in enumerate(known):
        whole = part.value
        same = type(whole) is np.ndarray and value.size and value.dtype == whole.dtype
        if same and np.may_share_memory(value, whole):
            start = value.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
            return [number, value.dtype.str, start, list(value.shape), list(value.strides)]
    return None


def _view_of_array(decoder: Decoder, parts: list[Any]) -> np.ndarray:
    """Return a view of an array of the question, within its bounds."""
    number, text, start, shape, strides = parts
    if type(number) is not int or not 0 <= number < len(decoder.known):
        raise SerializationError("a part of the value is missing")
    whole, numbers = decoder.known[number].value, [start, *shape, *strides]
    if type(whole) is not np.ndarray or text != whole.dtype.str or not all(type(n) is int for n in numbers):
        raise SerializationError("a view of an array is damaged")
    if not whole.flags.c_contiguous:  # then its elements lie elsewhere than in the question
        whole = np.ascontiguousarray(whole)
    if not all(size >= 0 for size in shape) or math.prod(shape) > whole.size:
        raise SerializationError("a view of an array is larger than the array")
    return np.ndarray(shape, whole.dtype, buffer=whole, offset=start, strides=strides)


def _decode_scalar(decoder: Decoder, parts: list[Any], depth: int) -> Any:
    return _decode_array(decoder, [parts[0], [], parts[2]], depth)[()]


def _decode_decimal(decoder: Decoder, parts: list[Any], depth: int) -> Decimal:
    value = decoder.value(parts[0], depth)
    if type(value) is not str or len(value) > 1000:
        raise SerializationError("a decimal number is too long")
    number = Decimal(value)
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise SerializationError(f"a decimal number has an exponent beyond {MAX_EXPONENT:,}")
    return number


def _encode_range(encoder: Encoder, value: range, depth: int) -> list[Any]:
    return [encoder.node(part, depth) for part in (value.start, value.stop, value.step)]


def _decode_range(decoder: Decoder, parts: list[Any], depth: int) -> range:
    numbers = range(*(decoder.integer(part) for part in parts))
    if numbers and (numbers[-1] - numbers[0]) // numbers.step >= MAX_RANGE:
        raise SerializationError(f"a range has more than {MAX_RANGE:,} elements")
    return numbers


def _decode_dtype(decoder: Decoder, parts: list[Any], depth: int) -> Any:
    if type(parts[0]) is not str or not _DTYPE.fullmatch(parts[0]):
        raise SerializationError("a dtype cannot cross")
    return np.dtype(parts[0])


def _encode_generator(encoder: Encoder, value: np.random.Generator, depth: int) -> list[Any]:
    state: Any = value.bit_generator.state
    return encoder.many([*state["state"].values(), state["has_uint32"], state["uinteger"]], depth)


def _decode_generator(decoder: Decoder, parts: list[Any], depth: int) -> np.random.Generator:
    state, inc, has, last = (decoder.integer(part) for part in parts)
    if not (0 <= state < 2**128 and 0 <= inc < 2**128 and has in (0, 1) and 0 <= last < 2**32):
        raise SerializationError("the state of a random generator is damaged")
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64", "state": {"state": state, "inc": inc}, "has_uint32": has, "uinteger": last,
    }  # fmt: skip
    return np.random.Generator(bits)


def _encode_time(encoder: Encoder, value: datetime.datetime | datetime.time, depth: int) -> list[Any]:
    zone = value.tzinfo
    if zone is not None and type(zone) is not datetime.timezone:
        raise SerializationError("a time in a zone other than datetime.timezone cannot cross")
    return [value.isoformat(), value.fold]


def _decode_time(kind: type[Any]) -> Callable[[Decoder, list[Any], int], Any]:
    def decode(decoder: Decoder, parts: list[Any], depth: int) -> Any:
        text, fold = parts
        if type(text) is not str or len(text) > SHORT:
            raise SerializationError("a time is damaged")
        return kind.fromisoformat(text).replace(fold=fold)

    return decode


def _sequence(kind: Callable[[list[Any]], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return Encoder.many, lambda decoder, parts, depth: kind(decoder.many(parts, depth))


def _set(kind: Callable[[list[Any]], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return Encoder.many, lambda decoder, parts, depth: kind(decoder.keys(parts, depth))


def _mapping(kind: Callable[[dict[Any, Any]], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return (
        lambda encoder, value, depth: encoder.pairs(dict(value), depth),
        lambda decoder, parts, depth: kind(decoder.pairs(parts, depth)),
    )


CODECS = (
    Codec("i", int, _encode_integer, _decode_integer),
    Codec(
        "u", str,
        lambda encoder, value, depth: [encoder.blob(value.encode("utf-8", "surrogatepass"))],
        lambda decoder, parts, depth: bytes(decoder.blob(*parts)).decode("utf-8", "surrogatepass"),
    ),
    Codec(
        "b", bytes,
        lambda encoder, value, depth: [encoder.blob(value)],
        lambda decoder, parts, depth: bytes(decoder.blob(*parts)),
    ),
    Codec(
        "B", bytearray,
        lambda encoder, value, depth: [encoder.blob(bytes(value))],
        lambda decoder, parts, depth: bytearray(decoder.blob(*parts)),
        changeable=True,
    ),
    Codec(
        "c", complex,
        lambda encoder, value, depth: [value.real, value.imag],
        lambda decoder, parts, depth: complex(*(float(part) for part in parts)),
    ),
    Codec("l", list, *_sequence(list), changeable=True),
    Codec("t", tuple, *_sequence(tuple)),
    Codec("s", set, *_set(set), changeable=True),
    Codec("f", frozenset, *_set(frozenset)),
    Codec("d", dict, *_mapping(dict), changeable=True),
    Codec("od", collections.OrderedDict, *_mapping(collections.OrderedDict), changeable=True),
    Codec("ctr", collections.Counter, *_mapping(collections.Counter), changeable=True),
    Codec(
        "dq", collections.deque,
        lambda encoder, value, depth: [value.maxlen, *encoder.many(value, depth)],
        lambda decoder, parts, depth: collections.deque(decoder.many(parts[1:], depth), parts[0]),
        changeable=True,
    ),
    Codec("dk", type({}.keys()), *_set(lambda keys: dict.fromkeys(keys).keys())),
    Codec("dv", type({}.values()), *_sequence(lambda values: dict(enumerate(values)).values())),
    Codec("d-", type({}.items()), *_mapping(dict.items)),
    Codec("range", range, _encode_range, _decode_range),
    Codec(
        "slice", slice,
        lambda encoder, value, depth: encoder.many([value.start, value.stop, value.step], depth),
        lambda decoder, parts, depth: slice(*decoder.many(parts, depth)),
    ),
    Codec("...", type(...), lambda encoder, value, depth: [], lambda decoder, parts, depth: ...),
    Codec(
        "a", np.ndarray, _encode_array, _decode_array,
        changeable=True, part_of=_part_of_array, view=_view_of_array,
    ),
    Codec(
        "F", Fraction,
        lambda encoder, value, depth: [
            encoder.node(part, depth) for part in (value.numerator, value.denominator)
        ],
        lambda decoder, parts, depth: Fraction(*(decoder.integer(part) for part in parts)),
    ),
    Codec(
        "date", datetime.date,
        lambda encoder, value, depth: [value.toordinal()],
        lambda decoder, parts, depth: datetime.date.fromordinal(decoder.integer(parts[0])),
    ),
    Codec("time", datetime.time, _encode_time, _decode_time(datetime.time)),
    Codec("datetime", datetime.datetime, _encode_time, _decode_time(datetime.datetime)),
    Codec(
        "span", datetime.timedelta,
        lambda encoder, value, depth: [value.days, value.seconds, value.microseconds],
        lambda decoder, parts, depth: datetime.timedelta(*(decoder.integer(part) for part in parts)),
    ),
    Codec("D", Decimal, lambda encoder, value, depth: [encoder.node(str(value), depth)], _decode_decimal),
)  # fmt: skip
_SCALAR = Codec(
    "n", None,
    lambda encoder, value, depth: _encode_array(encoder, np.asarray(value), depth), _decode_scalar,
)  # fmt: skip
_TYPE = Codec(
    "type", None,
    lambda encoder, value, depth: [_NAME_OF_TYPE[value]], lambda decoder, parts, depth: _TYPES[parts[0]],
)  # fmt: skip
_DATA_TYPE = Codec("dtype", None, lambda encoder, value, depth: [value.str], _decode_dtype)
_GENERATOR = Codec("rng", None, _encode_generator, _decode_generator)
_BY_TYPE = {codec.type: codec for codec in CODECS}
BY_TAG = {codec.tag: codec for codec in (*CODECS, _SCALAR, _TYPE, _DATA_TYPE, _GENERATOR)}


def codec_of(value: Any) -> Codec | None:
    """Return the codec of a value, None where its type has none."""
    kind = type(value)
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if isinstance(value, np.generic) and (kind in _NAME_OF_TYPE or kind in (np.datetime64, np.timedelta64)):
        return _SCALAR
    if isinstance(value, type):
        return _TYPE if value in _NAME_OF_TYPE else None
    if isinstance(value, np.dtype):
        return _DATA_TYPE if _DTYPE.fullmatch(value.str) else None
    if kind is np.random.Generator:
        return _GENERATOR if type(value.bit_generator) is np.random.PCG64 else None
    return None
