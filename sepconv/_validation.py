"""Validation of arguments that have Keras' names."""

from collections.abc import Iterable, Sequence
from numbers import Integral

PADDINGS = ("valid", "same")


def pair(name: str, value: int | Sequence[int], minimum: int = 1) -> tuple[int, int]:
    """Return `value` as two integers (height, width).

    Parameters
    ----------
    name : str
        Name of the argument, for the error.
    value : int or sequence of two ints
        One integer stands for both axes.
    minimum : int
        Smallest value allowed.

    Returns
    -------
    tuple of two ints

    Raises
    ------
    ValueError
        If `value` is anything else or below `minimum`.
    """
    try:
        height, width = value if isinstance(value, Iterable) else (value, value)
        valid = all(_is_integer(v) and v >= minimum for v in (height, width))
    except (TypeError, ValueError):
        valid = False
    if not valid:
        kind = {0: "non-negative", 1: "positive"}.get(minimum, f"at least {minimum}, as")
        raise ValueError(f"{name} must be one or two {kind} integers, got {value!r}")
    return int(height), int(width)


def _is_integer(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_padding(padding: str) -> str:
    """Return `padding` in lower case.

    Raises
    ------
    ValueError
        If it is neither "valid" nor "same".
    """
    lower = padding.lower() if isinstance(padding, str) else padding
    if lower not in PADDINGS:
        raise ValueError(f"padding must be 'valid' or 'same', got {padding!r}")
    return lower


def check_strides_or_dilation(strides: int | Sequence[int], dilation_rate: int | Sequence[int]) -> None:
    """Refuse strides and dilation together, as `keras.layers.Conv2D` does.

    Raises
    ------
    ValueError
        If both are above 1 on some axis, or one of them is not what Keras takes.
    """
    if max(pair("strides", strides)) > 1 and max(pair("dilation_rate", dilation_rate)) > 1:
        raise ValueError(
            "strides above 1 and dilation_rate above 1 cannot be combined, "
            f"got strides={strides} and dilation_rate={dilation_rate}"
        )
