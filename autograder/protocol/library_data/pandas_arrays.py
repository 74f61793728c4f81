"""The columns of pandas: NumPy's arrays and the arrays of pandas' own dtypes, as plain parts."""

from __future__ import annotations

import datetime
import re
from typing import Any

import numpy as np

from autograder.protocol.bounds import SerializationError
from autograder.protocol.library_data.data_type import MAX_LENGTH, library, of_types, require

_MASKED = frozenset(
    [f"{sign}Int{size}" for sign in ("", "U") for size in (8, 16, 32, 64)] + ["Float32", "Float64", "boolean"]
)
_UNITS = ("s", "ms", "us", "ns")
_FREQUENCY = re.compile(r"-?\d{0,6}(?!C)[A-Za-z]{1,4}(-[A-Z]{3})?")
_CLOSED = ("left", "right", "both", "neither")


def pandas() -> Any:
    """Return pandas."""
    return library("pandas")


def frequency(text: Any) -> str | None:
    """Return the text of a frequency, such as ``"D"``, or None.

    Raises
    ------
    SerializationError
        If it is not one that pandas can be asked to read.
    """
    if text is None:
        return None
    require(type(text) is str and _FREQUENCY.fullmatch(text), f"a frequency that cannot cross: {text!r:.40}")
    return str(text)


def zone(value: Any) -> Any:
    """Return a time zone that crosses."""
    zones = (datetime.timezone, library("zoneinfo").ZoneInfo)
    require(type(value) in zones, "a time zone other than those of datetime and zoneinfo")
    return value


def array_parts(array: Any) -> Any:  # noqa: PLR0911 - one a kind of array
    """Return the parts of a column's array.

    Raises
    ------
    SerializationError
        If its dtype cannot cross.
    """
    if type(array) is np.ndarray:
        return "numpy", array
    dtype, name = array.dtype, type(array).__name__
    if isinstance(dtype, np.dtype) or name == "NumpyExtensionArray":
        return "numpy", array.to_numpy()
    if name == "Categorical":
        return "category", (np.asarray(array.codes), array.categories, bool(array.ordered))
    if name == "DatetimeArray":
        utc = array.tz_convert("UTC").tz_localize(None)
        return "zoned", (np.asarray(utc), zone(dtype.tz))
    if name == "PeriodArray":
        return "period", (np.asarray(array.asi8), frequency(str(dtype)[len("period[") : -1]))
    if name == "IntervalArray":
        return "interval", (array.left, array.right, array.closed)
    if str(dtype) in _MASKED:
        numbers = array.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        return "masked", (str(dtype), numbers, np.asarray(array.isna()))
    if isinstance(dtype, pandas().StringDtype):
        texts = [None if missing else str(text) for text, missing in zip(array, array.isna(), strict=True)]
        return "text", (dtype.storage, dtype.na_value is pandas().NA, texts)
    if isinstance(dtype, pandas().SparseDtype):
        return "sparse", (np.asarray(array), array_parts(np.asarray([dtype.fill_value])))
    raise SerializationError(
        f"a column of dtype {dtype} cannot cross; give it one of NumPy's or pandas' dtypes"
    )


def array_of(parts: Any) -> Any:
    """Make the array of a column."""
    kind, body = of_types(parts, str, object)
    require(kind in _BUILD, "a column")
    array = _BUILD[kind](body)
    require(array.ndim == 1 and len(array) <= MAX_LENGTH, "a column")
    return array


def _numpy(body: Any) -> Any:
    (array,) = of_types((body,), np.ndarray)
    require(array.dtype.names is None and array.dtype.kind in "biufcmMO", "the dtype of a column")
    require(array.dtype.isnative, "the dtype of a column")
    if array.dtype.kind in "mM":
        require(np.datetime_data(array.dtype) in {(unit, 1) for unit in _UNITS}, "the unit of a column")
        array = pandas().array(array, dtype=array.dtype)
    return array


def _category(body: Any) -> Any:
    codes, categories, ordered = of_types(body, np.ndarray, object, bool)
    require(codes.dtype.kind == "i" and codes.ndim == 1, "the codes of a categorical")
    require(isinstance(categories, pandas().Index), "the categories of a categorical")
    dtype = pandas().CategoricalDtype(categories, ordered)
    return pandas().Categorical.from_codes(codes, dtype=dtype)


def _zoned(body: Any) -> Any:
    times, own_zone = of_types(body, np.ndarray, object)
    naive = _numpy(times)
    require(times.dtype.kind == "M", "times")
    return pandas().Series(naive).dt.tz_localize("UTC").dt.tz_convert(zone(own_zone)).array


def _period(body: Any) -> Any:
    ordinals, freq = of_types(body, np.ndarray, str)
    require(ordinals.dtype.str == "<i8" and ordinals.ndim == 1, "periods")
    return pandas().PeriodIndex.from_ordinals(ordinals, freq=frequency(freq)).array.copy()


def _interval(body: Any) -> Any:
    left, right, closed = of_types(body, object, object, str)
    require(closed in _CLOSED and isinstance(left, pandas().Index), "intervals")
    require(isinstance(right, pandas().Index) and len(left) == len(right), "intervals")
    return pandas().arrays.IntervalArray.from_arrays(left, right, closed=closed)


def _masked(body: Any) -> Any:
    name, numbers, missing = of_types(body, str, np.ndarray, np.ndarray)
    require(name in _MASKED and missing.dtype == bool and missing.shape == numbers.shape, "a mask")
    require(numbers.ndim == 1 and numbers.dtype.isnative, "a column")
    kinds = {"boolean": "BooleanArray", "F": "FloatingArray"}
    kind = kinds.get(name) or kinds.get(name[0], "IntegerArray")
    expected = "bool" if name == "boolean" else name.lower()
    require(numbers.dtype.name == expected, "the dtype of a column")
    return getattr(pandas().arrays, kind)(numbers, missing)


def _text(body: Any) -> Any:
    storage, is_na, texts = of_types(body, str, bool, list)
    require(storage in ("python", "pyarrow"), "the storage of text")
    require(all(text is None or type(text) is str for text in texts), "text")
    dtype = pandas().StringDtype(storage, na_value=pandas().NA if is_na else np.nan)
    return pandas().array(texts, dtype=dtype)


def _sparse(body: Any) -> Any:
    dense, fill = of_types(body, np.ndarray, tuple)
    filling = array_of(fill)
    require(dense.dtype.kind in "biuf" and dense.dtype.isnative and len(filling) == 1, "a sparse column")
    return pandas().arrays.SparseArray(dense, fill_value=filling[0])


_BUILD = {
    "numpy": _numpy, "category": _category, "zoned": _zoned, "period": _period, "interval": _interval,
    "masked": _masked, "text": _text, "sparse": _sparse,
}  # fmt: skip
