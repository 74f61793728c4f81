"""Layout of a case: the grids of its arrays, and the marks of a frame's windows on them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sepconv.figures.cases import Case
from sepconv.figures.steps import Step, compute_steps
from sepconv.figures.svg import (
    Element,
    Grid,
    draw_cells,
    element,
    format_shape,
    panel,
    squares,
    text,
)
from sepconv.figures.timeline import Cell, Frame, frames

Point = tuple[float, float]
NO_PADDING = ((0, 0), (0, 0))
WIDTH = 292  # pixels of a phone's column
GAP = 12  # pixels between planes
MAX_PLANES = 6
MAX_NUMBERS = 144
MAX_WEIGHTS = 128


@dataclass(frozen=True, eq=False)
class Layout:
    """A case laid out.

    Attributes
    ----------
    case : Case
    steps : list of Step
    grids : list of Grid
        Of the input, then of each step's output.
    frames : list of (int, Frame)
        Each with the index of its step.
    """

    case: Case
    steps: list[Step]
    grids: list[Grid]
    frames: list[tuple[int, Frame]]

    @classmethod
    def of(cls, case: Case) -> "Layout":
        """Compute a case and lay it out.

        Raises
        ------
        ValueError
            If a filter has too many weights to be drawn, or `sepconv.ops` refuses the case.
        """
        steps = compute_steps(case)
        weights = max(step.kernel[..., 0].size for step in steps)
        if weights > MAX_WEIGHTS:
            raise ValueError(
                f"a filter is drawn with at most {MAX_WEIGHTS} weights, got {weights}; see channel_diagram"
            )
        first = steps[0]
        pad = NO_PADDING if first.transposed else first.pad
        grids = [_fit_grid(first.x.shape, pad, zeros=not first.transposed)]
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            pad_of_next = following.pad if following else NO_PADDING
            pad = step.pad if step.transposed else pad_of_next
            grids.append(_fit_grid(step.y.shape, pad, _plane_rows(step), zeros=not step.transposed))
        indexed = [
            (index, frame)
            for index, step in enumerate(steps)
            for frame in frames(step, grids[index + 1].planes)
        ]
        return cls(case, steps, grids, indexed)

    def shape(self, array: np.ndarray) -> str:
        """Write an array's shape, without the channels where there is only one everywhere."""
        has_channels = any(step.has_channels for step in self.steps)
        return format_shape(*(array.shape if has_channels else array.shape[:2]))

    def corners(self, grid_index: int, cells: Iterable[Cell]) -> list[Point]:
        """Upper left corners of those cells whose planes are drawn."""
        grid = self.grids[grid_index]
        return [grid.corner(*cell) for cell in cells if cell[0] in grid.planes]

    def extent(self, index: int, on_output: bool) -> tuple[list[tuple[int, int]], tuple[int, int]]:
        """Cells under the mark on a step's input or output, and the rows and columns it covers."""
        step = self.steps[index]
        if on_output != step.transposed:
            return [(0, 0)], (1, 1)
        (kh, kw), (dh, dw) = step.kernel.shape[:2], step.dilation_rate
        return [(r * dh, c * dw) for r in range(kh) for c in range(kw)], step.effective_kernel_size

    def panels(self, frame_index: int) -> list[Element]:
        """Draw the arrays with the windows of one frame."""
        titles = ["input", *([f"after {self.steps[0].name}"] if len(self.steps) > 1 else []), "output"]
        return [self._array_panel(index, title, frame_index) for index, title in enumerate(titles)]

    def _array_panel(self, index: int, title: str, frame_index: int) -> Element:
        active, frame = self.frames[frame_index]
        grid = self.grids[index]
        array = self.steps[index - 1].y if index else self.steps[0].x
        drawn = draw_cells(grid, array)
        if index:
            if not grid.numbered:
                drawn.append(element("g", class_="sc-numbers"))
            numbers = next(group for group in reversed(drawn) if group.get("class") == "sc-numbers")
            numbers.set("data-values", "")
            corners = self.corners(index, frame.target) if active == index - 1 else []
            drawn.append(_marks(grid, corners, self.extent(index - 1, True), "data-target", 1))
        if index < len(self.steps):
            corners = self.corners(index, frame.source) if active == index else []
            most = max(len(self.corners(index, f.source)) for s, f in self.frames if s == index)
            drawn.append(_marks(grid, corners, self.extent(index, False), "data-source", most))
        title = f"{title} {self.shape(array)}"
        width, height = grid.size
        heading = text(2, 9, title, "sc-title")
        return panel(max(width, _title_width(title)), height, heading, *drawn)

    def operands(self, index: int, frame: Frame) -> list[np.ndarray]:
        """Values under the window, kernel and products of one frame."""
        window = frame.window[:1, :1] if self.steps[index].transposed else frame.window
        return [window, frame.kernel, frame.products]

    def operand_panels(self, index: int, frame: Frame) -> list[Element]:
        """Draw the values under the window, the kernel and the products of one frame."""
        step = self.steps[index]
        titles = ("input value" if step.transposed else "window", "kernel", "products")
        kinds = ("window", "kernel", "out")
        return [
            _operand_panel(title, values, kind, with_labels=step.groups == 1)
            for title, values, kind in zip(titles, self.operands(index, frame), kinds, strict=True)
        ]


