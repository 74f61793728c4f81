"""The reference operations refuse what Keras refuses, and do not loop over pixels."""

import sys

import keras
import numpy as np
import pytest

from sepconv import ops
from tests.sepconv.comparison import arrays, close

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
        (
            lambda: ops.conv2d(X, np.zeros((6, 3, 4, 2))),
            "kernel_size must fit .* an effective size of 6 over 5 pixels",
        ),
        (lambda: ops.conv2d(X, K, dilation_rate=3), "an effective size of 7 over 5 pixels"),
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
