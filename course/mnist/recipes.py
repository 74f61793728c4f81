"""Which networks are trained, and how: all that decides what a training run comes to."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from typing import Any

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
        One of the command's `PARTS`.
    network : str
        A key of `NETWORKS`.
    arguments : dict
        Of the network's function.
    epochs, batch_size : int
    optimizer : {"rmsprop", "adam"}
        The first with Keras' defaults, the second with the schedule below.
    learning_rate : float
        Of Adam, at its highest: reached in a straight line over the first `warmup` of all steps,
        left along half a cosine down to `floor` of it.
    warmup : float
        Share of all steps.
    jitter : Jitter or None
        What is done to the images.
    elastic : float
        Root mean square of the pixels that parts of an image are shifted by, smoothly.
    averaged : int
        Of how many of the last epochs the weights are averaged in the end.
    floor : float
        Share of Adam's learning rate that is left in the end.
    teacher : str
        Name of the recipe whose runs, over all its seeds, say what is to be learned, in place of
        the labels. The images are then moved in `copies` ways, one an epoch and again from the
        first.
    copies : int
    temperature : float
        That the teachers' answers are softened by. The network's last layer is multiplied by it
        in the end.
    folded : bool
        Whether normalization is folded away in the end, and the network that is left is what
        counts. The network's function must take `normalization`.
    starts : int
        How many networks, of other first weights each, are trained in the same way for
        `start_epochs` epochs before. The one with the least training loss is trained on.
    start_epochs : int
    held_back : int
        How many of the last training images are not trained on. A run that holds any back is
        judged by these and never sees the test images.
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
    elastic: float = 0.0
    averaged: int = 1
    floor: float = 0.01
    teacher: str = ""
    copies: int = 0
    temperature: float = 1.0
    folded: bool = False
    starts: int = 1
    start_epochs: int = 0
    held_back: int = 0
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
        told = self.decisive() | {"seed": seed, "data": data}
        sha = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
        return f"{self.name}-{seed}-{sha.hexdigest()[:12]}"

    def decisive(self) -> dict:
        """Select the settings that a run's result depends on, as the function of that name does."""
        return decisive(asdict(self))

    def build(self) -> keras.Model:
        """Build the network to train, not compiled and not trained."""
        return NETWORKS[self.network](**self.arguments)

    def build_handed_in(self) -> keras.Model:
        """Build the network that a run ends with, without its weights."""
        arguments = dict(self.arguments)
        if self.folded and arguments.get("normalization", "batch") == "batch":
            arguments["normalization"] = None
        return NETWORKS[self.network](**arguments)

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
                alpha=self.floor,
                warmup_target=self.learning_rate,
                warmup_steps=rising,
            )
            optimizer = keras.optimizers.Adam(schedule, beta_2=0.99)
        loss = "categorical_crossentropy" if self.teacher else "sparse_categorical_crossentropy"
        model.compile(optimizer, loss, metrics=["accuracy"])


def decisive(settings: Mapping[str, Any]) -> dict:
    """Select the settings of a recipe, as `asdict` has them, that a run's result depends on.

    Those that are as by default are left out, so that a new setting leaves older runs what they
    are.
    """
    plain = {f.name: f.default for f in fields(Recipe) if f.default is not MISSING}
    return {
        name: value
        for name, value in settings.items()
        if name not in ("seeds", "part") and (name not in plain or value != plain[name])
    }


