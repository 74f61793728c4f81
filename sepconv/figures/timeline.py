"""Frames of an animation as data: the windows, products and sums of each kernel position."""

from dataclasses import dataclass

import numpy as np

from sepconv.figures.steps import Step

Cell = tuple[int, int, int]
MAX_FRAMES = 40


@dataclass(frozen=True, eq=False)
class Frame:
    """One position of the kernel in one step.

    Attributes
    ----------
    source, target : tuple of (plane, row, column)
        First cell under the kernel in each channel that is read or written; negative in the
        padding. One of the two is a single cell.
    window : array, (kernel height, kernel width, channels)
        Values under the kernel; of a transposed convolution, the one input value.
    kernel : array, of the same axes
    products : array, of the same axes
    total : number
        The output value; of a transposed convolution, the input value.
    result : array or None
        Of a transposed convolution: the output after this position.
    """

    source: tuple[Cell, ...]
    target: tuple[Cell, ...]
    window: np.ndarray
    kernel: np.ndarray
    products: np.ndarray
    total: float
    result: np.ndarray | None = None


def shown_positions(rows: int, columns: int, planes: int) -> list[Cell]:
    """Choose the positions to show: all, or the way along two edges if there are many.

    In that case, planes after the first have three positions each.
    """
    positions = [(row, column) for row in range(rows) for column in range(columns)]
    if len(positions) * planes <= MAX_FRAMES:
        return [(plane, row, column) for plane in range(planes) for row, column in positions]
    edges = [(0, column) for column in range(columns)] + [(row, columns - 1) for row in range(1, rows)]
    most = MAX_FRAMES // 2
    path = edges if len(edges) <= most else [*edges[: most - 1], edges[-1]]
    few = list(dict.fromkeys([edges[0], edges[len(edges) // 2], edges[-1]]))
    return [(plane, *cell) for plane in range(planes) for cell in (path if plane == 0 else few)]


def _window(step: Step, row: int, column: int, channels: range) -> np.ndarray:
    """Input values under the kernel at one output position."""
    (top, bottom), (left, right) = step.pad
    padded = np.pad(step.x, ((top, bottom), (left, right), (0, 0)))
    (eh, ew), (dh, dw) = step.effective_kernel_size, step.dilation_rate
    r, c = row * step.strides[0], column * step.strides[1]
    return padded[r : r + eh : dh, c : c + ew : dw, channels.start : channels.stop]


def _convolution_frames(step: Step, planes: tuple[int, ...]) -> list[Frame]:
    (top, _), (left, _) = step.pad
    height, width = step.y.shape[:2]
    result = []
    for index, row, column in shown_positions(height, width, len(planes)):
        filter_ = planes[index]
        channels = step.channels_of(filter_)
        window, kernel = _window(step, row, column, channels), step.kernel[..., filter_]
        corner = (row * step.strides[0] - top, column * step.strides[1] - left)
        result.append(
            Frame(
                tuple((channel, *corner) for channel in channels),
                ((filter_, row, column),),
                window,
                kernel,
                window * kernel,
                step.y[row, column, filter_],
            )
        )
    return result


def _transposed_frames(step: Step) -> list[Frame]:
    (top, bottom), (left, right) = step.pad
    (eh, ew), (dh, dw), (sh, sw) = step.effective_kernel_size, step.dilation_rate, step.strides
    (rows, columns), (height, width) = step.x.shape[:2], step.y.shape[:2]
    kernel = step.kernel[..., 0]
    padded = np.zeros((top + height + bottom, left + width + right), step.y.dtype)
    shown = set(shown_positions(rows, columns, 1))
    result = []
    for row, column in np.ndindex(rows, columns):
        value = step.x[row, column, 0]
        products = value * kernel
        r, c = row * sh, column * sw
        padded[r : r + eh : dh, c : c + ew : dw] += products[..., 0]
        if (0, row, column) not in shown:
            continue
        result.append(
            Frame(
                ((0, row, column),),
                ((0, r - top, c - left),),
                np.full(kernel.shape, value),
                kernel,
                products,
                value,
                padded[top : top + height, left : left + width].copy(),
            )
        )
    return result


def frames(step: Step, planes: tuple[int, ...]) -> list[Frame]:
    """Compute the frames of a step.

    Parameters
    ----------
    step : Step
    planes : tuple of ints
        Output channels that are drawn.

    Returns
    -------
    list of Frame
        In raster order, one output channel after the other; of a transposed convolution, for
        input cells, with the sum so far.
    """
    return _transposed_frames(step) if step.transposed else _convolution_frames(step, planes)
