"""Stills and animations of the cases: input, window, products, sum, output."""

import json
from dataclasses import dataclass
from html import escape

import numpy as np

from sepconv.figures.cases import Case, Step, compute_steps, find_case
from sepconv.figures.figure import Figure, asset, figure_markup, standalone_svg, with_alt_text
from sepconv.figures.svg import (
    Element,
    Grid,
    draw_cells,
    element,
    format_number,
    format_shape,
    panel,
    squares,
    text,
    to_xml,
)
from sepconv.figures.timeline import Frame, frames

WIDTH = 292
MOST_PLANES = 6
MOST_NUMBERS = 144
MOST_WEIGHTS = 128
WRITTEN_OUT = 9
NAMES = {
    "conv2d": "Convolution",
    "depthwise_conv2d": "Depthwise convolution",
    "pointwise_conv2d": "Pointwise convolution",
    "separable_conv2d": "Depthwise separable convolution",
    "spatially_separable": "Spatially separable convolution",
    "towers": "Pointwise convolution, then towers",
    "conv2d_transpose": "Transposed convolution",
}


def _grid(shape, pad=((0, 0), (0, 0)), below: int = 1, zeros: bool = False) -> Grid:
    """Fit the planes of an array into the width of a phone."""
    rows, columns, channels = shape
    planes = tuple(range(channels)) if channels <= MOST_PLANES else (0, 1, 2, 3, 4, channels - 1)
    per_row = len(planes) // below if below > 1 else {4: 2}.get(len(planes), min(len(planes), 3))
    across = per_row * (columns + sum(pad[1]))
    cell = (WIDTH - 12 * (per_row - 1)) // across
    readable = cell >= 26 and rows * columns * len(planes) <= MOST_NUMBERS
    cell = min(cell, 34) if readable else min(cell, 14)
    if cell < 3:
        cell = max((WIDTH - 12 * (per_row - 1)) / across, 0.5)
    word = "channel " if cell * (columns + sum(pad[1])) > 64 else ""
    gaps = ["… " if plane > position else "" for position, plane in enumerate(planes)]
    labels = tuple(f"{gap}{word}{plane}" for gap, plane in zip(gaps, planes, strict=True))
    many = channels > 1
    return Grid(
        rows,
        columns,
        planes,
        cell,
        per_row,
        pad,
        below > 1,
        labels if many else (),
        padded_with="0" if zeros else "",
    )


def _mark(grid: Grid, taps, reach, kind: str) -> Element:
    cell = grid.cell
    places = [(column * cell + 1, row * cell + 1) for row, column in taps]
    edge = element(
        "rect", width=reach[1] * cell, height=reach[0] * cell, rx=min(3.0, cell / 3), class_="sc-edge"
    )
    return element("g", element("path", d=squares(places, cell - 2)) if cell > 4 else edge, edge, class_=kind)


def _marks(grid: Grid, corners, taps, reach, role: str, count: int) -> Element:
    group = element("g", class_="sc-window" if role == "data-source" else "sc-target")
    group.set(role, "")
    for position in range(count):
        mark = _mark(grid, taps, reach, "sc-moves")
        if position < len(corners):
            x, y = corners[position]
            mark.set("style", f"transform:translate({x:g}px,{y:g}px)")
        else:
            mark.set("style", "display:none")
        group.append(mark)
    return group


