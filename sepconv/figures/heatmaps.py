"""Small matrices drawn with their numbers."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import Element, Grid, draw_cells, element, format_number, format_shape, panel, text


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
    panels, words = [], []
    for name, kernel in titled.items():
        values = np.asarray(kernel, float)
        if values.ndim != 2 or not 1 <= values.shape[1] <= 11 or not np.isfinite(values).all():
            raise ValueError(
                f"kernels must be matrices of finite numbers with 1 to 11 columns, "
                f"got shape {values.shape} for {name!r}"
            )
        panels.append(_panel(name, values))
        rows = "; ".join(", ".join(format_number(v) for v in row) for row in values)
        words.append(f"{name}, {format_shape(*values.shape)}, rows: {rows}")
    return panel_figure(panels, ". ".join(words) + ".", caption)


def _panel(title: str, values: np.ndarray) -> Element:
    rows, columns = values.shape
    longest = max(len(format_number(v)) for v in values.ravel())
    cell = 30 if longest <= 3 or 38 * columns > 330 else 38
    grid = Grid(rows, columns, (0,), cell, 1)
    drawn = draw_cells(grid, values[:, :, None])
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
