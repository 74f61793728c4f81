"""A case: one call of a student's function, the right result and the results of known mistakes."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np

HOW = ("call", "layer", "model")


class Mistake(NamedTuple):
    """The result that a known mistake gives, and one sentence on what to look at."""

    result: Any
    hint: str


class Computed(Mapping):
    """
    Mistakes that are computed when somebody first asks for them, which is when an answer is wrong.

    Parameters
    ----------
    compute : callable
        Takes nothing and returns a dict of str to Mistake.
    """

    def __init__(self, compute: Callable[[], Mapping[str, Mistake]]):
        self._compute = cache(compute)

    def __getitem__(self, name: str) -> Mistake:
        return self._compute()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._compute())

    def __len__(self) -> int:
        return len(self._compute())


@dataclass(frozen=True)
class Case:
    """
    One call of a student's function and what it should give.

    Parameters
    ----------
    function : str
        The function's name, as the student knows it.
    args : dict
        Values passed by position, each under the name that messages show.
    expected : number, ndarray, tuple or dict
        The right result. For ``how`` "layer" and "model": the dict of aspects that `behaviour.of` gives.
    kwargs : dict
        Values passed by keyword.
    labels : tuple of str
        What the results are called, where the function returns several.
    mistakes : dict of str to Mistake
        The results of known mistakes, by the mistake's name.
    how : {"call", "layer", "model"}
        "call" compares what the function returns. "layer" calls it on a symbolic Keras input first, "model"
        expects a Keras model back; both then compare what that graph computes.
    x : ndarray, tuple of ndarray or None
        The data that goes through a layer or model, shape (batch, height, width, channels); a tuple where a
        layer takes several inputs.
    seed : int
        Which known values a layer's or model's weights get.
    hidden : bool
        Whether messages keep the expected values to themselves.

    Raises
    ------
    ValueError
        If `how` is none of the three, or `x` is missing where it is needed.
    """

    function: str
    args: Mapping[str, Any]
    expected: Any
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    mistakes: Mapping[str, Mistake] = field(default_factory=dict)
    how: str = "call"
    x: np.ndarray | tuple[np.ndarray, ...] | None = None
    seed: int = 0
    hidden: bool = False

    def __post_init__(self):
        if self.how not in HOW:
            raise ValueError(f"how must be one of {', '.join(HOW)}, got {self.how!r}")
        if self.how != "call" and self.x is None:
            raise ValueError(f"x must be an array where how is {self.how!r}, got None")


def save(path, cases):
    """
    Write cases to an ``.npz`` file without pickles; equal cases give equal bytes.

    Parameters
    ----------
    path : str or Path
        The file to write.
    cases : dict of str to sequence of Case
        Cases by the name of the function that they call.
    """
    arrays: dict[str, np.ndarray] = {}
    index = {
        name: [{f.name: _pack(getattr(case, f.name), arrays) for f in fields(Case)} for case in some]
        for name, some in cases.items()
    }
    text = np.frombuffer(json.dumps(index).encode(), dtype=np.uint8)
    np.savez_compressed(path, index=text, **arrays)


def load(path):
    """
    Read cases that `save` wrote.

    Parameters
    ----------
    path : str or Path
        The file to read.

    Returns
    -------
    dict of str to tuple of Case
        Cases by the name of the function that they call.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file holds no cases.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no file {path} in {Path.cwd()}: it belongs beside the lab's notebook")
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            index = json.loads(stored["index"].tobytes())
            return {
                name: tuple(
                    Case(**{key: _unpack(value, stored) for key, value in case.items()}) for case in some
                )
                for name, some in index.items()
            }
    except (KeyError, TypeError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise ValueError(f"{path} holds no cases ({error}): get the lab's files again") from error


def _pack(value, arrays):
    if isinstance(value, np.ndarray):
        key = f"a{len(arrays):04d}"
        arrays[key] = value
        return {"array": key}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mistake):
        return {"mistake": [_pack(v, arrays) for v in value]}
    if isinstance(value, tuple):
        return {"tuple": [_pack(v, arrays) for v in value]}
    if isinstance(value, Mapping):
        return {"dict": {key: _pack(v, arrays) for key, v in value.items()}}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a case holds numbers, words, arrays, tuples and dicts, got {type(value).__name__}")


def _unpack(value, stored):
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "array":
        return stored[inner]
    if kind == "dict":
        return {key: _unpack(v, stored) for key, v in inner.items()}
    values = tuple(_unpack(v, stored) for v in inner)
    return Mistake(*values) if kind == "mistake" else values
