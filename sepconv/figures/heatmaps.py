"""Small matrices drawn with their numbers."""

from collections.abc import Mapping

import numpy as np

from sepconv.figures.figure import Figure, panel_figure
from sepconv.figures.svg import Grid, draw_cells, element, format_number, panel, text


def heatmap(kernels, title: str = "kernel", caption: str | None = None) -> Figure:
    """Draw small matrices with their numbers, shaded by their sign and size.

    Parameters
    ----------
    kernels : matrix, or mapping of title to matrix
    title : str
        Of a single matrix.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If one of them is not a matrix of numbers with at most 11 columns.
    """
    named = kernels if isinstance(kernels, Mapping) else {title: kernels}
    panels, words = [], []
    for name, kernel in named.items():
        values = np.asarray(kernel, float)
        if values.ndim != 2 or not 1 <= values.shape[1] <= 11 or not np.isfinite(values).all():
            raise ValueError(
                f"kernels must be matrices of finite numbers with 1 to 11 columns, "
                f"got shape {values.shape} for {name!r}"
            )
        longest = max(len(format_number(v)) for v in values.ravel())
        cell = 30 if longest <= 3 else 38
        if cell * values.shape[1] > 330:
            cell = 30
        grid = Grid(*values.shape, (0,), cell, 1)
        made = draw_cells(grid, values[:, :, None])
        top = np.abs(values).max() or 1.0
        for (row, column), value in np.ndenumerate(values):
            x, y = grid.corner(0, row, column)
            if value:
                made.insert(1, _shade(x, y, cell, value / top))
        panels.append(
            panel(max(grid.size[0], 8 * len(name)), grid.size[1], text(2, 9, name, "sc-title"), *made)
        )
        rows = "; ".join(", ".join(format_number(v) for v in row) for row in values)
        words.append(f"{name}, {values.shape[0]}×{values.shape[1]}, rows: {rows}")
    alt = ". ".join(words) + "."
    return panel_figure(panels, alt, caption)


def _shade(x, y, cell, share):
    kind = "sc-plus" if share > 0 else "sc-minus"
    return element(
        "rect",
        x=x + 1.0,
        y=y + 1.0,
        width=cell - 2.0,
        height=cell - 2.0,
        class_=kind,
        fill_opacity=f"{0.08 + 0.3 * abs(share):.2f}",
    )
