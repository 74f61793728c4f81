"""Normalization, pooling and upsampling give Keras' numbers, forward and gradient."""

import keras
import numpy as np
import tensorflow as tf
from hypothesis import assume, given
from hypothesis import strategies as st

from sepconv import ops
from tests.sepconv.comparison import arrays, close, dtypes, fits, framework, paddings, quick, sizes


def test_batch_normalization_in_inference_equals_keras():
    x, mean, beta, gamma = arrays(14, (2, 3, 4, 5), (5,), (5,), (5,), dtype="float32")
    variance = np.abs(arrays(15, (5,), dtype="float32")[0])
    layer = keras.layers.BatchNormalization()
    layer.build(x.shape)
    layer.set_weights([gamma, beta, mean, variance])
    close(ops.batch_normalization(x, mean, variance, beta, gamma), layer(x, training=False), "float32")


@quick
@given(sizes, st.integers(1, 4), st.floats(1e-6, 1), dtypes)
def test_batch_normalization_in_training_equals_keras_forward_and_gradient(size, channels, epsilon, dtype):
    assume(np.prod(size) > 1)
    x, beta, gamma = arrays(17, (2, *size, channels), (channels,), (channels,), dtype=dtype)

    def in_training(x, beta, gamma):
        mean, variance = keras.ops.moments(x, axes=(0, 1, 2))
        return keras.ops.batch_normalization(x, mean, variance, -1, beta, gamma, epsilon)

    y, upstream, gradients = framework(in_training, 18, x, beta, gamma)
    close(ops.batch_normalization(x, *ops.batch_statistics(x), beta, gamma, epsilon), y, dtype)
    for ours, theirs in zip(
        ops.batch_normalization_gradient(upstream, x, gamma, epsilon), gradients, strict=True
    ):
        close(ours, theirs, dtype)


pools = st.tuples(st.integers(1, 4), st.integers(1, 4))


@quick
@given(st.sampled_from(["max", "average"]), sizes, pools, pools, paddings, dtypes)
def test_pooling_equals_keras_forward_and_gradient(kind, size, pool, strides, padding, dtype):
    assume(fits(size, pool, padding, (1, 1)))
    (x,) = arrays(19, (2, *size, 3), dtype=dtype)
    theirs = {"max": keras.ops.max_pool, "average": keras.ops.average_pool}[kind]
    ours, gradient = {
        "max": (ops.max_pool2d, ops.max_pool2d_gradient),
        "average": (ops.average_pool2d, ops.average_pool2d_gradient),
    }[kind]
    y, upstream, (of_x,) = framework(lambda x: theirs(x, pool, strides, padding), 20, x)
    close(ours(x, pool, strides, padding), y, dtype)
    close(gradient(upstream, x, pool, strides, padding), of_x, dtype)


def test_pooling_of_equal_values_sends_the_gradient_to_the_first():
    x = np.zeros((1, 2, 2, 1))
    _, upstream, (of_x,) = framework(lambda x: keras.ops.max_pool(x, 2), 21, x)
    close(ops.max_pool2d_gradient(upstream, x), of_x)
    assert np.flatnonzero(of_x).tolist() == [0]


def test_pooling_takes_windows_side_by_side_unless_told():
    x = np.arange(16).reshape(1, 4, 4, 1)
    assert ops.max_pool2d(x)[0, :, :, 0].tolist() == [[5, 7], [13, 15]]
    assert ops.average_pool2d(x)[0, :, :, 0].tolist() == [[2.5, 4.5], [10.5, 12.5]]


@quick
@given(sizes, dtypes)
def test_global_average_pooling_equals_keras_forward_and_gradient(size, dtype):
    (x,) = arrays(22, (2, *size, 3), dtype=dtype)
    y, upstream, (of_x,) = framework(lambda x: keras.ops.mean(x, axis=(1, 2)), 23, x)
    close(ops.global_average_pool2d(x), y, dtype)
    close(ops.global_average_pool2d_gradient(upstream, x), of_x, dtype)
    layer = keras.layers.GlobalAveragePooling2D(dtype=dtype)
    close(ops.global_average_pool2d(x), layer(x), dtype)


@quick
@given(sizes, pools, dtypes)
def test_bilinear_upsampling_equals_keras_forward_and_gradient(size, factor, dtype):
    (x,) = arrays(24, (2, *size, 2), dtype=dtype)
    target = tuple(n * f for n, f in zip(size, factor, strict=True))
    y, upstream, (of_x,) = framework(lambda x: tf.cast(tf.image.resize(x, target, "bilinear"), dtype), 25, x)
    # tf.image.resize computes in 32 bits whatever comes in.
    close(ops.upsample_bilinear2d(x, factor).astype("float32"), tf.cast(y, "float32"), "float32")
    gradient = ops.upsample_bilinear2d_gradient(upstream, x, factor)
    close(gradient.astype("float32"), tf.cast(of_x, "float32"), "float32")
    layer = keras.layers.UpSampling2D(factor, interpolation="bilinear")
    close(ops.upsample_bilinear2d(x.astype("float32"), factor), layer(x.astype("float32")), "float32")


@quick
@given(sizes, pools)
def test_bilinear_upsampling_and_its_gradient_are_adjoint(size, factor):
    (x,) = arrays(26, (1, *size, 2))
    y = ops.upsample_bilinear2d(x, factor)
    (z,) = arrays(27, y.shape)
    back = ops.upsample_bilinear2d_gradient(z, x, factor)
    np.testing.assert_allclose((y * z).sum(), (x * back).sum(), rtol=1e-9, atol=1e-9)
