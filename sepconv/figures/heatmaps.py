"""Small matrices drawn with their numbers."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import (
    DIGIT_WIDTH,
    LARGEST_NUMBER,
    Element,
    Grid,
    draw_cells,
    element,
    fit_numbers,
    format_number,
    format_shape,
    panel,
    text,
)

SMALLEST_CELL = 30  # pixels
WIDEST, WIDEST_OF_TWO = 324, 152  # pixels of a matrix: alone on a phone, and side by side


def heatmap(
    kernels: ArrayLike | Mapping[str, ArrayLike], title: str = "kernel", caption: str | None = None
) -> Figure:
    """Draw small matrices with their numbers, shaded by sign and size.

    Parameters
    ----------
    kernels : matrix, or mapping of title to matrix
    title : str
        Title of a single matrix.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If one of them is not a matrix of numbers with at most 11 columns.
    """
    titled = kernels if isinstance(kernels, Mapping) else {title: kernels}
    arrays = {name: np.asarray(kernel, float) for name, kernel in titled.items()}
    words = []
    for name, values in arrays.items():
        if values.ndim != 2 or not 1 <= values.shape[1] <= 11 or not np.isfinite(values).all():
            raise ValueError(
                f"kernels must be matrices of finite numbers with 1 to 11 columns, "
                f"got shape {values.shape} for {name!r}"
            )
        rows = "; ".join(", ".join(format_number(v) for v in row) for row in values)
        words.append(f"{name}, {format_shape(*values.shape)}, rows: {rows}")
    longest = max(len(format_number(v)) for values in arrays.values() for v in values.ravel())
    panels = [_panel(name, values, longest, len(arrays)) for name, values in arrays.items()]
    return panel_figure(panels, ". ".join(words) + ".", caption)


def _panel(title: str, values: np.ndarray, longest: int, count: int) -> Element:
    """Draw one of `count` matrices whose longest number has that many characters."""
    rows, columns = values.shape
    widest = WIDEST if count == 1 else WIDEST_OF_TWO
    wanted = LARGEST_NUMBER * DIGIT_WIDTH * longest + 4
    cell = float(np.clip(wanted, SMALLEST_CELL, max(SMALLEST_CELL, widest / columns)))
    grid = Grid(rows, columns, (0,), cell, 1)
    drawn = draw_cells(grid, values[:, :, None], *fit_numbers(values, cell))
    largest = np.abs(values).max() or 1.0
    for (row, column), value in np.ndenumerate(values):
        if value:
            x, y = grid.corner(0, row, column)
            drawn.insert(1, _shade(x, y, cell, value / largest))
    width, height = grid.size
    heading = text(2, 9, title, "sc-title")
    return panel(max(width, 8 * len(title)), height, heading, *drawn)


def _shade(x: float, y: float, cell: float, share: float) -> Element:
    return element(
        "rect",
        x=x + 1.0,
        y=y + 1.0,
        width=cell - 2.0,
        height=cell - 2.0,
        class_="sc-plus" if share > 0 else "sc-minus",
        fill_opacity=f"{0.08 + 0.3 * abs(share):.2f}",
    )
