"""SVG elements, and grids of cells made of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import SupportsFloat
from xml.etree import ElementTree

import numpy as np

Element = ElementTree.Element
NAMESPACE = "http://www.w3.org/2000/svg"
LEVELS = 4  # of shades
MIN_NUMBERED = 24  # pixels of a cell that holds a number
MIN_SEPARATE = 5  # pixels of a cell that is drawn by itself
SMALLEST_NUMBER, LARGEST_NUMBER = 9.0, 13.0  # pixels
DIGIT_WIDTH = 0.66  # of a character, as a share of its size


def element(tag: str, *children: Element | str, **attributes: object) -> Element:
    """Make an SVG element; `class_` stands for `class`, `text_anchor` for `text-anchor`."""
    names = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items() if v is not None}
    values = {k: format_coordinate(v) if isinstance(v, float) else str(v) for k, v in names.items()}
    result = Element(tag, values)
    for child in children:
        if isinstance(child, str):
            result.text = child
        else:
            result.append(child)
    return result


def format_coordinate(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def format_number(value: SupportsFloat, decimals: int = 2) -> str:
    """Write a number with at most that many decimals and a typographic minus sign."""
    text = f"{float(value):.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    return "0" if text in ("-0", "0") else text.replace("-", "−")


def format_shape(*sizes: int) -> str:
    """Write a shape with multiplication signs: 12×12×3."""
    return "×".join(map(str, sizes))


def text(x: float, y: float, words: str, class_: str = "", anchor: str | None = None) -> Element:
    """Make a line of text, centred on `x` by the style unless `anchor` says otherwise."""
    return element(
        "text", words, x=float(x), y=float(y), class_=class_ or None, style=anchor and f"text-anchor:{anchor}"
    )


def to_xml(drawing: Element) -> str:
    """Serialize an element."""
    return ElementTree.tostring(drawing, encoding="unicode")


def panel(width: float, height: float, *children: Element, class_: str = "sc-svg") -> Element:
    """Make an `svg` element of that size in pixels, which shrinks with the page."""
    size = {"width": float(np.ceil(width)), "height": float(np.ceil(height))}
    box = f"0 0 {format_coordinate(size['width'])} {format_coordinate(size['height'])}"
    return element("svg", *children, viewBox=box, class_=class_, aria_hidden="true", **size)


def format_point(x: float, y: float) -> str:
    """Write a point as SVG's paths take it."""
    return f"{format_coordinate(float(x))} {format_coordinate(float(y))}"


def squares(corners: Iterable[tuple[float, float]], side: float, height: float | None = None) -> str:
    """Path of rectangles from their upper left corners."""
    height = side if height is None else height
    wide = format_coordinate(side)
    outline = f"h{wide}v{format_coordinate(height)}h-{wide}z"
    return "".join(f"M{format_point(x, y)}{outline}" for x, y in corners)


def dashes(corners: Iterable[tuple[float, float]], side: float) -> str:
    """Path of squares as strokes `side` wide and long: less than half the bytes of `squares`."""
    strokes, (pen_x, pen_y) = [], (0.0, 0.0)
    for x, y in corners:
        middle = y + side / 2
        strokes.append(f"m{format_point(x - pen_x, middle - pen_y)}h{format_coordinate(side)}")
        pen_x, pen_y = x + side, middle
    return "".join(strokes)


