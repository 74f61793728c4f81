"""Size of networks on disk, and their running time."""

import contextlib
import io
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import keras
import numpy as np


class Ratio(NamedTuple):
    """Time of a model divided by that of another, over several rounds.

    Attributes
    ----------
    median, low, high : float
        Median and quartiles: half of the rounds lie between `low` and `high`.
    """

    median: float
    low: float
    high: float


def file_sizes(model: keras.Model) -> dict[str, int]:
    """Measure the files of a model, saved in every format.

    Parameters
    ----------
    model : keras.Model
        If it has been trained, the HDF5 and the .keras file hold its optimizer's state as well.

    Returns
    -------
    dict of str to int
        Bytes by format: "HDF5", ".keras", "TFLite" (with float32 weights), "float32 arrays" and
        "float16 arrays" (NumPy's npz, compressed).
    """
    weights = [np.asarray(weight) for weight in model.weights]
    with TemporaryDirectory() as name:
        folder = Path(name)
        with contextlib.redirect_stdout(io.StringIO()):  # the converter names every tensor
            model.save(folder / "HDF5.h5")
            model.save(folder / "Keras.keras")
            lite = _tflite(model)
        np.savez_compressed(folder / "float32.npz", *weights)
        np.savez_compressed(folder / "float16.npz", *(w.astype(np.float16) for w in weights))
        return {
            "HDF5": (folder / "HDF5.h5").stat().st_size,
            ".keras": (folder / "Keras.keras").stat().st_size,
            "TFLite": len(lite),
            "float32 arrays": (folder / "float32.npz").stat().st_size,
            "float16 arrays": (folder / "float16.npz").stat().st_size,
        }


def _tflite(model: keras.Model) -> bytes:
    import tensorflow as tf  # noqa: PLC0415 - seconds of import that only this needs

    logger, level = tf.get_logger(), tf.get_logger().level
    logger.setLevel("ERROR")  # it would report its temporary folder
    try:
        return bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())
    finally:
        logger.setLevel(level)


def time_ratios(
    models: Mapping[str, keras.Model],
    batch_sizes: Sequence[int],
    training: bool = False,
    rounds: int = 9,
    min_seconds: float = 0.02,
) -> dict[str, dict[int, Ratio]]:
    """Time models against the first of them, side by side in one run.

    In every round each model has its turn, so that other load on the machine falls on all of them.

    Parameters
    ----------
    models : mapping of name to keras.Model
        All with the same input shape. With `training` they are compiled and trained: pass copies.
    batch_sizes : sequence of ints
    training : bool
        Time a step of training with Adam instead of an evaluation.
    rounds : int
    min_seconds : float
        Shortest duration of a turn.

    Returns
    -------
    dict of name to dict of batch size to Ratio
        Of the time divided by the first model's time in the same round.
    """
    rng = np.random.default_rng(0)
    ratios: dict[str, dict[int, Ratio]] = {name: {} for name in models}
    for size in batch_sizes:
        shape = (size, *next(iter(models.values())).input_shape[1:])
        images = rng.random(shape, dtype=np.float32)
        labels = rng.integers(0, 10, size)
        calls = {name: _compiled_call(model, images, labels, training) for name, model in models.items()}
        times: dict[str, list[float]] = {name: [] for name in models}
        for _ in range(rounds):
            for name, call in calls.items():
                times[name].append(_seconds_per_call(call, min_seconds))
        reference = np.array(next(iter(times.values())))
        for name, seconds in times.items():
            low, median, high = np.percentile(np.array(seconds) / reference, [25, 50, 75])
            ratios[name][size] = Ratio(float(median), float(low), float(high))
    return ratios


def _compiled_call(
    model: keras.Model, images: np.ndarray, labels: np.ndarray, training: bool
) -> Callable[[], object]:
    """Prepare a prediction or a training step on one batch, and run it once to compile it."""

    def predict() -> object:
        return model.predict_on_batch(images)

    def train() -> object:
        return model.train_on_batch(images, labels)

    if training:
        model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
    call = train if training else predict
    call()
    return call


def _seconds_per_call(call: Callable[[], object], min_seconds: float) -> float:
    """Mean time of one call, over as many as fill `min_seconds`."""
    calls, started = 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < min_seconds:
        call()
        calls += 1
    return passed / calls
