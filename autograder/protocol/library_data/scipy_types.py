"""SciPy's sparse matrices and arrays, and results that are dictionaries."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.protocol.library_data.data_type import (
    MAX_LENGTH,
    DataType,
    library,
    of_types,
    require,
    sizes,
)

_INDICES = ("<i4", "<i8")
_NUMBERS = "biufc"


def _check_indices(indices: np.ndarray, below: int, what: str) -> None:
    """Refuse indices that lie outside: SciPy's compiled loops would write there."""
    require(indices.ndim == 1 and indices.dtype.str in _INDICES, what)
    require(not indices.size or (indices.min() >= 0 and indices.max() < below), what)


def _check_data(data: np.ndarray) -> None:
    require(data.dtype.kind in _NUMBERS and data.dtype.str != "<f2", "the numbers of a sparse matrix")


def _compressed_parts(value: Any) -> Any:
    return value.data, value.indices, value.indptr, tuple(map(int, value.shape))


def _compressed(name: str, parts: Any) -> Any:
    data, indices, starts, shape = of_types(parts, np.ndarray, np.ndarray, np.ndarray, tuple)
    shape = sizes(shape)
    _check_data(data)
    row, column = (1, 0) if name.startswith("csc") else (0, 1)
    block = (1, 1)
    if name.startswith("bsr"):
        require(data.ndim == 3, "the blocks of a sparse matrix")
        block = data.shape[1:]
        require(len(shape) == 2 and all(block) and not any(n % b for n, b in zip(shape, block, strict=True)),
                "the blocks of a sparse matrix")  # fmt: skip
    else:
        require(data.ndim == 1, "the numbers of a sparse matrix")
    require(len(shape) == 2 or (len(shape) == 1 and name == "csr_array"), "the shape of a sparse matrix")
    rows = shape[row] // block[row] if len(shape) == 2 else 1
    columns = shape[column] // block[column] if len(shape) == 2 else shape[0]
    _check_indices(indices, columns, "the indices of a sparse matrix")
    _check_indices(starts, len(indices) + 1, "the rows of a sparse matrix")
    require(len(data) == len(indices) and len(starts) == rows + 1, "the rows of a sparse matrix")
    require(starts[0] == 0 and starts[-1] == len(indices) and (np.diff(starts) >= 0).all(), "the rows")
    return getattr(library("scipy.sparse"), name)((data, indices, starts), shape=shape)


def _coordinates_parts(value: Any) -> Any:
    made = value.tocoo() if value.format != "coo" else value
    return made.data, list(made.coords), tuple(map(int, value.shape))


def _coordinates(name: str, parts: Any) -> Any:
    data, coordinates, shape = of_types(parts, np.ndarray, list, tuple)
    shape = sizes(shape)
    _check_data(data)
    dimensions = (2,) if name.endswith("_matrix") or not name.startswith("coo") else (1, 2, 3, 4)
    require(len(shape) in dimensions and len(coordinates) == len(shape) and data.ndim == 1, "coordinates")
    for indices, size in zip(coordinates, shape, strict=True):
        require(type(indices) is np.ndarray and len(indices) == len(data), "coordinates")
        _check_indices(indices, size, "the coordinates of a sparse matrix")
    sparse = library("scipy.sparse")
    kind = "coo_matrix" if name.endswith("_matrix") else "coo_array"
    made = getattr(sparse, kind)((data, tuple(coordinates)), shape=shape)
    return made if name == kind else getattr(sparse, name)(made)


def _diagonal(name: str, parts: Any) -> Any:
    data, offsets, shape = of_types(parts, np.ndarray, np.ndarray, tuple)
    shape = sizes(shape)
    _check_data(data)
    require(len(shape) == 2 and data.ndim == 2 and len(data) == len(offsets), "diagonals")
    require(offsets.ndim == 1 and offsets.dtype.str in _INDICES, "diagonals")
    require(len(np.unique(offsets)) == len(offsets), "diagonals")
    require(not offsets.size or abs(offsets).max() <= MAX_LENGTH, "diagonals")
    return getattr(library("scipy.sparse"), name)((data, offsets), shape=shape)


def _put(target: Any, source: Any) -> bool:
    if target.shape != source.shape or target.format != source.format:
        return False
    type(target).__init__(target, source)
    return True


def _entries() -> list[DataType]:
    made = []
    for suffix in ("matrix", "array"):
        for kind, parts, build in [
            *((kind, _compressed_parts, _compressed) for kind in ("csr", "csc", "bsr")),
            *((kind, _coordinates_parts, _coordinates) for kind in ("coo", "lil", "dok")),
            ("dia", lambda value: (value.data, value.offsets, tuple(map(int, value.shape))), _diagonal),
        ]:
            name = f"{kind}_{suffix}"
            made.append(DataType(
                f"scipy.sparse:{name}", parts, partial(build, name),
                changeable=True, put=_put, subclasses=True,
            ))  # fmt: skip
    return made


def _result(module: str, name: str, parts: Any) -> Any:
    require(type(parts) is dict and all(type(key) is str for key in parts), "the names of a result")
    return getattr(library(module), name)(parts)


def _put_result(target: Any, source: Any) -> bool:
    target.clear()
    target.update(source)
    return True


TYPES = (
    *_entries(),
    *(DataType(
        f"{module}:{name}", lambda value: dict(dict.items(value)), partial(_result, module, name),
        changeable=True, put=_put_result, holds_objects=True,
    ) for module, name in (("scipy.optimize", "OptimizeResult"),)),
    DataType(
        "sklearn.utils:Bunch", lambda value: dict(dict.items(value)),
        lambda parts: library("sklearn.utils").Bunch(**_names(parts)),
        changeable=True, put=_put_result, holds_objects=True,
    ),
)  # fmt: skip


def _names(parts: Any) -> dict[str, Any]:
    require(type(parts) is dict and all(type(key) is str for key in parts), "the names of a result")
    return dict(parts)