@dataclass(frozen=True)
class Grid:
    """Positions of the cells of one or more channel planes in a panel.

    Attributes
    ----------
    rows, columns : int
    pad : ((int, int), (int, int))
        Numbers of dashed cells around each plane, per axis before and after.
    planes : tuple of ints
        Channels that are drawn.
    cell : float
        Side of a cell, in pixels.
    per_row : int
        Number of planes side by side.
    column_major : bool
        Whether consecutive planes lie below each other.
    labels : tuple of str
        Written above each plane, or empty.
    top : float
        Height of the title, in pixels.
    padded_with : str
        Written in the padding's cells.
    """

    rows: int
    columns: int
    planes: tuple[int, ...]
    cell: float
    per_row: int
    pad: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    column_major: bool = False
    labels: tuple[str, ...] = ()
    top: float = 24
    padded_with: str = ""

    @property
    def plane_size(self) -> tuple[float, float]:
        """Width and height of one plane, its padding included."""
        (top, bottom), (left, right) = self.pad
        return (left + self.columns + right) * self.cell, (top + self.rows + bottom) * self.cell

    @property
    def _pitch(self) -> tuple[float, float]:
        """Distances between the upper left corners of neighbouring planes."""
        width, height = self.plane_size
        return width + 12, height + (22 if self.labels else 8)

    @property
    def _plane_rows(self) -> int:
        return -(-len(self.planes) // self.per_row)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels, the title's line included."""
        (pitch_x, pitch_y), (width, height) = self._pitch, self.plane_size
        columns = min(self.per_row, len(self.planes))
        bottom = self.origin(0)[1] + (self._plane_rows - 1) * pitch_y + height
        return 4 + (columns - 1) * pitch_x + width, bottom + 2

    def origin(self, position: int) -> tuple[float, float]:
        """Upper left corner of the plane at that position, its padding included."""
        if self.column_major:
            x, y = divmod(position, self._plane_rows)
        else:
            y, x = divmod(position, self.per_row)
        return 2 + x * self._pitch[0], self.top + (16 if self.labels else 0) + y * self._pitch[1]

    def corner(self, plane: int, row: int, column: int) -> tuple[float, float]:
        """Upper left corner of a cell; negative rows and columns lie in the padding."""
        x, y = self.origin(self.planes.index(plane))
        (top, _), (left, _) = self.pad
        return x + (left + column) * self.cell, y + (top + row) * self.cell

    @property
    def numbered(self) -> bool:
        """Return whether there is room for a number in each cell."""
        return self.cell >= MIN_NUMBERED


def fit_numbers(values: np.ndarray, cell: float) -> tuple[int, float]:
    """Choose decimals and size with which the longest number fits its cell.

    Parameters
    ----------
    values : array
    cell : float
        Side of a cell, in pixels.

    Returns
    -------
    (int, float)
        Decimals, at most two, and the size of the font in pixels, at most 13 and, unless even whole
        numbers are too long, at least 9.
    """
    size = 0.0
    for decimals in (2, 1, 0):
        longest = max(len(format_number(v, decimals)) for v in np.ravel(values))
        size = min(LARGEST_NUMBER, (cell - 4) / (DIGIT_WIDTH * longest))
        if size >= SMALLEST_NUMBER:
            return decimals, size
    return 0, size


def draw_cells(
    grid: Grid, values: np.ndarray, decimals: int = 2, number_size: float | None = None
) -> list[Element]:
    """Draw a grid: cells, padding, and numbers or, where these do not fit, shades.

    Parameters
    ----------
    grid : Grid
    values : array, (rows, columns, all planes)
    decimals : int
        At most, of each number.
    number_size : float or None
        Size of the numbers in pixels; None for the style's own.

    Returns
    -------
    list of Element
        Where numbers fit, one is a group of class `sc-numbers`: plane by plane, row by row.
    """
    drawn = _tiles(grid, values) if grid.cell >= MIN_SEPARATE else _outlines(grid)
    if grid.numbered:
        drawn.append(_numbers(grid, values, decimals, number_size))
    for position, label in enumerate(grid.labels):
        x, y = grid.origin(position)
        drawn.append(text(x + grid.plane_size[0] / 2, y - 8, label, "sc-small"))
    return drawn


def _outlines(grid: Grid) -> list[Element]:
    """Draw each plane as one rectangle, where cells are too small to tell apart."""
    corners = [grid.origin(position) for position in range(len(grid.planes))]
    return [element("path", d=squares(corners, *grid.plane_size), class_="sc-cell sc-whole")]


def _tiles(grid: Grid, values: np.ndarray) -> list[Element]:
    """Draw each cell as a square: dashed in the padding, and shaded where there are no numbers."""
    gap = 2 if grid.cell >= 16 else 1
    side = grid.cell - gap
    shown = values[..., list(grid.planes)]
    lowest, spread = shown.min(), max(float(np.ptp(shown)), 1e-9)
    (top, bottom), (left, right) = grid.pad
    padding: list[tuple[float, float]] = []
    plain: list[tuple[float, float]] = []
    shades: list[list[tuple[float, float]]] = [[] for _ in range(LEVELS)]
    rows, columns = range(-top, grid.rows + bottom), range(-left, grid.columns + right)
    for plane, row, column in product(grid.planes, rows, columns):
        x, y = grid.corner(plane, row, column)
        corner = (x + gap / 2, y + gap / 2)
        if not (0 <= row < grid.rows and 0 <= column < grid.columns):
            padding.append(corner)
        elif grid.numbered:
            plain.append(corner)
        else:
            share = (values[row, column, plane] - lowest) / spread
            shades[min(int(share * LEVELS), LEVELS - 1)].append(corner)
    drawn = [
        text(x + side / 2, y + side / 2, grid.padded_with, "sc-small")
        for x, y in padding
        if grid.numbered and grid.padded_with
    ]
    drawn += [
        element("path", d=squares(corners, side), class_=kind)
        for corners, kind in ((padding, "sc-pad"), (plain, "sc-cell"))
        if corners
    ]
    return drawn + [
        element("path", d=dashes(corners, side), class_=f"sc-shade sc-l{level}", stroke_width=float(side))
        for level, corners in enumerate(shades)
        if corners
    ]


def _numbers(grid: Grid, values: np.ndarray, decimals: int, size: float | None) -> Element:
    style = size and f"--sc-number:{format_coordinate(size)}px"
    numbers = element("g", class_="sc-numbers", style=style)
    for plane, row, column in product(grid.planes, range(grid.rows), range(grid.columns)):
        x, y = grid.corner(plane, row, column)
        numbers.append(
            text(x + grid.cell / 2, y + grid.cell / 2, format_number(values[row, column, plane], decimals))
        )
    return numbers
