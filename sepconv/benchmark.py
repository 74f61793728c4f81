"""What a network weighs on disk and how long it takes."""

import contextlib
import io
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np


def file_sizes(model: keras.Model) -> dict[str, int]:
    """Save a model in every format and look how large the files are.

    Parameters
    ----------
    model : keras.Model
        Where it has been trained, the HDF5 and the .keras file hold its optimizer's state as well.

    Returns
    -------
    dict of str to int
        Bytes by format: "HDF5", ".keras", "TFLite" (with float32 weights), "float32 arrays" and "float16
        arrays" (NumPy's npz, compressed).
    """
    weights = [np.asarray(weight) for weight in model.weights]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        with contextlib.redirect_stdout(io.StringIO()):  # the converter names every tensor
            model.save(place / "HDF5.h5")
            model.save(place / "Keras.keras")
            lite = _tflite(model)
        np.savez_compressed(place / "wide.npz", *weights)
        np.savez_compressed(place / "narrow.npz", *(w.astype(np.float16) for w in weights))
        files = {"HDF5": "HDF5.h5", ".keras": "Keras.keras"}
        arrays = {"float32 arrays": "wide.npz", "float16 arrays": "narrow.npz"}
        found = {name: (place / file).stat().st_size for name, file in (files | arrays).items()}
    return {"HDF5": found["HDF5"], ".keras": found[".keras"], "TFLite": len(lite)} | {
        name: found[name] for name in arrays
    }


def _tflite(model: keras.Model) -> bytes:
    import tensorflow as tf  # noqa: PLC0415 - seconds of import that only this needs

    logger, level = tf.get_logger(), tf.get_logger().level
    logger.setLevel("ERROR")  # else it tells where it keeps what it needs for a moment
    try:
        return tf.lite.TFLiteConverter.from_keras_model(model).convert()
    finally:
        logger.setLevel(level)


def time_ratios(
    models: Mapping[str, keras.Model],
    batch_sizes: Sequence[int],
    training: bool = False,
    rounds: int = 9,
    least: float = 0.02,
) -> dict[str, dict[int, float]]:
    """Time models against the first of them, side by side in one run.

    In every round each model has its turn, so that what else the machine does falls on all of them.

    Parameters
    ----------
    models : mapping of name to keras.Model
        All with the same input shape. They are compiled anew and, with `training`, trained: hand in copies.
    batch_sizes : sequence of ints
    training : bool
        Time a step of training with Adam instead of an evaluation.
    rounds : int
    least : float
        Seconds that a turn takes at least.

    Returns
    -------
    dict of name to dict of batch size to float
        Median over the rounds of the time divided by the first model's time in the same round.
    """
    rng = np.random.default_rng(0)
    ratios = {name: {} for name in models}
    for size in batch_sizes:
        shape = (size, *next(iter(models.values())).input_shape[1:])
        images = rng.random(shape, dtype=np.float32)
        labels = rng.integers(0, 10, size)
        calls = {name: _call(model, images, labels, training) for name, model in models.items()}
        times = {name: [] for name in models}
        for _ in range(rounds):
            for name, call in calls.items():
                times[name].append(_seconds(call, least))
        first = np.array(next(iter(times.values())))
        for name, seconds in times.items():
            ratios[name][size] = float(np.median(np.array(seconds) / first))
    return ratios


def _call(model, images, labels, training: bool):
    if not training:
        call = lambda: model.predict_on_batch(images)  # noqa: E731
    else:
        model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
        call = lambda: model.train_on_batch(images, labels)  # noqa: E731
    call()
    return call


def _seconds(call, least: float) -> float:
    """Time of one call, from as many as fill `least` seconds."""
    calls, started = 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < least:
        call()
        calls += 1
    return passed / calls