def _plane_rows(step: Step) -> int:
    """Rows of planes in which an output is drawn: the depth multiplier of a depthwise step."""
    if step.y.shape[2] > MAX_PLANES or not step.kernel.shape[2] == 1 < step.groups:
        return 1
    return int(step.kernel.shape[3] // step.groups)


def _fit_grid(
    shape: tuple[int, ...],
    pad: tuple[tuple[int, int], tuple[int, int]],
    plane_rows: int = 1,
    zeros: bool = False,
) -> Grid:
    """Fit the planes of an array into the width of a phone; `zeros` are written in its padding."""
    rows, columns, channels = shape
    planes = tuple(range(channels)) if channels <= MAX_PLANES else (0, 1, 2, 3, 4, channels - 1)
    compact = 2 if len(planes) == 4 else min(len(planes), 3)
    per_row = len(planes) // plane_rows if plane_rows > 1 else compact
    padded_columns = columns + sum(pad[1])
    available, across = WIDTH - GAP * (per_row - 1), per_row * padded_columns
    cell: float = available // across
    numbered = cell >= 26 and rows * columns * len(planes) <= MAX_NUMBERS
    cell = min(cell, 34 if numbered else 14)
    if cell < 3:
        cell = max(available / across, 0.5)
    word = "channel " if cell * padded_columns > 64 else ""
    gaps = ["… " if plane > position else "" for position, plane in enumerate(planes)]
    labels = tuple(f"{gap}{word}{plane}" for gap, plane in zip(gaps, planes, strict=True))
    return Grid(
        rows,
        columns,
        planes,
        cell,
        per_row,
        pad,
        column_major=plane_rows > 1,
        labels=labels if channels > 1 else (),
        padded_with="0" if zeros else "",
    )


def _mark(grid: Grid, taps: list[tuple[int, int]], size: tuple[int, int]) -> Element:
    """Draw the cells under a kernel and the edge around them, at the origin."""
    cell = grid.cell
    corners = [(column * cell + 1, row * cell + 1) for row, column in taps]
    edge = element(
        "rect", width=size[1] * cell, height=size[0] * cell, rx=min(3.0, cell / 3), class_="sc-edge"
    )
    inside = element("path", d=squares(corners, cell - 2)) if cell > 4 else edge
    return element("g", inside, edge, class_="sc-moves")


def _marks(
    grid: Grid,
    corners: list[Point],
    extent: tuple[list[tuple[int, int]], tuple[int, int]],
    role: str,
    count: int,
) -> Element:
    """Draw `count` marks: one at each corner, the others hidden."""
    group = element("g", class_="sc-window" if role == "data-source" else "sc-target")
    group.set(role, "")
    for position in range(count):
        mark = _mark(grid, *extent)
        if position < len(corners):
            x, y = corners[position]
            mark.set("style", f"transform:translate({x:g}px,{y:g}px)")
        else:
            mark.set("style", "display:none")
        group.append(mark)
    return group


def _operand_panel(title: str, values: np.ndarray, kind: str, with_labels: bool) -> Element:
    rows, columns, planes = values.shape
    cell = 27 if columns <= 3 else 25
    word = "channel " if columns * cell > 64 else ""
    labels = tuple(f"{word}{p}" for p in range(planes)) if planes > 1 and with_labels else ()
    grid = Grid(rows, columns, tuple(range(planes)), cell, 1, labels=labels)
    width, height = grid.size
    heading = text(2, 9, title, "sc-title")
    cells = draw_cells(grid, values)
    return panel(max(width, _title_width(title)), height, heading, *cells, class_=f"sc-svg sc-of-{kind}")


def _title_width(title: str) -> float:
    """Width of a title in pixels."""
    return 8.6 * len(title) + 6
