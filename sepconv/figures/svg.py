"""SVG elements, and grids of cells made of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from xml.etree import ElementTree

import numpy as np

Element = ElementTree.Element
NAMESPACE = "http://www.w3.org/2000/svg"
LEVELS = 4
NUMBERED = 24  # pixels of a cell
SEPARATE = 5


def element(tag: str, *children: Element | str, **attributes) -> Element:
    """Make an SVG element; `class_` stands for `class`, `text_anchor` for `text-anchor`."""
    names = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items() if v is not None}
    values = {k: format_coordinate(v) if isinstance(v, float) else str(v) for k, v in names.items()}
    made = Element(tag, values)
    for child in children:
        if isinstance(child, str):
            made.text = child
        else:
            made.append(child)
    return made


def format_coordinate(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def format_number(value) -> str:
    """Write a number as short as it is exact to two decimals, with a minus sign."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "0") else text.replace("-", "−")


def format_shape(*sizes: int) -> str:
    """Write a shape as a reader knows it: 12×12×3."""
    return "×".join(map(str, sizes))


def text(x: float, y: float, words: str, class_: str = "", anchor: str | None = None) -> Element:
    """Make a line of text, centred on `x` by the style unless `anchor` says otherwise."""
    return element(
        "text", words, x=float(x), y=float(y), class_=class_ or None, style=anchor and f"text-anchor:{anchor}"
    )


def to_xml(made: Element) -> str:
    """Write an element as text."""
    return ElementTree.tostring(made, encoding="unicode")


def panel(width: float, height: float, *children: Element, class_: str = "sc-svg") -> Element:
    """Make an `svg` of that size in pixels, which shrinks with the page."""
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
    made, here, down = [], (0.0, 0.0), side / 2
    for x, y in corners:
        made.append(f"m{format_point(x - here[0], y + down - here[1])}h{format_coordinate(side)}")
        here = (x + side, y + down)
    return "".join(made)


@dataclass(frozen=True)
class Grid:
    """Where the cells of one or more channel planes lie in a panel.

    Attributes
    ----------
    rows, columns : int
    pad : ((int, int), (int, int))
        Dashed cells around each plane, per axis before and after.
    planes : tuple of ints
        Channels that are drawn.
    cell : float
        Side of a cell, in pixels.
    per_row : int
        Planes beside each other.
    column_major : bool
        Whether planes follow each other downwards.
    labels : tuple of str
        Written above each plane, or empty.
    top : float
        Room for the title, in pixels.
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
        width, height = self.plane_size
        return width + 12, height + (22 if self.labels else 8)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels, the title's line included."""
        down = -(-len(self.planes) // self.per_row)
        (px, py), (width, height) = self._pitch, self.plane_size
        across = min(self.per_row, len(self.planes))
        return 4 + (across - 1) * px + width, self.origin(0)[1] + (down - 1) * py + height + 2

    def origin(self, position: int) -> tuple[float, float]:
        """Upper left corner of the plane at that position, its padding included."""
        down = -(-len(self.planes) // self.per_row)
        if self.column_major:
            x, y = divmod(position, down)
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
        """Whether there is room for a number in each cell."""
        return self.cell >= NUMBERED


def draw_cells(grid: Grid, values: np.ndarray) -> list[Element]:
    """Draw a grid: cells, padding, and numbers or, where there is no room for them, shades.

    Parameters
    ----------
    grid : Grid
    values : array, (rows, columns, all planes)

    Returns
    -------
    list of Element
        Where there is room for numbers, a group of class `sc-numbers`: plane after plane, row after row.
    """
    made = _tiles(grid, values) if grid.cell >= SEPARATE else _wholes(grid)
    if grid.numbered:
        made.append(_numbers(grid, values))
    for position, label in enumerate(grid.labels):
        x, y = grid.origin(position)
        made.append(text(x + grid.plane_size[0] / 2, y - 8, label, "sc-small"))
    return made


def _wholes(grid: Grid) -> list[Element]:
    corners = [grid.origin(position) for position in range(len(grid.planes))]
    return [element("path", d=squares(corners, *grid.plane_size), class_="sc-cell sc-whole")]


def _tiles(grid: Grid, values: np.ndarray) -> list[Element]:
    gap = 2 if grid.cell >= 16 else 1
    side = grid.cell - gap
    shown = values[..., list(grid.planes)]
    lowest, spread = shown.min(), max(float(np.ptp(shown)), 1e-9)
    (top, bottom), (left, right) = grid.pad
    padding, plain, shades = [], [], [[] for _ in range(LEVELS)]
    rows, columns = range(-top, grid.rows + bottom), range(-left, grid.columns + right)
    for plane, row, column in product(grid.planes, rows, columns):
        x, y = grid.corner(plane, row, column)
        at = (x + gap / 2, y + gap / 2)
        if not (0 <= row < grid.rows and 0 <= column < grid.columns):
            padding.append(at)
        elif grid.numbered:
            plain.append(at)
        else:
            share = (values[row, column, plane] - lowest) / spread
            shades[min(int(share * LEVELS), LEVELS - 1)].append(at)
    made = [
        text(x + side / 2, y + side / 2, grid.padded_with, "sc-small")
        for x, y in padding
        if grid.numbered and grid.padded_with
    ]
    made += [
        element("path", d=squares(corners, side), class_=kind)
        for corners, kind in ((padding, "sc-pad"), (plain, "sc-cell"))
        if corners
    ]
    return made + [
        element("path", d=dashes(corners, side), class_=f"sc-shade sc-l{level}", stroke_width=float(side))
        for level, corners in enumerate(shades)
        if corners
    ]


def _numbers(grid: Grid, values: np.ndarray) -> Element:
    words = element("g", class_="sc-numbers")
    for plane, row, column in product(grid.planes, range(grid.rows), range(grid.columns)):
        x, y = grid.corner(plane, row, column)
        words.append(text(x + grid.cell / 2, y + grid.cell / 2, format_number(values[row, column, plane])))
    return words
