"""One entry of the table of library types, and the checks that entries share."""

from __future__ import annotations

import importlib
import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.protocol.bounds import SerializationError
from autograder.protocol.libraries import imported

MAX_LENGTH = 10_000_000  # of what has a length that no bytes stand for, such as an index of a range


class NotInstalledError(SerializationError):
    """Data of a library that is not installed where it is to be made again."""


@dataclass(frozen=True)
class DataType:
    """How values of one type cross: as plain parts, of which the receiving side makes them again.

    Parameters
    ----------
    name
        The type, as ``"module:qualified name"``; where ``matches`` is given, a name for its family.
    parts
        Returns what a value consists of: of built-in types, arrays and types that have an entry.
    build
        Makes the value of its parts. They come from a process that is not trusted: it checks all of
        them, makes nothing larger than they are, and runs nothing that they name. Whatever it
        raises refuses the value.
    changeable
        Whether such a value can be changed in place.
    put
        Changes a value in place to equal another one; returns False if it cannot. By default the
        value's own ``__init__`` is called with the other one.
    subclasses
        Whether an instance of a subclass crosses as well, as an instance of this type.
    matches
        Of a family of types: returns whether a class belongs to it.
    holds_objects
        Whether the parts may be anything that crosses, as in a list; else they are data.
    """

    name: str
    parts: Callable[[Any], Any]
    build: Callable[[Any], Any]
    changeable: bool = False
    put: Callable[[Any, Any], bool] | None = None
    subclasses: bool = False
    matches: Callable[[type], bool] | None = None
    holds_objects: bool = False


def library(name: str) -> Any:
    """Return a library's module; an entry gives its own, fixed name, never one from a packet.

    Raises
    ------
    NotInstalledError
        If it is not installed here.
    """
    module = imported(name)
    if module is None:
        try:
            module = importlib.import_module(name)
        except Exception:
            package = name.partition(".")[0]
            raise NotInstalledError(f"{package} is not installed where the tests run") from None
    return module


def require(holds: object, what: str) -> None:
    """Refuse parts that are wrong.

    Raises
    ------
    SerializationError
        If the condition does not hold.
    """
    if not holds:
        raise SerializationError(f"a part of the value is damaged: {what}")


def of_types(parts: Any, *kinds: type | tuple[type, ...]) -> tuple[Any, ...]:
    """Return the parts where they are a tuple of values of exactly these types.

    Raises
    ------
    SerializationError
        If they are not.
    """
    require(type(parts) is tuple and len(parts) == len(kinds), "its parts are not those of its type")
    for part, kind in zip(parts, kinds, strict=True):
        allowed = kind if isinstance(kind, tuple) else (kind,)
        require(object in allowed or type(part) in allowed, "a part is of another type")
    return tuple(parts)


WORDS = struct.Struct("<624I")  # of the Mersenne Twister's state


def twister_state(parts: Any) -> tuple[tuple[int, ...], int, float | None]:
    """Return the words of a state of the Mersenne Twister, the place in them, a kept normal number.

    Raises
    ------
    SerializationError
        If it is none: a place beyond the words would be read all the same.
    """
    words, place, kept = of_types(parts, bytes, int, (float, type(None)))
    require(len(words) == WORDS.size and 0 <= place <= 624, "the state of a random generator")
    return WORDS.unpack(words), place, kept


def texts(value: Any, length: int = 1_000) -> list[str]:
    """Return a list of text.

    Raises
    ------
    SerializationError
        If it is something else, or text is too long.
    """
    require(type(value) is list and all(type(text) is str and len(text) <= length for text in value), "text")
    return list(value)


def sizes(value: Any, limit: int = MAX_LENGTH) -> tuple[int, ...]:
    """Return the shape that a tuple gives.

    Raises
    ------
    SerializationError
        If it is none, or has an extent beyond the limit.
    """
    require(type(value) is tuple and len(value) <= 32, "a shape")
    require(all(type(size) is int and 0 <= size <= limit for size in value), "a shape")
    return tuple(value)


def fits(shape: Sequence[int], count: int, what: str) -> None:
    """Refuse a shape that has another number of elements.

    Raises
    ------
    SerializationError
        If the numbers differ.
    """
    require(math.prod(shape) == count, what)


def entry_of_text(name: str, build: Callable[[str], Any], limit: int = 1_000) -> DataType:
    """Return the entry of a type whose values are made of their text."""

    def made(parts: Any) -> Any:
        require(type(parts) is str and len(parts) <= limit, "a text")
        return build(parts)

    return DataType(name, str, made)


def singleton(name: str, value: Callable[[], Any]) -> DataType:
    """Return the entry of a type that has one instance."""
    return DataType(name, lambda _: None, lambda _: value())
