"""Networks of one digest differ in names and weights, and do the same with known weights."""

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers

from autograder.checks import keras_behaviour
from autograder.protocol import keras_models
from autograder.protocol.keras_config import LAYERS
from autograder.protocol.keras_digest import data_digest, digest_of

X = np.random.default_rng(0).normal(size=(3, 8, 8, 4)).astype("float32")


def chain(*made, shape=(8, 8, 4)):
    inputs = x = keras.Input(shape)
    for layer in made:
        x = layer(x)
    return keras.Model(inputs, x)


def digest(model):
    return digest_of(keras_models._describe(model))


def two_branches(names, swapped):
    inputs = keras.Input((8, 8, 4))
    a, b = (
        layers.Conv2D(4, size, padding="same", name=name)(inputs)
        for size, name in zip((1, 3), names, strict=True)
    )
    return keras.Model(inputs, layers.Subtract()([b, a] if swapped else [a, b]))


def test_names_and_weights_do_not_count():
    first = chain(layers.Conv2D(5, 3), layers.BatchNormalization(), layers.ReLU())
    other = chain(
        layers.Conv2D(5, 3, name="mine"), layers.BatchNormalization(name="conv2d"), layers.ReLU(name="a")
    )
    for weight in other.weights:
        weight.assign(np.full(weight.shape, 0.25))
    assert digest(first) == digest(other) is not None
    assert digest(two_branches("ab", False)) == digest(two_branches("ba", False))


def halved():
    layer = layers.Dense(3)
    model = chain(layer)
    layer.trainable = False
    return model


DIFFERENT = {
    "other filters": lambda: chain(layers.Conv2D(6, 3)),
    "another kernel": lambda: chain(layers.Conv2D(5, 2)),
    "another input": lambda: chain(layers.Conv2D(5, 3), shape=(8, 9, 4)),
    "any input": lambda: chain(layers.Conv2D(5, 3), shape=(None, None, 4)),
    "no bias": lambda: chain(layers.Conv2D(5, 3, use_bias=False)),
    "an activation": lambda: chain(layers.Conv2D(5, 3, activation="relu")),
    "another layer": lambda: chain(layers.SeparableConv2D(5, 3)),
    "half the precision": lambda: chain(layers.Conv2D(5, 3, dtype="float16")),
    "mixed precision": lambda: chain(layers.Conv2D(5, 3, dtype="mixed_float16")),
    "another order": lambda: chain(layers.ReLU(), layers.Conv2D(5, 3)),
    "and back": lambda: chain(layers.Conv2D(5, 3), layers.ReLU()),
    "not trainable": lambda: chain(layers.Conv2D(5, 3, trainable=False)),
    "a frozen layer": halved,
    "two branches": lambda: two_branches("ab", False),
    "two branches the other way round": lambda: two_branches("ab", True),
    "momentum": lambda: chain(layers.BatchNormalization(momentum=0.9)),
    "usual momentum": lambda: chain(layers.BatchNormalization()),
}


def test_all_else_counts():
    models = {name: make() for name, make in DIFFERENT.items()} | {"plain": chain(layers.Conv2D(5, 3))}
    digests = {name: digest(model) for name, model in models.items()}
    assert len(set(digests.values())) == len(models), digests
    compiled = chain(layers.Conv2D(5, 3))
    compiled.compile("sgd", "mse")
    assert digest(compiled) != digests["plain"]


@pytest.mark.parametrize("damaged", [
    None, {}, {"config": b"{"}, {"config": b"[" * 300, "weights": [], "compile": b"", "trainable": True},
    {"config": b"{}", "weights": [1], "compile": b"", "trainable": True},
    {"config": b"{}", "weights": [], "compile": "", "trainable": True},
    {"config": b"{}", "weights": [], "compile": 5, "trainable": True},
    {"config": b"{}", "weights": [pd.Series([1.0])], "compile": b"", "trainable": True},
    {"config": b"{}", "weights": [], "compile": b"", "trainable": 1},
])  # fmt: skip
def test_what_is_damaged_has_none(damaged):
    assert digest_of(damaged) is None


# Arguments with which a layer can be made of maps of 8×8 with four channels.
MADE = {
    "Activation": ["gelu"], "AveragePooling2D": [2], "BatchNormalization": [], "CenterCrop": [4, 4],
    "Conv2D": [5, 3], "Conv2DTranspose": [5, 3], "Cropping2D": [], "Dense": [3], "DepthwiseConv2D": [3],
    "AlphaDropout": [0.5], "Dropout": [0.5], "ELU": [], "Flatten": [], "GaussianDropout": [0.5],
    "GaussianNoise": [0.5], "GlobalAveragePooling2D": [], "GlobalMaxPooling2D": [], "GroupNormalization": [2],
    "Identity": [], "LayerNormalization": [], "LeakyReLU": [], "MaxPooling2D": [], "PReLU": [], "ReLU": [],
    "Rescaling": [0.5], "Reshape": [(4, 64)], "Resizing": [4, 4], "RMSNormalization": [],
    "SeparableConv2D": [5, 3], "Softmax": [], "SpatialDropout2D": [0.5], "UnitNormalization": [],
    "UpSampling2D": [], "ZeroPadding2D": [], "RandomFlip": [], "RandomContrast": [0.5],
    "Permute": [(2, 1, 3)], "ActivityRegularization": [],
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_one_digest_is_one_behaviour(name):
    assert name in LAYERS
    made = [chain(getattr(layers, name)(*MADE[name])) for _ in range(2)]
    rng = np.random.default_rng(1)
    for weight in made[1].weights:
        weight.assign(rng.uniform(0.5, 2, weight.shape))
    assert digest(made[0]) == digest(made[1]) is not None
    first, second = (keras_behaviour.of(model, X, seed=3) for model in made)
    for aspect, value in first.items():
        np.testing.assert_array_equal(value, second[aspect], err_msg=aspect)


def test_a_layer_that_computes_from_its_weights_beforehand_has_none():
    seen = layers.Normalization()
    seen.adapt(X)
    assert digest(chain(seen)) is None


def test_data_and_seed_count():
    x = np.zeros((2, 3), "float32")
    different = [(x,), (x, x), (x.reshape(3, 2),), (x.astype("float64"),), (x + 1,), ()]
    digests = {data_digest(arrays, seed) for arrays in different for seed in (0, 1)}
    assert len(digests) == 2 * len(different)
    assert data_digest((x.T.copy().T,), 0) == data_digest((x,), 0)
