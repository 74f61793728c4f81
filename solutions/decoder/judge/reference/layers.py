"""The Keras tasks: what their layers should give, computed in NumPy, and their cases."""

from functools import partial

import numpy as np

from autograder.checks import keras_behaviour
from sepconv import ops

from . import mistakes


def separable(x, known, training, filters, strides=1):
    depthwise = known("depthwise_kernel", 3, 3, x.shape[3], 1)
    pointwise = known("pointwise_kernel", 1, 1, x.shape[3], filters)
    y = ops.separable_conv2d(x, depthwise, pointwise, strides=strides, padding="same")
    return known.normalized(np.maximum(y + known("bias", filters), 0), training)


def _pointwise(x, known, filters):
    return ops.pointwise_conv2d(x, known("pointwise_kernel", 1, 1, x.shape[3], filters)) + known(
        "bias", filters
    )


def _upsampling(x, known, training, factor=2):
    return ops.upsample_bilinear2d(x, factor)


def _block(both, known, training, filters):
    small, large = both
    x = np.concatenate([ops.upsample_bilinear2d(small, 2), large], axis=3)
    for _ in range(2):
        x = separable(x, known, training, filters)
    return x


def _fcn(x, known, training, block_filters, filters, classes):
    skips = []
    for some in block_filters:
        skips.append(x)
        x = separable(x, known, training, some, strides=2)
    x = known.normalized(np.maximum(_pointwise(x, known, filters), 0), training)
    for skip, some in zip(skips[::-1], block_filters[::-1], strict=True):
        x = _block((x, skip), known, training, some)
    scores = np.exp(_pointwise(x, known, classes))
    return scores / scores.sum(axis=3, keepdims=True)


def _data(rng, *shape):
    return rng.normal(size=(2, *shape)).astype("float32")


def case_of(how, stages, x, seed, args, kwargs):
    expected = keras_behaviour.expected(partial(stages, **args, **kwargs), x, seed)
    return {"how": how, "args": args, "kwargs": kwargs, "x": x, "seed": seed, "expected": expected}


def _upsamplings(hidden, rng):
    # (shape of the input, arguments by name)
    made = [((3, 4, 2), {}), ((4, 3, 3), {"factor": 3}), ((3, 2, 1), {"factor": 4})]
    if hidden:
        two, three = rng.permutation([3, 4, 5])[:2].tolist()
        made = [((two, three, 3), {"factor": 4}), ((2, two, 2), {}), ((three, 2, 1), {"factor": 3})]
    for number, (shape, kwargs) in enumerate(made, start=1):
        case = case_of("layer", _upsampling, _data(rng, *shape), 0, {}, kwargs)
        # The last one goes through an input whose height and width are not known.
        yield case | {"any_size": number == len(made)}


def _blocks(hidden, rng):
    # (height and width of the small maps, their channels, channels of the skip, filters)
    made = [((3, 4), 3, 3, 4), ((4, 3), 2, 1, 5)]
    if hidden:
        few, many = rng.permutation([2, 3, 4, 5])[:2].tolist()
        made = [((4, 5), few, many, 3), ((3, 5), many, many, few + many), ((5, 3), 1, few, 6)]
    for (height, width), narrow, skipped, filters in made:
        x = _data(rng, height, width, narrow), _data(rng, 2 * height, 2 * width, skipped)
        seed = int(rng.integers(1000))
        yield case_of("layer", _block, x, seed, {"filters": filters}, {})


def _networks(hidden, rng):
    # (input_shape, (height, width) of the data, block_filters, filters, classes)
    made = [((8, 12, 2), (8, 12), (4, 3), 5, 3), ((None, None, 1), (16, 8), (3, 5, 4), 6, 4)]
    if hidden:
        a, b, c, d = rng.permutation([3, 4, 5, 6]).tolist()
        made = [
            ((12, 8, 3), (12, 8), (a, b), c, d - 1),
            ((None, None, 2), (8, 16), (b, c, a), d, 3),
            ((None, None, 1), (6, 10), (d,), a, c),
        ]
    for shape, size, block_filters, filters, classes in made:
        x = _data(rng, *size, shape[2])
        sizes = {"block_filters": block_filters, "filters": filters, "classes": classes}
        seed = int(rng.integers(1000))
        expected = keras_behaviour.expected(partial(_fcn, **sizes), x, seed)
        args = {"input_shape": shape, **sizes}
        yield {"how": "model", "args": args, "x": x, "seed": seed, "expected": expected}


TASKS = {
    "bilinear_upsample": (_upsamplings, mistakes.of_upsampling()),
    "decoder_block": (_blocks, mistakes.of_block()),
    "fcn_model": (_networks, mistakes.of_fcn()),
}
