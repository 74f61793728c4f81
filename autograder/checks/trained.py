"""Trained networks that are handed in as ``.keras`` files, for test cells to grade.

A file is opened where the student's code runs: by Keras, in safe mode, after its content has been
looked at. What leaves it is the network's configuration and its weights as plain values; a test
gets a network that is made anew from them, of Keras' own layers only. Under the engine that place
is the worker, so that no loader of files ever runs in the judge; under nbgrader alone and on a
student's machine it is the same kernel. The checks and their words are the same everywhere.
"""

from __future__ import annotations

import io
import os
import stat
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.checks.extras import require_keras
from autograder.checks.failure import shown_lines
from autograder.checks.grader import current_grader, worth_a_look
from autograder.checks.trained_parts import check_numbers, check_parts
from autograder.protocol import keras_config, keras_models, values
from autograder.protocol.serialization import SerializationError

if TYPE_CHECKING:
    import keras

Shape = tuple[int | None, ...]

MEMBERS = {"metadata.json", "config.json", "model.weights.h5"}
MAX_REASON = 1_000
MAX_BYTES = 200_000


class ModelRefused(AssertionError):  # noqa: N818 - a refusal, not an error of the program
    """A file that is no network as the task asks for; the text says in one line why."""

    def _render_traceback_(self) -> list[str]:
        return shown_lines(self)


class ModelMissing(ModelRefused):
    """A file that was not handed in."""


def trained_model(
    path: str | Path,
    *,
    max_bytes: int = MAX_BYTES,
    max_parameters: int | None = None,
    input_shape: Shape | None = None,
    output_shape: Shape | None = None,
    layers: Iterable[str] | None = None,
) -> keras.Model:
    """Return the trained network in a ``.keras`` file that a student has handed in.

    Parameters
    ----------
    path : str or Path
        The file's name, relative to the notebook's folder.
    max_bytes : int
        The largest file, in bytes, packed and unpacked.
    max_parameters : int or None
        The most parameters, trainable and others together; None for any number.
    input_shape, output_shape : tuple of int or None
        Shapes without the batch, such as ``(28, 28, 1)``; not looked at by default. A network that
        is open to any height and width fits every ``input_shape``; None is an open size in an
        ``output_shape``.
    layers : iterable of str
        Names of the Keras layers that may be in it, and then no operation outside of a layer. By
        default `trained_parts.LAYERS` and `trained_parts.OPERATIONS`, which learn nothing that is
        not in their weights.

    Returns
    -------
    keras.Model
        Not compiled.

    Raises
    ------
    ModelRefused
        If the file is missing, too large, damaged, or holds anything but such a network. The text
        is one reason, in words for the student.
    """
    require_keras()
    name = Path(path).name
    answer = (current_grader.get().open_model or opened)(os.fspath(path), max_bytes)
    try:
        with warnings.catch_warnings():  # a test that writes to stderr scores nothing under nbgrader alone
            warnings.simplefilter("ignore")
            model = _rebuilt(answer, name, max_bytes)
            _check(model, max_parameters, input_shape, output_shape, layers)
    except (ModelRefused, SerializationError) as error:
        words = str(error) if isinstance(error, ModelRefused) else f"{name} is refused: {error}"
        if not (isinstance(answer, dict) and answer.get("missing") is True):
            worth_a_look(words)
        raise ModelRefused(words) from None
    return model


def file_size(path: str | Path, *, max_bytes: int = MAX_BYTES) -> int:
    """Return the size of a network's file that a submission hands in.

    Parameters
    ----------
    path : str or Path
        The file, by its name in the submission's folder.
    max_bytes : int
        The largest file to accept, in bytes.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    ModelRefused
        If `trained_model` would refuse the file for its content.
    """
    require_keras()
    name = Path(path).name
    answer = (current_grader.get().open_model or opened)(os.fspath(path), max_bytes)
    try:
        size = _accepted(answer, name).get("bytes")
        if type(size) is not int or not 0 < size <= max_bytes:
            raise SerializationError("it is damaged")
    except SerializationError as error:
        raise ModelRefused(f"{name} is refused: {error}") from None
    return size


def opened(path: str, max_bytes: int) -> dict[str, Any]:
    """Open a file, in the process whose file it is.

    Parameters
    ----------
    path : str
        The file.
    max_bytes : int
        The largest file, in bytes.

    Returns
    -------
    dict of plain values
        "config" (JSON), "weights" (arrays) and "bytes", the file's size; or "refused": why not, in
        words, and "missing": whether there is no such file.
    """
    name = Path(path).name
    try:
        content = _content(path, name, max_bytes)
        _look_inside(content, name, max_bytes)
        return _loaded(path, name) | {"bytes": len(content)}
    except ModelRefused as refused:
        return {"refused": str(refused), "missing": isinstance(refused, ModelMissing)}
    except SerializationError as error:
        return {"refused": f"{name} is refused: {error}"}


