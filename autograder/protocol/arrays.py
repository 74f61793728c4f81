"""NumPy's arrays: of numbers, text and times, of records, and of objects that cross themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.protocol.bounds import SerializationError, TooLargeError
from autograder.protocol.packet import Decoder, Encoder, Part

OBJECTS = "|O"
MAX_FIELDS = 1_000  # of a record, those of records within it counted
MAX_ITEM = 2**20  # bytes of a record
_SIMPLE = re.compile(r"[<>|][biufcSUmM]\d{1,6}(\[\d{0,4}[a-zA-Zμ]{1,7}\])?")


def encode_dtype(dtype: np.dtype) -> Any:
    """Return a dtype as JSON; that of records by its fields, their places and its size.

    Raises
    ------
    SerializationError
        If it cannot cross.
    """
    if dtype.kind == "O":
        return OBJECTS
    if dtype.names is None:
        if not _SIMPLE.fullmatch(dtype.str):
            raise SerializationError(f"an array of dtype {dtype} cannot cross; give it a numeric dtype")
        return dtype.str
    if dtype.hasobject:
        raise SerializationError("an array of records with objects cannot cross")
    fields = []
    places: Any = dtype.fields
    for name in dtype.names:
        own, offset = places[name][:2]
        fields.append([name, encode_dtype(own.base), list(own.shape), offset])
    return [fields, dtype.itemsize]


def decode_dtype(node: Any) -> np.dtype:
    """Make a dtype of `encode_dtype`'s JSON.

    Raises
    ------
    SerializationError
        If it is none that can cross.
    """
    if type(node) is str:
        if node != OBJECTS and not _SIMPLE.fullmatch(node):
            raise SerializationError("an array has a dtype that cannot cross")
        return np.dtype(node)
    dtype = _records(node, [0])
    if dtype.itemsize > MAX_ITEM:
        raise SerializationError("a record is too large")
    return dtype


def _records(node: Any, count: list[int]) -> np.dtype:
    """Make the dtype of records, whose fields lie one after the other in it."""
    fields, size = node
    if type(fields) is not list or type(size) is not int or not 0 <= size <= MAX_ITEM or not fields:
        raise SerializationError("a record is damaged")
    names, formats, offsets, end = [], [], [], 0
    for name, form, shape, offset in fields:
        count[0] += 1
        if count[0] > MAX_FIELDS or type(name) is not str or len(name) > MAX_FIELDS or form == OBJECTS:
            raise SerializationError("a record is damaged")
        own = decode_dtype(form) if type(form) is str else _records(form, count)
        length = math.prod(_shape(shape)) * own.itemsize
        if type(offset) is not int or not end <= offset <= size - length or len(shape) > 4:
            raise SerializationError("the fields of a record do not lie in it")
        end = offset + length
        names.append(name)
        formats.append((own, tuple(shape)) if shape else own)
        offsets.append(offset)
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})


def _shape(shape: Any) -> list[int]:
    if (
        type(shape) is not list
        or len(shape) > 32
        or not all(type(size) is int and 0 <= size < 2**62 for size in shape)
    ):
        raise SerializationError("an array has a shape that is none")
    return shape


def encode_array(encoder: Encoder, value: np.ndarray, depth: int) -> list[Any]:
    """Encode an array: its dtype, its shape, and its bytes or its objects."""
    dtype = encode_dtype(value.dtype)
    if dtype == OBJECTS:
        with encoder.data_only(True):
            return [dtype, list(value.shape), encoder.many(value.flat, depth)]
    if value.nbytes > encoder.bounds.bytes:
        raise TooLargeError(f"the value is larger than {encoder.bounds.bytes:,} bytes")
    if type(dtype) is list:  # whose gaps hold what was in the memory
        value = _without_gaps(value)
    return [dtype, list(value.shape), encoder.blob(np.ascontiguousarray(value).tobytes())]


def _without_gaps(value: np.ndarray) -> np.ndarray:
    clean = np.zeros(value.shape, value.dtype)
    for name in value.dtype.names or ():
        clean[name] = value[name] if value.dtype[name].names is None else _without_gaps(value[name])
    return clean


def decode_array(decoder: Decoder, parts: list[Any], depth: int) -> np.ndarray:
    """Make an array, its size checked before."""
    node, shape, content = parts
    shape, dtype = _shape(shape), decode_dtype(node)
    if dtype.kind == "O":
        return _of_objects(decoder, shape, content, depth)
    data = decoder.blob(content)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != len(data):
        raise SerializationError("an array has another size than its shape says")
    if dtype.itemsize == 0:
        decoder.count(math.prod(shape))
    if dtype.itemsize == 0 or 0 in shape:
        return np.zeros(shape, dtype)
    if dtype.kind == "b":
        return np.not_equal(np.frombuffer(data, np.uint8), 0).reshape(shape)
    array = np.frombuffer(data, dtype).reshape(shape).copy()
    for part in _leaves(array):
        if part.dtype.kind == "U" and part.size and part.dtype.itemsize:
            codes = np.ascontiguousarray(part).reshape(-1).view(part.dtype.str[0] + "u4")
            if codes.max() > 0x10FFFF:
                raise SerializationError("an array of text has characters that are none")
        elif part.dtype.kind == "b":
            part[...] = part.view(np.uint8) != 0
    return array


def _leaves(array: np.ndarray) -> Iterator[np.ndarray]:
    if array.dtype.names is None:
        yield array
    for name in array.dtype.names or ():
        yield from _leaves(array[name])


def _of_objects(decoder: Decoder, shape: list[int], nodes: Any, depth: int) -> np.ndarray:
    if type(nodes) is not list or math.prod(shape) != len(nodes):
        raise SerializationError("an array has another size than its shape says")
    with decoder.data_only(True):
        values = decoder.many(nodes, depth)
    array = np.empty(len(values), object)
    for place, value in enumerate(values):
        array[place] = value
    return array.reshape(shape)


def part_of_array(value: np.ndarray, known: Sequence[Part]) -> list[Any] | None:
    """Describe a view of an array of the question, None for an array of its own."""
    for number, part in enumerate(known):
        whole = part.value
        same = type(whole) is np.ndarray and value.size and value.dtype == whole.dtype
        is_simple = not value.dtype.hasobject and value.dtype.names is None
        if same and is_simple and np.may_share_memory(value, whole):
            start = value.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
            return [number, value.dtype.str, start, list(value.shape), list(value.strides)]
    return None


def view_of_array(decoder: Decoder, parts: list[Any]) -> np.ndarray:
    """Return a view of an array of the question, within its bounds."""
    number, text, start, shape, strides = parts
    if type(number) is not int or not 0 <= number < len(decoder.known):
        raise SerializationError("a part of the value is missing")
    whole, numbers = decoder.known[number].value, [start, *shape, *strides]
    if type(whole) is not np.ndarray or text != whole.dtype.str or not all(type(n) is int for n in numbers):
        raise SerializationError("a view of an array is damaged")
    if whole.dtype.hasobject or whole.dtype.names is not None:
        raise SerializationError("a view of an array is damaged")
    if not whole.flags.c_contiguous:  # then its elements lie elsewhere than in the question
        whole = np.ascontiguousarray(whole)
    if not all(size >= 0 for size in shape) or math.prod(shape) > whole.size:
        raise SerializationError("a view of an array is larger than the array")
    return np.ndarray(shape, whole.dtype, buffer=whole, offset=start, strides=strides)


def decode_scalar(decoder: Decoder, parts: list[Any], depth: int) -> Any:
    """Make a scalar of NumPy's: an array without dimensions, and without objects."""
    if type(parts[0]) is not str or parts[0] == OBJECTS:
        raise SerializationError("a number has a dtype that cannot cross")
    return decode_array(decoder, [parts[0], [], parts[2]], depth)[()]


def crosses(dtype: np.dtype) -> bool:
    """Return whether a dtype itself can cross as a value."""
    if dtype.names is not None:
        return not dtype.hasobject
    return dtype.kind == "O" or _SIMPLE.fullmatch(dtype.str) is not None
