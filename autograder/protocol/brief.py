"""A call with simple arguments and a simple result in few bytes: most calls of a test are such.

Whatever is not simple crosses as a packet of `autograder.protocol.serialization`. Both begin with
letters of their own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any

from autograder.protocol.bounds import SerializationError

MAGIC = b"AGC1"
MOST_BYTES = 1024  # of a message; what is read is as small
_LONGEST_TEXT = 100  # characters
# JSON of the simple types: `json` itself takes several times as long, for one value
_TEXTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "null",
    bool: lambda value: "true" if value else "false",
    int: repr,
    float: lambda value: repr(value) if math.isfinite(value) else json.dumps(value),
    str: encode_basestring_ascii,
}
_decode = json.JSONDecoder().raw_decode


def question(reference: int, arguments: Sequence[Any]) -> bytes | None:
    """Encode a call of the worker's object by positional arguments.

    Parameters
    ----------
    reference
        The object's number.
    arguments
        Of any types.

    Returns
    -------
    bytes or None
        None if an argument is not simple.
    """
    return _written([reference, *arguments])


def answer(value: Any) -> bytes | None:
    """Encode the result of a call; return None if it is not simple."""
    return _written([value])


def is_brief(payload: bytes) -> bool:
    """Return whether bytes begin as one of these messages does."""
    return payload.startswith(MAGIC)


def read_question(payload: bytes) -> tuple[int, list[Any]]:
    """Read `question`: the object's number, and the arguments.

    Raises
    ------
    SerializationError
        If it is no such message.
    """
    parts = _read(payload)
    if not parts or type(parts[0]) is not int:
        raise SerializationError("a call is damaged: it names no object")
    return parts[0], parts[1:]


def read_answer(payload: bytes) -> Any:
    """Read `answer`: the result.

    Raises
    ------
    SerializationError
        If it is no such message.
    """
    parts = _read(payload)
    if len(parts) != 1:
        raise SerializationError("the result of a call is damaged")
    return parts[0]


def _written(parts: Sequence[Any]) -> bytes | None:
    for part in parts:
        if not _is_simple(part):
            return None
    data = MAGIC + f"[{','.join([_TEXTS[type(part)](part) for part in parts])}]".encode()
    return data if len(data) <= MOST_BYTES else None


def _read(payload: bytes) -> list[Any]:
    if len(payload) > MOST_BYTES:
        raise SerializationError(f"a short message is longer than {MOST_BYTES:,} bytes")
    try:
        text = payload.decode("ascii")
        parts, end = _decode(text, len(MAGIC))
    except (ValueError, RecursionError):
        raise SerializationError("a short message is damaged") from None
    if type(parts) is not list or end != len(text):
        raise SerializationError("a short message is damaged")
    for part in parts:
        if not _is_simple(part):
            raise SerializationError("a short message has a part that is not simple")
    return parts


def _is_simple(value: Any) -> bool:
    kind = type(value)
    if kind is int:
        return bool(abs(value) < 2**63)
    return len(value) <= _LONGEST_TEXT if kind is str else kind in _TEXTS