@dataclass(frozen=True, eq=False)
class _Layout:
    """A case laid out: the grids of its arrays and the frames of its steps."""

    case: Case
    steps: list[Step]
    grids: list[Grid]
    frames: list[tuple[int, Frame]]

    @classmethod
    def of(cls, case: Case) -> "_Layout":
        done = compute_steps(case)
        weights = max(step.kernel[..., 0].size for step in done)
        if weights > MOST_WEIGHTS:
            raise ValueError(
                f"a filter is drawn with at most {MOST_WEIGHTS} weights, got {weights}; see channel_diagram"
            )
        first = done[0]
        grids = [_grid(first.x.shape) if first.transposed else _grid(first.x.shape, first.pad, zeros=True)]
        for index, step in enumerate(done):
            following = done[index + 1].pad if index + 1 < len(done) else ((0, 0), (0, 0))
            below = step.kernel.shape[3] // step.groups if step.kernel.shape[2] == 1 < step.groups else 1
            below = below if step.y.shape[2] <= MOST_PLANES else 1
            pad = step.pad if step.transposed else following
            grids.append(_grid(step.y.shape, pad, below, zeros=not step.transposed))
        walked = [
            (index, frame)
            for index, step in enumerate(done)
            for frame in frames(step, grids[index + 1].planes)
        ]
        return cls(case, done, grids, walked)

    def shape(self, array) -> str:
        many = any(step.x.shape[2] > 1 or step.y.shape[2] > 1 for step in self.steps)
        return format_shape(*(array.shape if many else array.shape[:2]))

    def corners(self, grid: int, cells_) -> list[tuple[float, float]]:
        there = self.grids[grid]
        return [there.corner(*cell) for cell in cells_ if cell[0] in there.planes]

    def extent(self, index: int, target: bool):
        """Taps and reach of the mark on a step's input or output."""
        step = self.steps[index]
        if target != step.transposed:
            return [(0, 0)], (1, 1)
        (kh, kw), (dh, dw) = step.kernel.shape[:2], step.dilation_rate
        return [(r * dh, c * dw) for r in range(kh) for c in range(kw)], step.effective_kernel_size

    def panels(self, at: int) -> list[Element]:
        """Draw the arrays with the windows of one frame."""
        active, frame = self.frames[at]
        drawn = []
        arrays = [self.steps[0].x, *(step.y for step in self.steps)]
        titles = ["input", *([f"after {self.steps[0].name}"] if len(self.steps) > 1 else []), "output"]
        for index, (grid, array, title) in enumerate(zip(self.grids, arrays, titles, strict=True)):
            made = draw_cells(grid, array)
            if index:
                if not grid.numbered:
                    made.append(element("g", class_="sc-numbers"))
                next(one for one in reversed(made) if one.get("class") == "sc-numbers").set("data-values", "")
                corners = self.corners(index, frame.target) if active == index - 1 else []
                made.append(_marks(grid, corners, *self.extent(index - 1, True), "data-target", 1))
            if index < len(self.steps):
                corners = self.corners(index, frame.source) if active == index else []
                most = max(len(self.corners(index, f.source)) for s, f in self.frames if s == index)
                made.append(_marks(grid, corners, *self.extent(index, False), "data-source", most))
            width, height = grid.size
            heading = text(2, 9, f"{title} {self.shape(array)}", "sc-title")
            drawn.append(panel(max(width, _wide(f"{title} {self.shape(array)}")), height, heading, *made))
        return drawn

    def sums(self, index: int, frame: Frame) -> list[Element]:
        """Draw the values under the window, the kernel and the products of one frame."""
        step = self.steps[index]
        titles = ("window", "kernel", "products")
        shown = [frame.seen[:1, :1] if step.transposed else frame.seen, frame.kernel, frame.products]
        if step.transposed:
            titles = ("input value", "kernel", "products")
        drawn = []
        for title, values, kind in zip(titles, shown, ("window", "kernel", "out"), strict=True):
            rows, columns, planes = values.shape
            cell = 27 if columns <= 3 else 25
            word = "channel " if columns * cell > 64 else ""
            labelled = planes > 1 and step.groups == 1
            labels = tuple(f"{word}{p}" for p in range(planes)) if labelled else ()
            grid = Grid(rows, columns, tuple(range(planes)), cell, 1, labels=labels)
            made = draw_cells(grid, values)
            width, height = grid.size
            heading = text(2, 9, title, "sc-title")
            drawn.append(
                panel(max(width, _wide(title)), height, heading, *made, class_=f"sc-svg sc-of-{kind}")
            )
        return drawn

    def sentence(self, index: int, frame: Frame) -> tuple[str, str]:
        """Say what one frame computes, and the result."""
        step = self.steps[index]
        many = step.x.shape[2] > 1 or step.y.shape[2] > 1

        def place(cell):
            plane, row, column = cell
            return f"[{row}, {column}, {plane}]" if many else f"[{row}, {column}]"

        lead = f"{step.name}: " if len(self.steps) > 1 else ""
        if step.transposed:
            _, top, left = frame.target[0]
            spans = (
                f"{max(first, 0)}…{min(first + reach, size) - 1}"
                for first, reach, size in zip(
                    (top, left), step.effective_kernel_size, step.y.shape[:2], strict=True
                )
            )
            value = format_number(frame.total)
            said = f"x{place(frame.source[0])} = {value}, and {value} × kernel "
            return f"{said}is added to y[{', '.join(spans)}]", ""
        seen, weights = (np.moveaxis(a, 2, 0).ravel() for a in (frame.seen, frame.kernel))
        if seen.size <= WRITTEN_OUT:
            pairs = (
                f"{format_number(a)}·{format_number(w) if w >= 0 else f'({format_number(w)})'}"
                for a, w in zip(seen, weights, strict=True)
            )
            middle = " + ".join(pairs)
        else:
            middle = f"sum of {seen.size} products"
        return f"{lead}y{place(frame.target[0])} = {middle} = ", format_number(frame.total)

    def packed(self, at: int) -> str:
        """Write the frames as JSON."""
        told = []
        before = [0] * len(self.steps)
        for index, frame in self.frames:
            step, grid = self.steps[index], self.grids[index + 1]
            before[index] += 1
            said, result = self.sentence(index, frame)
            values = [frame.seen[:1, :1] if step.transposed else frame.seen, frame.kernel, frame.products]
            one = {
                "s": index,
                "w": self.corners(index, frame.source),
                "o": self.corners(index + 1, frame.target),
                "t": " ".join(format_number(v) for array in values for v in np.moveaxis(array, 2, 0).ravel()),
                "y": said,
                "r": result,
            }
            whole = grid.rows * grid.columns * len(grid.planes)
            every = whole == sum(s == index for s, _ in self.frames)
            one["n"] = before[index] if every and not step.transposed else whole
            if frame.result is not None and grid.numbered:
                one["v"] = [format_number(v) for v in frame.result.ravel()]
            told.append(one)
        sides = []
        for index in range(len(self.steps)):
            _, reach = self.extent(index, True)
            sides.append([reach[1] * self.grids[index + 1].cell, reach[0] * self.grids[index + 1].cell])
        return json.dumps(
            {"frames": told, "at": at, "side": sides}, ensure_ascii=False, separators=(",", ":")
        ).replace("</", "<\\/")

    def telling(self) -> int:
        """Choose the frame in which most products count, near the middle."""
        middle = len(self.frames) / 2

        def merit(index):
            frame = self.frames[index][1]
            return np.count_nonzero(frame.products), frame.total != 0, -abs(index - middle)

        return max(range(len(self.frames)), key=merit)

    def alt(self, at: int) -> str:
        """Say what is to be seen: the operation, its sizes, and one frame."""
        case, index, frame = self.case, *self.frames[at]
        first, last = self.steps[0], self.steps[-1]
        kernels = " and then ".join(format_shape(*step.kernel.shape[:2]) for step in self.steps)
        details = [f"kernel {kernels}", f"strides {format_shape(*first.strides)}", f"padding {case.padding}"]
        if max(first.dilation_rate) > 1:
            details.append(f"dilation rate {format_shape(*first.dilation_rate)}")
        if case.groups > 1:
            details.append(f"{case.groups} groups")
        if case.depth_multiplier > 1:
            details.append(f"depth multiplier {case.depth_multiplier}")
        if case.output_padding is not None:
            details.append(f"output padding {case.output_padding}")
        between = f" by way of {self.shape(first.y)}" if len(self.steps) > 1 else ""
        sizes = f"input {self.shape(first.x)}{between} to output {self.shape(last.y)}"
        if first.transposed:
            _, row, column = frame.source[0]
            value = f"input value {format_number(frame.total)} at row {row}, column {column}"
            now = f"Shown: {value} spread over the output."
        else:
            plane, row, column = frame.target[0]
            where = f"row {row}, column {column}" + (
                f", channel {plane}" if self.steps[index].y.shape[2] > 1 else ""
            )
            step = f" after {self.steps[index].name}" if len(self.steps) > 1 else ""
            total = format_number(frame.total)
            now = f"Shown: the window for {where}{step}, whose products add up to {total}."
        return f"{NAMES[case.operation]}: {sizes}; {', '.join(details)}. {now}"


