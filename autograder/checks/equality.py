"""Equality of a result and what is expected: of type, shape and value, nothing stretched to fit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from autograder.checks.difference import brief
from autograder.checks.failure import failure
from autograder.protocol.values import copy_to_exact

LONGEST = 300


class Kind(StrEnum):
    """The kinds of values that can be compared, in words for a student."""

    NOTHING = "None"
    TRUTH = "True or False"
    NUMBER = "a number"
    COMPLEX = "a complex number"
    TEXT = "a text"
    BYTES = "bytes"
    LIST = "a list"
    TUPLE = "a tuple"
    DICTIONARY = "a dictionary"
    SET = "a set"
    ARRAY = "an array"


_KINDS: tuple[tuple[Kind, tuple[type, ...]], ...] = (
    (Kind.ARRAY, (np.ndarray,)),
    (Kind.NOTHING, (type(None),)),
    (Kind.TRUTH, (bool, np.bool_)),
    (Kind.NUMBER, (int, float, np.integer, np.floating)),
    (Kind.COMPLEX, (complex, np.complexfloating)),
    (Kind.TEXT, (str,)),
    (Kind.BYTES, (bytes,)),
    (Kind.LIST, (list,)),
    (Kind.TUPLE, (tuple,)),
    (Kind.DICTIONARY, (dict,)),
    (Kind.SET, (set, frozenset)),
)
_ENTRIES = {"b": "truths", "i": "numbers", "u": "numbers", "f": "numbers", "c": "complex numbers",
            "U": "texts", "S": "bytes", "M": "dates", "m": "times"}  # fmt: skip


def equals(
    result: Any,
    expected: Any,
    *,
    relative: float = 1e-9,
    absolute: float = 1e-12,
    same_dtype: bool = False,
    hidden: bool = False,
) -> None:
    """Compare a result with what is expected: its type, its shape, then its values.

    A list is no tuple and no array, ``True`` is no number, an empty array equals an empty one only,
    and NaN equals nothing but NaN. Whole numbers and others count alike.

    Parameters
    ----------
    result : object
        What the student's code gave.
    expected : number, str, bytes, bool, None, ndarray, or list, tuple, set or dict of these
        What should have come.
    relative, absolute : float
        The difference allowed is ``absolute + relative * abs(expected)``; none between whole
        numbers.
    same_dtype : bool
        Whether an array must have the dtype of the expected one; by default only its kind counts
        (truths, numbers, complex numbers, texts, dates).
    hidden : bool
        Whether the message keeps the expected values to itself. Types, shapes and lengths are
        always said.

    Raises
    ------
    AssertionError
        If they differ; the message says where first, and how.
    TypeError
        If `expected` is of another type or is an array of objects; pandas has `pandas.testing`.
    """
    problem = _Comparison(relative, absolute, same_dtype, hidden).difference(result, expected, "")
    if problem:
        raise failure(problem)


def _kind_of(value: Any) -> Kind | None:
    kind = type(value)  # what a value says of its class itself does not count
    return next((name for name, types in _KINDS if issubclass(kind, types)), None)


def _exact(value: Any) -> Any:
    """Return the plain value in an instance of a subclass, which may compare as it likes."""
    if isinstance(value, np.generic) and not isinstance(value, int | float | complex | str | bytes):
        return np.generic.item(value)
    exact = value if isinstance(value, bool) else copy_to_exact(value)
    return value if exact is NotImplemented else exact


@dataclass(frozen=True)
class _Comparison:
    relative: float
    absolute: float
    same_dtype: bool
    hidden: bool

    def difference(self, result: Any, expected: Any, where: str) -> str:  # noqa: PLR0911 - one a kind
        """Say how a part differs, and where it stands; "" if it does not."""
        kind, came = _kind_of(expected), _kind_of(result)
        if kind is None:
            raise TypeError(
                f"expected must be numbers, text, arrays, or lists, tuples, sets and dictionaries of these, "
                f"got {type(expected).__name__}"
            )
        if came is not kind:
            hint = " Is a `return` missing?" if result is None else ""
            return f"{_at(where)}Expected {self._shown(kind, expected)}, came {_came(result)}.{hint}"
        if kind is Kind.ARRAY:
            return self._of_arrays(result, expected, where)
        result, expected = _exact(result), _exact(expected)
        if kind in (Kind.LIST, Kind.TUPLE):
            return self._of_sequences(result, expected, where, kind)
        if kind is Kind.DICTIONARY:
            return self._of_keys(result, expected, where, "key") or self._of_entries(
                (result[key], expected[key], f"{where}[{key!r}]") for key in expected
            )
        if kind is Kind.SET:
            return self._of_keys(result, expected, where, "entry")
        if self._same(result, expected):
            return ""
        if self.hidden:
            return f"{_at(where)}{_short(result)} is not what is expected."
        return f"{_at(where)}Expected {_short(expected)}, came {_short(result)}."

    def _shown(self, kind: Kind, expected: Any) -> str:
        plain = kind in (Kind.NUMBER, Kind.TRUTH, Kind.TEXT, Kind.NOTHING)
        return brief(_exact(expected)) if plain and not self.hidden else str(kind)

    def _same(self, result: Any, expected: Any) -> bool:
        if not isinstance(expected, int | float | complex) or isinstance(expected, bool):
            return bool(result == expected)
        if (isinstance(result, int) and isinstance(expected, int)) or result == expected:
            return bool(result == expected)
        try:
            return bool(self._close(np.asarray(result, complex), np.asarray(expected, complex)))
        except OverflowError:  # a whole number beyond all floats
            return False

    def _close(self, result: np.ndarray, expected: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", over="ignore"):
            allowed = self.absolute + self.relative * np.abs(expected)
            near = np.isfinite(expected) & (np.abs(result - expected) <= allowed)
        return np.asarray(near | (result == expected) | (np.isnan(result) & np.isnan(expected)))

    def _of_sequences(self, result: Any, expected: Any, where: str, kind: Kind) -> str:
        if len(result) != len(expected):
            return f"{_at(where)}Expected {kind} of length {len(expected)}, came one of length {len(result)}."
        pairs = zip(result, expected, strict=True)
        return self._of_entries((one, other, f"{where}[{index}]") for index, (one, other) in enumerate(pairs))

    def _of_entries(self, entries: Iterable[tuple[Any, Any, str]]) -> str:
        return next((text for entry in entries if (text := self.difference(*entry))), "")

    def _of_keys(self, result: Any, expected: Any, where: str, word: str) -> str:
        came, wanted = ({(type(_exact(key)), _exact(key)) for key in keys} for keys in (result, expected))
        if came == wanted:
            return ""
        more, fewer = ([key for _, key in keys] for keys in (came - wanted, wanted - came))
        if more:
            return f"{_at(where)}{_short(more[0])} is no {word} that is expected."
        missing = f": {_short(fewer[0])}" if not self.hidden else ""
        return f"{_at(where)}{len(fewer)} of {len(wanted)} are missing, one {word}{missing}."

    def _of_arrays(self, result: np.ndarray, expected: np.ndarray, where: str) -> str:
        result, expected = np.asarray(result).view(np.ndarray), np.asarray(expected)
        wanted, came = (_ENTRIES.get(array.dtype.kind) for array in (expected, result))
        if wanted is None:
            raise TypeError(f"expected must be an array of numbers, texts or dates, got {expected.dtype}")
        if came != wanted or (self.same_dtype and result.dtype != expected.dtype):
            names = (expected.dtype, result.dtype) if came == wanted else (wanted, came or result.dtype)
            return f"{_at(where)}Expected an array of {names[0]}, came one of {names[1]}."
        if result.shape != expected.shape:
            return (
                f"{_at(where)}Expected an array of shape {expected.shape}, came one of shape {result.shape}."
            )
        whole = {result.dtype.kind, expected.dtype.kind} <= {"i", "u"}
        if wanted in ("numbers", "complex numbers") and not whole:
            same = self._close(result.astype(complex), expected.astype(complex))
        else:
            same = (result == expected) | (result != result) & (expected != expected)  # noqa: PLR0124 - NaT
        if np.all(same):  # of the same shape, which is looked at above
            return ""
        index = tuple(int(number) for number in np.argwhere(~same)[0])
        place = f"{where}[{', '.join(map(str, index))}]" if index else where
        first = f"came {_short(result[index].item())}"
        if not self.hidden:
            first = f"expected {_short(expected[index].item())}, {first}"
        count = int(np.size(same) - np.count_nonzero(same))
        return f"{_at(place)}{first[0].upper()}{first[1:]}. {count} of {np.size(same)} values differ."


def _came(result: Any) -> str:
    """Describe a result of another kind, which may lie about its class."""
    return brief(_exact(result)) if _kind_of(result) else f"something of type {type(result).__name__}"


def _at(where: str) -> str:
    return f"At {where}: " if where else ""


def _short(value: Any) -> str:
    if isinstance(value, float) and not math.isnan(value):
        return f"{value!r}"
    text = brief(value) if isinstance(value, int | float | str | type(None)) else repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
