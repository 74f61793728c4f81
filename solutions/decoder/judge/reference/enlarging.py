"""Zeros between pixels, and transposed convolution by them: cases and mistakes."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sepconv import ops


def _pair(strides):
    return (strides, strides) if isinstance(strides, int) else tuple(strides)


def insert_zeros(x, strides):
    down, across = _pair(strides)
    batch, height, width, channels = x.shape
    apart = np.zeros((batch, (height - 1) * down + 1, (width - 1) * across + 1, channels), x.dtype)
    apart[:, ::down, ::across] = x
    return apart


def _pictures(rng, size, channels):
    return rng.normal(size=(2, *size, channels)).round(2)


def _insertions(hidden, rng):
    # (height and width, channels, strides)
    made = [((3, 4), 2, 2), ((2, 3), 2, (3, 2)), ((4, 2), 3, (1, 3)), ((3, 3), 2, 1)]
    if hidden:
        few, many = rng.permutation([2, 3, 4, 5])[:2].tolist()
        made = [((many, few + 1), 2, few), ((few, many), 3, (few, few + 2)), ((few, 3), 2, (many, 1))]
    for size, channels, strides in made:
        x = _pictures(rng, size, channels)
        yield {"args": {"x": x, "strides": strides}, "expected": insert_zeros(x, strides)}


def _insertion_mistakes():
    def padded(before, after):
        def insert(x, strides):
            down, across = _pair(strides)
            rows, columns = ([(s - 1) * before, (s - 1) * after] for s in (down, across))
            return np.pad(insert_zeros(x, strides), [(0, 0), rows, columns, (0, 0)])

        return insert

    def repeated(x, strides):
        down, across = _pair(strides)
        return x.repeat(down, axis=1).repeat(across, axis=2)

    def at_the_end(x, strides):
        wanted = insert_zeros(x, strides).shape
        return np.pad(x, [(0, more - n) for more, n in zip(wanted, x.shape, strict=True)])

    def among_the_channels(x, strides):
        return insert_zeros(x.swapaxes(1, 3), strides).swapaxes(1, 3)

    return {
        "zeros follow the last pixel, too": (
            padded(0, 1),
            "Zeros come between pixels: how many gaps are there in a row of 4?",
        ),
        "zeros stand before the first pixel": (
            padded(1, 0),
            "Zeros come between pixels: what stands at place (0, 0)?",
        ),
        "one zero too many in each gap": (
            lambda x, s: insert_zeros(x, tuple(n + 1 for n in _pair(s))),
            "With strides of 1 the picture stays as it is, with 2 there is one zero in each gap.",
        ),
        "only the rows are moved apart": (
            lambda x, s: insert_zeros(x, (_pair(s)[0], 1)),
            "A single number of strides is meant for both axes, a pair has one for each.",
        ),
        "only the columns are moved apart": (
            lambda x, s: insert_zeros(x, (1, _pair(s)[1])),
            "A single number of strides is meant for both axes, a pair has one for each.",
        ),
        "the two strides are swapped": (
            lambda x, s: insert_zeros(x, _pair(s)[::-1]),
            "The first stride is for the height, and which axis of the array is that?",
        ),
        "pixels are repeated": (repeated, "What stands in the gaps?"),
        "all zeros stand at the end": (at_the_end, "Each pixel moves, not only the picture's rim."),
        "the channels are moved apart": (
            among_the_channels,
            "The axes are (batch, height, width, channels). Which two grow?",
        ),
        "only the first picture is taken": (
            lambda x, s: insert_zeros(x[:1], s),
            "How many pictures are in the batch, and how many come back?",
        ),
    }


def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    return _by_zeros(x, kernel, strides, padding)


def _half_a_turn(kernel):
    return kernel[::-1, ::-1]


def _halves(spare):
    return spare // 2, spare - spare // 2


def _by_zeros(x, kernel, strides, padding, apart=insert_zeros, turned=_half_a_turn, ring=0, cut=_halves):
    """Transposed convolution by zero insertion, each step of which can be another one."""
    rings = [(n - 1 + ring,) * 2 for n in kernel.shape[:2]]
    wide = np.pad(apart(x, strides), [(0, 0), *rings, (0, 0)])
    windows = sliding_window_view(wide, kernel.shape[:2], axis=(1, 2))
    full = np.einsum("nhwcij,ijfc->nhwf", windows, turned(kernel))
    if padding == "valid":
        return full
    sides = [cut(max(n - s, 0)) for n, s in zip(kernel.shape[:2], _pair(strides), strict=True)]
    (top, bottom), (left, right) = sides
    return full[:, top : full.shape[1] - bottom, left : full.shape[2] - right]


def _transpositions(hidden, rng):
    # (height and width, kernel size, filters, channels, strides, padding)
    # Pairs of strides stand with padding "same" alone, and only with strides of 1 are there other
    # numbers of filters than of channels: who overlooks one of them loses the points of one part.
    made = [
        ((3, 4), (2, 3), 2, 2, None, None),
        ((2, 3), (3, 2), 1, 3, None, None),
        ((4, 3), (3, 3), 3, 3, 2, "valid"),
        ((3, 2), (4, 3), 1, 1, 3, "valid"),
        ((3, 3), (5, 5), 2, 2, 2, "same"),
        ((2, 4), (4, 5), 2, 2, (3, 2), "same"),
    ]
    if hidden:
        small, large = rng.permutation([2, 3, 4])[:2].tolist()
        odd = int(rng.choice([1, 3]))
        made = [
            ((large, 4), (3, 2), 3, 3, None, None),
            ((3, small), (2, 3), 3, 2, None, None),
            ((4, small + 1), (4, 4), 2, 2, 3, "valid"),
            ((small, 3), (large + 1, 5), 3, 3, large, "valid"),
            ((3, large), (5, 2 + odd), 3, 3, 2, "same"),
            ((small, 4), (5, small + 2), 1, 1, (2, small), "same"),
            ((2, large), (5, 4), 2, 2, (3, 2), "same"),
        ]
    for size, kernel_size, filters, channels, strides, padding in made:
        x = _pictures(rng, size, channels)
        kernel = rng.normal(size=(*kernel_size, filters, channels)).round(2)
        kwargs = {} if strides is None else {"strides": strides, "padding": padding}
        expected = ops.conv2d_transpose(x, kernel, **kwargs)
        yield {"args": {"x": x, "kernel": kernel}, "kwargs": kwargs, "expected": expected}


def _transposition_mistakes():
    insertion = _insertion_mistakes()

    def but(**change):
        return lambda x, kernel, strides=1, padding="valid": _by_zeros(x, kernel, strides, padding, **change)

    def apart(mistake):
        return but(apart=insertion[mistake][0])

    def overlaps_averaged(x, kernel, strides=1, padding="valid"):
        ones = np.ones((*kernel.shape[:2], 1, 1))
        written = _by_zeros(np.ones_like(x[..., :1]), ones, strides, padding)
        return _by_zeros(x, kernel, strides, padding) / np.maximum(written, 1)

    def overwritten(x, kernel, strides=1, padding="valid"):
        down, across = _pair(strides)
        full = np.zeros_like(_by_zeros(x, kernel, strides, "valid"))
        for row in range(x.shape[1]):
            for column in range(x.shape[2]):
                place = full[:, row * down :, column * across :][:, : kernel.shape[0], : kernel.shape[1]]
                place[...] = np.einsum("nc,ijfc->nijf", x[:, row, column], kernel)
        if padding == "valid":
            return full
        top, left = (_halves(n - s)[0] for n, s in zip(kernel.shape[:2], (down, across), strict=True))
        return full[:, top : top + x.shape[1] * down, left : left + x.shape[2] * across]

    def plain(x, kernel, strides=1, padding="valid"):
        down, across = _pair(strides)
        windows = sliding_window_view(x, kernel.shape[:2], axis=(1, 2))[:, ::down, ::across]
        return np.einsum("nhwcij,ijfc->nhwf", windows, kernel)

    def same_size(x, kernel, strides=1, padding="valid"):
        full = _by_zeros(x, kernel, strides, "valid")
        if padding == "valid":
            return full
        spare = [a - b for a, b in zip(full.shape[1:3], x.shape[1:3], strict=True)]
        (top, bottom), (left, right) = map(_halves, spare)
        return full[:, top : full.shape[1] - bottom, left : full.shape[2] - right]

    return {
        "the kernel is not turned": (
            but(turned=lambda k: k),
            "Each pixel writes a copy of the kernel as it is. Which weight meets the pixel first?",
        ),
        "the kernel is turned along one axis only": (
            but(turned=lambda k: k[::-1]),
            "Half a turn moves the weight from one corner to the opposite one.",
        ),
        "filters and channels are swapped": (
            but(turned=lambda k: _half_a_turn(k).swapaxes(2, 3)),
            "In this layer's kernel the filters come before the channels.",
        ),
        "height and width of the kernel are swapped": (
            but(turned=lambda k: _half_a_turn(k).swapaxes(0, 1)),
            "The kernel's rows go with the picture's rows.",
        ),
        "zeros follow the last pixel, too": (
            apart("zeros follow the last pixel, too"),
            "Is your result larger than the text says? Look at what insert_zeros leaves at the end.",
        ),
        "one zero too many in each gap": (
            apart("one zero too many in each gap"),
            "Strides are the distance from one pixel to the next.",
        ),
        "pixels are repeated": (apart("pixels are repeated"), "What stands in the gaps?"),
        "the strides work along the height only": (
            apart("only the rows are moved apart"),
            "A single number of strides is meant for both axes, a pair has one for each.",
        ),
        "the strides work along the width only": (
            apart("only the columns are moved apart"),
            "A single number of strides is meant for both axes, a pair has one for each.",
        ),
        "the two strides are swapped": (
            apart("the two strides are swapped"),
            "The first stride is for the height.",
        ),
        "the strides are ignored": (
            but(apart=lambda x, strides: x),
            "What does the function do with its argument strides?",
        ),
        "the ring of zeros is too wide": (
            but(ring=1),
            "The outermost place of the kernel still touches one pixel.",
        ),
        "the ring of zeros is too narrow": (
            but(ring=-1),
            "At the outermost place only one corner of the kernel touches a pixel.",
        ),
        "the odd row is cut off on the wrong side": (
            but(cut=lambda spare: _halves(spare)[::-1]),
            "Where an odd number is to be cut off, which side loses more?",
        ),
        "all is cut off at the end": (but(cut=lambda spare: (0, spare)), "Both sides lose their half."),
        "all is cut off at the beginning": (but(cut=lambda spare: (spare, 0)), "Both sides lose their half."),
        "padding same cuts nothing off": (
            but(cut=lambda spare: (0, 0)),
            "How large must the result be with padding same?",
        ),
        "padding same keeps the picture's size": (
            same_size,
            "With padding same the result is larger than the picture, by the factor of the strides.",
        ),
        "where copies overlap, the last one counts": (
            overwritten,
            "What becomes of the number that already stands where a copy is written?",
        ),
        "only the first picture is taken": (
            lambda x, kernel, *options, **named: conv2d_transpose(x[:1], kernel, *options, **named),
            "How many pictures are in the batch, and how many come back?",
        ),
        "overlapping copies are averaged": (overlaps_averaged, "Where copies overlap they add up."),
        "an ordinary convolution": (plain, "This layer makes pictures larger. Where do your zeros come in?"),
    }


TASKS = {
    "insert_zeros": (_insertions, _insertion_mistakes()),
    "conv2d_transpose": (_transpositions, _transposition_mistakes()),
}

# By mistake in insert_zeros: what a right conv2d_transpose makes of it, which costs nothing more.
FOLLOWS = {
    "zeros follow the last pixel, too": "zeros follow the last pixel, too",
    "one zero too many in each gap": "one zero too many in each gap",
    "pixels are repeated": "pixels are repeated",
    "only the rows are moved apart": "the strides work along the height only",
    "only the columns are moved apart": "the strides work along the width only",
    "the two strides are swapped": "the two strides are swapped",
}
# Slips that show with strides of 1 already, and cost nothing more with others.
SMALL = (
    "the kernel is not turned",
    "the kernel is turned along one axis only",
    "filters and channels are swapped",
    "height and width of the kernel are swapped",
    "where copies overlap, the last one counts",
    "overlapping copies are averaged",
    "only the first picture is taken",
)
