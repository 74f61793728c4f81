"""Zeros between pixels, transposed convolution by them, the bilinear kernel: cases and mistakes."""

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
    made = [((3, 4), 1, 2), ((2, 3), 2, (3, 2)), ((4, 2), 3, (1, 3)), ((3, 3), 2, 1)]
    if hidden:
        few, many = rng.permutation([2, 3, 4, 5])[:2].tolist()
        made = [((many, few + 1), 2, few), ((few, many), 3, (few, few + 2)), ((few, 3), 1, (many, 1))]
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
    }


def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    return _by_zeros(x, kernel, strides, padding)


def _half_a_turn(kernel):
    return kernel[::-1, ::-1]


def _halves(spare):
    return spare // 2, spare - spare // 2


def _by_zeros(
    x, kernel, strides, padding, apart=insert_zeros, turned=_half_a_turn, ring=0, cut=_halves, rim=0
):
    """Transposed convolution by zero insertion, each step of which can be another one."""
    rings = [(n - 1 + ring,) * 2 for n in kernel.shape[:2]]
    wide = np.pad(apart(x, strides), [(0, 0), *rings, (0, 0)])
    windows = sliding_window_view(wide, kernel.shape[:2], axis=(1, 2))
    full = np.einsum("nhwcij,ijfc->nhwf", windows, turned(kernel))
    if padding == "valid":
        return np.pad(full, [(0, 0), *((0, rim * (s - 1)) for s in _pair(strides)), (0, 0)])
    sides = [cut(max(n - s, 0)) for n, s in zip(kernel.shape[:2], _pair(strides), strict=True)]
    (top, bottom), (left, right) = sides
    return full[:, top : full.shape[1] - bottom, left : full.shape[2] - right]


def _transpositions(hidden, rng):
    # (height and width, kernel size, filters, channels, strides, padding)
    made = [
        ((3, 4), (3, 3), 2, 3, None, None),
        ((4, 3), (3, 3), 3, 3, 2, "valid"),
        ((3, 2), (4, 3), 2, 1, (2, 3), "valid"),
        ((3, 3), (3, 3), 2, 2, 2, "same"),
        ((2, 4), (5, 4), 1, 2, (1, 2), "same"),
    ]
    if hidden:
        small, large = rng.permutation([2, 3, 4])[:2].tolist()
        odd = int(rng.choice([1, 3]))
        made = [
            ((large, 4), (3, 2), 3, 2, None, None),
            ((4, small + 1), (4, 4), 2, 2, 3, "valid"),
            ((small, 3), (large + 1, 5), 1, 3, (large, 2), "valid"),
            ((3, large), (2 + odd, 2 + odd), 3, 3, 2, "same"),
            ((small, 4), (5, small + 2), 2, 1, (1, small), "same"),
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
        "the result is longer by output padding": (
            but(rim=1),
            "The result ends where the last copy of the kernel ends.",
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
        "overlapping copies are averaged": (overlaps_averaged, "Where copies overlap they add up."),
        "an ordinary convolution": (plain, "This layer makes pictures larger. Where do your zeros come in?"),
    }


def bilinear_kernel(factor, channels):
    return _of_line(_line(factor), channels)


def _line(factor):
    size = 2 * factor - factor % 2
    return 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor


def _of_line(line, channels):
    kernel = np.zeros((len(line), len(line), channels, channels))
    for channel in range(channels):
        kernel[:, :, channel, channel] = np.outer(line, line)
    return kernel


def _bilinear_kernels(hidden, rng):
    made = [(2, 1), (3, 2), (4, 3)]
    if hidden:
        even, odd = int(rng.choice([6, 8])), int(rng.choice([5, 7]))
        made = [(4, int(rng.integers(4, 6))), (odd, int(rng.integers(3, 6))), (even, 2), (2, 4)]
    for factor, channels in made:
        yield {
            "args": {"factor": factor, "channels": channels},
            "expected": bilinear_kernel(factor, channels),
        }


def _bilinear_mistakes():
    def lined(change):
        return lambda factor, channels: _of_line(change(factor, _line(factor)), channels)

    def scaled(change):
        return lambda f, c: bilinear_kernel(f, c) * change(f, c)

    def pictured(change):
        def make(factor, channels):
            line = _line(factor)
            away = np.arange(len(line)) - (len(line) - 1) / 2
            return change(line, away / factor)[:, :, None, None] * np.eye(channels)

        return make

    def off_centre(factor, line):
        return 1 - np.abs(np.arange(len(line)) - (factor - 1)) / factor

    return {
        "every channel goes into every channel": (
            lambda f, c: bilinear_kernel(f, 1) * np.ones((c, c)),
            "Enlarging a colour picture must not mix its colours: which weights are zero?",
        ),
        "only the first channel is filled": (
            lambda f, c: bilinear_kernel(f, c) * (np.arange(c) == 0),
            "What becomes of the second channel?",
        ),
        "the centre is off by half a pixel": (
            lined(off_centre),
            "With an even size the centre lies between two weights. Is your kernel symmetric?",
        ),
        "the weights add up to 1": (
            scaled(lambda f, c: 1 / f**2),
            "Of all weights, how many meet a pixel at once? Only those must add up to 1.",
        ),
        "the weights of a line add up to 1 twice over": (
            scaled(lambda f, c: 1 / f),
            "Rows and columns need the same scale: enlarge a picture of ones and look.",
        ),
        "the weights are shared out among the channels": (
            scaled(lambda f, c: 1 / c),
            "Each channel is enlarged by itself.",
        ),
        "the largest weight is 1": (
            lined(lambda f, line: line / line.max()),
            "With an even factor no new pixel falls upon an old one.",
        ),
        "the weights reach zero at the kernel's rim": (
            lined(lambda f, line: 1 - np.abs(np.linspace(-1, 1, len(line)))),
            "The kernel holds the weights above zero; the zeros would come one step later.",
        ),
        "the nearest pixel is taken": (
            lined(lambda f, line: (np.abs(np.arange(len(line)) - (len(line) - 1) / 2) < f / 2).astype(float)),
            "A block of ones repeats pixels. Bilinear weights fall off with the distance.",
        ),
        "all weights are equal": (
            lined(lambda f, line: np.full(len(line), f / len(line))),
            "The nearer the old pixel, the larger its weight.",
        ),
        "rows and columns are added": (
            pictured(lambda line, away: (line[:, None] + line) / 2),
            "First along the rows, then along the columns: are the weights added then, or multiplied?",
        ),
        "a pyramid": (
            pictured(lambda line, away: np.minimum(line[:, None], line)),
            "First along the rows, then along the columns: what does that do to the corners?",
        ),
        "a cone": (
            pictured(lambda line, away: np.maximum(1 - np.hypot(away[:, None], away), 0)),
            "Bilinear means linear along each axis by itself, not in the distance.",
        ),
    }


TASKS = {
    "insert_zeros": (_insertions, _insertion_mistakes()),
    "conv2d_transpose": (_transpositions, _transposition_mistakes()),
    "bilinear_kernel": (_bilinear_kernels, _bilinear_mistakes()),
}