def _content(path: str, name: str, max_bytes: int) -> bytes:
    try:
        status = os.stat(path)
    except OSError:
        raise ModelMissing(
            f"there is no file {name} beside the notebook: train, save with model.save({name!r}), "
            "and hand the file in with the notebook"
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise ModelRefused(f"{name} must be a file, and is a folder or a device")
    if status.st_size > max_bytes:
        raise ModelRefused(f"{name} has {status.st_size:,} bytes; at most {max_bytes:,} are allowed")
    with open(path, "rb") as file:
        return file.read(max_bytes)


def _look_inside(data: bytes, name: str, max_bytes: int) -> None:
    """Refuse what Keras has not saved, and what would grow while it is unpacked."""
    saved = "it must be what model.save() of Keras 3 writes"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = file.infolist()
            names = sorted(member.filename for member in members)
            if names != sorted(MEMBERS):
                content = ", ".join(names[:5])[:100] or "nothing"
                raise ModelRefused(f"{name} is no Keras model: {saved}, and it holds {content}")
            unpacked = sum(member.file_size for member in members)
            if unpacked > max_bytes:
                raise ModelRefused(
                    f"{name} has {unpacked:,} bytes when unpacked; at most {max_bytes:,} are allowed"
                )
            config, weights = _member(file, "config.json"), _member(file, "model.weights.h5")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise ModelRefused(f"{name} is damaged or no Keras model: {saved} ({_brief(error)})") from None
    import keras  # noqa: F401, PLC0415 - `allowed` looks at the classes of a Keras that is there

    keras_config.allowed(keras_config.parsed(config), {})
    _look_at_weights(weights, name, max_bytes)


def _member(file: zipfile.ZipFile, name: str) -> bytes:
    size = file.getinfo(name).file_size
    with file.open(name) as member:
        data = member.read(size + 1)
    if len(data) != size:
        raise zipfile.BadZipFile(f"{name} has another size than it says")
    return data


def _look_at_weights(data: bytes, name: str, max_bytes: int) -> None:
    """Refuse links and declared sizes beyond the file's own."""
    import h5py  # noqa: PLC0415 - only opening a file needs it; Keras brings it

    links: dict[str, Any] = {}
    total = 0
    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            file.visititems_links(lambda path, link: links.setdefault(path, link) and None)
            for path, link in links.items():
                if not isinstance(link, h5py.HardLink):
                    raise ModelRefused(f"{name} is refused: its weights point to another place ({path[:80]})")
                item = file[path]
                if not isinstance(item, h5py.Dataset):
                    continue
                if item.is_virtual or item.external or item.dtype.kind not in "fiub":
                    raise ModelRefused(f"{name} is refused: its weights are not plain numbers ({path[:80]})")
                total += item.size * item.dtype.itemsize
    except ModelRefused:
        raise
    except Exception as error:
        raise ModelRefused(f"{name} is damaged: its weights cannot be read ({_brief(error)})") from None
    if total > max_bytes:
        raise ModelRefused(f"{name} declares {total:,} bytes of weights; at most {max_bytes:,} are allowed")


def _loaded(path: str, name: str) -> dict[str, Any]:
    import keras  # noqa: PLC0415 - seconds of import that only files need

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
            tagged = keras_models.describe(model)
            if tagged is None:
                raise TypeError(f"it holds a {type(model).__name__}")
    except Exception as error:
        raise ModelRefused(f"{name} cannot be opened by Keras: {_brief(error)}") from None
    return {"config": tagged.body["config"], "weights": tagged.body["weights"]}


def _accepted(answer: Any, name: str) -> dict[str, Any]:
    """Return what came if it is no refusal; it may come from a process that is not trusted."""
    if type(answer) is not dict:
        raise SerializationError("it is damaged")
    if "refused" in answer:
        raise ModelRefused(values.plain(answer["refused"], MAX_REASON) or f"{name} is refused")
    return answer


def _rebuilt(answer: Any, name: str, max_bytes: int) -> keras.Model:
    """Make the network from what came, which may come from a process that is not trusted."""
    answer = _accepted(answer, name)
    import keras  # noqa: PLC0415 - seconds of import that a refusal does without

    config, weights = answer.get("config"), answer.get("weights")
    if type(config) is not bytes or type(weights) is not list:
        raise SerializationError("it is damaged")
    if not all(type(array) is np.ndarray and array.dtype.kind in "fiub" for array in weights):
        raise SerializationError("its weights are no numbers")
    if len(config) + sum(array.nbytes for array in weights) > 2 * max_bytes:
        raise SerializationError(f"it is larger than {2 * max_bytes:,} bytes when unpacked")
    if not all(np.isfinite(array).all() for array in weights):
        raise SerializationError(
            "some of its weights are not finite numbers (NaN or infinite), so it can answer nothing; "
            "its training has diverged: a smaller learning rate helps"
        )
    check_numbers(keras_config.parsed(config))
    model = keras_models.build({"config": config, "weights": weights}, {})
    if not isinstance(model, keras.Model):
        raise SerializationError(f"it holds a {type(model).__name__} layer, expected a model")
    return model


def _check(
    model: keras.Model,
    max_parameters: int | None,
    input_shape: Shape | None,
    output_shape: Shape | None,
    layers: Iterable[str] | None,
) -> None:
    if not model.built or not getattr(model, "inputs", None):
        raise SerializationError("its input shape is not known; begin the model with keras.Input(…)")
    check_parts(model, layers)
    for shape, tensors, verb in (
        (input_shape, model.inputs, "takes"),
        (output_shape, model.outputs, "gives"),
    ):
        if shape is not None and not _fits(tuple(shape), tensors, is_input=verb == "takes"):
            shapes = " and ".join(str(tuple(tensor.shape[1:])) for tensor in tensors)
            raise SerializationError(
                f"it {verb} arrays of shape {shapes}, expected {tuple(shape)}, without the batch"
            )
    if max_parameters is not None and model.count_params() > max_parameters:
        raise SerializationError(
            f"it has {model.count_params():,} parameters, trainable and others together; "
            f"at most {max_parameters:,} are allowed"
        )


def _fits(shape: Shape, tensors: list[keras.KerasTensor], *, is_input: bool) -> bool:
    if len(tensors) != 1 or len(tensors[0].shape) != len(shape) + 1:
        return False
    pairs = zip(shape, tensors[0].shape[1:], strict=True)
    return all(wanted == size or (size if is_input else wanted) is None for wanted, size in pairs)


def _brief(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
