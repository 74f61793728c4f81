"""The difference between a result and the expected one, in words for a student."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from itertools import permutations
from typing import Any

import numpy as np

RELATIVE, ABSOLUTE = 1e-4, 1e-5
LONGEST = 60


def difference(
    expected: Any,
    result: Any,
    *,
    labels: Sequence[str] = (),
    show_expected: bool = True,
    tolerance: float = 1.0,
) -> str | None:
    """Say how a result differs from the expected one.

    Parameters
    ----------
    expected : number, ndarray, str, tuple or dict of these
        A tuple stands for several results in order, where there are labels for them, else for a
        shape. A dict stands for several aspects of one result, a str for one of them in words.
    result : object
        What the student's code gave. Lists, numbers, NumPy arrays and eager tensors all count as
        arrays.
    labels : sequence of str
        Names of the entries of a tuple.
    show_expected : bool
        Whether the sentence may state expected values. Shapes are always stated.
    tolerance : float
        Factor on the allowed difference of numbers, which is 1e-5 plus 1e-4 of the expected value.

    Returns
    -------
    str or None
        One or more sentences; None when there is no difference.
    """
    if isinstance(expected, dict):
        for aspect, value in expected.items():
            sentence = difference(value, result[aspect], show_expected=show_expected, tolerance=tolerance)
            if sentence:
                return f"{aspect}: {sentence}"
        return None
    if isinstance(expected, str):
        return None if expected == result else f"expected {expected}, came {result}."
    if isinstance(expected, tuple):
        if labels:
            return _of_several(expected, result, labels, show_expected, tolerance)
        return None if expected == result else f"expected {expected}, came {result}."
    return _of_numbers(np.asarray(expected), result, show_expected, tolerance)


def _of_several(
    expected: tuple[Any, ...], result: Any, labels: Sequence[str], show_expected: bool, tolerance: float
) -> str | None:
    expected_kind = f"{len(expected)} results ({', '.join(labels)})"
    if not isinstance(result, tuple | list):
        return f"expected {expected_kind}, came {brief(result)}.{_hint_for_none(result)}"
    if len(result) != len(expected):
        return f"expected {expected_kind}, came {len(result)}."
    for label, value, part in zip(labels, expected, result, strict=True):
        sentence = difference(value, part, show_expected=show_expected, tolerance=tolerance)
        if sentence:
            return f"{label}: {sentence}"
    return None


def _of_numbers(expected: np.ndarray, result: Any, show_expected: bool, tolerance: float) -> str | None:
    actual, problem = _as_numbers(result)
    if actual is None:
        return f"expected {_kind(expected, show_expected)}, {problem}"
    if actual.shape != expected.shape:
        return _of_shapes(expected, actual, show_expected, tolerance)
    unusable = ~np.isfinite(actual)
    if unusable.any() and np.isfinite(expected).all():
        return (
            f"{_count(unusable)} of the result {'is' if unusable.sum() == 1 else 'are'} not finite (NaN or "
            f"infinite), the first{_at(_first(unusable))}. Look for a division by zero or the root of a "
            "negative number."
        )
    wrong = ~_close(expected, actual, tolerance)
    if not wrong.any():
        return None
    return _of_values(expected, actual, wrong, show_expected) + _reordered(expected, actual, tolerance)


def _of_values(expected: np.ndarray, actual: np.ndarray, wrong: np.ndarray, show_expected: bool) -> str:
    """Say where values of the right shape differ first, how many do, and by how much."""
    if not expected.shape:
        if show_expected:
            return f"expected {expected}, came {actual}."
        return f"{actual} is not the number expected."
    index = _first(wrong)
    first, most = f"came {_short(actual[index])}", ""
    if show_expected:
        first = f"expected {_short(expected[index])}, {first}"
        most = f", by at most {_short(np.max(np.abs(expected - actual)))}"
    return (
        f"the shape {expected.shape} is right, the values are not. First difference{_at(index)}: {first}. "
        f"{_count(wrong)} differ{'s' if wrong.sum() == 1 else ''}{most}."
    )


def _of_shapes(expected: np.ndarray, actual: np.ndarray, show_expected: bool, tolerance: float) -> str:
    sentence = f"expected {_kind(expected, show_expected)}, came {_kind(actual, True)}."
    if actual.size == expected.size:
        if hint := _reordered(expected, actual, tolerance):
            return sentence + hint
        if _close(expected.ravel(), actual.ravel(), tolerance).all():
            return sentence + " The values are right and in the right order, only the shape is not."
    return sentence


def _reordered(expected: np.ndarray, actual: np.ndarray, tolerance: float) -> str:
    """Say so if a permutation of the axes would make the result right."""
    if expected.ndim < 2 or expected.ndim != actual.ndim or sorted(expected.shape) != sorted(actual.shape):
        return ""
    for axes in permutations(range(expected.ndim)):
        turned = actual.transpose(axes)
        if turned.shape == expected.shape and _close(expected, turned, tolerance).all():
            return " The values are right, but the axes are in another order: something is transposed."
    return ""


def _as_numbers(result: Any) -> tuple[np.ndarray | None, str]:
    """Return the result as an array of numbers, or None and what is wrong with it."""
    array: np.ndarray | None = None
    if result is not None and type(result).__name__ != "KerasTensor":
        # A student's object may raise anything when it is made an array of.
        with suppress(Exception):
            array = np.asarray(result)
    kind = "O" if array is None else array.dtype.kind
    if kind in "iuf":
        return array, ""
    if result is None:
        return None, f"came None.{_hint_for_none(result)}"
    if kind == "c":
        return None, "came complex numbers. Look for the root of a negative number."
    if kind == "O" and isinstance(result, list | tuple):
        return None, f"came a {type(result).__name__} of entries of different lengths or kinds."
    return None, f"came {brief(result)}, which holds no numbers."


def _close(expected: np.ndarray, actual: np.ndarray, tolerance: float) -> np.ndarray:
    expected, actual = expected.astype(float), actual.astype(float)
    with np.errstate(invalid="ignore"):
        near = np.abs(expected - actual) <= tolerance * (ABSOLUTE + RELATIVE * np.abs(expected))
    return np.asarray(near | (expected == actual) | (np.isnan(expected) & np.isnan(actual)))


def _hint_for_none(result: Any) -> str:
    return " Is a `return` missing?" if result is None else ""


def _kind(array: np.ndarray, show_value: bool) -> str:
    if array.shape:
        return f"an array of shape {array.shape}"
    return f"the number {array}" if show_value else "a number"


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(index: tuple[int, ...]) -> str:
    return f" at index {list(index)}" if index else ""


def _count(mask: np.ndarray) -> str:
    if not mask.shape:
        return "The value"
    return f"{int(mask.sum())} of {mask.size} values"


def _short(number: Any) -> str:
    return f"{float(number):.6g}"


def brief(value: Any) -> str:
    """Describe a value in a few words: an array by its kind and shape, all else by its short form.

    Parameters
    ----------
    value : object
        Any value, also one whose ``repr`` is long or fails.

    Returns
    -------
    str
        At most some 60 characters.
    """
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array of shape {value.shape}" if value.ndim else f"{value.item()!r}"
    if value is None or isinstance(value, bool | int | str):
        text = repr(value)
    elif isinstance(value, float | np.floating | np.integer):
        text = "nan" if math.isnan(value) else f"{value.item() if hasattr(value, 'item') else value!r}"
    elif isinstance(value, tuple | list) and all(isinstance(v, int | float | str | None) for v in value):
        text = repr(value)
    else:
        return f"something of type {type(value).__name__}"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
