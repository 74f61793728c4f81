"""What trained networks answer for moved images, for a smaller network to learn."""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np

from course.errors import CourseError
from course.mnist.augment import moved
from course.mnist.recipes import Recipe


def place(recipe: Recipe, teachers: Sequence[Path], folder: Path) -> Path:
    """Folder of the lessons, named by all that they depend on.

    Parameters
    ----------
    recipe : Recipe
        Of the network that learns.
    teachers : sequence of paths
        Folders of the teachers' runs, which are named by all that decided them.
    folder : Path
        Where runs are kept.
    """
    told = repr((recipe.jitter, recipe.elastic, [teacher.name for teacher in teachers]))
    return folder / f"lessons-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def lesson(
    copy: int,
    images: np.ndarray,
    recipe: Recipe,
    kept: Path,
    teachers: Callable[[], Sequence[keras.Model]],
) -> tuple[np.ndarray, np.ndarray]:
    """Move all images in one way, and tell what the teachers answer for them.

    A lesson is made once and kept.

    Parameters
    ----------
    copy : int
        Which way: a seed.
    images : float32 array, (count, 28, 28, 1)
        Ink from 0 to 1.
    recipe : Recipe
        How images are moved.
    kept : Path
        The folder that `place` names.
    teachers : function
        Called if the lesson is not there yet.

    Returns
    -------
    images : float32 array, as `images`
        In steps of 1/255.
    answers : float32 array, (count, 10)
        Mean over the teachers of their probabilities.

    Raises
    ------
    CourseError
        If what was kept cannot be read.
    """
    path = kept / f"copy-{copy:03}.npz"
    if not path.exists():
        there = moved(images, recipe, np.random.default_rng([copy, 28]))
        inked = np.uint8(np.rint(255 * np.clip(there, 0, 1)))
        shown = np.float32(inked) / 255
        each = [teacher.predict(shown, batch_size=500, verbose=0) for teacher in teachers()]
        kept.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"partial-{os.getpid()}.npz")
        np.savez(partial, images=inked, answers=np.float32(np.mean(each, axis=0)))
        partial.replace(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            return np.float32(file["images"]) / 255, file["answers"]
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise CourseError(f"{path} is damaged ({error}): delete it to make it again") from error


def softened(answers: np.ndarray, temperature: float) -> np.ndarray:
    """Divide the logarithms of probabilities by a temperature, and bring each row to a sum of 1.

    Parameters
    ----------
    answers : array, (count, classes)
    temperature : float
        Above 1, what is improbable counts for more.

    References
    ----------
    Hinton et al., "Distilling the Knowledge in a Neural Network", 2015.
    """
    powers = np.maximum(answers, 1e-7) ** (1 / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)
