"""What is right as far as a student's own layers go, so that a slip in them costs once.

Each function makes what a task asks for of the layers that a student has written for an earlier
one, if those are worth it: layers that do nothing would earn points.
"""

from dataclasses import replace
from functools import cache, partial

import numpy as np

from autograder import checks
from autograder.checks.case import Case

from . import layers, mistakes, stages

SMALL_IN_LAYER = tuple(mistakes.of_layer())
SMALL_IN_BLOCK = tuple(name for name in mistakes.of_block() if name not in mistakes.LITTLE_LEFT)


def block_with(upsample):
    """Give a decoder block that enlarges as the student does."""
    return lambda small, large, filters: stages.twice(stages.joined(upsample(small), large), filters)


def _middle(x, filters, **change):
    return stages.convolved(x, filters, **{"kernel_size": 1, "separable": False} | change)


# Slips in the network itself that show in its number of parameters, as arguments of `network_of`.
SLIPS = (
    {"middle": partial(_middle, normalized=False)},
    {"middle": partial(_middle, kernel_size=3)},
    {"middle": lambda x, filters: x},
    {"way_back": lambda skips, some: stages.deepest_first(skips, some[::-1])},
    {"way_back": lambda skips, some: stages.deepest_first([None, *skips[1:]], some)},
)


def network_of(layer, block, upsample, block_cases, middle=_middle, way_back=stages.deepest_first):
    """Give the network of a student's own separable layer and decoder block.

    It cannot be made where the block does nothing, as a network of such blocks would earn points.
    """

    def own_block(small, large, filters):
        return stages.twice(upsample(small), filters) if large is None else block(small, large, filters)

    @cache
    def worth_following():
        return _layer_worth_following(layer), _is_worth_following(block, upsample, block_cases)

    def network(*args):
        encoding, is_worth_it = worth_following()
        assert is_worth_it
        return stages.fcn(
            *args,
            first=lambda x, some: encoding(x, some, 2),
            middle=middle,
            block=own_block,
            way_back=way_back,
        )

    return network


def _layer_worth_following(layer):
    """Give the student's separable layer if it is nearly right, else a right one."""
    cases = [checks.with_mistakes(case, mistakes.of_layer()) for case in _layer_cases()]
    return layer if checks.nearly_right(layer, cases, SMALL_IN_LAYER) else stages.convolved


def _layer_cases():
    rng = np.random.default_rng(3)
    for shape, filters, strides in (((2, 4, 6, 3), 5, 2), ((2, 5, 4, 2), 3, 1)):
        x, args = rng.normal(size=shape).astype("float32"), {"filters": filters, "strides": strides}
        yield Case("separable_conv2d_batchnorm", **layers.case_of("layer", layers.separable, x, 7, args, {}))


def _is_worth_following(block, upsample, cases):
    """Say whether a decoder block is nearly right, or right but for how the student enlarges."""
    if checks.nearly_right(block, cases, SMALL_IN_BLOCK):
        return True
    try:
        for case in cases:
            checks.agrees(block, case, or_like=block_with(upsample))
    except AssertionError:
        return False
    return True


def takes_any_size(upsample, cases):
    """Say whether a layer can be put on an input whose height and width are not known."""
    try:
        for case in cases:
            if case.any_size:
                checks.agrees(upsample, case, aspects=[checks.SHAPE])
    except AssertionError:
        return False
    return True


def of_known_size(case):
    """Give the same case of a network, made for pictures of the size that its data have."""
    return replace(case, args={**case.args, "input_shape": case.inputs[0].shape[1:]})
