"""The reference operations give Keras' numbers and gradients, and refuse what Keras refuses."""

import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import signal

from sepconv import ops

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
quick = settings(max_examples=40, deadline=None, derandomize=True)


def arrays(seed, *shapes, dtype="float64"):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def close(ours, theirs, dtype="float64"):
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert ours.dtype == np.dtype(dtype)
    scale = max(1.0, float(np.abs(theirs).max(initial=0)))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE[dtype] * scale)


def framework(function, upstream_seed, *inputs):
    """Output of a framework's function, an upstream gradient and the gradients of all inputs."""
    variables = [tf.Variable(x) for x in inputs]
    with tf.GradientTape() as tape:
        y = function(*variables)
        (upstream,) = arrays(upstream_seed, y.shape, dtype=inputs[0].dtype)
        loss = tf.reduce_sum(y * upstream)
    return y, upstream, tape.gradient(loss, variables)


sizes = st.tuples(st.integers(1, 9), st.integers(1, 9))
kernels = st.tuples(st.integers(1, 5), st.integers(1, 5))
paddings = st.sampled_from(["valid", "same"])
dtypes = st.sampled_from(["float32", "float64"])


@st.composite
def steps(draw):
    """Strides or dilation, or neither: Keras refuses both together."""
    which = draw(st.sampled_from(["neither", "strides", "dilation"]))
    two = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return (two if which == "strides" else (1, 1)), (two if which == "dilation" else (1, 1))


def fits(size, kernel, padding, dilation):
    return padding == "same" or all(
        (k - 1) * d + 1 <= n for n, k, d in zip(size, kernel, dilation, strict=True)
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


X, K = np.zeros((1, 5, 5, 4)), np.zeros((3, 3, 4, 2))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ops.conv2d(X[0], K), r"x must have the axes .* got shape \(5, 5, 4\)"),
        (lambda: ops.conv2d(X, K[0]), "kernel must have the axes"),
        (lambda: ops.conv2d(X, K[:, :, :3]), "kernel must have 4 input channels .* got 3"),
        (lambda: ops.conv2d(X, K, strides=0), "strides must be one or two positive integers, got 0"),
        (lambda: ops.conv2d(X, K, strides=(0, 2)), r"strides .* got \(0, 2\)"),
        (lambda: ops.conv2d(X, K, strides=1.5), "strides .* got 1.5"),
        (lambda: ops.conv2d(X, K, strides=True), "strides .* got True"),
        (lambda: ops.conv2d(X, K, padding="full"), "padding must be 'valid' or 'same', got 'full'"),
        (lambda: ops.conv2d(X, K, padding=None), "padding must be"),
        (lambda: ops.conv2d(X, np.zeros((6, 3, 4, 2))), "kernel_size must fit .* a reach of 6 over 5 pixels"),
        (lambda: ops.conv2d(X, K, dilation_rate=3), "a reach of 7 over 5 pixels"),
        (lambda: ops.conv2d(X, K, strides=2, dilation_rate=2), "cannot be combined"),
        (lambda: ops.conv2d_transpose(X, K.swapaxes(2, 3), 2, dilation_rate=2), "cannot be combined"),
        (lambda: ops.conv_matrix((5, 5, 4), K, 2, dilation_rate=2), "cannot be combined"),
        (lambda: ops.depthwise_conv2d(X, K, padding="full"), "padding must be"),
        (lambda: ops.conv2d(X, K, groups=3), "groups must divide .* got groups=3"),
        (lambda: ops.conv2d(X, K, groups=0), "groups must divide"),
        (lambda: ops.conv2d(X.astype(object), K), "x must hold numbers"),
        (lambda: ops.conv2d_gradient(X, X, K), r"upstream must have the output's shape \(1, 3, 3, 2\)"),
        (lambda: ops.depthwise_conv2d(X, K[:, :, :3]), "as many channels as x, got 3 and 4"),
        (lambda: ops.pointwise_conv2d(X, K), r"kernel must have the axes \(1, 1"),
        (lambda: ops.conv2d_transpose(X, K), "as many channels as x, got 2 and 4"),
        (
            lambda: ops.conv2d_transpose(X, K.swapaxes(2, 3), 2, output_padding=2),
            "output_padding must leave 5",
        ),
        (lambda: ops.conv2d_transpose(X, K.swapaxes(2, 3), 2, output_padding=-1), "output_padding .* got -1"),
        (lambda: ops.separate(K), "kernel must have the axes"),
        (lambda: ops.separate(np.eye(3), 4), "rank must be between 1 and 3"),
        (lambda: ops.separate([[np.nan]]), "finite"),
        (lambda: ops.batch_normalization(X, 0, -1), "variance must not be negative"),
        (lambda: ops.batch_normalization_gradient(X, X[0]), "upstream must have the shape of x"),
        (lambda: ops.max_pool2d(X, 6), "must fit into the input"),
        (lambda: ops.max_pool2d(X, 0), "pool_size must be one or two positive integers, got 0"),
        (lambda: ops.average_pool2d(X, 2, strides=0), "strides must be"),
        (lambda: ops.upsample_bilinear2d(X, 0), "size must be one or two positive integers, got 0"),
        (lambda: ops.conv_matrix((5, 5, 3), K), "kernel must have the 3 channels of the input, got 4"),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_keras_refuses_strides_with_dilation_where_ops_do():
    for layer in (keras.layers.Conv2D, keras.layers.Conv2DTranspose):
        with pytest.raises(ValueError, match="dilation_rate"):
            layer(1, 3, strides=2, dilation_rate=2)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_separable_layers_take_strides_with_dilation_as_keras_does(padding):
    x, d, p = arrays(31, (1, 11, 9, 2), (3, 2, 2, 2), (1, 1, 4, 3), dtype="float32")
    layer = keras.layers.SeparableConv2D(
        3, (3, 2), strides=2, padding=padding, dilation_rate=3, depth_multiplier=2, use_bias=False
    )
    layer.build(x.shape)
    layer.set_weights([d, p])
    close(ops.separable_conv2d(x, d, p, 2, padding, 3), layer(x), "float32")


def lines_run(function, *arguments):
    """Lines of `sepconv.ops` that a call runs, loops counted every time round."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        count += event == "line"
        return trace if frame.f_globals["__name__"].startswith("sepconv.ops") else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*arguments)
    finally:
        sys.settrace(before)
    return count


def test_no_operation_loops_over_pixels_channels_or_filters():
    small, large = arrays(16, (1, 6, 6, 2), (2, 40, 50, 8))
    for function, few, many in [
        (ops.conv2d, (3, 3, 2, 2), (5, 5, 8, 16)),
        (ops.depthwise_conv2d, (3, 3, 2, 1), (5, 5, 8, 4)),
        (ops.conv2d_transpose, (3, 3, 2, 2), (3, 3, 16, 8)),
    ]:
        assert lines_run(function, small, np.ones(few)) == lines_run(function, large, np.ones(many)) > 0
    for function in (ops.max_pool2d, ops.average_pool2d, ops.upsample_bilinear2d):
        assert lines_run(function, small) == lines_run(function, large) > 0
