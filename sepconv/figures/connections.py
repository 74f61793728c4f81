"""Which input each output reads, and which weights are the same: dense, local, shared."""

from collections.abc import Sequence

import numpy as np

from sepconv import ops
from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import Element, element, panel, text

KINDS = ("dense", "local", "shared")
FILLS = ("sc-k0", "sc-k1", "sc-k2")  # of the cells of a shared weight
CELL = 26
TOP = 34.0  # of the inputs
BOTTOM = 112.0  # of the outputs
MATRIX_TOP = 134.0
MAX_INPUTS = 11


def weight_numbers(kind: str, inputs: int, kernel_size: int) -> np.ndarray:
    """Return a number for each weight of a layer from one list of values to another.

    Parameters
    ----------
    kind : {"dense", "local", "shared"}
    inputs, kernel_size : int
        The outputs are the positions of the kernel on the inputs.

    Returns
    -------
    array of ints, (outputs, inputs)
        Equal numbers are one weight; 0 where there is no connection.
    """
    kernel = np.arange(1, kernel_size + 1).reshape(1, kernel_size, 1, 1)
    shared: np.ndarray = ops.conv_matrix((1, inputs, 1), kernel).toarray().astype(int)
    if kind == "shared":
        return shared
    connected = shared > 0 if kind == "local" else np.ones_like(shared, bool)
    numbers: np.ndarray = np.zeros_like(shared)
    numbers[connected] = np.arange(1, connected.sum() + 1)
    return numbers


def _centre(index: int, count: int, inputs: int) -> float:
    """Horizontal centre of a node in a row of `count` that is centred on that of the inputs."""
    return 2 + CELL * (index + 0.5 + (inputs - count) / 2)


def _graph(numbers: np.ndarray, kind: str) -> list[Element]:
    outputs, inputs = numbers.shape
    drawn = []
    for (row, column), number in np.ndenumerate(numbers):
        if number:
            drawn.append(
                element(
                    "line",
                    x1=_centre(column, inputs, inputs),
                    y1=TOP,
                    x2=_centre(row, outputs, inputs),
                    y2=BOTTOM,
                    class_=f"sc-way sc-w{number - 1}" if kind == "shared" else "sc-way sc-thin",
                )
            )
    for y, count, class_ in ((TOP, inputs, "sc-reads"), (BOTTOM, outputs, "sc-makes")):
        for index in range(count):
            node = {"cx": _centre(index, count, inputs), "cy": y, "r": 7}
            drawn += [element("circle", class_="sc-back", **node), element("circle", class_=class_, **node)]
    return drawn


def _matrix(numbers: np.ndarray, kind: str) -> list[Element]:
    drawn = []
    for (row, column), number in np.ndenumerate(numbers):
        x, y = 2.0 + column * CELL, MATRIX_TOP + row * CELL
        class_ = "sc-pad" if not number else FILLS[number - 1] if kind == "shared" else "sc-cell"
        side = CELL - 2.0
        drawn.append(element("rect", x=x + 1, y=y + 1, width=side, height=side, class_=class_))
        if number:
            drawn.append(text(x + CELL / 2, y + CELL / 2, str(number), "sc-number"))
    return drawn


def connections(
    kinds: str | Sequence[str] = KINDS, inputs: int = 8, kernel_size: int = 3, caption: str | None = None
) -> Figure:
    """Draw the connections of a layer on a list of values, and its matrix of numbered weights.

    A dense layer has a weight for each pair of input and output. A local one keeps those of
    neighbours, and a convolution makes the ones at equal distance the same weight.

    Parameters
    ----------
    kinds : str or sequence of str
        Of "dense", "local" and "shared".
    inputs : int
        Number of input values, up to 11.
    kernel_size : int
        From 1 to 3, and no more than `inputs`.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If a kind is unknown or a size is out of its range.

    References
    ----------
    LeCun et al., "Backpropagation Applied to Handwritten Zip Code Recognition", 1989.
    """
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if not kinds or any(kind not in KINDS for kind in kinds):
        raise ValueError(f"kinds must be of {', '.join(KINDS)}, got {kinds!r}")
    if not 1 <= kernel_size <= min(len(FILLS), inputs):
        raise ValueError(f"kernel_size must be 1 to {min(len(FILLS), inputs)}, got {kernel_size}")
    if inputs > MAX_INPUTS:
        raise ValueError(f"inputs must be at most {MAX_INPUTS}, got {inputs}")
    panels, words = [], []
    for kind in kinds:
        numbers = weight_numbers(kind, inputs, kernel_size)
        weights, outputs = int(numbers.max()), len(numbers)
        height = MATRIX_TOP + outputs * CELL + 24
        note = f"{weights} weight{'s' if weights > 1 else ''}"
        panels.append(
            panel(
                4 + inputs * CELL,
                height,
                text(2, 9, kind, "sc-title"),
                *_graph(numbers, kind),
                *_matrix(numbers, kind),
                text(2, height - 10, note, "sc-note"),
            )
        )
        reads = int((numbers[0] > 0).sum())
        words.append(
            f"{kind.capitalize()}: {inputs} inputs above, {outputs} outputs below, each joined to {reads} "
            f"inputs; then the matrix of {outputs} rows and {inputs} columns, with the numbers of {note}"
            + (", the same in every row" if kind == "shared" else ", no two alike")
        )
    return panel_figure(panels, ". ".join(words) + ".", caption)
