"""pandas' tables, series, indexes, times and dtypes."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.protocol.library_data.data_type import (
    MAX_LENGTH,
    DataType,
    of_types,
    require,
    singleton,
)
from autograder.protocol.library_data.pandas_arrays import (
    array_of,
    array_parts,
    frequency,
    pandas,
    zone,
)

_INDEXES = (
    "Index", "CategoricalIndex", "DatetimeIndex", "TimedeltaIndex", "PeriodIndex", "IntervalIndex",
)  # fmt: skip
_ARRAYS = (
    "BooleanArray", "IntegerArray", "FloatingArray", "StringArray", "DatetimeArray", "PeriodArray",
    "IntervalArray", "TimedeltaArray", "NumpyExtensionArray", "SparseArray",
)  # fmt: skip
_NAMED = (
    "Int8Dtype", "Int16Dtype", "Int32Dtype", "Int64Dtype", "UInt8Dtype", "UInt16Dtype", "UInt32Dtype",
    "UInt64Dtype", "Float32Dtype", "Float64Dtype", "BooleanDtype",
)  # fmt: skip


def _index(value: Any) -> Any:
    require(isinstance(value, pandas().Index), "an index")
    return value


def _attributes(value: Any) -> dict[Any, Any]:
    require(type(value) is dict, "attributes")
    return dict(value)


# --- tables


def _frame_parts(frame: Any) -> Any:
    dtypes = set(frame.dtypes)
    first = next(iter(dtypes), None)
    if len(dtypes) == 1 and isinstance(first, np.dtype) and first.kind in "biufc":
        data: Any = frame.to_numpy()
    else:
        data = [array_parts(frame.iloc[:, k].array) for k in range(frame.shape[1])]
    return data, frame.columns, frame.index, dict(frame.attrs)


def _frame(parts: Any) -> Any:
    data, columns, index, attributes = of_types(parts, (np.ndarray, list), object, object, dict)
    shape = (len(_index(index)), len(_index(columns)))
    if type(data) is np.ndarray:
        require(
            data.shape == shape and data.dtype.kind in "biufc" and data.dtype.isnative, "a table's columns"
        )
        frame = pandas().DataFrame(data, index=index, columns=columns)
    else:
        arrays = [array_of(column) for column in data]
        require(
            len(arrays) == shape[1] and all(len(array) == shape[0] for array in arrays), "a table's columns"
        )
        series = {
            number: pandas().Series(array, index=index, dtype=array.dtype)
            for number, array in enumerate(arrays)
        }
        frame = pandas().DataFrame(series, index=index)
        frame.columns = columns
    frame.attrs.update(attributes)
    return frame


def _series_parts(series: Any) -> Any:
    return array_parts(series.array), series.index, series.name, dict(series.attrs)


def _series(parts: Any) -> Any:
    data, index, name, attributes = of_types(parts, tuple, object, object, dict)
    array = array_of(data)
    require(len(array) == len(_index(index)), "a series and its index")
    series = pandas().Series(array, index=index, name=name, dtype=array.dtype)
    series.attrs.update(attributes)
    return series


def _put(target: Any, source: Any) -> bool:
    type(target).__init__(target, source)
    target.attrs.clear()
    target.attrs.update(source.attrs)
    return True


# --- indexes


def _index_parts(index: Any) -> Any:
    freq = getattr(index, "freq", None)
    is_timed = type(index).__name__ in ("DatetimeIndex", "TimedeltaIndex")
    return (
        array_parts(index.array),
        index.name,
        frequency(freq.freqstr) if freq is not None and is_timed else None,
    )


def _index_of(kind: str, parts: Any) -> Any:
    data, name, freq = of_types(parts, tuple, object, (str, type(None)))
    array = array_of(data)
    index = pandas().Index(array, dtype=array.dtype, name=name)
    require(type(index).__name__ == kind, "an index of another kind")
    if freq is not None:
        require(kind in ("DatetimeIndex", "TimedeltaIndex"), "a frequency")
        index.freq = frequency(freq)
    return index


def _range_index(parts: Any) -> Any:
    numbers, name = of_types(parts, range, object)
    require(len(numbers) <= MAX_LENGTH, f"an index has more than {MAX_LENGTH:,} elements")
    return pandas().RangeIndex(numbers, name=name)


def _multi_parts(index: Any) -> Any:
    return list(index.levels), [np.asarray(codes) for codes in index.codes], list(index.names)


def _multi(parts: Any) -> Any:
    levels, codes, names = of_types(parts, list, list, list)
    require(levels and len(levels) == len(codes) == len(names), "the levels of an index")
    for level, own in zip(levels, codes, strict=True):
        require(type(own) is np.ndarray and own.dtype.kind == "i" and own.ndim == 1, "codes of an index")
        require(not own.size or (own.min() >= -1 and own.max() < len(_index(level))), "codes of an index")
        require(len(own) <= MAX_LENGTH, "codes of an index")
        require(len(own) == len(codes[0]) and type(level) is not pandas().MultiIndex, "codes of an index")
    return pandas().MultiIndex(levels=levels, codes=codes, names=names, verify_integrity=True)


# --- single values


def _timestamp_parts(value: Any) -> Any:
    naive = value if value.tz is None else value.tz_convert("UTC").tz_localize(None)
    return naive.to_datetime64(), None if value.tz is None else zone(value.tz)


def _timestamp(parts: Any) -> Any:
    time, own = of_types(parts, np.datetime64, object)
    require(np.datetime_data(time.dtype)[0] in ("s", "ms", "us", "ns"), "the unit of a time")
    stamp = pandas().Timestamp(time)
    return stamp if own is None else stamp.tz_localize("UTC").tz_convert(zone(own))


def _timedelta(parts: Any) -> Any:
    (span,) = of_types((parts,), np.timedelta64)
    require(np.datetime_data(span.dtype)[0] in ("s", "ms", "us", "ns"), "the unit of a time")
    return pandas().Timedelta(span)


def _period(parts: Any) -> Any:
    ordinal, freq = of_types(parts, int, str)
    require(abs(ordinal) < 2**62, "a period")
    return pandas().Period(ordinal=ordinal, freq=frequency(freq))


def _interval(parts: Any) -> Any:
    left, right, closed = of_types(parts, object, object, str)
    require(closed in ("left", "right", "both", "neither"), "an interval")
    numbers = (int, float, np.int64, np.float64, pandas().Timestamp, pandas().Timedelta)
    require(type(left) in numbers and type(right) in numbers, "an interval")
    return pandas().Interval(left, right, closed)


# --- dtypes


def _categorical_dtype(parts: Any) -> Any:
    categories, ordered = of_types(parts, object, (bool, type(None)))
    return pandas().CategoricalDtype(None if categories is None else _index(categories), ordered)


def _string_dtype(parts: Any) -> Any:
    storage, is_na = of_types(parts, str, bool)
    require(storage in ("python", "pyarrow"), "the storage of text")
    return pandas().StringDtype(storage, na_value=pandas().NA if is_na else np.nan)


def _zoned_dtype(parts: Any) -> Any:
    unit, own = of_types(parts, str, object)
    require(unit in ("s", "ms", "us", "ns"), "the unit of a time")
    return pandas().DatetimeTZDtype(unit, zone(own))


def _sparse_dtype(parts: Any) -> Any:
    subtype, fill = of_types(parts, object, np.ndarray)
    require(isinstance(subtype, np.dtype) and subtype.kind in "biuf" and fill.shape == (1,), "a dtype")
    return pandas().SparseDtype(subtype, fill[0])


def _named_dtype(name: str) -> Any:
    return getattr(pandas(), name)()


def _interval_dtype(parts: Any) -> Any:
    subtype, closed = of_types(parts, object, (str, type(None)))
    require(closed in ("left", "right", "both", "neither", None), "an interval")
    require(subtype is None or isinstance(subtype, np.dtype | pandas().DatetimeTZDtype), "an interval")
    return pandas().IntervalDtype(subtype, closed)


# --- arrays


def _array_of(kind: str, parts: Any) -> Any:
    array = array_of(parts)
    if type(array) is np.ndarray and kind == "NumpyExtensionArray":
        array = pandas().arrays.NumpyExtensionArray(array)
    require(type(array).__name__ == kind, "an array of another kind")
    return array


def _put_array(target: Any, source: Any) -> bool:
    if len(target) != len(source) or target.dtype != source.dtype:
        return False
    target[:] = source
    return True


TYPES = (
    DataType("pandas:DataFrame", _frame_parts, _frame, changeable=True, put=_put, subclasses=True),
    DataType("pandas:Series", _series_parts, _series, changeable=True, put=_put, subclasses=True),
    *(DataType(f"pandas:{kind}", _index_parts, partial(_index_of, kind)) for kind in _INDEXES),
    DataType(
        "pandas:RangeIndex",
        lambda index: (range(index.start, index.stop, index.step), index.name), _range_index,
    ),
    DataType("pandas:MultiIndex", _multi_parts, _multi),
    DataType("pandas:Timestamp", _timestamp_parts, _timestamp),
    DataType("pandas:Timedelta", lambda value: value.to_timedelta64(), _timedelta),
    DataType("pandas:Period", lambda value: (value.ordinal, frequency(value.freqstr)), _period),
    DataType("pandas:Interval", lambda value: (value.left, value.right, value.closed), _interval),
    singleton("pandas._libs.missing:NAType", lambda: pandas().NA),
    singleton("pandas._libs.tslibs.nattype:NaTType", lambda: pandas().NaT),
    *(DataType(
        f"pandas.arrays:{kind}", array_parts, partial(_array_of, kind), changeable=True, put=_put_array,
    ) for kind in _ARRAYS),
    DataType(
        "pandas:Categorical", array_parts, partial(_array_of, "Categorical"), changeable=True, put=_put_array,
    ),
    DataType(
        "pandas:CategoricalDtype", lambda dtype: (dtype.categories, dtype.ordered), _categorical_dtype,
    ),
    DataType(
        "pandas:StringDtype", lambda dtype: (dtype.storage, dtype.na_value is pandas().NA), _string_dtype,
    ),
    DataType("pandas:DatetimeTZDtype", lambda dtype: (dtype.unit, zone(dtype.tz)), _zoned_dtype),
    DataType(
        "pandas:PeriodDtype", lambda dtype: frequency(str(dtype)[len("period[") : -1]),
        lambda parts: pandas().PeriodDtype(frequency(of_types((parts,), str)[0])),
    ),
    DataType(
        "pandas:SparseDtype", lambda dtype: (dtype.subtype, np.asarray([dtype.fill_value])), _sparse_dtype,
    ),
    DataType("pandas:IntervalDtype", lambda dtype: (dtype.subtype, dtype.closed), _interval_dtype),
    *(singleton(f"pandas:{name}", partial(_named_dtype, name)) for name in _NAMED),
)  # fmt: skip
