"""SVG elements, and grids of cells made of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np

from sepconv.figures.frames import number

Element = ElementTree.Element
NAMESPACE = "http://www.w3.org/2000/svg"
LEVELS = 4


def element(tag: str, *children: Element | str, **attributes) -> Element:
    """Make an SVG element; `class_` stands for `class`, `text_anchor` for `text-anchor`."""
    names = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items() if v is not None}
    made = Element(tag, {k: short(v) if isinstance(v, float) else str(v) for k, v in names.items()})
    for child in children:
        if isinstance(child, str):
            made.text = child
        else:
            made.append(child)
    return made


def short(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, class_: str = "", anchor: str | None = None) -> Element:
    """Make a line of text, centred on `x` by the style unless `anchor` says otherwise."""
    return element(
        "text", words, x=float(x), y=float(y), class_=class_ or None, style=anchor and f"text-anchor:{anchor}"
    )


def write(made: Element) -> str:
    """Write an element as text."""
    return ElementTree.tostring(made, encoding="unicode")


def panel(width: float, height: float, *children: Element, class_: str = "sc-svg") -> Element:
    """Make an `svg` of that size in pixels, which shrinks with the page."""
    size = {"width": float(np.ceil(width)), "height": float(np.ceil(height))}
    box = f"0 0 {short(size['width'])} {short(size['height'])}"
    return element("svg", *children, viewBox=box, class_=class_, aria_hidden="true", **size)


def squares(corners: Iterable[tuple[float, float]], side: float, height: float | None = None) -> str:
    """Path of rectangles from their upper left corners."""
    height = side if height is None else height
    return "".join(
        f"M{short(x)} {short(y)}h{short(side)}v{short(height)}h-{short(side)}z" for x, y in corners
    )


def dashes(corners: Iterable[tuple[float, float]], side: float) -> str:
    """Path of squares as strokes `side` wide and long: less than half the bytes of `squares`."""
    made, here, down = [], (0.0, 0.0), side / 2
    for x, y in corners:
        made.append(f"m{short(x - here[0])} {short(y + down - here[1])}h{short(side)}")
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

    @property
    def _plane(self) -> tuple[float, float]:
        (top, bottom), (left, right) = self.pad
        return (left + self.columns + right) * self.cell, (top + self.rows + bottom) * self.cell

    @property
    def _pitch(self) -> tuple[float, float]:
        width, height = self._plane
        return width + 12, height + (22 if self.labels else 8)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels, the title's line included."""
        down = -(-len(self.planes) // self.per_row)
        (px, py), (width, height) = self._pitch, self._plane
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
        return self.cell >= 24


def cells(grid: Grid, values: np.ndarray, kind: str = "") -> list[Element]:
    """Draw a grid: cells, padding, and numbers or, where there is no room for them, shades.

    Parameters
    ----------
    grid : Grid
    values : array, (rows, columns, all planes)
    kind : str
        Class of the numbers.

    Returns
    -------
    list of Element
    """
    made, gap = [], (2 if grid.cell >= 16 else 1 if grid.cell >= 5 else 0)
    side = grid.cell - gap
    inside, outside, shades = [], [], [[] for _ in range(LEVELS)]
    shown = values[..., list(grid.planes)]
    spread = max(float(np.ptp(shown)), 1e-9)
    (top, bottom), (left, right) = grid.pad
    for plane in grid.planes:
        if gap == 0:
            x, y = grid.corner(plane, -top, -left)
            made.append(element("path", d=squares([(x, y)], *grid._plane), class_="sc-cell sc-whole"))
            continue
        for row in range(-top, grid.rows + bottom):
            for column in range(-left, grid.columns + right):
                x, y = grid.corner(plane, row, column)
                at = (x + gap / 2, y + gap / 2)
                if not (0 <= row < grid.rows and 0 <= column < grid.columns):
                    outside.append(at)
                elif grid.numbered:
                    inside.append(at)
                else:
                    share = (values[row, column, plane] - shown.min()) / spread
                    shades[min(int(share * LEVELS), LEVELS - 1)].append(at)
    if outside:
        made.append(element("path", d=squares(outside, side), class_="sc-pad"))
    if inside:
        made.append(element("path", d=squares(inside, side), class_="sc-cell"))
    made += [
        element("path", d=dashes(corners, side), class_=f"sc-shade sc-l{level}", stroke_width=float(side))
        for level, corners in enumerate(shades)
        if corners
    ]
    if grid.numbered:
        words = element("g", class_=f"sc-numbers {kind}".strip())
        for plane in grid.planes:
            for row, column in np.ndindex(grid.rows, grid.columns):
                x, y = grid.corner(plane, row, column)
                words.append(text(x + grid.cell / 2, y + grid.cell / 2, number(values[row, column, plane])))
        made.append(words)
    for position, label in enumerate(grid.labels):
        x, y = grid.origin(position)
        made.append(text(x + grid._plane[0] / 2, y - 8, label, "sc-small"))
    return made
