"""Costs agree with Keras' own counts and with the sources' worked examples."""

import keras
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sepconv import cost, ops

quick = settings(max_examples=25, deadline=None, derandomize=True)
shapes = st.tuples(st.integers(3, 12), st.integers(3, 12), st.integers(1, 4))
kernels = st.tuples(st.integers(1, 3), st.integers(1, 3))
paddings = st.sampled_from(["valid", "same"])


def counted(shape, layer):
    """Parameters and output shape by Keras' own count."""
    model = keras.Sequential([keras.Input(shape), layer])
    return model.count_params(), model.output_shape[1:]


@quick
@given(shapes, kernels, st.integers(1, 3), paddings, st.integers(1, 5), st.booleans())
def test_conv2d_counts_as_keras(shape, kernel, strides, padding, filters, bias):
    ours = cost.conv2d(shape, filters, kernel, strides, padding, use_bias=bias)
    layer = keras.layers.Conv2D(filters, kernel, strides, padding, use_bias=bias)
    assert (ours.parameters, ours.output_shape) == counted(shape, layer)


@quick
@given(shapes, kernels, st.integers(1, 3), paddings, st.integers(1, 5), st.integers(1, 3), st.booleans())
def test_separable_conv2d_counts_as_keras(shape, kernel, strides, padding, filters, multiplier, bias):
    ours = cost.total(
        cost.separable_conv2d(shape, filters, kernel, multiplier, strides, padding, use_bias=bias)
    )
    layer = keras.layers.SeparableConv2D(
        filters, kernel, strides, padding, depth_multiplier=multiplier, use_bias=bias
    )
    assert (ours.parameters, ours.output_shape) == counted(shape, layer)
    first = cost.depthwise_conv2d(shape, kernel, multiplier, strides, padding, use_bias=bias)
    layer = keras.layers.DepthwiseConv2D(kernel, strides, padding, depth_multiplier=multiplier, use_bias=bias)
    assert (first.parameters, first.output_shape) == counted(shape, layer)


@quick
@given(shapes, kernels, st.integers(1, 2), st.integers(1, 2), st.integers(1, 2))
def test_macs_are_the_products_that_conv2d_sums(shape, kernel, strides, groups, per_group):
    channels = shape[2]
    assume(channels % groups == 0)
    ours = cost.conv2d(shape, groups * per_group, kernel, strides, groups=groups, use_bias=False)
    ones = np.ones((1, *shape)), np.ones((*kernel, channels // groups, groups * per_group))
    assert ours.macs == ops.conv2d(*ones, strides=strides, groups=groups).sum()


def test_the_sources_worked_examples():
    dense = cost.conv2d((32, 32, 3), 9, 3, use_bias=False)
    parts = cost.separable_conv2d((32, 32, 3), 9, 3, use_bias=False)
    assert (dense.parameters, [p.parameters for p in parts]) == (243, [27, 27])
    dense = cost.conv2d((7, 7, 3), 32, 3)
    assert (dense.macs, cost.total(cost.separable_conv2d((7, 7, 3), 32, 3)).macs) == (21600, 3075)
    assert cost.depthwise_conv2d((12, 12, 3), 5).output_shape == (8, 8, 3)
    assert cost.depthwise_conv2d((12, 12, 3), 5, depth_multiplier=2).output_shape == (8, 8, 6)
    assert cost.pointwise_conv2d((8, 8, 3), 1).output_shape == (8, 8, 1)


def test_traffic_and_intensity_by_hand():
    step = cost.conv2d((4, 4, 1), 1, 3)
    assert step.bytes_moved() == 4 * (16 + 10 + 4)
    assert step.bytes_moved(itemsize=2) == 2 * (16 + 10 + 4)
    assert step.intensity() == 36 / 120


def test_a_table_has_a_row_for_each_step():
    text = cost.table(cost.separable_conv2d((7, 7, 3), 32, 3))
    assert text.splitlines()[2] == "| depthwise | 27 | 675 | 7×7×3 | 5×5×3 |"
    assert text.splitlines()[3] == "| pointwise | 128 | 2,400 | 5×5×3 | 5×5×32 |"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cost.conv2d((5, 5, 3), 4, 6), "kernel_size must fit"),
        (lambda: cost.conv2d((5, 5, 3), 4, 0), "kernel_size must be one or two positive integers, got 0"),
        (lambda: cost.conv2d((5, 5, 3), 4, 3, groups=2), "groups must divide"),
        (lambda: cost.depthwise_conv2d((5, 5, 3), 3, 0), "depth_multiplier must be a positive integer"),
        (lambda: cost.total([]), "at least one step"),
        (lambda: cost.total([cost.conv2d((5, 5, 3), 4, 3)] * 2), "convolution gives .* takes"),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
