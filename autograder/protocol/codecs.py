"""The values that cross as themselves, in one table: how each type is encoded, and decoded again.

Decoding makes exact built-in types and NumPy arrays without objects, and runs no code that a packet
names. A type that is to cross gets a line in `CODECS`.
"""

from __future__ import annotations

import collections
import datetime
from collections.abc import Callable
from datetime import date, timedelta  # by name: a test may replace the module's
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.protocol.arrays import (
    crosses,
    decode_array,
    decode_dtype,
    decode_scalar,
    encode_array,
    encode_dtype,
    part_of_array,
    view_of_array,
)
from autograder.protocol.bounds import SerializationError
from autograder.protocol.library_data.registry import REGISTRY
from autograder.protocol.packet import Codec, Decoder, Encoder
from autograder.protocol.times import decode_time, decode_zone, encode_time, encode_zone

MAX_DIGITS = 100_000
MAX_RANGE = 10_000_000
MAX_EXPONENT = 10_000
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
        "a", np.ndarray, encode_array, decode_array,
        changeable=True, part_of=part_of_array, view=view_of_array,
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
        lambda decoder, parts, depth: date.fromordinal(decoder.integer(parts[0])),
    ),
    Codec("time", datetime.time, encode_time, decode_time(datetime.time)),
    Codec("datetime", datetime.datetime, encode_time, decode_time(datetime.datetime)),
    Codec("zone", datetime.timezone, encode_zone, decode_zone),
    Codec(
        "span", datetime.timedelta,
        lambda encoder, value, depth: [value.days, value.seconds, value.microseconds],
        lambda decoder, parts, depth: timedelta(*(decoder.integer(part) for part in parts)),
    ),
    Codec("D", Decimal, lambda encoder, value, depth: [encoder.node(str(value), depth)], _decode_decimal),
)  # fmt: skip
_SCALAR = Codec(
    "n", None,
    lambda encoder, value, depth: encode_array(encoder, np.asarray(value), depth), decode_scalar,
)  # fmt: skip
_TYPE = Codec(
    "type", None,
    lambda encoder, value, depth: [_NAME_OF_TYPE.get(value) or REGISTRY.name_of_class(value)],
    lambda decoder, parts, depth: _TYPES.get(parts[0]) or REGISTRY.class_of_name(parts[0]),
)  # fmt: skip
_DATA_TYPE = Codec(
    "dtype", None,
    lambda encoder, value, depth: [encode_dtype(value)], lambda decoder, parts, depth: decode_dtype(*parts),
)  # fmt: skip
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
        return _TYPE if value in _NAME_OF_TYPE or REGISTRY.name_of_class(value) else None
    if isinstance(value, np.dtype):
        return _DATA_TYPE if crosses(value) else None
    if kind is np.random.Generator:
        return _GENERATOR if type(value.bit_generator) is np.random.PCG64 else None
    return REGISTRY.codec_of(kind)


def codec_of_tag(tag: str) -> Codec | None:
    """Return the codec of a tag in a packet, None where there is none."""
    return BY_TAG.get(tag) or REGISTRY.codec(tag)