CONTROLS = (
    '<div class="sc-controls" role="group" aria-label="Steps" hidden>'
    '<button type="button" data-do="back">Back</button><button type="button" data-do="play">Play</button>'
    '<button type="button" data-do="next">Next</button>'
    '<label>Place<input type="range" min="0" max="{last}" value="{at}" step="1"></label>'
    "<output>{now} / {count}</output></div>"
)


def _wide(title: str) -> float:
    """Room for a title, in pixels."""
    return 8.6 * len(title) + 6


def _signed(sign: str, drawn: Element, kind: str = "") -> str:
    return f'<span class="sc-pair {kind}"><span class="sc-sign">{sign}</span>{to_xml(drawn)}</span>'


def _build(case, at, caption, moving) -> Figure:
    layout = _Layout.of(find_case(case))
    count = len(layout.frames)
    at = layout.telling() if at is None else at
    if not 0 <= at < count:
        raise ValueError(f"at must be a frame from 0 to {count - 1}, got {at}")
    active, frame = layout.frames[at]
    panels = layout.panels(at)
    body = to_xml(panels[0]) + "".join(_signed("→", one, "sc-arrow") for one in panels[1:])
    body = f'<div class="sc-row">{body}</div>'
    rows = []
    for index in range(len(layout.steps)):
        now = frame if index == active else next(f for s, f in layout.frames if s == index)
        drawn = layout.sums(index, now)
        window, kernel, products = drawn
        idle = "" if index == active else " sc-idle"
        rows.append(
            f'<div class="sc-row sc-sums{idle}" data-sums>{to_xml(window)}'
            f"{_signed('×', kernel)}{_signed('=', products)}</div>"
        )
    alt = layout.alt(at)
    said, result = layout.sentence(active, frame)
    body = with_alt_text(body + "".join(rows), alt)
    body += f'<p class="sc-say"><span>{escape(said)}</span><b>{escape(result)}</b></p>'
    line = text(2, 9, said + result, "sc-note")
    drawing = standalone_svg(
        [panels, layout.sums(active, frame), [panel(7.5 * len(said + result), 18, line)]], alt
    )
    if not moving:
        return Figure(alt, figure_markup(body, caption), drawing)
    body += CONTROLS.format(last=count - 1, at=at, now=at + 1, count=count)
    data = f'<script type="application/json">{layout.packed(at)}</script>'
    script = f"{data}<script>{asset('stepper.js')}</script>"
    return Figure(alt, figure_markup(body, caption, "sc-steps", script), drawing)


def still(case: str | Case, at: int | None = None, caption: str | None = None) -> Figure:
    """Draw one place of the kernel.

    Parameters
    ----------
    case : str or Case
        A name in `CASES`, or a case of your own.
    at : int or None
        Which frame; None takes the one in the middle.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no such case or frame, or `sepconv.ops` refuses it.
    """
    return _build(case, at, caption, moving=False)


def animate(case: str | Case, at: int | None = None, caption: str | None = None) -> Figure:
    """Draw a case that a reader can play, pause and step through; it begins as the still does.

    Parameters and errors are those of `still`. It never starts by itself and needs no server.

    Returns
    -------
    Figure
    """
    return _build(case, at, caption, moving=True)