NETWORKS: dict[str, Callable[..., keras.Model]] = {
    "mnist_dense": models.mnist_dense,
    "mnist_separable": models.mnist_separable,
    "residual_network": models.residual_network,
    "compact_network": models.compact_network,
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

_HELD_BACK = 10_000
TEACHERS = tuple(
    Recipe(
        name,
        "teacher",
        "compact_network",
        {"filters": (24, 32, 48, 64, 64), "padding": "valid"},
        epochs=30,
        optimizer="adam",
        learning_rate=0.01,
        jitter=Jitter(degrees=8, scale=0.08, shear=0.08, pixels=1),
        held_back=held_back,
        seeds=(0, 1),
    )
    for name, held_back in (("teacher", 0), ("search_teacher", _HELD_BACK))
)

# The networks that the search led to, trained on all training images. Seed 3 is run last: it shows
# whether another seed lies within the spread of the first three.
_TAUGHT = {
    "part": "champion",
    "network": "compact_network",
    "optimizer": "adam",
    "teacher": "teacher",
    "copies": 20,
    "folded": True,
    "seeds": (0, 1, 2, 3),
}
CHAMPIONS = {
    1427: Recipe(
        "champion_1427",
        arguments=models.CHAMPIONS[1427],
        epochs=80,
        learning_rate=0.03,
        jitter=Jitter(degrees=6, scale=0.06, shear=0.06, pixels=0.5),
        temperature=2.0,
        **_TAUGHT,
    ),
    690: Recipe(
        "champion_690",
        arguments=models.CHAMPIONS[690],
        epochs=60,
        learning_rate=0.05,
        jitter=Jitter(degrees=4, scale=0.04, shear=0.04, pixels=0.4),
        starts=8,
        start_epochs=3,
        **_TAUGHT,
    ),
}

# The search, judged by the last 10,000 training images, without a look at the test images: each
# champion's recipe, shortened, and what was tried in the place of one of its parts.
_NETWORKS: dict[int, dict[str, dict[str, Any]]] = {
    1427: {
        "base": {},
        "same_size": {"padding": "same", "dilation_rate": 1},
        "shrinking_only": {"padding": "valid", "dilation_rate": 1},
        "two_poolings": {"padding": "same", "dilation_rate": 1, "pooled": (0, 1)},
        "dense_end": {"filters": (10, 12, 12, 14, 16), "dense": True},
        "relu": {"activation": "relu"},
        "leaky_relu": {"activation": "leaky_relu"},
        "no_normalization": {"normalization": None},
        "kernel_5": {"filters": (7, 8, 9, 12, 10), "kernel_size": 5, "dilation_rate": 1},
        "deeper": {
            "filters": (10, 10, 12, 14, 14, 10),
            "padding": ("same", "valid", "valid", "valid", "valid"),
            "dilation_rate": (1, 1, 1, 2, 2),
        },
        "used_3_times": {
            **{"filters": (7, 24, 24), "padding": "same", "dilation_rate": 1, "dense": True},
            **{"uses": 3, "normalization": "layer"},
        },
    },
    690: {
        "base": {},
        "shrinking_only": {"padding": "valid", "dilation_rate": 1},
        "dense_end": {"filters": (6, 6, 6, 7, 7, 7), "dense": True},
        "residual": {"residual": True},
        "max_pooling": {"pooling": "max"},
        "pooled_first": {"pooled": (0,)},
        "pooled_first_by_max": {"pooled": (0,), "pooling": "max"},
        "not_pooled": {"pooled": (), "dilation_rate": (1, 2, 2, 4, 4)},
        "fewer_layers": {
            "filters": (7, 8, 8, 9, 10),
            "padding": ("same", "valid", "valid", "valid"),
            "dilation_rate": (1, 1, 2, 2),
        },
        "used_4_times": {
            **{"filters": (6, 13, 13), "padding": "valid", "dilation_rate": 1, "dense": True},
            **{"uses": 4, "normalization": "layer"},
        },
    },
}
_TRAININGS: dict[int, dict[str, dict[str, Any]]] = {
    1427: {
        "untaught": {"teacher": "", "copies": 0, "temperature": 1.0},
        "sources_network": {
            "network": "mnist_separable",
            "arguments": {"activation": "relu"},
            "folded": False,
        },
        "temperature_1": {"temperature": 1.0},
        "temperature_4": {"temperature": 4.0},
        "still": {"jitter": None, "copies": 1},
        "moved_less": {"jitter": Jitter(degrees=3, scale=0.03, shear=0.03, pixels=0.3)},
        "moved_more": {"jitter": Jitter(degrees=10, scale=0.1, shear=0.1, pixels=1)},
        "elastic": {"elastic": 0.5},
        "slower": {"learning_rate": 0.01},
        "averaged": {"averaged": 4, "floor": 0.1},
    },
    690: {
        "untaught": {"teacher": "", "copies": 0},
        "temperature_2": {"temperature": 2.0},
        "one_start": {"starts": 1, "start_epochs": 0},
    },
}


def _searched(budget: int) -> tuple[Recipe, ...]:
    """Vary a champion's recipe, for fewer epochs, with the last training images held back."""
    champion = CHAMPIONS[budget]
    base = replace(
        champion,
        part="search",
        epochs=10,
        starts=min(champion.starts, 4),
        start_epochs=min(champion.start_epochs, 3),
        teacher="search_teacher",
        held_back=_HELD_BACK,
        seeds=(0,),
    )
    changes = {
        **{name: {"arguments": base.arguments | more} for name, more in _NETWORKS[budget].items()},
        **_TRAININGS[budget],
    }
    return tuple(replace(base, name=f"search_{budget}_{name}", **more) for name, more in changes.items())


SEARCH = tuple(recipe for budget in CHAMPIONS for recipe in _searched(budget))

# One recipe for both families, at widths that span the same numbers of parameters.
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
# Half of the epochs show whether the order of the families depends on how long they are trained.
_EPOCHS = {"curve": 10, "half_curve": 5}
CURVE = tuple(
    Recipe(
        f"{part}_{family}_{'_'.join(map(str, filters))}",
        part,
        "residual_network",
        {"filters": filters, "convolution": _CLASS[family]},
        epochs=epochs,
        optimizer="adam",
        learning_rate=0.02,
        jitter=Jitter(degrees=5, scale=0.05, shear=0.05, pixels=1),
        seeds=(0, 1, 2),
    )
    for part, epochs in _EPOCHS.items()
    for family, widths in _WIDTHS.items()
    for filters in widths
)

RECIPES = (*SOURCES, *SEARCH, *TEACHERS, *CHAMPIONS.values(), *CURVE)


def named(name: str) -> Recipe:
    """Find a recipe by its name.

    Raises
    ------
    ValueError
        If there is none.
    """
    for recipe in RECIPES:
        if recipe.name == name:
            return recipe
    raise ValueError(f"name must be that of a recipe, got {name!r}; there are {[r.name for r in RECIPES]}")
