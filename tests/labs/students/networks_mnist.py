"""Network files that students of the MNIST lab hand in, right ones and others.

What is trained is trained on scikit-learn's digits, for seconds, and its weights are kept in
`tests/labs/trained_networks/`; `python -m tests.labs.students.networks_mnist` trains all anew.
Where a network computes what one of the sample class does, in other layers, it gets that one's
weights.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import keras
import numpy as np
from keras import layers

from course.sample_class.mnist import TRAINED
from sepconv import models
from sepconv.weights import load_weights, save_weights
from tests.labs.students.saving import save_with_optimizer

KEPT = Path(__file__).parents[1] / "trained_networks"
SHAPE = (28, 28, 1)
ROWS = ((8, 7, 2), (16, 5, 2), (32, 3, 1))  # filters, kernel size, strides of task 1
Layer = Callable[..., layers.Layer]


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Give what is trained on: four fifths of scikit-learn's digits, as the lab enlarges them."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    count = len(images) * 4 // 5
    small = images[:count].reshape(-1, 8, 8, 1).astype("float32") / 16
    pictures = np.pad(small.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2), (0, 0)))
    return pictures, labels[:count]


@dataclass(frozen=True)
class Training:
    """A network that a student has trained, on digits moved a little as well or as they are."""

    build: Callable[[], keras.Model]
    epochs: int = 6
    rate: float = 0.006
    batch_size: int = 64
    moved: bool = True

    def train(self) -> keras.Model:
        """Return the network trained anew."""
        pictures, labels = digits()
        places = [(0, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)] if self.moved else [(0, 0)]
        seen = np.concatenate([np.roll(pictures, shift, (1, 2)) for shift in places])
        keras.utils.set_random_seed(1)
        model = self.build()
        model.compile(keras.optimizers.Adam(self.rate), "sparse_categorical_crossentropy")
        model.fit(
            seen, np.tile(labels, len(places)), batch_size=self.batch_size, epochs=self.epochs, verbose=0
        )
        return model


def network(
    kind: Layer, *, rows=ROWS, padding="valid", pooling: Layer = layers.GlobalAveragePooling2D,
    activations=("relu", "relu", "relu"), end="softmax",
) -> keras.Model:  # fmt: skip
    """Build a network of task 1, or one that differs from it."""
    stack = [
        kind(filters, size, strides=strides, padding=padding, activation=activation)
        for (filters, size, strides), activation in zip(rows, activations, strict=True)
    ]
    return keras.Sequential([keras.Input(SHAPE), *stack, pooling(), layers.Dense(10, activation=end)])


def _of_the_class(name: str) -> keras.Model:
    return keras.saving.load_model(TRAINED / f"{name}.keras", compile=False)


def _other_layers(name: str, build: Callable[[], keras.Model], path: Path) -> None:
    """Save another network with the weights of the sample class' one."""
    model = build()
    model.set_weights(_of_the_class(name).get_weights())
    model.save(path)


def _untrained(kind: Layer, path: Path) -> None:
    network(kind).save(path)


def _activation_apart(kind: Layer) -> keras.Model:
    model = keras.Sequential([keras.Input(SHAPE)])
    for filters, size, strides in ROWS:
        model.add(kind(filters, size, strides=strides))
        model.add(layers.Activation("relu"))
    for layer in (layers.GlobalAveragePooling2D(), layers.Dense(10), layers.Softmax()):
        model.add(layer)
    return model


def _in_parts(depthwise_bias: bool = False, between: str | None = None) -> keras.Model:
    x = inputs = keras.Input(SHAPE)
    for filters, size, strides in ROWS:
        x = layers.DepthwiseConv2D(size, strides=strides, use_bias=depthwise_bias, activation=between)(x)
        x = layers.Conv2D(filters, 1, activation="relu")(x)
    x = layers.Dense(10)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, layers.Softmax()(x))


