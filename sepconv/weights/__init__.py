"""Weights of the networks that the book compares, and the results of their training."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, cast

import numpy as np

if TYPE_CHECKING:
    import keras

FOLDER = Path(str(files("sepconv.weights")))


class WeightsError(RuntimeError):
    """A file of weights that is missing, damaged or of another network."""


class Epoch(TypedDict):
    """Result of one epoch of a training run."""

    loss: float
    accuracy: float
    seconds: float


class _Run(TypedDict):
    recipe: dict[str, Any]
    seed: int
    parameters: int
    macs: int
    epochs: list[Epoch]


class TrainingRun(_Run):
    """Result of a training run; `test` is the share of test images that are recognised.

    The recipe has its "name", its "part", and all other settings that decide the run.
    """

    test: float


class TestedBefore(TypedDict):
    """Network that was tried on the test images before the champions were found.

    `network` says in words which it was; `test` has an entry for each seed.
    """

    network: str
    parameters: int
    epochs: int
    test: list[float]


class ValidationRun(_Run):
    """Result of a training run; `validation` is the share of held-back training images instead."""

    validation: float


def _names_and_shapes(model: keras.Model) -> dict[str, tuple[int, ...]]:
    return {f"{i:02}_{weight.name}": tuple(weight.shape) for i, weight in enumerate(model.weights)}


def save_weights(model: keras.Model, path: str | Path) -> None:
    """Write a model's weights as arrays, in the order of `model.weights`.

    Parameters
    ----------
    model : keras.Model
    path : path of an npz file
    """
    arrays: dict[str, Any] = dict(zip(_names_and_shapes(model), map(np.asarray, model.weights), strict=True))
    np.savez_compressed(path, **arrays)


def load_weights(model: keras.Model, path: str | Path) -> keras.Model:
    """Give a model the weights of a file that `save_weights` wrote.

    Parameters
    ----------
    model : keras.Model
        Built by the same function as the model that was saved.
    path : path of an npz file

    Returns
    -------
    keras.Model
        The model itself.

    Raises
    ------
    WeightsError
        If the file is missing, damaged or holds the weights of another network. The model then
        stays unchanged.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"no file of weights at {path}")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise WeightsError(f"the file of weights {path} is damaged ({error})") from error
    expected = _names_and_shapes(model)
    shapes = {name: array.shape for name, array in arrays.items()}
    if shapes != expected:
        name = next(n for n in (*expected, *shapes) if shapes.get(n) != expected.get(n))
        raise WeightsError(
            f"{path} must hold {name} with shape {expected.get(name)}, as {model.name!r} has it, "
            f"got {shapes.get(name)}"
        )
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise WeightsError(f"the file of weights {path} is damaged (it holds NaN or infinity)")
    model.set_weights([arrays[name] for name in expected])
    return model


class Published(TypedDict):
    """Network as its authors publish it.

    `short` is its label in a chart, `network` the function of `sepconv.models` that builds it with
    `arguments`, if there is one; `by` says in words who states it, `chosen` how it was chosen, and
    `source` is its entry in the book's bibliography.
    """

    name: str
    short: str
    family: str | None
    network: str | None
    arguments: dict[str, Any]
    parameters: int
    test: float
    source: str
    by: str
    chosen: str


@cache
def results() -> tuple[TrainingRun, ...]:
    """Read the results of all training runs, as `python -m course mnist --keep` wrote them.

    Raises
    ------
    WeightsError
        If the file is missing or damaged.
    """
    return tuple(cast(list[TrainingRun], _read(FOLDER / "results.json")))


def seconds(run: Mapping[str, Any]) -> float:
    """Add up what a training run took, with its starts, in seconds."""
    return float(
        sum(epoch["seconds"] for epochs in (run["epochs"], *run.get("starts", ())) for epoch in epochs)
    )


@cache
def validation_results() -> tuple[ValidationRun, ...]:
    """Read the results of the runs that vary the champions' recipes, likewise.

    Raises
    ------
    WeightsError
        If the file is missing or damaged.
    """
    return tuple(cast(list[ValidationRun], _read(FOLDER / "validation.json")))


@cache
def tested_before() -> tuple[TestedBefore, ...]:
    """Read which other networks of the champions' size the test images were used for before.

    Raises
    ------
    WeightsError
        If the file is missing or damaged.
    """
    return tuple(cast(list[TestedBefore], _read(FOLDER / "tested_before.json")))


@cache
def published() -> tuple[Published, ...]:
    """Read what others state of their networks for MNIST.

    Raises
    ------
    WeightsError
        If the file is missing or damaged.
    """
    return tuple(cast(list[Published], _read(FOLDER / "published.json")))


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"the file of results {path} is missing or damaged ({error})") from error
