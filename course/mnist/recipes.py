"""Which networks are trained, and how: all that decides what a training run comes to."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import keras

from sepconv import models


@dataclass(frozen=True)
class Jitter:
    """The most that an image is moved in training.

    Attributes
    ----------
    degrees : float
        Turned, to either side.
    scale, shear : float
        Stretched and leant, as a share.
    pixels : float
        Shifted, along each axis.
    """

    degrees: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    pixels: float = 0.0


@dataclass(frozen=True)
class Recipe:
    """One way to train one network; with a seed, one run.

    Attributes
    ----------
    name : str
        Unique among recipes; it becomes part of a folder's name.
    part : str
        Of the command: "sources", "champion" or "curve".
    network : str
        A key of `NETWORKS`.
    arguments : dict
        Of the network's function.
    epochs, batch_size : int
    optimizer : {"rmsprop", "adam"}
        The first with Keras' defaults, the second with the schedule below.
    learning_rate : float
        Of Adam, at its highest: reached in a straight line over the first `warmup` of all steps,
        left along half a cosine down to a hundredth of it.
    warmup : float
        Share of all steps.
    jitter : Jitter or None
        What is done to the images.
    seeds : tuple of ints
        A run for each.
    """

    name: str
    part: str
    network: str
    arguments: dict = field(default_factory=dict)
    epochs: int = 10
    batch_size: int = 128
    optimizer: str = "rmsprop"
    learning_rate: float = 0.001
    warmup: float = 0.1
    jitter: Jitter | None = None
    seeds: tuple[int, ...] = (0,)

    def key(self, seed: int, data: str) -> str:
        """Digest of everything that the run's result depends on.

        Parameters
        ----------
        seed : int
        data : str
            Names the images that are trained on.

        Returns
        -------
        str
            The recipe's name, the seed and twelve hexadecimal digits.
        """
        told = asdict(self) | {"seed": seed, "data": data}
        del told["seeds"], told["part"]
        sha = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
        return f"{self.name}-{seed}-{sha.hexdigest()[:12]}"

    def build(self) -> keras.Model:
        """Build the network, not compiled and not trained."""
        return NETWORKS[self.network](**self.arguments)

    def compile(self, model: keras.Model, images: int) -> None:
        """Give the network its optimizer, its loss and its measure.

        Parameters
        ----------
        model : keras.Model
        images : int
            In an epoch; the schedule's length follows from it.
        """
        optimizer = self.optimizer
        if optimizer == "adam":
            steps = -(-images // self.batch_size) * self.epochs
            rising = int(self.warmup * steps)
            schedule = keras.optimizers.schedules.CosineDecay(
                self.learning_rate / 20,
                decay_steps=steps - rising,
                alpha=0.01,
                warmup_target=self.learning_rate,
                warmup_steps=rising,
            )
            optimizer = keras.optimizers.Adam(schedule, beta_2=0.99)
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])


NETWORKS: dict[str, Callable[..., keras.Model]] = {
    "mnist_dense": models.mnist_dense,
    "mnist_separable": models.mnist_separable,
    "residual_network": models.residual_network,
}

_SCHEDULED = {
    "network": "residual_network",
    "batch_size": 128,
    "optimizer": "adam",
    "learning_rate": 0.02,
    "jitter": Jitter(degrees=5, scale=0.05, shear=0.05, pixels=1),
}

# Five runs of each of the sources' networks, as they are and with ReLU between the layers. They
# print no call of `fit`: the optimizer is the one that Keras takes where none is named, epochs and
# batch size are ours.
SOURCES = tuple(
    Recipe(
        f"{network}_relu" if activation else network,
        "sources",
        network,
        {"activation": activation} if activation else {},
        seeds=tuple(range(5)),
    )
    for network in ("mnist_dense", "mnist_separable")
    for activation in (None, "relu")
)

CHAMPION = Recipe("champion", "champion", epochs=100, seeds=(0, 1, 2), **_SCHEDULED)

# One recipe for both families: the champion's, for fewer epochs, at other widths.
_WIDTHS = {
    "separable": [
        *((3, 3, 4, 6, 6), (4, 4, 6, 8, 8), (8, 8, 12, 16, 16)),
        *((12, 12, 18, 24, 24), (16, 16, 24, 32, 32), (24, 24, 36, 48, 48)),
    ],
    "dense": [
        *((2, 2, 2, 3, 3), (2, 2, 3, 4, 4), (3, 3, 4, 6, 6)),
        *((4, 4, 6, 8, 8), (6, 6, 8, 10, 10), (10, 10, 16, 20, 20)),
    ],
}
_CLASS = {"separable": "SeparableConv2D", "dense": "Conv2D"}
CURVE = tuple(
    Recipe(
        f"curve_{family}_{'_'.join(map(str, filters))}",
        "curve",
        arguments={"filters": filters, "convolution": _CLASS[family]},
        epochs=3,
        seeds=(0, 1, 2),
        **_SCHEDULED,
    )
    for family, widths in _WIDTHS.items()
    for filters in widths
)

RECIPES = (*SOURCES, CHAMPION, *CURVE)
