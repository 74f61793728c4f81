"""The kernel that enlarges bilinearly: cases and mistakes."""

import numpy as np


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
        made = [(4, int(rng.integers(4, 6))), (odd, int(rng.integers(3, 6))), (even, 2), (2, 3)]
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

    def all_of_even_size(factor, channels):
        return _of_line(1 - np.abs(np.arange(2 * factor) - factor + 0.5) / factor, channels)

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
        "an odd factor has the centre of an even one": (
            lined(lambda f, line: 1 - np.abs(np.arange(len(line)) - f + 0.5) / f),
            "With an odd factor one new pixel falls upon the old one. Is your kernel symmetric?",
        ),
        "an odd factor has the size of an even one": (
            all_of_even_size,
            "How large is the kernel for an odd factor?",
        ),
        "the kernel has no axes for the channels": (
            lambda f, c: bilinear_kernel(f, 1)[:, :, 0, 0],
            "Which four axes has the kernel that conv2d_transpose takes?",
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


TASKS = {"bilinear_kernel": (_bilinear_kernels, _bilinear_mistakes())}
# Mistakes that leave the shares right but for one thing, and show with even factors already.
SMALL = (
    "every channel goes into every channel",
    "only the first channel is filled",
    "the kernel has no axes for the channels",
    "the weights add up to 1",
    "the weights of a line add up to 1 twice over",
    "the weights are shared out among the channels",
    "the largest weight is 1",
    "the weights reach zero at the kernel's rim",
    "rows and columns are added",
    "a pyramid",
    "a cone",
)
