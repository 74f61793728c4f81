"""One training run: shown while it goes, kept after every epoch, taken up where it was left."""

import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np

from course.errors import CourseError
from course.mnist import lessons
from course.mnist.augment import moved
from course.mnist.recipes import Recipe, named
from sepconv import cost
from sepconv.data import Digits
from sepconv.folding import fold_batch_normalization
from sepconv.weights import load_weights, save_weights

WEIGHTS, RESULT, STATE = "weights.npz", "result.json", "epoch-{:04}.keras"
Lessons = Callable[[int], tuple[np.ndarray, np.ndarray]]
LATE = "late-{:04}.npz"  # weights after one of the last epochs, to be averaged


class _Steps(keras.callbacks.Callback):
    """Tells of each batch."""

    def __init__(self, tell: Callable[[int], None], before: int):
        super().__init__()
        self._tell, self._before = tell, before

    def on_train_batch_end(self, batch, logs=None):
        """Keras calls this."""
        self._tell(self._before + batch + 1)


def run(
    recipe: Recipe, seed: int, data: Digits, folder: Path, tell: Callable[[int], None] = lambda done: None
) -> dict:
    """Train one network, or carry on, or return what was kept of a run that is done.

    The training images are trained on and nothing else, and of several starts the one with the
    least training loss is trained on. Once, after the last epoch, the network is judged: by the
    training images that its recipe holds back, or by the test images if it holds none back.

    Parameters
    ----------
    recipe : Recipe
    seed : int
        Of the first weights, of the order of the images and of how they are moved.
    data : Digits
    folder : Path
        Where runs are kept, each in a folder of its own.
    tell : function
        Called after each batch with the number of batches that are done, those of earlier epochs
        and starts included.

    Returns
    -------
    dict
        "recipe", "seed", "parameters", "macs", "epochs" (of each: loss, accuracy, seconds),
        "starts" (the epochs of each), "test" or "validation" (share of the test images, or of
        those held back, that are recognised), "with" (versions).

    Raises
    ------
    CourseError
        If what was kept of the run cannot be read.
    """
    kept = place(recipe, seed, data, folder)
    if (kept / RESULT).exists():
        return read_result(kept)
    starts = _starts(recipe, seed)
    begun = []
    for short, own in starts:
        before = len(begun) * short.epochs * steps(short, data)
        begun.append(_trained(short, own, data, folder, lambda done, before=before: tell(before + done)))
    best = min(begun, key=lambda trained: trained[1][-1]["loss"], default=None)
    before = (total_epochs(recipe) - recipe.epochs) * steps(recipe, data)
    model, epochs = _trained(
        recipe, seed, data, folder, lambda done: tell(before + done), best and best[0].get_weights()
    )
    model = _finished(model, recipe, kept)
    result = {
        "recipe": asdict(recipe),
        "seed": seed,
        "parameters": model.count_params(),
        "macs": cost.of_model(model).macs,
        "starts": [of_start for _, of_start in begun],
        "epochs": epochs,
        judged_by(recipe): _share_recognised(model, recipe, data),
        "with": {
            "python": platform.python_version(),
            "keras": keras.version(),
            "backend": keras.backend.backend(),
        },
    }
    save_weights(model, kept / WEIGHTS)
    _write(kept / RESULT, lambda file: file.write_text(json.dumps(result), encoding="utf-8"))
    _forget(_states(kept))
    for late in kept.glob(LATE.format(0).replace("0000", "*")):
        late.unlink()
    for short, own in starts:
        shutil.rmtree(place(short, own, data, folder), ignore_errors=True)
    return result


def _starts(recipe: Recipe, seed: int) -> list[tuple[Recipe, int]]:
    """List the short runs, with seeds of their own, of which a run goes on with the best."""
    if recipe.starts < 2:
        return []
    short = replace(recipe, name=f"{recipe.name}_start", epochs=recipe.start_epochs, starts=1, averaged=1)
    return [(short, seed * recipe.starts + i) for i in range(recipe.starts)]


