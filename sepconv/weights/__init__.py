"""Weights of the networks that the book compares, and what their training came to."""

import json
import zipfile
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

FOLDER = Path(str(files("sepconv.weights")))


class WeightsError(RuntimeError):
    """A file of weights that is missing, damaged or of another network."""


def save_weights(model, path: str | Path) -> None:
    """Write a model's weights as arrays, in the order of `model.weights`.

    Parameters
    ----------
    model : keras.Model
    path : path of an npz file
    """
    arrays = {f"{i:02}_{weight.name}": np.asarray(weight) for i, weight in enumerate(model.weights)}
    np.savez_compressed(path, **arrays)


def load_weights(model, path: str | Path):
    """Give a model the weights of a file that `save_weights` wrote.

    Parameters
    ----------
    model : keras.Model
        Built by the function that built the one that was saved.
    path : path of an npz file

    Returns
    -------
    keras.Model
        The model itself.

    Raises
    ------
    WeightsError
        If the file is missing, damaged or holds the weights of another network. The model is then as it was.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"no file of weights at {path}")
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zipfile.zlib.error) as error:
        raise WeightsError(f"the file of weights {path} is damaged ({error})") from error
    expected = {f"{i:02}_{weight.name}": tuple(weight.shape) for i, weight in enumerate(model.weights)}
    found = {name: array.shape for name, array in arrays.items()}
    if found != expected:
        name = next(n for n in (*expected, *found) if found.get(n) != expected.get(n))
        raise WeightsError(
            f"{path} must hold {name} with shape {expected.get(name)}, as {model.name!r} has it, "
            f"got {found.get(name)}"
        )
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise WeightsError(f"the file of weights {path} is damaged (it holds NaN or infinity)")
    model.set_weights([arrays[name] for name in expected])
    return model


@cache
def results() -> tuple[dict, ...]:
    """Read what every training run came to, as `python -m course mnist --keep` wrote it.

    Returns
    -------
    tuple of dict
        A row for each run: "recipe" (its "name", "part", and all that decides the run), "seed", "parameters",
        "macs", "epochs" (a row for each: "loss", "accuracy", "seconds"), "test" (share of the test images
        that are recognised).

    Raises
    ------
    WeightsError
        If the file is missing or damaged.
    """
    return tuple(_read(FOLDER / "results.json"))


@cache
def search() -> dict:
    """Read what was tried before the champion was chosen, judged on training images that were held back.

    Returns
    -------
    dict
        "note", "epochs", and "runs": a row for each, with "network" in words, "activation", "learning_rate",
        "jitter" (whether the images were moved), "parameters" and "validation" (share recognised);
        "shorter": the champion's "epochs" and "test" in a first series, before it was trained for longer.

    Raises
    ------
    WeightsError
        If the file is missing or damaged.
    """
    return _read(FOLDER / "search.json")


def _read(path: Path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"the file of results {path} is missing or damaged ({error})") from error
