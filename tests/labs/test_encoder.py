"""The encoder lab: what every lab promises, and that one slip costs points once."""

from typing import ClassVar

import keras
import numpy as np
import pytest

from sepconv import cost, ops
from tests.labs.contract import LabContract, Shortcut


def _nothing(x, *args, **kwargs):
    return x


def _no_layers(input_shape, block_filters, filters):
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, inputs)


def _composed_by_the_library(d, p):
    h, w, c, _ = d.shape
    impulses = np.eye(h * w * c).reshape(h * w * c, h, w, c)
    return ops.separable_conv2d(impulses, d, p).reshape(h, w, c, -1)


def _folded_by_the_library(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    def normalized(x):
        return ops.batch_normalization(x, mean, variance, beta, gamma, epsilon)

    return normalized(kernel) - normalized(np.zeros_like(bias)), normalized(bias)


def _dense_counted_by_the_library(k, c, f, use_bias=True):
    return cost.conv2d((9, 9, c), f, k, use_bias=use_bias).parameters


def _counted_by_the_library(k, c, f, depth_multiplier=1, use_bias=True):
    costs = cost.separable_conv2d((99, 99, c), f, k, depth_multiplier=depth_multiplier, use_bias=use_bias)
    return sum(part.parameters for part in costs)


def _only_1x1(x, filters, strides=1):
    return keras.layers.Conv2D(filters, 1, strides, "same", activation="relu")(x)


IDLE = {
    "the input": _nothing,
    "a 1×1 layer": _only_1x1,
    "an identity": lambda x, filters, strides=1: keras.layers.Identity()(x),
    "a Lambda": lambda x, filters, strides=1: keras.layers.Lambda(lambda y: y)(x),
    "nothing": lambda x, filters, strides=1: None,
}
# By slip in the separable layer, the points that are left of its three.
SLIPS = {
    "strides are ignored": 2, "padding is valid": 2, "no activation": 2, "no bias": 2,
    "zeros on all sides, as in PyTorch, or strides in the 1×1 part": 2,
    "the normalization has another momentum": 2,
    "the normalization is always in training": 2, "the depthwise part has a bias, too": 2,
    "no normalization": 1, "a dense convolution": 1,
    "no bias, and the activation comes after the normalization": 1,
}  # fmt: skip


class TestEncoder(LabContract):
    lab = "encoder"
    network_functions = ("separable_conv2d_batchnorm", "conv2d_batchnorm", "encoder_block", "encoder")
    kept_back = ("your_layers",)
    shortcuts = (
        Shortcut("conv2d_params", _dense_counted_by_the_library, "sepconv."),
        Shortcut(
            "separable_conv2d_params",
            _counted_by_the_library,
            "sepconv.",
            "failed with bias and without (0 of 1)",
        ),
        Shortcut(
            "dense_kernel",
            _composed_by_the_library,
            "sepconv.",
            "failed with one kernel for each channel (0 of 1)",
        ),
        Shortcut("fold_batch_norm", _folded_by_the_library, "sepconv.", "failed the kernel (0 of 1)"),
    )
    nothing: ClassVar = dict.fromkeys(network_functions[:3], _nothing) | {"encoder": _no_layers}
    few_inputs = ("conv2d_params", "separable_conv2d_params")
    hint_arguments = ("use_bias=", "depth_multiplier=")

    def chained(self, answered, separable, dense=None):
        """Give the names of an answer whose block and encoder are made of these layers."""
        names = dict(answered) | {"separable_conv2d_batchnorm": separable, "encoder_block": separable}
        names["conv2d_batchnorm"] = dense or answered["conv2d_batchnorm"]

        def encoder(input_shape, block_filters, filters):
            x = inputs = keras.Input(input_shape)
            for n in block_filters:
                x = separable(x, n, 2)
            return keras.Model(inputs, names["conv2d_batchnorm"](x, filters, kernel_size=1))

        return names | {"encoder": encoder}

    def slipped(self, slip):
        """Give a separable layer with a slip, for arguments by place and by name."""
        mistaken = self.reference.mistakes_of("separable_conv2d_batchnorm")[slip][0]
        return lambda x, filters, strides=1: mistaken(x, filters, strides=strides)

    def scores(self, names):
        return [self.instructors.score(f"test_{name}", dict(names))[0] for name in self.network_functions]

    @pytest.mark.parametrize(("slip", "left"), SLIPS.items())
    def test_one_slip_in_a_layer_costs_points_once(self, slip, left, answered):
        assert self.scores(self.chained(answered, self.slipped(slip))) == [left, 3, 1, 4]

    def test_one_slip_in_the_dense_layer_costs_points_once(self, answered):
        mistaken = self.reference.mistakes_of("conv2d_batchnorm")["kernel_size is ignored"][0]
        names = self.chained(answered, answered["separable_conv2d_batchnorm"], mistaken)
        assert self.scores(names) == [3, 2, 1, 4]

    @pytest.mark.parametrize("idle", IDLE)
    def test_what_follows_from_layers_that_do_nothing_earns_no_more_than_its_right_shapes(
        self, idle, answered
    ):
        separable, dense, block, encoder = self.scores(self.chained(answered, IDLE[idle]))
        assert (separable, dense, block) == (0, 3, 0)
        assert encoder == (2 if idle == "a 1×1 layer" else 0)

    def test_no_hint_blames_the_block_for_what_its_layer_does(self, answered):
        for slip in ("strides are ignored", "padding is valid"):
            names = self.chained(answered, self.slipped(slip))
            for lab in (self.instructors, self.students):
                assert lab.score("test_encoder_block", dict(names)) == (1, "")

    @pytest.mark.parametrize(
        ("computed", "slip", "left"),
        [
            ("separable_conv2d_params", "both parts have a bias", 1),
            ("separable_conv2d_params", "the bias is always counted", 1),
            ("separable_conv2d_params", "the depth multiplier is missing from the pointwise part", 1),
            ("separable_conv2d_params", "the count of the dense layer", 0),
            ("dense_kernel", "the depth multiplier is ignored", 1),
            ("dense_kernel", "the depthwise channels are interleaved wrongly", 2),
            ("dense_kernel", "the kernel is rotated", 2),
            ("dense_kernel", "kernels and weights are added", 0),
            ("fold_batch_norm", "beta is subtracted", 2),
            ("fold_batch_norm", "epsilon is left out", 2),
            ("fold_batch_norm", "the bias comes first", 2),
            ("fold_batch_norm", "only the kernel", 1),
        ],
    )  # fmt: skip
    def test_one_slip_leaves_the_points_of_the_other_parts(self, computed, slip, left, answered):
        names = answered | {computed: self.reference.mistakes_of(computed)[slip][0]}
        assert self.instructors.score(f"test_{computed}", names)[0] == left

    def test_a_slip_in_one_count_costs_nothing_in_the_other(self, answered):
        always = self.reference.mistakes_of("conv2d_params")["the bias is always counted"][0]

        def separable(k, c, f, depth_multiplier=1, use_bias=True):
            maps = c * depth_multiplier
            return answered["conv2d_params"](k, 1, maps, False) + always(1, maps, f, use_bias)

        names = answered | {"conv2d_params": always, "separable_conv2d_params": separable}
        assert self.instructors.score("test_separable_conv2d_params", names)[0] == 2
        assert (
            self.instructors.score("test_separable_conv2d_params", names | {"conv2d_params": _nothing})[0]
            == 1
        )
