"""Counting parameters: answers, cases and mistakes."""

from functools import partial

import numpy as np

from .draw import different, one


def _sides(kernel_size):
    return (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size


def conv2d_params(kernel_size, channels, filters, use_bias=True):
    height, width = _sides(kernel_size)
    return height * width * channels * filters + use_bias * filters


def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    height, width = _sides(kernel_size)
    between = channels * depth_multiplier
    return height * width * between + between * filters + use_bias * filters


def _counts(reference, hidden, rng):
    separable = reference is separable_conv2d_params
    # The sources' 3×3×3 with 9 filters comes last: there, several mistakes happen to give the same
    # count.
    shapes = [(5, 2, 7), ((2, 5), 3, 4), (3, 3, 9)]
    if hidden:
        sizes = [4, (1, one(rng, 2, 7)), tuple(different(rng, 2, 7, 2)), (one(rng, 5, 7), 1)]
        shapes = [(size, *different(rng, 3, 12, 2)) for size in sizes]
    for kernel_size, channels, filters in shapes:
        args = {"kernel_size": kernel_size, "channels": channels, "filters": filters}
        options = [{"use_bias": use_bias} for use_bias in (False, True)]
        if separable and kernel_size != 3:
            # With 1, a dense layer and one with kernels for each filter have one count.
            options = [{"depth_multiplier": m} | some for some in options for m in (2, 1, 3)]
        for kwargs in [*options, {}]:
            yield {"args": args, "kwargs": kwargs, "expected": reference(*args.values(), **kwargs)}


def _count_mistakes():
    def of_sides(count):
        return lambda k, c, f, use_bias=True: count(*_sides(k), c, f) + use_bias * f

    def first_side(k):
        return _sides(k)[0]

    return {
        "the input's channels are left out": (
            of_sides(lambda h, w, c, f: h * w * f),
            "How deep is one filter, which looks at every channel of its input?",
        ),
        "the filters are left out": (
            lambda k, c, f, use_bias=True: np.prod(_sides(k)) * c + use_bias,
            "You have counted one filter. How many are there?",
        ),
        "one side of the kernel only": (
            of_sides(lambda h, w, c, f: h * c * f),
            "A kernel has a height and a width.",
        ),
        "the kernel's height is used twice": (
            lambda k, c, f, use_bias=True: first_side(k) ** 2 * c * f + use_bias * f,
            "A kernel of (2, 5) is not square.",
        ),
        "the bias is always counted": (
            lambda k, c, f, use_bias=True: conv2d_params(k, c, f),
            "What should use_bias=False change?",
        ),
        "the bias is never counted": (
            lambda k, c, f, use_bias=True: conv2d_params(k, c, f, False),
            "What should use_bias=True add?",
        ),
        "a bias for each channel of the input": (
            lambda k, c, f, use_bias=True: conv2d_params(k, c, f, False) + use_bias * c,
            "A bias is added to a filter's sum. How many sums does one place of the output have?",
        ),
        "one bias for the whole layer": (
            lambda k, c, f, use_bias=True: conv2d_params(k, c, f, False) + use_bias,
            "Each filter has a bias of its own.",
        ),
        "filters and channels are added": (
            of_sides(lambda h, w, c, f: h * w * (c + f)),
            "Every filter has weights for every channel: is that a sum or a product?",
        ),
    }


def _separable_count_mistakes():
    def parts(depthwise, pointwise, bias=lambda c, f, m: f):
        def count(k, c, f, depth_multiplier=1, use_bias=True):
            m = depth_multiplier
            return depthwise(*_sides(k), c, f, m) + pointwise(c, f, m) + use_bias * bias(c, f, m)

        return count

    def right_depthwise(h, w, c, f, m):
        return h * w * c * m

    def right_pointwise(c, f, m):
        return c * m * f

    return {
        "the count of the dense layer": (
            lambda k, c, f, depth_multiplier=1, use_bias=True: conv2d_params(k, c, f, use_bias),
            "Count the two parts, depthwise and pointwise, one after the other.",
        ),
        "the pointwise part is missing": (
            parts(right_depthwise, lambda c, f, m: 0),
            "After the depthwise part, 1×1 filters mix the channels. They have weights, too.",
        ),
        "the depthwise part is missing": (
            parts(lambda h, w, c, f, m: 0, right_pointwise),
            "Before the 1×1 filters, each channel has kernels of its own. They have weights, too.",
        ),
        "the depth multiplier is ignored": (
            parts(lambda h, w, c, f, m: h * w * c, lambda c, f, m: c * f),
            "With depth_multiplier=2 each channel gets two kernels.",
        ),
        "the depth multiplier is missing from the pointwise part": (
            parts(right_depthwise, lambda c, f, m: c * f),
            "How many channels leave the depthwise part? The 1×1 filters see all of them.",
        ),
        "the depth multiplier is missing from the depthwise part": (
            parts(lambda h, w, c, f, m: h * w * c, right_pointwise),
            "How many kernels does each channel have?",
        ),
        "the depthwise kernels are counted for each filter": (
            parts(lambda h, w, c, f, m: h * w * c * m * f, lambda c, f, m: 0),
            "The depthwise part does not know how many filters come after it.",
        ),
        "the two parts are multiplied": (
            lambda k, c, f, depth_multiplier=1, use_bias=True: (
                np.prod(_sides(k)) * (c * depth_multiplier) ** 2 * f + use_bias * f
            ),
            "Two layers one after the other: do their counts multiply or add?",
        ),
        "both parts have a bias": (
            parts(right_depthwise, right_pointwise, lambda c, f, m: f + c * m),
            "Keras adds one bias, after the pointwise part.",
        ),
        "the bias belongs to the depthwise part": (
            parts(right_depthwise, right_pointwise, lambda c, f, m: c * m),
            "The bias is added at the very end: how many channels are there then?",
        ),
        "the bias is always counted": (
            lambda k, c, f, depth_multiplier=1, use_bias=True: separable_conv2d_params(
                k, c, f, depth_multiplier
            ),
            "What should use_bias=False change?",
        ),
        "the bias is never counted": (
            parts(right_depthwise, right_pointwise, lambda c, f, m: 0),
            "What should use_bias=True add?",
        ),
        "the kernel's height is used twice": (
            parts(lambda h, w, c, f, m: h * h * c * m, right_pointwise),
            "A kernel of (2, 5) is not square.",
        ),
    }


TASKS = {
    "conv2d_params": (partial(_counts, conv2d_params), _count_mistakes()),
    "separable_conv2d_params": (partial(_counts, separable_conv2d_params), _separable_count_mistakes()),
}
