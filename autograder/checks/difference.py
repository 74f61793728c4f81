"""What differs between the result that was expected and the one that came, in words for a student."""

import math
from contextlib import suppress
from itertools import permutations

import numpy as np

RELATIVE, ABSOLUTE = 1e-4, 1e-5
LONGEST = 60


def difference(expected, came, *, labels=(), show_expected=True, tolerance=1.0):
    """
    Say how a result differs from the expected one.

    Parameters
    ----------
    expected : number, ndarray, tuple or dict of these
        A tuple stands for several results in order, where there are labels for them, else for a shape. A dict
        stands for several aspects of one result.
    came : object
        What the student's code gave. Lists, numbers, NumPy arrays and eager tensors all count as arrays.
    labels : sequence of str
        What the entries of a tuple are called.
    show_expected : bool
        Whether the sentence may state expected values. Shapes are always stated.
    tolerance : float
        Factor on the allowed difference of numbers, which is 1e-5 plus 1e-4 of the expected value.

    Returns
    -------
    str or None
        One or more sentences; None when there is no difference.
    """
    options = {"show_expected": show_expected, "tolerance": tolerance}
    if isinstance(expected, dict):
        for aspect, value in expected.items():
            found = difference(value, came[aspect], **options)
            if found:
                return f"{aspect}: {found}"
        return None
    if isinstance(expected, tuple):
        if labels:
            return _of_several(expected, came, labels, options)
        return None if expected == came else f"expected {expected}, came {came}."
    return _of_numbers(expected, came, **options)


def _of_several(expected, came, labels, options):
    wanted = f"{len(expected)} results ({', '.join(labels)})"
    if not isinstance(came, tuple | list):
        return f"expected {wanted}, came {brief(came)}.{_hint_for_none(came)}"
    if len(came) != len(expected):
        return f"expected {wanted}, came {len(came)}."
    for label, value, given in zip(labels, expected, came, strict=True):
        found = difference(value, given, **options)
        if found:
            return f"{label}: {found}"
    return None


def _of_numbers(expected, came, show_expected, tolerance):
    wanted = np.asarray(expected)
    given, problem = _as_numbers(came)
    if given is None:
        return f"expected {_kind(wanted, show_expected)}, {problem}"
    if given.shape != wanted.shape:
        return _of_shapes(wanted, given, tolerance, show_expected)
    unusable = ~np.isfinite(given)
    if unusable.any() and np.isfinite(wanted).all():
        return (
            f"{_some(unusable)} of the result {'is' if unusable.sum() == 1 else 'are'} not finite (NaN or "
            f"infinite), the first{_at(_first(unusable))}. Look for a division by zero or the root of a "
            "negative number."
        )
    wrong = ~_close(wanted, given, tolerance)
    if not wrong.any():
        return None
    if not wanted.shape:
        return (
            f"expected {wanted}, came {given}." if show_expected else f"{given} is not the number expected."
        )
    at = _first(wrong)
    first = (
        f"expected {_short(wanted[at])}, came {_short(given[at])}"
        if show_expected
        else f"came {_short(given[at])}"
    )
    return (
        f"the shape {wanted.shape} is right, the values are not. First difference{_at(at)}: {first}. "
        f"{_some(wrong)} differ{'s' if wrong.sum() == 1 else ''}"
        + (f", by at most {_short(np.max(np.abs(wanted - given)))}." if show_expected else ".")
        + _reordered(wanted, given, tolerance)
    )


def _of_shapes(wanted, given, tolerance, show_expected):
    said = f"expected {_kind(wanted, show_expected)}, came {_kind(given, True)}."
    if given.size == wanted.size:
        if _reordered(wanted, given, tolerance):
            return said + _reordered(wanted, given, tolerance)
        if _close(wanted.ravel(), given.ravel(), tolerance).all():
            return said + " The values are right and in the right order, only the shape is not."
    return said


def _reordered(wanted, given, tolerance):
    """Name the permutation of axes that would make the result right, if there is one."""
    if wanted.ndim < 2 or wanted.ndim != given.ndim or sorted(wanted.shape) != sorted(given.shape):
        return ""
    for axes in permutations(range(wanted.ndim)):
        turned = given.transpose(axes)
        if turned.shape == wanted.shape and _close(wanted, turned, tolerance).all():
            return " The values are right, but the axes are in another order: something is transposed."
    return ""


def _as_numbers(came):
    """Return the result as an array of numbers, or None and what is wrong with it."""
    array = None
    if came is not None and type(came).__name__ != "KerasTensor":
        # A student's object may raise anything when it is made an array of.
        with suppress(Exception):
            array = np.asarray(came)
    kind = "O" if array is None else array.dtype.kind
    if kind in "iuf":
        return array, ""
    if came is None:
        return None, f"came None.{_hint_for_none(came)}"
    if kind == "c":
        return None, "came complex numbers. Look for the root of a negative number."
    if kind == "O" and isinstance(came, list | tuple):
        return None, f"came a {type(came).__name__} of entries of different lengths or kinds."
    return None, f"came {brief(came)}, which holds no numbers."


def _close(wanted, given, tolerance):
    wanted, given = wanted.astype(float), given.astype(float)
    with np.errstate(invalid="ignore"):
        near = np.abs(wanted - given) <= tolerance * (ABSOLUTE + RELATIVE * np.abs(wanted))
    return near | ((wanted == given) | (np.isnan(wanted) & np.isnan(given)))


def _hint_for_none(came):
    return " Is a `return` missing?" if came is None else ""


def _kind(array, show):
    if array.shape:
        return f"an array of shape {array.shape}"
    return f"the number {array}" if show else "a number"


def _first(mask):
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(index):
    return f" at index {list(index)}" if index else ""


def _some(mask):
    if not mask.shape:
        return "The value"
    return f"{int(mask.sum())} of {mask.size} values"


def _short(number):
    return f"{float(number):.6g}"


def brief(value):
    """
    Describe a value in a few words: an array by its kind and shape, anything else by its short form.

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
