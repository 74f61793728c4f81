"""Receptive field of one result of a stack of layers, seen from the side."""

from collections.abc import Sequence

import numpy as np

from sepconv import ops
from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import Element, element, panel, text

CELL = 20
ROW = 52
LABELS = 52.0  # pixels left of the cells
MAX_INPUTS = 31

Layer = tuple[int, int, int]
Way = tuple[int, int]


def ways_to_middle(layers: Sequence[Layer], size: int) -> tuple[list[list[Way]], list[int]]:
    """Trace what the middle result of a stack reads, along one axis.

    Parameters
    ----------
    layers : sequence of (kernel_size, strides, dilation_rate)
        From the input on; the padding is "same".
    size : int
        Cells of the input.

    Returns
    -------
    ways : list of lists of (int, int)
        For each layer, the cells that the result depends on, each with one that it reads.
    sizes : list of ints
        Cells of the input and of each layer.
    """
    sizes = [size]
    for kernel_size, strides, dilation in layers:
        sizes.append(ops.output_size(sizes[-1], kernel_size, strides, "same", dilation))
    ways: list[list[Way]] = []
    cells = {sizes[-1] // 2}
    for (kernel_size, strides, dilation), below in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        before, _ = ops.same_padding(below, kernel_size, strides, dilation)
        taps = [(cell, cell * strides - before + i * dilation) for cell in cells for i in range(kernel_size)]
        ways.insert(0, sorted((cell, tap) for cell, tap in taps if 0 <= tap < below))
        cells = {tap for _, tap in ways[0]}
    return ways, sizes


def _check(layers: Sequence[Layer], size: int) -> None:
    if not layers:
        raise ValueError(f"layers must be one or more, got {layers!r}")
    if not 1 <= size <= MAX_INPUTS:
        raise ValueError(f"size must be 1 to {MAX_INPUTS}, got {size}")
    for layer in layers:
        if len(layer) != 3 or min(layer) < 1 or min(layer[1:]) > 1:
            raise ValueError(
                "layers must be (kernel_size, strides, dilation_rate), positive and not both of the last "
                f"two above one, got {layer!r}"
            )


def receptive_field(layers: Sequence[Layer], size: int = 17, caption: str | None = None) -> Figure:
    """Draw what the middle result of a stack of layers depends on, along one axis.

    Parameters
    ----------
    layers : sequence of (kernel_size, strides, dilation_rate)
        From the input on; the padding is "same".
    size : int
        Cells of the input, up to 31.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no layer, `size` is out of its range, or a layer is not one that Keras takes.
    """
    _check(layers, size)
    ways, sizes = ways_to_middle(layers, size)
    top = len(layers)
    cells = [{tap for _, tap in pairs} for pairs in ways] + [{sizes[-1] // 2}]
    step = np.cumprod([1, *(strides for _, strides, _ in layers)])

    def centre(level: int, cell: int) -> tuple[float, float]:
        across = (cell - (sizes[level] - 1) / 2) * step[level] + (size - 1) / 2
        return LABELS + CELL * (float(across) + 0.5), float(20 + (top - level) * ROW)

    drawn: list[Element] = []
    for level, pairs in enumerate(ways, start=1):
        for cell, tap in pairs:
            (x1, y1), (x2, y2) = centre(level, cell), centre(level - 1, tap)
            drawn.append(element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_="sc-way sc-thin"))
    for level, count in enumerate(sizes):
        for cell in range(count):
            x, y = centre(level, cell)
            square = {"x": x - 7, "y": y - 7, "width": 14, "height": 14, "rx": 2}
            kind = "sc-rests" if cell not in cells[level] else "sc-makes" if level == top else "sc-reads"
            drawn += [
                element("rect", class_="sc-back", **square),
                element("rect", class_=kind, **square),
            ]
        name = f"layer {level}" if level else "input"
        drawn.append(text(2, float(20 + (top - level) * ROW), name, "sc-note"))
    wide = max(cells[0]) - min(cells[0]) + 1
    words = "; ".join(
        f"layer {n}: a kernel of {k} with strides of {s} and a dilation of {d}, "
        f"{len(cells[n])} of its {sizes[n]} cells"
        for n, (k, s, d) in enumerate(layers, start=1)
    )
    alt = (
        f"{top} layers above an input of {size} cells, from the side; lines lead down from the middle "
        f"result to all that it depends on. From below, {words}. Of the input it reads "
        f"{len(cells[0])} cells, spread over {wide}."
    )
    return panel_figure([panel(LABELS + size * CELL + 2, 40 + top * ROW, *drawn)], alt, caption)
