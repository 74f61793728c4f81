"""The reference operations give Keras' numbers, forward and gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import signal

from sepconv import ops
from tests.sepconv.comparison import (
    arrays,
    close,
    dtypes,
    fits,
    framework,
    kernels,
    paddings,
    quick,
    sizes,
    steps,
)


@quick
@given(sizes, kernels, steps(), paddings, st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), dtypes)
def test_conv2d_equals_keras_forward_and_gradient(
    size, kernel, step, padding, groups, per_in, per_out, dtype
):
    strides, dilation = step
    assume(fits(size, kernel, padding, dilation))
    x, k = arrays(1, (2, *size, groups * per_in), (*kernel, per_in, groups * per_out), dtype=dtype)
    y, upstream, (dx, dk) = framework(
        lambda x, k: keras.ops.conv(x, k, strides, padding, dilation_rate=dilation), 2, x, k
    )
    arguments = (strides, padding, dilation, groups)
    close(ops.conv2d(x, k, *arguments), y, dtype)
    ours = ops.conv2d_gradient(upstream, x, k, *arguments)
    close(ours[0], dx, dtype)
    close(ours[1], dk, dtype)


@quick
@given(
    sizes,
    kernels,
    st.integers(1, 3),
    st.integers(1, 3),
    paddings,
    st.integers(1, 3),
    st.integers(1, 3),
    dtypes,
)
def test_depthwise_conv2d_equals_keras_forward_and_gradient(
    size, kernel, stride, dilation, padding, channels, multiplier, dtype
):
    assume(fits(size, kernel, padding, (dilation, dilation)))
    x, k = arrays(3, (2, *size, channels), (*kernel, channels, multiplier), dtype=dtype)
    y, upstream, (dx, dk) = framework(
        lambda x, k: keras.ops.depthwise_conv(x, k, stride, padding, dilation_rate=dilation), 4, x, k
    )
    arguments = (stride, padding, dilation)
    close(ops.depthwise_conv2d(x, k, *arguments), y, dtype)
    ours = ops.depthwise_conv2d_gradient(upstream, x, k, *arguments)
    close(ours[0], dx, dtype)
    close(ours[1], dk, dtype)


@quick
@given(
    sizes,
    kernels,
    st.integers(1, 3),
    paddings,
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(1, 4),
    dtypes,
)
def test_separable_conv2d_equals_keras_forward_and_gradient(
    size, kernel, stride, padding, channels, multiplier, filters, dtype
):
    assume(fits(size, kernel, padding, (1, 1)))
    x, d, p = arrays(
        5,
        (2, *size, channels),
        (*kernel, channels, multiplier),
        (1, 1, channels * multiplier, filters),
        dtype=dtype,
    )
    y, upstream, gradients = framework(
        lambda x, d, p: keras.ops.separable_conv(x, d, p, stride, padding), 6, x, d, p
    )
    close(ops.separable_conv2d(x, d, p, stride, padding), y, dtype)
    for ours, theirs in zip(
        ops.separable_conv2d_gradient(upstream, x, d, p, stride, padding), gradients, strict=True
    ):
        close(ours, theirs, dtype)


def consistent(size, kernel, strides, padding, extra):
    """Whether a convolution of the output that is asked for gives `size` back."""
    if extra is None:
        return True
    for n, k, s in zip(size, kernel, strides, strict=True):
        out = (n - 1) * s + (k if padding == "valid" else k % 2) + extra
        places = -(-out // s) if padding == "same" else (out - k) // s + 1
        if out < 1 or places != n:
            return False
    return True


@quick
@given(
    sizes,
    kernels,
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    paddings,
    st.none() | st.integers(0, 2),
    dtypes,
)
def test_conv2d_transpose_equals_keras_forward_and_gradient(size, kernel, strides, padding, extra, dtype):
    x, k = arrays(7, (2, *size, 3), (*kernel, 2, 3), dtype=dtype)
    if not consistent(size, kernel, strides, padding, extra):
        with pytest.raises(ValueError, match="output_padding"):
            ops.conv2d_transpose(x, k, strides, padding, extra)
        with pytest.raises((tf.errors.OpError, ValueError)):
            keras.ops.conv_transpose(x, k, strides, padding, extra)
        return
    ours = ops.conv2d_transpose(x, k, strides, padding, extra)
    y, upstream, gradients = framework(
        lambda x, k: keras.ops.conv_transpose(x, k, strides, padding, extra), 8, x, k
    )
    close(ours, y, dtype)
    for mine, theirs in zip(
        ops.conv2d_transpose_gradient(upstream, x, k, strides, padding, extra), gradients, strict=True
    ):
        close(mine, theirs, dtype)


@quick
@given(sizes, kernels, steps(), paddings)
def test_conv2d_transpose_is_the_adjoint_of_conv2d(size, kernel, step, padding):
    strides, dilation = step
    assume(fits(size, kernel, padding, dilation))
    x, k = arrays(9, (1, *size, 3), (*kernel, 3, 2))
    y = ops.conv2d(x, k, strides, padding, dilation)
    (z,) = arrays(10, y.shape)
    back, _ = ops.conv2d_gradient(z, x, k, strides, padding, dilation)
    np.testing.assert_allclose((y * z).sum(), (x * back).sum(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_conv2d_equals_scipy(padding):
    x, k = arrays(11, (1, 9, 7, 1), (3, 3, 1, 1))
    expected = signal.correlate2d(x[0, :, :, 0], k[:, :, 0, 0], mode=padding)
    np.testing.assert_allclose(ops.conv2d(x, k, padding=padding)[0, :, :, 0], expected, atol=1e-12)
    rotated = signal.convolve2d(x[0, :, :, 0], k[:, :, 0, 0], mode=padding)
    assert not np.allclose(ops.conv2d(x, k, padding=padding)[0, :, :, 0], rotated)


def test_layers_of_keras_take_the_same_kernels():
    x, d, p = arrays(12, (2, 12, 10, 3), (5, 3, 3, 2), (1, 1, 6, 4), dtype="float32")
    layer = keras.layers.SeparableConv2D(
        4, (5, 3), strides=2, padding="same", depth_multiplier=2, use_bias=False
    )
    layer.build(x.shape)
    layer.set_weights([d, p])
    close(ops.separable_conv2d(x, d, p, 2, "same"), layer(x), "float32")


def test_depthwise_keeps_a_channels_outputs_next_to_each_other():
    x = np.stack([np.ones((4, 4)), 10 * np.ones((4, 4))], axis=-1)[None]
    kernel = np.ones((1, 1, 2, 3)) * [1, 2, 3]
    assert ops.depthwise_conv2d(x, kernel)[0, 0, 0].tolist() == [1, 2, 3, 10, 20, 30]


def test_same_padding_puts_the_odd_zero_after():
    assert ops.same_padding(5, 2) == (0, 1)
    assert ops.same_padding(6, 3, stride=2) == (0, 1)
    assert ops.same_padding(5, 3, stride=2) == (1, 1)


@quick
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 100))
def test_separate_gives_the_nearest_matrix_of_its_rank(height, width, seed):
    (kernel,) = arrays(seed, (height, width))
    for rank in range(1, min(height, width) + 1):
        part = ops.separate(kernel, rank)
        left = np.linalg.norm(kernel - part.column @ part.row) / np.linalg.norm(kernel)
        assert part.residual == pytest.approx(left, abs=1e-12)
        assert part.residual == pytest.approx(
            np.linalg.norm(part.singular_values[rank:]) / np.linalg.norm(kernel)
        )
    assert part.residual == 0 or part.residual < 1e-12


def test_separate_finds_the_sobel_factors():
    sobel = np.outer([1, 2, 1], [-1, 0, 1])
    part = ops.separate(sobel)
    assert part.residual < 1e-15
    np.testing.assert_allclose(part.column[:, 0] / part.column[0, 0], [1, 2, 1])
    np.testing.assert_allclose(part.row[0] * part.column[0, 0], [-1, 0, 1], atol=1e-15)
    assert ops.separate([[0, 1, 0], [1, -4, 1], [0, 1, 0]]).residual > 0.1
    assert ops.separate(np.zeros((3, 3))).residual == 0


def test_a_separated_kernel_filters_in_two_passes():
    (x,) = arrays(13, (1, 8, 9, 1))
    sobel = np.outer([1, 2, 1], [-1, 0, 1]).astype(float)
    part = ops.separate(sobel)
    once = ops.conv2d(x, sobel[:, :, None, None])
    twice = ops.conv2d(ops.conv2d(x, part.column[:, :, None, None]), part.row[:, :, None, None])
    np.testing.assert_allclose(once, twice, atol=1e-12)


@quick
@given(sizes, kernels, steps(), paddings)
def test_conv_matrix_is_conv2d_and_its_transpose_is_conv2d_transpose(size, kernel, step, padding):
    strides, dilation = step
    assume(fits(size, kernel, padding, dilation))
    x, k = arrays(28, (1, *size, 2), (*kernel, 2, 3))
    matrix = ops.conv_matrix((*size, 2), k, strides, padding, dilation)
    y = ops.conv2d(x, k, strides, padding, dilation)
    np.testing.assert_allclose(matrix @ x.ravel(), y.ravel(), atol=1e-10)
    (z,) = arrays(29, y.shape)
    back, _ = ops.conv2d_gradient(z, x, k, strides, padding, dilation)
    np.testing.assert_allclose(matrix.T @ z.ravel(), back.ravel(), atol=1e-10)


def test_the_transposed_matrix_is_conv2d_transpose():
    z, k = arrays(30, (1, 2, 2, 3), (3, 3, 2, 3))
    matrix = ops.conv_matrix((5, 5, 2), k, strides=2)
    np.testing.assert_allclose(
        matrix.T @ z.ravel(), ops.conv2d_transpose(z, k, strides=2).ravel(), atol=1e-12
    )
    dense = matrix.toarray()
    assert dense.shape == (12, 50)
    assert np.count_nonzero(dense) == 12 * 18
