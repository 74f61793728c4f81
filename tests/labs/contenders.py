"""Honest networks for the MNIST lab's challenge: python -m tests.labs.contenders [--train] [NAME].

They are what students may come to, from the first plain network to the champion's own layers
trained for minutes. The lab's scale is set by them, and none of them may be refused as a copy of
the book's champion.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import keras
import numpy as np
from keras import layers
from rich.console import Console
from rich.table import Table

from course import examples
from sepconv import data, models
from sepconv.weights import load_weights, save_weights
from tests.labs.students.networks_mnist import digits as small_digits

FOLDER = Path(__file__).with_name("contenders")
SHAPE = (28, 28, 1)


def plain() -> keras.Model:
    """Build three convolutions with strides: what comes first to mind."""
    return _stack(
        layers.Conv2D(8, 3, strides=2, activation="relu"),
        layers.SeparableConv2D(16, 3, strides=2, activation="relu"),
        layers.SeparableConv2D(32, 3, activation="relu"),
    )


def task_1() -> keras.Model:
    """Build the lab's separable network."""
    return _stack(
        layers.SeparableConv2D(8, 7, strides=2, activation="relu"),
        layers.SeparableConv2D(16, 5, strides=2, activation="relu"),
        layers.SeparableConv2D(32, 3, activation="relu"),
    )


def pooled() -> keras.Model:
    """Build four convolutions, with pooling in place of strides."""
    return _stack(
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.SeparableConv2D(14, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.SeparableConv2D(16, 3, activation="relu"),
        layers.SeparableConv2D(20, 3, activation="relu"),
    )


def normalized() -> keras.Model:
    """Build the same with batch normalization."""
    stack: list[layers.Layer] = [layers.Conv2D(8, 3, use_bias=False), layers.MaxPooling2D(), *_normal()]
    for filters in (12, 16, 18):
        stack += [layers.SeparableConv2D(filters, 3, use_bias=False), *_normal()]
        stack += [layers.MaxPooling2D()] if filters == 12 else []
    return _stack(*stack)


def compact() -> keras.Model:
    """Build the champion's layers, with normalization and so with fewer filters."""
    narrower = {"filters": (9, 10, 12, 16, 10)}
    return models.compact_network(**models.CHAMPIONS[1427] | narrower)


def _normal() -> list[layers.Layer]:
    return [layers.BatchNormalization(scale=False), layers.ReLU()]


def _stack(*stack: layers.Layer) -> keras.Model:
    end = [layers.GlobalAveragePooling2D(), layers.Dense(10, activation="softmax")]
    return keras.Sequential([keras.Input(SHAPE), *stack, *end])


@dataclass(frozen=True)
class Contender:
    """A network and how it is trained."""

    build: Callable[[], keras.Model]
    digits: str
    moved: bool
    epochs: int
    rate: float
    seed: int

    @property
    def name(self) -> str:
        """Its name, which is its file's as well."""
        what = self.build.__name__.replace("_network", "")
        return f"{self.digits}, {what}, {'moved' if self.moved else 'as they are'}, {self.epochs} epochs"

    @property
    def file(self) -> Path:
        """Where its weights are kept."""
        return FOLDER / f"{self.name.replace(', ', '-').replace(' ', '_')}.npz"

    def trained(self) -> keras.Model:
        """Return the network with the weights that are kept."""
        return load_weights(self.build(), self.file)

    def train(self) -> None:
        """Train the network anew and keep its weights."""
        pictures, labels = _training(self.digits)
        batch = 128 if self.digits == "MNIST" else 32
        keras.utils.set_random_seed(self.seed)
        rng, model = np.random.default_rng(self.seed), self.build()
        steps = self.epochs * (len(pictures) // batch + 1)
        rate = keras.optimizers.schedules.CosineDecay(self.rate, steps)
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
        move = examples.reference("mnist").held_out.moved
        for _ in range(self.epochs):
            seen = move(pictures, rng) if self.moved else pictures
            model.fit(seen, labels, batch_size=batch, epochs=1, verbose=0)
        save_weights(model, self.file)


CONTENDERS = (
    Contender(plain, "MNIST", False, 5, 0.004, 1),
    Contender(task_1, "MNIST", False, 3, 0.004, 1),
    Contender(plain, "MNIST", True, 10, 0.008, 2),
    Contender(models.residual_network, "MNIST", False, 6, 0.02, 8),
    Contender(plain, "MNIST", True, 30, 0.008, 7),
    Contender(models.residual_network, "MNIST", True, 4, 0.02, 5),
    Contender(pooled, "MNIST", True, 12, 0.008, 4),
    Contender(normalized, "MNIST", True, 12, 0.01, 3),
    Contender(models.residual_network, "MNIST", True, 12, 0.02, 6),
    Contender(models.residual_network, "MNIST", True, 25, 0.02, 11),
    Contender(compact, "MNIST", True, 12, 0.02, 1),
    Contender(plain, "scikit-learn", False, 60, 0.004, 1),
    Contender(models.residual_network, "scikit-learn", False, 100, 0.01, 8),
    Contender(task_1, "scikit-learn", False, 60, 0.004, 1),
    Contender(pooled, "scikit-learn", True, 60, 0.008, 4),
    Contender(plain, "scikit-learn", True, 60, 0.008, 2),
    Contender(normalized, "scikit-learn", True, 60, 0.01, 3),
    Contender(plain, "scikit-learn", True, 200, 0.008, 2),
    Contender(normalized, "scikit-learn", True, 200, 0.01, 3),
    Contender(models.residual_network, "scikit-learn", True, 60, 0.01, 5),
    Contender(models.residual_network, "scikit-learn", True, 200, 0.01, 6),
    Contender(compact, "scikit-learn", True, 60, 0.01, 1),
    Contender(compact, "scikit-learn", True, 200, 0.01, 2),
)


def _training(name: str) -> tuple[np.ndarray, np.ndarray]:
    if name != "MNIST":
        return small_digits()
    found = data.digits()
    if not found.is_mnist:
        raise click.ClickException("MNIST is not there: name mnist.npz in SEPCONV_MNIST")
    return found.x_train, found.y_train


def measured(chosen: tuple[Contender, ...]) -> Iterator[tuple[Contender, dict[str, float], float]]:
    """Yield each contender, its right answers by the digits it is tried on, and its likeness."""
    reference: Any = examples.reference("mnist")
    for contender in chosen:
        model = contender.trained()
        yield contender, reference.accuracies(model), reference.likeness.likeness(model)


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
@click.option("--train", is_flag=True, help="Train them anew: minutes for each on MNIST.")
def main(names: tuple[str, ...], train: bool) -> None:
    """Print how well each contender reads held-out digits, and how like the champion it is."""
    chosen = tuple(c for c in CONTENDERS if not names or any(name in c.name for name in names))
    for contender in chosen if train else ():
        contender.train()
    table = Table("network", "parameters", "right", "likeness to the champion")
    for contender, right, likeness in measured(chosen):
        own = f"{right[contender.digits]:.1%}" if contender.digits in right else "-"
        table.add_row(contender.name, f"{contender.build().count_params():,}", own, f"{likeness:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
