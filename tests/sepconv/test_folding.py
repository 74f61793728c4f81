"""Folding leaves the outputs as they are and has fewer numbers; what cannot be folded stays."""

from functools import partial

import keras
import numpy as np
import pytest
from keras import layers

from sepconv import models
from sepconv.folding import fold_batch_normalization

SHAPE = (9, 8, 3)


def unsettled(model, seed=0):
    """Give a model weights as after training: statistics, shifts, scales of all sizes and signs."""
    rng = np.random.default_rng(seed)
    model.set_weights(
        [
            rng.uniform(0.2, 3, w.shape) if "variance" in w.path else rng.normal(0, 0.6, w.shape)
            for w in model.weights
        ]
    )
    return model


def norms(model):
    return [layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)]


def assert_same(model, folded, seed=0):
    x = np.random.default_rng(seed).normal(size=(5, *model.input_shape[1:])).astype("float32")
    ours, theirs = np.asarray(folded(x, training=False)), np.asarray(model(x, training=False))
    np.testing.assert_allclose(ours, theirs, atol=1e-5 * max(1, np.abs(theirs).max()))


NETWORKS = {
    "residual": models.residual_network,
    **{f"champion_{n}": partial(models.compact_network, **models.CHAMPIONS[n]) for n in models.CHAMPIONS},
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_books_networks_fold_whole(name):
    model = unsettled(NETWORKS[name]())
    for norm in norms(model):
        norm.set_weights([np.abs(w) for w in norm.get_weights()])  # no scale is negative
    folded = fold_batch_normalization(model)
    channels = sum(norm.moving_mean.shape[0] for norm in norms(model))
    assert norms(folded) == []
    assert (
        folded.count_params() == model.count_params() - sum(n.count_params() for n in norms(model)) + channels
    )
    assert_same(model, folded)


@pytest.mark.parametrize("convolution", [layers.Conv2D, layers.SeparableConv2D])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_a_convolution_takes_the_line_in(convolution, bias, scale):
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            convolution(4, 3, strides=2, use_bias=bias),
            layers.BatchNormalization(scale=scale),
            layers.ReLU(),
        ]
    )
    folded = fold_batch_normalization(unsettled(model))
    assert norms(folded) == []
    assert folded.count_params() < model.count_params()
    assert_same(model, folded)


def branched(inputs):
    x = layers.Conv2D(3, 3, padding="same")(inputs)
    return layers.Add()([x, layers.BatchNormalization()(x)])


@pytest.mark.parametrize(
    "between",
    [
        lambda x: layers.BatchNormalization()(layers.Conv2D(3, 3, activation="relu")(x)),
        lambda x: layers.BatchNormalization()(layers.ReLU()(layers.Conv2D(3, 3)(x))),
        lambda x: layers.BatchNormalization()(layers.AveragePooling2D(2)(x)),
        branched,
    ],
    ids=["activation inside", "activation between", "no convolution", "seen by another layer"],
)
def test_what_cannot_be_folded_stays(between):
    inputs = keras.Input(SHAPE)
    model = unsettled(keras.Model(inputs, between(inputs)))
    folded = fold_batch_normalization(model)
    assert len(norms(folded)) == 1
    assert folded.count_params() == model.count_params()
    assert_same(model, folded)


@pytest.mark.parametrize("sign", [1, -1])
def test_pooling_lets_only_rising_lines_pass(sign):
    inputs = keras.Input(SHAPE)
    pooled = layers.MaxPooling2D()(layers.Conv2D(2, 3)(inputs))
    norm = layers.BatchNormalization()
    model = unsettled(keras.Model(inputs, norm(pooled)))
    norm.gamma.assign([0.5, sign * 0.5])
    folded = fold_batch_normalization(model)
    assert len(norms(folded)) == (sign < 0)
    assert_same(model, folded)


def test_a_layer_that_is_called_twice_is_left_alone():
    inputs = keras.Input((8, 8, 2))
    shared = layers.Conv2D(2, 3, padding="same")
    x = layers.BatchNormalization()(shared(inputs))
    model = unsettled(keras.Model(inputs, layers.BatchNormalization()(shared(x))))
    folded = fold_batch_normalization(model)
    assert len(norms(folded)) == 2
    assert_same(model, folded)
