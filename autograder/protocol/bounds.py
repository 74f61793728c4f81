"""Bounds of what crosses between two processes, checked before anything is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# Possessive, and closed or not, so that its time is linear in what it reads.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
MAX_CLASSES = 10_000  # of a submission that are made anew, in one process


class SerializationError(ValueError):
    """A value that may not cross, or bytes that are no value; the text says which bound."""


class TooLargeError(SerializationError):
    """A value that is larger or deeper than what crosses; the text says which bound."""


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


def keep_class(classes: dict[Any, Any], key: Any, made: type) -> None:
    """Keep a class that was made anew of a description from a process that is not trusted.

    Raises
    ------
    TooLargeError
        If there are as many already as one process keeps.
    """
    if len(classes) >= MAX_CLASSES:
        raise TooLargeError(f"more than {MAX_CLASSES:,} classes")
    classes[key] = made


def json_depth(data: bytes) -> int:
    """Return how deep the brackets of a JSON text are nested."""
    deepest = depth = 0
    for bracket in _STRING.sub(b"", data).translate(None, _NOT_BRACKETS):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest
