"""Digits that no student has: test images, changed a little as the course secret says."""

from functools import cache

import numpy as np
from scipy import ndimage

from autograder.checks.seeds import variant
from sepconv import data

COUNT = 2_000
TIMES = 5  # each of scikit-learn's 360 digits, as they are few
SHIFT, TURN, SCALE = 1.5, 8.0, 0.08  # at most: pixels, degrees, relative size


def accuracies(model):
    """
    Measure a network on the held-out digits.

    Parameters
    ----------
    model : keras.Model
        From (batch, 28, 28, 1) to (batch, 10).

    Returns
    -------
    dict of str to float
        By the name of the digits, "MNIST" (where it can be had) and "scikit-learn": the fraction of
        right answers.
    """
    return {
        name: float(np.mean(np.argmax(answers(model, x), axis=1) == y)) for name, (x, y) in _sets().items()
    }


def digits():
    """
    Give the held-out digits.

    Returns
    -------
    dict of str to pair of ndarray
        By the name of the digits: pictures, shape (count, 28, 28, 1), and labels.
    """
    return _sets()


def answers(model, pictures):
    """
    Give a network's answers in parts that fit into memory.

    Parameters
    ----------
    model : keras.Model
    pictures : ndarray
        Shape (count, 28, 28, 1).

    Returns
    -------
    ndarray
        Shape (count, 10).
    """
    parts = np.array_split(pictures, len(pictures) // 500 + 1)
    return np.concatenate([np.asarray(model(part, training=False)) for part in parts])


@cache
def _sets():
    found = data.digits()
    small, labels = _small_digits()
    sets = {"scikit-learn": _moved(small, labels, TIMES * len(small), "scikit-learn")}
    if found.is_mnist:
        sets = {"MNIST": _moved(found.x_test, found.y_test, COUNT, "MNIST")} | sets
    return sets


def _small_digits():
    """Return the last fifth of scikit-learn's digits as the lab enlarges them."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    split = len(images) * 4 // 5
    pictures = images[split:].reshape(-1, 8, 8, 1).astype("float32") / 16
    return np.pad(pictures.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2), (0, 0))), labels[
        split:
    ]


def _moved(pictures, labels, count, name):
    rng = np.random.default_rng(variant(f"mnist: held-out {name}"))
    all_in_turn = np.resize(rng.permutation(len(pictures)), max(count, len(pictures)))
    chosen = all_in_turn[:count]
    return moved(pictures[chosen], rng), labels[chosen]


def moved(pictures, rng):
    """
    Move, turn and scale every picture at random, as the notebook's function of this name.

    Parameters
    ----------
    pictures : ndarray
        Shape (count, height, width, 1).
    rng : numpy.random.Generator

    Returns
    -------
    ndarray
        As `pictures`, float32.
    """
    return np.stack([_one_moved(picture[:, :, 0], rng) for picture in pictures])[..., None].astype("float32")


def _one_moved(picture, rng):
    angle, size = np.radians(rng.uniform(-TURN, TURN)), 1 + rng.uniform(-SCALE, SCALE)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / size
    centre = (np.array(picture.shape) - 1) / 2
    offset = centre - turn @ (centre + rng.uniform(-SHIFT, SHIFT, 2))
    return ndimage.affine_transform(picture, turn, offset, order=1)
