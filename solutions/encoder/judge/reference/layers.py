"""The Keras tasks: what their layers should give, computed in NumPy, and their cases."""

from functools import partial

import numpy as np

from autograder.checks import keras_behaviour
from sepconv import ops

from . import mistakes, mistakes_of_chains
from .draw import different, one


def separable_stage(x, known, training, filters, strides=1):
    channels = x.shape[3]
    depthwise = known("depthwise_kernel", 3, 3, channels, 1)
    pointwise = known("pointwise_kernel", 1, 1, channels, filters)
    y = ops.separable_conv2d(x, depthwise, pointwise, strides=strides, padding="same")
    return known.normalized(np.maximum(y + known("bias", filters), 0), training)


def dense_stage(x, known, training, filters, kernel_size=3, strides=1):
    role = "pointwise_kernel" if kernel_size == 1 else "kernel"
    kernel = known(role, kernel_size, kernel_size, x.shape[3], filters)
    y = ops.conv2d(x, kernel, strides=strides, padding="same")
    return known.normalized(np.maximum(y + known("bias", filters), 0), training)


def encoder_stages(x, known, training, block_filters, filters):
    for some in block_filters:
        x = separable_stage(x, known, training, some, strides=2)
    return dense_stage(x, known, training, filters, kernel_size=1)


def _layers(function, hidden, rng):
    visible = {
        "separable_conv2d_batchnorm": [
            ((6, 5, 2), {"filters": 4}, {}),
            ((5, 6, 3), {"filters": 4}, {"strides": 2}),
        ],
        "conv2d_batchnorm": [
            ((6, 5, 2), {"filters": 4}, {}),
            ((5, 6, 3), {"filters": 4}, {"kernel_size": 1}),
            ((5, 6, 2), {"filters": 3}, {"strides": 2}),
        ],
        "encoder_block": [
            ((6, 5, 2), {"filters": 4, "strides": 1}, {}),
            ((5, 6, 3), {"filters": 4, "strides": 2}, {}),
        ],
    }
    # (args, kwargs) beside the filters
    unseen = {
        "separable_conv2d_batchnorm": [({}, {"strides": 2}), ({}, {}), ({}, {"strides": 3})],
        "conv2d_batchnorm": [
            ({}, {"strides": 2}),
            ({}, {"kernel_size": 5}),
            ({}, {"kernel_size": 1, "strides": 2}),
        ],
        "encoder_block": [({"strides": strides}, {}) for strides in (3, 2)],
    }
    chosen = visible[function]
    if hidden:
        chosen = []
        for args, kwargs in unseen[function]:
            channels, filters = different(rng, 2, 6, 2)
            # One side is even and one odd: padding "same" then differs from zeros on all sides.
            sides = rng.permutation([2 * one(rng, 3, 5), 2 * one(rng, 3, 4) + 1]).tolist()
            chosen.append(((*sides, channels), {"filters": filters} | args, kwargs))
    stage = dense_stage if function == "conv2d_batchnorm" else separable_stage
    for number, (shape, args, kwargs) in enumerate(chosen):
        # Large numbers in one case, so that activations differ that do so only there (relu6).
        scale = 5 if hidden and number == 0 else 1
        x = rng.normal(scale=scale, size=(2, *shape)).astype("float32")
        seed = one(rng, 100, 10**6) if hidden else number
        expected = keras_behaviour.expected(partial(stage, **args, **kwargs), x, seed)
        yield {"how": "layer", "args": args, "kwargs": kwargs, "x": x, "seed": seed, "expected": expected}


def _encoders(hidden, rng):
    # (input_shape, (height, width) of the data, block_filters, filters)
    visible = [
        ((12, 8, 2), (12, 8), (4, 6), 5),
        ((None, None, 2), (8, 12), (4, 6), 5),
        ((None, None, 3), (16, 16), (5, 3, 4), 2),  # large enough for padding "valid", too
    ]
    chosen = visible
    if hidden:
        fixed, larger = different(rng, 9, 14, 2), different(rng, 10, 16, 2)
        *two, last = different(rng, 2, 7, 3)
        chosen = [
            ((*fixed, 3), fixed, tuple(two), last),
            ((None, None, 3), larger, tuple(two), last),
            ((None, None, 2), different(rng, 6, 10, 2), (one(rng, 4, 6),), 3),
            ((None, None, 2), different(rng, 16, 19, 2), tuple(different(rng, 2, 6, 3)), one(rng, 5, 7)),
        ]
    for number, (shape, size, block_filters, filters) in enumerate(chosen):
        x = rng.normal(size=(2, *size, shape[2])).astype("float32")
        seed = one(rng, 100, 10**6) if hidden else number
        sizes = {"block_filters": block_filters, "filters": filters}
        yield {
            "how": "model",
            "args": {"input_shape": shape, **sizes},
            "x": x,
            "seed": seed,
            "expected": keras_behaviour.expected(partial(encoder_stages, **sizes), x, seed),
        }


TASKS = {
    "separable_conv2d_batchnorm": (partial(_layers, "separable_conv2d_batchnorm"), mistakes.of_separable()),
    "conv2d_batchnorm": (partial(_layers, "conv2d_batchnorm"), mistakes.of_dense()),
    "encoder_block": (partial(_layers, "encoder_block"), mistakes_of_chains.of_block()),
    "encoder": (_encoders, mistakes_of_chains.of_encoder()),
}
