"""A case: one call of a student's function, the right result and the results of known mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np


class How(StrEnum):
    """Ways to look at the result of a call."""

    CALL = "call"
    LAYER = "layer"
    MODEL = "model"


class Mistake(NamedTuple):
    """The result that a known mistake gives, and one sentence on what to look at."""

    result: Any
    hint: str


class CallOutcome(NamedTuple):
    """Result of a call; for layers and models, aspects of what they do, and words for them."""

    result: Any
    layers: str = ""


class ComputedMistakes(Mapping[str, Mistake]):
    """Mistakes that are computed at the first look at each, which is when an answer is wrong.

    Parameters
    ----------
    compute : callable
        Takes a mistake's name and returns the `Mistake`; None where there is none in this case.
    names : sequence of str
        Of all mistakes that there may be.
    """

    def __init__(self, compute: Callable[[str], Mistake | None], names: Sequence[str]) -> None:
        self._compute, self._names = cache(compute), tuple(names)

    def __getitem__(self, name: str) -> Mistake:
        mistake = self._compute(name) if name in self._names else None
        if mistake is None:
            raise KeyError(name)
        return mistake

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._names if self._compute(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Case:
    """One call of a student's function and what it should give.

    Parameters
    ----------
    function : str
        The function's name, as the student knows it.
    args : dict
        Values passed by position, each under the name that messages show.
    expected : number, ndarray, tuple or dict
        The right result. For ``how`` "layer" and "model": the dict of aspects that
        `keras_behaviour.of` gives.
    kwargs : dict
        Values passed by keyword.
    labels : tuple of str
        Names of the results, where the function returns several.
    mistakes : dict of str to Mistake
        The results of known mistakes, by the mistake's name.
    how : How or {"call", "layer", "model"}
        "call" compares what the function returns. "layer" calls it on a symbolic Keras input first,
        "model" expects a Keras model back; both then compare what that graph computes.
    x : ndarray, tuple of ndarray or None
        The data that goes through a layer or model, shape (batch, height, width, channels); a tuple
        where a layer takes several inputs.
    seed : int
        Seed of the known values that a layer's or model's weights get.
    hidden : bool
        Whether messages keep the expected values to themselves.
    any_size : bool
        For a layer: whether its symbolic inputs leave height and width open, ``(None, None, …)``.

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
    how: How = How.CALL
    x: np.ndarray | tuple[np.ndarray, ...] | None = None
    seed: int = 0
    hidden: bool = False
    any_size: bool = False

    def __post_init__(self) -> None:
        if self.how not in [*How]:
            raise ValueError(f"how must be one of {', '.join(How)}, got {self.how!r}")
        object.__setattr__(self, "how", How(self.how))
        if self.how is not How.CALL and self.x is None:
            raise ValueError(f"x must be an array where how is {self.how.value!r}, got None")

    @property
    def inputs(self) -> tuple[np.ndarray, ...]:
        """The data for each input of a layer or model."""
        if self.x is None:
            return ()
        return self.x if isinstance(self.x, tuple) else (self.x,)

    @property
    def input_shapes(self) -> tuple[tuple[int | None, ...], ...]:
        """The shapes of a layer's symbolic inputs, without the batch."""
        shapes = (x.shape[1:] for x in self.inputs)
        return tuple((*(None for _ in shape[:-1]), shape[-1]) if self.any_size else shape for shape in shapes)


def save(path: str | Path, cases: Mapping[str, Sequence[Case]]) -> None:
    """Write cases to an ``.npz`` file without pickles; equal cases give equal bytes.

    Parameters
    ----------
    path : str or Path
        The file to write.
    cases : dict of str to sequence of Case
        Cases by the name of the function that they call.
    """
    arrays: dict[str, Any] = {}
    index = {
        function: [{f.name: _pack(getattr(case, f.name), arrays) for f in fields(Case)} for case in group]
        for function, group in cases.items()
    }
    text = np.frombuffer(json.dumps(index).encode(), dtype=np.uint8)
    np.savez_compressed(path, index=text, **arrays)


def load(path: str | Path) -> dict[str, tuple[Case, ...]]:
    """Read cases that `save` wrote.

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
                function: tuple(
                    Case(**{key: _unpack(value, stored) for key, value in case.items()}) for case in group
                )
                for function, group in index.items()
            }
    except (KeyError, TypeError, ValueError, OSError, EOFError, BadZipFile) as error:
        raise ValueError(f"{path} holds no cases ({error}): get the lab's files again") from error


def _pack(value: Any, arrays: dict[str, Any]) -> Any:
    """Return a value as JSON has it; arrays are put aside and named in their place."""
    if isinstance(value, np.ndarray):
        key = f"a{len(arrays):04d}"
        arrays[key] = value
        return {"array": key}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mistake):
        return {"mistake": [_pack(part, arrays) for part in value]}
    if isinstance(value, tuple):
        return {"tuple": [_pack(part, arrays) for part in value]}
    if isinstance(value, Mapping):
        return {"dict": {key: _pack(part, arrays) for key, part in value.items()}}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a case holds numbers, words, arrays, tuples and dicts, got {type(value).__name__}")


def _unpack(value: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """Return the value that `_pack` was given."""
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "array":
        return arrays[content]
    if kind == "dict":
        return {key: _unpack(part, arrays) for key, part in content.items()}
    parts = tuple(_unpack(part, arrays) for part in content)
    return Mistake(*parts) if kind == "mistake" else parts