def contender(end: str | None = "softmax", width: int = 32, normalized: bool = False) -> keras.Model:
    """Build a network for the challenge, by default that of the sample class."""
    stack = []
    for layer in (
        layers.Conv2D(8, 3, strides=2, use_bias=not normalized),
        layers.SeparableConv2D(16, 3, strides=2, use_bias=not normalized),
        layers.SeparableConv2D(width, 3, use_bias=not normalized),
    ):
        stack += [layer, *([layers.BatchNormalization()] if normalized else []), layers.ReLU()]
    return keras.Sequential(
        [keras.Input(SHAPE), *stack, layers.GlobalAveragePooling2D(), layers.Dense(10, activation=end)]
    )


def _challenge_logits(path: Path) -> None:
    model = _of_the_class("challenge")
    assert isinstance(model.layers[-1], layers.Softmax)
    keras.Model(model.input, model.layers[-1].input).save(path)


def _challenge_untrained(path: Path) -> None:
    keras.utils.set_random_seed(1)
    contender().save(path)


def _random_layers() -> keras.Model:
    augmented = [layers.RandomTranslation(0.07, 0.07), layers.RandomRotation(0.03)]
    return keras.Sequential([keras.Input(SHAPE), *augmented, *contender().layers])


def _pooled(width: int = 32, end: str | None = "softmax", normalized: bool = False) -> list[layers.Layer]:
    """Give the layers of a contender with pooling in the place of strides."""
    stack: list[layers.Layer] = []
    for kind, filters in ((layers.Conv2D, 8), (layers.SeparableConv2D, 16), (layers.SeparableConv2D, width)):
        stack += [kind(filters, 3, activation="relu"), *([layers.BatchNormalization()] if normalized else [])]
        stack += [layers.MaxPooling2D()] if filters != width else []
    return [*stack, layers.GlobalAveragePooling2D(), layers.Dense(10, activation=end)]


def _challenge_pooled(path: Path, first: tuple[layers.Layer, ...] = (), **difference) -> None:
    keras.utils.set_random_seed(1)
    keras.Sequential([keras.Input(SHAPE), *first, *_pooled(**difference)]).save(path)


def _challenge_forbidden_layer(path: Path) -> None:
    _challenge_pooled(path, (layers.RandomTranslation(0.06, 0.06), layers.RandomRotation(0.03)))


def _small_without_convolutions() -> keras.Model:
    hidden = layers.Dense(20, activation="relu")
    end = layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input(SHAPE), layers.MaxPooling2D(4), layers.Flatten(), hidden, end])


def _h5_renamed(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder, "challenge.h5")
        _of_the_class("challenge").save(old)
        path.write_bytes(old.read_bytes())


def _champion_times(factor: float, path: Path) -> None:
    model = models.champion()
    model.set_weights([factor * weight for weight in model.get_weights()])
    model.save(path)


def _champion_with_noise(path: Path, share: float = 0.01, parameters: int = 1427) -> None:
    model, rng = models.champion(parameters), np.random.default_rng(1)
    noisy = [weight * (1 + share * rng.normal(size=weight.shape)) for weight in model.get_weights()]
    model.set_weights(noisy)
    model.save(path)


def _champion_surer(path: Path, factor: float = 1.5) -> None:
    """The champion with scaled logits: the same answers, all of them surer."""
    model = models.champion()
    last = model.get_layer("layer4")
    depthwise, pointwise, bias = last.get_weights()
    last.set_weights([depthwise, factor * pointwise, factor * bias])
    model.save(path)


def _champion_permuted(path: Path) -> None:
    """The champion with the maps of its first layer in another order."""
    model, rng = models.champion(), np.random.default_rng(1)
    first, second = model.get_layer("layer0"), model.get_layer("layer1")
    order = rng.permutation(first.filters)
    kernel, bias = first.get_weights()
    first.set_weights([kernel[..., order], bias[order]])
    depthwise, pointwise, bias = second.get_weights()
    second.set_weights([depthwise[:, :, order], pointwise[:, :, order], bias])
    model.save(path)


def _champion_trained_on(epochs: int, rate: float) -> Training:
    """The champion after a moment of training."""
    return Training(models.champion, epochs, rate, batch_size=32, moved=False)


