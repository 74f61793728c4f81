"""The encoder lab: what every lab promises, and that one slip does not cost points twice."""

from typing import ClassVar

import keras
import numpy as np

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


class TestEncoder(LabContract):
    lab = "encoder"
    network_functions = ("separable_conv2d_batchnorm", "conv2d_batchnorm", "encoder_block", "encoder")
    kept_back = ("your_layers",)
    shortcuts = (
        Shortcut("conv2d_params", _dense_counted_by_the_library, "sepconv."),
        Shortcut("separable_conv2d_params", _counted_by_the_library, "sepconv."),
        Shortcut("dense_kernel", _composed_by_the_library, "sepconv."),
        Shortcut("fold_batch_norm", _folded_by_the_library, "sepconv."),
    )
    nothing: ClassVar = dict.fromkeys(network_functions[:3], _nothing) | {"encoder": _no_layers}
    few_inputs = ("conv2d_params", "separable_conv2d_params")
    hint_arguments = ("use_bias=", "depth_multiplier=")

    def test_one_slip_does_not_cost_points_twice(self, answered):
        unnormalized = self.reference.mistakes_of("separable_conv2d_batchnorm")["no normalization"][0]
        names = answered | {"separable_conv2d_batchnorm": unnormalized}
        names["encoder_block"] = unnormalized

        def encoder(input_shape, block_filters, filters):
            x = inputs = keras.Input(input_shape)
            for n in block_filters:
                x = unnormalized(x, n, 2)
            return keras.Model(inputs, names["conv2d_batchnorm"](x, filters, kernel_size=1))

        names["encoder"] = encoder
        tests = [f"test_{function}" for function in self.network_functions]
        scores = {test: self.instructors.score(test, dict(names))[0] for test in tests}
        assert scores == {
            "test_separable_conv2d_batchnorm": 0,
            "test_conv2d_batchnorm": 3,
            "test_encoder_block": 1,
            "test_encoder": 3,
        }
