"""The layers that the labs are handed."""

import keras
import numpy as np

from sepconv import layers, ops


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