_KINDS: dict[str, Layer] = {"dense": layers.Conv2D, "separable": layers.SeparableConv2D}
_THREE_STRIDES = tuple((filters, size, 2) for filters, size, _ in ROWS)
_SECOND_STRIDE_FORGOTTEN = ((8, 7, 2), (16, 5, 1), (32, 3, 1))
MAKERS: dict[str, Callable[[Path], None]] = {
    "separable_in_parts": partial(_other_layers, "separable", _in_parts),
    "separable_in_the_wrong_file": lambda path: _of_the_class("separable").save(path),
    "dense_in_the_wrong_file": lambda path: _of_the_class("dense").save(path),
    "challenge_logits": _challenge_logits,
    "challenge_pooled_logits": partial(_challenge_pooled, end=None),
    "challenge_too_many_moving_averages": partial(_challenge_pooled, width=30, normalized=True),
    "challenge_forbidden_layer": _challenge_forbidden_layer,
    "challenge_separable_again": lambda path: _of_the_class("separable").save(path),
    "challenge_champion_copied": lambda path: models.champion().save(path),
    "challenge_untrained": _challenge_untrained,
    "challenge_h5_renamed": _h5_renamed,
    "champion_times_1.01": partial(_champion_times, 1.01),
    "champion_with_noise": _champion_with_noise,
    "champion_with_more_noise": partial(_champion_with_noise, share=0.03),
    "champion_690_with_noise": partial(_champion_with_noise, parameters=690),
    "champion_surer": _champion_surer,
    "champion_permuted": _champion_permuted,
}
for _name, _kind in _KINDS.items():
    MAKERS |= {
        f"{_name}_untrained": partial(_untrained, _kind),
        f"{_name}_activation_apart": partial(_other_layers, _name, partial(_activation_apart, _kind)),
        f"{_name}_logits": partial(_other_layers, _name, partial(network, _kind, end=None)),
    }
# As many parameters as the dense network: 128·3·7 + 512·5·2 = 128·5·5 + 512·3·3.
_OTHER_KERNELS = ((8, 7, 2), (16, (3, 7), 2), (32, (5, 2), 1))
TRAININGS: dict[str, Training] = {
    "separable_biases_in_both_parts": Training(partial(_in_parts, depthwise_bias=True)),
    "separable_relu_between": Training(partial(_in_parts, depthwise_bias=True, between="relu")),
    "separable_third_linear": Training(
        partial(network, layers.SeparableConv2D, activations=("relu", "relu", None))
    ),
    "dense_other_kernels": Training(partial(network, layers.Conv2D, rows=_OTHER_KERNELS)),
    "challenge_one_point": Training(_small_without_convolutions, moved=False),
    "challenge_too_many_parameters": Training(partial(contender, normalized=True), epochs=3),
    "challenge_random_layers": Training(_random_layers, epochs=2),
    "champion_trained_on": _champion_trained_on(epochs=1, rate=1e-4),
    "champion_trained_on_faster": _champion_trained_on(epochs=2, rate=2e-3),
    "champion_trained_on_longer": _champion_trained_on(epochs=4, rate=2e-3),
}
for _name, _kind in _KINDS.items():
    for _difference, _arguments in {
        "padding_same": {"padding": "same"},
        "second_stride_forgotten": {"rows": _SECOND_STRIDE_FORGOTTEN},
        "three_strides": {"rows": _THREE_STRIDES},
        "global_max": {"pooling": layers.GlobalMaxPooling2D},
    }.items():
        TRAININGS[f"{_name}_{_difference}"] = Training(partial(network, _kind, **_arguments))


def trained(name: str) -> keras.Model:
    """Return the network of a training, with the weights that are kept."""
    return load_weights(TRAININGS[name].build(), KEPT / f"{name}.npz")


def _save_trained(name: str, path: Path) -> None:
    save_with_optimizer(trained(name), path)


MAKERS |= {name: partial(_save_trained, name) for name in TRAININGS}

if __name__ == "__main__":
    for _name, _training in TRAININGS.items():
        save_weights(_training.train(), KEPT / f"{_name}.npz")
        print(_name)
