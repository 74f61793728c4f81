"""Stills and animations of the cases: input, window, products, sum, output."""

import json
from html import escape
from typing import Any

import numpy as np

from sepconv.figures.cases import Case, find_case
from sepconv.figures.description import alt_text, sentence
from sepconv.figures.figure import Figure, asset, figure_markup, standalone_svg, with_alt_text
from sepconv.figures.layout import Layout
from sepconv.figures.svg import Element, format_number, panel, text, to_xml

CONTROLS = (
    '<div class="sc-controls" role="group" aria-label="Steps" hidden>'
    '<button type="button" data-do="back">Back</button><button type="button" data-do="play">Play</button>'
    '<button type="button" data-do="next">Next</button>'
    '<label>Position<input type="range" min="0" max="{last}" value="{at}" step="1"></label>'
    "<output>{now} / {count}</output></div>"
)


def _frame_data(layout: Layout, frame_index: int) -> str:
    """Write the frames as JSON for `stepper.js`, which lists the keys."""
    frames: list[dict[str, Any]] = []
    shown = [0] * len(layout.steps)
    for index, frame in layout.frames:
        step, grid = layout.steps[index], layout.grids[index + 1]
        shown[index] += 1
        formula, result = sentence(layout, index, frame)
        operands = layout.operands(index, frame)
        data = {
            "s": index,
            "w": layout.corners(index, frame.source),
            "o": layout.corners(index + 1, frame.target),
            "t": " ".join(format_number(v) for a in operands for v in np.moveaxis(a, 2, 0).ravel()),
            "y": formula,
            "r": result,
        }
        cells = grid.rows * grid.columns * len(grid.planes)
        has_all_frames = cells == sum(s == index for s, _ in layout.frames)
        data["n"] = shown[index] if has_all_frames and not step.transposed else cells
        if frame.result is not None and grid.numbered:
            data["v"] = [format_number(v) for v in frame.result.ravel()]
        frames.append(data)
    sides = []
    for index in range(len(layout.steps)):
        (_, (rows, columns)), cell = layout.extent(index, True), layout.grids[index + 1].cell
        sides.append([columns * cell, rows * cell])
    document = {"frames": frames, "at": frame_index, "side": sides}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _most_telling_frame(layout: Layout) -> int:
    """Choose the frame with most products other than zero, near the middle."""
    middle = len(layout.frames) / 2

    def merit(index: int) -> tuple[int, bool, float]:
        frame = layout.frames[index][1]
        return int(np.count_nonzero(frame.products)), frame.total != 0, -abs(index - middle)

    return max(range(len(layout.frames)), key=merit)


def _signed(sign: str, drawing: Element, kind: str = "") -> str:
    return f'<span class="sc-pair {kind}"><span class="sc-sign">{sign}</span>{to_xml(drawing)}</span>'


def _operand_row(layout: Layout, index: int, frame_index: int) -> str:
    """Markup of the sums of a step: in the frame that is shown, or in the step's first one."""
    active, frame = layout.frames[frame_index]
    if index != active:
        frame = next(f for s, f in layout.frames if s == index)
    window, kernel, products = layout.operand_panels(index, frame)
    idle = "" if index == active else " sc-idle"
    return (
        f'<div class="sc-row sc-sums{idle}" data-sums>{to_xml(window)}'
        f"{_signed('×', kernel)}{_signed('=', products)}</div>"
    )


def _build(case: str | Case, at: int | None, caption: str | None, animated: bool) -> Figure:
    layout = Layout.of(find_case(case))
    count = len(layout.frames)
    at = _most_telling_frame(layout) if at is None else at
    if not 0 <= at < count:
        raise ValueError(f"at must be a frame from 0 to {count - 1}, got {at}")
    active, frame = layout.frames[at]
    panels = layout.panels(at)
    arrays = to_xml(panels[0]) + "".join(_signed("→", drawn, "sc-arrow") for drawn in panels[1:])
    rows = "".join(_operand_row(layout, index, at) for index in range(len(layout.steps)))
    alt = alt_text(layout, at)
    formula, result = sentence(layout, active, frame)
    body = with_alt_text(f'<div class="sc-row">{arrays}</div>{rows}', alt)
    body += f'<p class="sc-say"><span>{escape(formula)}</span><b>{escape(result)}</b></p>'
    line = panel(7.5 * len(formula + result), 18, text(2, 9, formula + result, "sc-note"))
    svg = standalone_svg([panels, layout.operand_panels(active, frame), [line]], alt)
    if not animated:
        return Figure(alt, figure_markup(body, caption), svg)
    body += CONTROLS.format(last=count - 1, at=at, now=at + 1, count=count)
    data = f'<script type="application/json">{_frame_data(layout, at)}</script>'
    script = f"{data}<script>{asset('stepper.js')}</script>"
    return Figure(alt, figure_markup(body, caption, "sc-steps", script), svg)


def still(case: str | Case, at: int | None = None, caption: str | None = None) -> Figure:
    """Draw one frame of a case.

    Parameters
    ----------
    case : str or Case
        Name in `CASES`, or a case of your own.
    at : int or None
        Index of the frame; None for the most telling one near the middle.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no such case or frame, or `sepconv.ops` refuses it.
    """
    return _build(case, at, caption, animated=False)


def animate(case: str | Case, at: int | None = None, caption: str | None = None) -> Figure:
    """Draw a case to play, pause and step through, which begins as the still.

    Parameters and errors are those of `still`. It never starts by itself and needs no server.

    Returns
    -------
    Figure
    """
    return _build(case, at, caption, animated=True)