def _trained(
    recipe: Recipe,
    seed: int,
    data: Digits,
    folder: Path,
    tell: Callable[[int], None],
    first: Sequence[np.ndarray] | None = None,
) -> tuple[keras.Model, list[dict]]:
    """Train a network, or go on with it, until its last epoch; begin with the weights `first`."""
    kept = place(recipe, seed, data, folder)
    kept.mkdir(parents=True, exist_ok=True)
    model, epochs = _resume(kept)
    if model is None:
        keras.utils.set_random_seed(seed)
        model = recipe.build()
        if first is not None:
            model.set_weights(first)
        recipe.compile(model, images(recipe, data))
    lesson = _lessons(recipe, data, folder)
    for epoch in range(len(epochs), recipe.epochs):
        epochs.append(_epoch(model, recipe, seed, lesson, epoch, tell))
        if recipe.averaged > 1 and epoch >= recipe.epochs - recipe.averaged:
            _write(kept / LATE.format(epoch + 1), lambda file: save_weights(model, file))
        _keep(kept, model, epochs)
    return model, epochs


def place(recipe: Recipe, seed: int, data: Digits, folder: Path) -> Path:
    """Folder of one run, named by all that its result depends on."""
    sha = hashlib.sha256()
    for array in (data.x_train, data.y_train):
        sha.update(np.ascontiguousarray(array))
    return folder / recipe.key(seed, sha.hexdigest())


def images(recipe: Recipe, data: Digits) -> int:
    """Count the training images that a recipe's runs are trained on."""
    return len(data.x_train) - recipe.held_back


