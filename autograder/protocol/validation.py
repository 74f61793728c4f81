"""Checks of plain values that come from another process: exact types, clear errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from autograder.protocol.serialization import SerializationError

T = TypeVar("T")


def take(plain: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """Return an entry of exactly this type.

    Raises
    ------
    SerializationError
        If there is no such entry, or it is of another type.
    """
    value = plain.get(name)
    if type(value) is not kind:
        came = type(value).__name__
        raise SerializationError(f"a message is damaged: {name} must be a {kind.__name__}, got a {came}")
    return value


def mapping(plain: object, what: str) -> dict[str, Any]:
    """Return a dict whose keys are texts.

    Raises
    ------
    SerializationError
        If it is something else.
    """
    if type(plain) is not dict or not all(type(name) is str for name in plain):
        raise SerializationError(f"a message is damaged: {what} must be a dict with names")
    return plain


def texts(plain: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return an entry that is a list or tuple of texts; empty where there is none.

    Raises
    ------
    SerializationError
        If it is something else.
    """
    value = plain.get(name, ())
    if type(value) not in (list, tuple) or not all(type(part) is str for part in value):
        raise SerializationError(f"a message is damaged: {name} must be texts")
    return tuple(value)
