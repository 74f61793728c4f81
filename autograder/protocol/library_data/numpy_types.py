"""NumPy's arrays of other classes: matrices, masked arrays, records."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.protocol.library_data.data_type import (
    WORDS,
    DataType,
    of_types,
    require,
    singleton,
    twister_state,
)


def _plain(value: Any) -> np.ndarray:
    plain: np.ndarray = np.ndarray.view(value, np.ndarray)
    return plain


def _matrix(parts: Any) -> np.ndarray:
    (array,) = of_types((parts,), np.ndarray)
    require(array.ndim == 2, "a matrix")
    matrix: np.ndarray = array.view(np.matrix)
    return matrix


def _masked_parts(value: Any) -> Any:
    mask = value.mask if value.mask is np.ma.nomask else np.array(value.mask)
    fill = None if value._fill_value is None else np.array(value.fill_value)
    plain_mask = None if mask is np.ma.nomask else mask.view(np.ndarray)
    return np.ma.getdata(value).view(np.ndarray), plain_mask, fill, bool(value.hardmask)


def _masked(parts: Any) -> Any:
    data, mask, fill, hard = of_types(
        parts, np.ndarray, (np.ndarray, type(None)), (np.ndarray, type(None)), bool
    )
    if mask is not None:
        require(mask.shape == data.shape and mask.dtype == np.ma.make_mask_descr(data.dtype), "a mask")
    require(fill is None or (fill.ndim == 0 and fill.dtype == data.dtype), "a fill value")
    return np.ma.MaskedArray(
        data, np.ma.nomask if mask is None else mask, fill_value=None if fill is None else fill[()],
        hard_mask=hard,
    )  # fmt: skip


def _put(target: Any, source: Any) -> bool:
    if target.shape != source.shape or target.dtype != source.dtype or not target.flags.writeable:
        return False
    target[...] = source
    return True


def _records(parts: Any) -> np.ndarray:
    (array,) = of_types((parts,), np.ndarray)
    require(array.dtype.names is not None, "records without fields")
    records: np.ndarray = array.view(np.recarray)
    return records


def _void(parts: Any) -> Any:
    (array,) = of_types((parts,), np.ndarray)
    require(array.ndim == 0 and array.dtype.names is not None, "a record")
    return array[()]


def _generator_parts(generator: np.random.RandomState) -> Any:
    state: Any = generator.get_state(legacy=False)
    require(state["bit_generator"] == "MT19937", "a random generator of another kind")
    words, place = state["state"]["key"], state["state"]["pos"]
    return WORDS.pack(*words.tolist()), int(place), float(state["gauss"]) if state["has_gauss"] else None


def _generator(parts: Any) -> np.random.RandomState:
    words, place, kept = twister_state(parts)
    generator = np.random.RandomState(0)
    keys = np.array(words, np.uint32)
    generator.set_state(("MT19937", keys, place, int(kept is not None), kept or 0.0))
    return generator


def _put_generator(target: Any, source: Any) -> bool:
    target.set_state(source.get_state(legacy=False))
    return True


TYPES = (
    DataType("numpy:matrix", _plain, _matrix, changeable=True, put=_put, subclasses=True),
    singleton("numpy.ma.core:MaskedConstant", lambda: np.ma.masked),
    DataType("numpy.ma:MaskedArray", _masked_parts, _masked, changeable=True, put=_put, subclasses=True),
    DataType(
        "numpy:recarray",
        lambda value: np.ndarray.view(value, np.ndarray).view(np.dtype((np.void, value.dtype))),
        _records, changeable=True, put=_put,
    ),
    DataType("numpy:void", np.array, _void),
    DataType(
        "numpy.random.mtrand:RandomState", _generator_parts, _generator,
        changeable=True, put=_put_generator,
    ),
)  # fmt: skip
