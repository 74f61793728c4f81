"""Weights of networks that take long to train, in files beside the tests."""

from pathlib import Path

import keras
import numpy as np


def keep(path: Path, model: keras.Model) -> None:
    """Write a network's weights to a file, in a folder that is made where there is none."""
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, *model.get_weights())


def restore(path: Path, model: keras.Model) -> None:
    """Give a network the weights of a file that `keep` wrote."""
    with np.load(path) as kept:
        model.set_weights([kept[name] for name in kept.files])
