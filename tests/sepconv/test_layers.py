"""The handed layers and the blocks have the shapes, weights and numbers that they promise."""

import keras
import numpy as np
import pytest

from sepconv import cost, layers, ops


def kinds(model):
    return [type(layer).__name__ for layer in model.layers[1:]]


def test_separable_conv2d_keras_takes_the_sources_arguments():
    layer = layers.SeparableConv2DKeras(
        filters=32, kernel_size=3, strides=2, padding="same", activation="relu"
    )
    assert type(layer) is keras.layers.SeparableConv2D
    x = np.random.default_rng(0).normal(size=(1, 8, 8, 3)).astype("float32")
    y = layer(x)
    depthwise, pointwise, _ = layer.get_weights()
    expected = np.maximum(ops.separable_conv2d(x, depthwise, pointwise, 2, "same"), 0)
    np.testing.assert_allclose(y, expected, atol=1e-5)


def test_separable_conv2d_keras_passes_the_rest_to_keras():
    layer = layers.SeparableConv2DKeras(4, 3, depth_multiplier=2, use_bias=False)
    layer.build((None, 8, 8, 3))
    assert [tuple(w.shape) for w in layer.weights] == [(3, 3, 3, 2), (1, 1, 6, 4)]


@pytest.mark.parametrize("size", [2, 3, (2, 4)])
def test_bilinear_upsampling_layer_equals_ops(size):
    x = np.random.default_rng(0).normal(size=(1, 5, 4, 2)).astype("float32")
    np.testing.assert_allclose(
        layers.BilinearUpSampling2D(size)(x), ops.upsample_bilinear2d(x, size), atol=1e-5
    )


def test_inception_module_naive_and_reduced():
    """The figures are those of GoogLeNet's module 3a (Szegedy et al. 2015, table 1)."""
    inputs = keras.Input((28, 28, 192))
    naive = keras.Model(inputs, layers.inception_module(inputs, 64, 128, 32))
    reduced = keras.Model(inputs, layers.inception_module(inputs, 64, 128, 32, 32, 96, 16))
    assert naive.output_shape == (None, 28, 28, 64 + 128 + 32 + 192)
    assert reduced.output_shape == (None, 28, 28, 256)
    assert kinds(naive).count("Conv2D") == 3
    assert kinds(reduced).count("Conv2D") == 6
    biases = 64 + 96 + 128 + 16 + 32 + 32
    assert reduced.count_params() - biases == 163328  # the table has "159K", of 1,024
    assert round(163328 / 1024, 1) == 159.5
    assert cost.of_model(reduced).macs == 28 * 28 * 163328  # "128M"
    assert cost.of_model(naive).macs > 2 * cost.of_model(reduced).macs


def test_towers_run_from_a_convolution_to_a_depthwise_one():
    inputs = keras.Input((8, 8, 6))
    models = {g: keras.Model(inputs, layers.towers(inputs, 12, 3, g)) for g in (1, 2, 3, 4, 6, 12)}
    for groups, model in models.items():
        assert model.output_shape == (None, 8, 8, 12)
        assert model.count_params() == 6 * 12 + 9 * (12 // groups) * 12 + 12
    assert kinds(models[12])[-1] == "DepthwiseConv2D"
    with pytest.raises(ValueError, match="groups must divide filters, got groups=5 for 12"):
        layers.towers(inputs, 12, 3, 5)


def test_the_last_tower_layout_computes_what_a_grouped_convolution_does():
    x = np.random.default_rng(0).normal(size=(1, 8, 8, 6)).astype("float32")
    inputs = keras.Input((8, 8, 6))
    model = keras.Model(inputs, layers.towers(inputs, 4, 3, 4))
    pointwise, kernel, bias = model.get_weights()
    mixed = ops.pointwise_conv2d(x, pointwise)
    expected = ops.conv2d(mixed, kernel.reshape(3, 3, 1, 4), padding="same", groups=4) + bias
    np.testing.assert_allclose(model(x), expected, atol=1e-5)


def test_xception_blocks_are_those_of_keras_applications():
    theirs = keras.applications.Xception(weights=None)

    def parameters_of(prefix, *more):
        return sum(layer.count_params() for layer in theirs.layers if layer.name.startswith((prefix, *more)))

    shortcuts = [layer for layer in theirs.layers if layer.name.startswith("conv2d")]
    first_shortcut = shortcuts[0].count_params() + 4 * 128
    inputs = keras.Input((147, 147, 64))
    entry = keras.Model(inputs, layers.xception_block(inputs, 128, start_with_relu=False))
    assert entry.count_params() == parameters_of("block2_") + first_shortcut
    assert entry.output_shape[1:] == (74, 74, 128)
    inputs = keras.Input((19, 19, 728))
    middle = keras.Model(inputs, layers.xception_block(inputs, 728, repeats=3, strides=1))
    assert middle.count_params() == parameters_of("block5_")
    assert kinds(middle) == ["ReLU", "SeparableConv2D", "BatchNormalization"] * 3 + ["Add"]
