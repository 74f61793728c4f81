"""What happens at each place of the kernel, as data: windows, products, sums."""

from dataclasses import dataclass

import numpy as np

from sepconv.figures.cases import Step

Cell = tuple[int, int, int]
EVERY_PLACE = 40


@dataclass(frozen=True, eq=False)
class Frame:
    """One place of the kernel in one step.

    Attributes
    ----------
    source, target : tuple of (plane, row, column)
        First cell under the kernel in each channel that takes part; negative in the padding.
        One of the two is a single cell.
    seen : array, (kernel height, kernel width, channels)
        Values under the kernel; of a transposed convolution, the one input value.
    kernel : array, of the same axes
    products : array, of the same axes
    total : number
        The output value; of a transposed convolution, the input value that is spread.
    result : array or None
        Of a transposed convolution: the output after this place.
    """

    source: tuple[Cell, ...]
    target: tuple[Cell, ...]
    seen: np.ndarray
    kernel: np.ndarray
    products: np.ndarray
    total: float
    result: np.ndarray | None = None


def shown_positions(rows: int, columns: int, planes: int) -> list[Cell]:
    """Choose the places to show: all, or, of many, the way along two edges, shortened in later planes."""
    every = [(row, column) for row in range(rows) for column in range(columns)]
    if len(every) * planes <= EVERY_PLACE:
        return [(plane, *place) for plane in range(planes) for place in every]
    edges = [(0, column) for column in range(columns)] + [(row, columns - 1) for row in range(1, rows)]
    most = EVERY_PLACE // 2
    way = edges if len(edges) <= most else [*edges[: most - 1], edges[-1]]
    few = list(dict.fromkeys([edges[0], edges[len(edges) // 2], edges[-1]]))
    return [(plane, *place) for plane in range(planes) for place in (way if plane == 0 else few)]


def _window(step: Step, row: int, column: int, channels: range) -> np.ndarray:
    (top, bottom), (left, right) = step.pad
    padded = np.pad(step.x, ((top, bottom), (left, right), (0, 0)))
    (rh, rw), (dh, dw) = step.effective_kernel_size, step.dilation_rate
    r, c = row * step.strides[0], column * step.strides[1]
    return padded[r : r + rh : dh, c : c + rw : dw, channels.start : channels.stop]


def _convolution_frames(step: Step, planes: tuple[int, ...]) -> list[Frame]:
    (top, _), (left, _) = step.pad
    frames = []
    for index, row, column in shown_positions(*step.y.shape[:2], len(planes)):
        filter_ = planes[index]
        channels = step.channels_of(filter_)
        seen, kernel = _window(step, row, column, channels), step.kernel[..., filter_]
        corner = (row * step.strides[0] - top, column * step.strides[1] - left)
        frames.append(
            Frame(
                tuple((channel, *corner) for channel in channels),
                ((filter_, row, column),),
                seen,
                kernel,
                seen * kernel,
                step.y[row, column, filter_],
            )
        )
    return frames


def _transposed_frames(step: Step) -> list[Frame]:
    (top, bottom), (left, right) = step.pad
    (rh, rw), (dh, dw), (sh, sw) = step.effective_kernel_size, step.dilation_rate, step.strides
    height, width = step.y.shape[:2]
    kernel = step.kernel[..., 0]
    whole = np.zeros((top + height + bottom, left + width + right), step.y.dtype)
    chosen = set(shown_positions(*step.x.shape[:2], 1))
    frames = []
    for row, column in np.ndindex(step.x.shape[:2]):
        value = step.x[row, column, 0]
        products = value * kernel
        r, c = row * sh, column * sw
        whole[r : r + rh : dh, c : c + rw : dw] += products[..., 0]
        if (0, row, column) not in chosen:
            continue
        frames.append(
            Frame(
                ((0, row, column),),
                ((0, r - top, c - left),),
                np.full(kernel.shape, value),
                kernel,
                products,
                value,
                whole[top : top + height, left : left + width].copy(),
            )
        )
    return frames


def frames(step: Step, planes: tuple[int, ...]) -> list[Frame]:
    """Compute what a reader steps through.

    Parameters
    ----------
    step : Step
    planes : tuple of ints
        The output channels that are drawn.

    Returns
    -------
    list of Frame
        In raster order, one output channel after the other; transposed: for input cells,
        with the sum so far.
    """
    return _transposed_frames(step) if step.transposed else _convolution_frames(step, planes)