def steps(recipe: Recipe, data: Digits) -> int:
    """Count the batches of an epoch."""
    return -(-images(recipe, data) // recipe.batch_size)


def total_epochs(recipe: Recipe) -> int:
    """Count the epochs of a run, with those of its starts."""
    return recipe.epochs + (recipe.starts * recipe.start_epochs if recipe.starts > 1 else 0)


def judged_by(recipe: Recipe) -> str:
    """Name the images that a recipe's runs are judged by: "validation" or "test"."""
    return "validation" if recipe.held_back else "test"


def _share_recognised(model: keras.Model, recipe: Recipe, data: Digits) -> float:
    kept = images(recipe, data)
    x, y = (data.x_train[kept:], data.y_train[kept:]) if recipe.held_back else (data.x_test, data.y_test)
    return float(np.mean(predict(model, x) == y))


def predict(model: keras.Model, images) -> np.ndarray:
    """Tell the most probable digit of each image."""
    return np.argmax(model.predict(images, batch_size=1000, verbose=0), axis=1)


def read_result(kept: Path) -> dict:
    """Read what is kept of a run that is done.

    Raises
    ------
    CourseError
        If it cannot be read.
    """
    try:
        return json.loads((kept / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(f"{kept / RESULT} is damaged ({error}): delete {kept} to train again") from error


def _finished(model: keras.Model, recipe: Recipe, kept: Path) -> keras.Model:
    """Make what is handed in of the trained network, as its recipe says."""
    if recipe.averaged > 1:
        late = []
        for epoch in range(recipe.epochs - recipe.averaged, recipe.epochs):
            load_weights(model, kept / LATE.format(epoch + 1))
            late.append(model.get_weights())
        model.set_weights([np.mean(arrays, axis=0) for arrays in zip(*late, strict=True)])
    if recipe.folded:
        folded, model = fold_batch_normalization(model), recipe.build_handed_in()
        for layer in (layer for layer in model.layers if layer.weights):
            layer.set_weights(folded.get_layer(layer.name).get_weights())
    if recipe.teacher:
        _multiply_scores(model, recipe.temperature)
    return model


def _multiply_scores(model: keras.Model, factor: float) -> None:
    """Multiply the scores of a network whose last layer with weights makes them."""
    last = next(layer for layer in reversed(model.layers) if layer.weights)
    if not isinstance(last, (keras.layers.Dense, keras.layers.SeparableConv2D)):
        raise TypeError(f"the scores must come from a dense or separable layer, got {type(last).__name__}")
    unchanged = int(isinstance(last, keras.layers.SeparableConv2D))  # the depthwise kernel
    weights = last.get_weights()
    last.set_weights([*weights[:unchanged], *(factor * array for array in weights[unchanged:])])


def _lessons(recipe: Recipe, data: Digits, folder: Path) -> Lessons:
    """Return what gives the images of an epoch in their own order, and what is to be learned."""
    x, y = data.x_train[: images(recipe, data)], data.y_train[: images(recipe, data)]
    if not recipe.teacher:
        return lambda epoch: (x, y)
    teacher = named(recipe.teacher)
    places = [place(teacher, seed, data, folder) for seed in teacher.seeds]
    kept = lessons.place(recipe, places, folder)

    def trained() -> list[keras.Model]:
        for seed in teacher.seeds:
            run(teacher, seed, data, folder)
        return [load_weights(teacher.build_handed_in(), found / WEIGHTS) for found in places]

    def lesson(epoch: int) -> tuple[np.ndarray, np.ndarray]:
        shown, answers = lessons.lesson(epoch % recipe.copies, x, recipe, kept, trained)
        return shown, lessons.softened(answers, recipe.temperature)

    return lesson


def _epoch(model, recipe: Recipe, seed: int, lesson: Lessons, epoch: int, tell) -> dict:
    """Train once on the recipe's images, in an order and moved as seed and epoch decide."""
    started = time.perf_counter()
    rng = np.random.default_rng([seed, epoch])
    shown, answers = lesson(epoch)
    order = rng.permutation(len(shown))
    shown, answers = shown[order], answers[order]
    if not recipe.teacher:
        shown = moved(shown, recipe, rng)
    history = model.fit(
        shown,
        answers,
        batch_size=recipe.batch_size,
        shuffle=False,  # the order is drawn above, so that a run that is taken up goes on as it would have
        verbose=0,
        callbacks=[_Steps(tell, epoch * -(-len(order) // recipe.batch_size))],
    ).history
    return {
        "loss": round(history["loss"][0], 5),
        "accuracy": round(history["accuracy"][0], 5),
        "seconds": round(time.perf_counter() - started, 2),
    }


def _states(kept: Path) -> list[Path]:
    return sorted(kept.glob("epoch-*.keras"))


def _log(state: Path) -> Path:
    return state.with_suffix(".json")


def _keep(kept: Path, model, epochs: list[dict]) -> None:
    """Keep the network with its optimizer; the older states go only when the new one is whole."""
    older = _states(kept)
    new = kept / STATE.format(len(epochs))
    _write(_log(new), lambda file: file.write_text(json.dumps(epochs), encoding="utf-8"))
    _write(new, model.save)
    _forget(older)


def _forget(states: list[Path]) -> None:
    for state in states:
        state.unlink()
        _log(state).unlink(missing_ok=True)


def _resume(kept: Path) -> tuple[keras.Model | None, list[dict]]:
    """Load the latest state that there is."""
    for state in reversed(_states(kept)):
        try:
            epochs = json.loads(_log(state).read_text(encoding="utf-8"))
            return keras.saving.load_model(state), epochs
        except (OSError, ValueError) as error:
            raise CourseError(f"{state} is damaged ({error}): delete {kept} to train again") from error
        except TypeError as error:  # the optimizer's class is one of a backend's
            raise CourseError(
                f"{state} cannot be loaded with Keras {keras.version()} on {keras.backend.backend()} "
                f"({str(error).partition('. Full object config')[0]}): go on as it was begun, "
                f"KERAS_BACKEND included, or delete {kept} to train again"
            ) from error
    return None, []


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file whole or not at all."""
    partial = path.with_name(f"partial-{os.getpid()}{path.suffix}")
    write(partial)
    partial.replace(path)
