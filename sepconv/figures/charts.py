"""Charts by matplotlib that follow the page's theme."""

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib import figure as mpl_figure
from matplotlib.rcsetup import cycler

from sepconv.figures.colours import COLOURS
from sepconv.figures.figure import Figure, check_alt, figure_markup, with_alt_text
from sepconv.figures.ticks import unify_ticks

THEME = {  # colours of the chart, and the page's colours in their place
    "#000001": "currentColor",
    "#000002": "var(--sc-line,#7f8a99)",
    **{light: f"var(--course-{name},{light})" for name, (light, _) in COLOURS.items()},
    "#5f6b78": "var(--sc-muted,#5f6b78)",
}
SERIES = (*(COLOURS[name][0] for name in ("input", "output", "kernel")), "#5f6b78")
MARKS = "os^D"
DASHES = ("-", "--", "-.", ":")


def chart_style() -> AbstractContextManager[None]:
    """Set matplotlib's style and the colours that `chart` replaces, as `with chart_style():`."""
    ink, line = list(THEME)[:2]
    return mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "sepconv",
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "savefig.facecolor": "none",
            "legend.facecolor": "none",
            "legend.edgecolor": "none",
            "text.color": ink,
            "axes.labelcolor": ink,
            "axes.edgecolor": line,
            "axes.titlecolor": ink,
            "xtick.color": line,
            "ytick.color": line,
            "xtick.labelcolor": ink,
            "ytick.labelcolor": ink,
            "grid.color": line,
            "xtick.major.size": 3,
            "ytick.major.size": 3,
            "axes.prop_cycle": cycler(color=SERIES),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "font.size": 11,
            "axes.labelsize": 11,
            "figure.figsize": (4.0, 2.9),
            "figure.constrained_layout.use": True,
        }
    )


def chart(drawing: mpl_figure.Figure, alt: str, caption: str | None = None) -> Figure:
    """Convert a matplotlib figure to SVG whose text and colours follow the page.

    Axes get ticks and numbers of one style, unless their labels were set.

    Parameters
    ----------
    drawing : matplotlib.figure.Figure
        Made under `chart_style()`. At 4 inches wide its text is readable on a phone.
    alt : str
        Description of what is to be seen. Required.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If `alt` is empty.
    """
    check_alt(alt)
    file = io.StringIO()
    for axes in drawing.axes:
        unify_ticks(axes)
    with chart_style():
        drawing.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = _themed(file.getvalue())
    in_page = svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
    alone = svg.replace("<svg ", '<svg role="img" ', 1).replace(">", f"><title>{escape(alt)}</title>", 1)
    return Figure(alt, figure_markup(with_alt_text(in_page, alt, "sc-chart"), caption), alone)


def _themed(svg: str) -> str:
    """Give SVG the page's colours, and ids that are unique on the page; drop its metadata."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = svg[svg.index("<svg") :]
    prefix = "c" + sha256(svg.encode()).hexdigest()[:8]
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in used else "", svg)
    svg = re.sub(r'(url\(#|href="#)([^)"]+)', rf"\1{prefix}-\2", svg)
    for colour, page_colour in THEME.items():
        svg = svg.replace(colour, page_colour)
    return svg


def lines(
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    alt: str,
    xlabel: str = "",
    ylabel: str = "",
    caption: str | None = None,
    **axes: Any,
) -> Figure:
    """Draw a line for each series, distinguished by colour, mark and dash.

    Parameters
    ----------
    x : sequence of numbers
    series : mapping of label to values
        At most four.
    alt : str
        Required.
    xlabel, ylabel : str
    caption : str or None
    **axes
        Arguments of `matplotlib.axes.Axes.set`, as `xscale="log"` or `ylim=(0, 1)`.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are more than four series or a length does not fit.
    """
    if not 1 <= len(series) <= len(SERIES):
        raise ValueError(f"series must be 1 to {len(SERIES)}, got {len(series)}")
    with chart_style():
        drawing = mpl_figure.Figure()
        plot = drawing.subplots()
        for (label, y), mark, dash in zip(series.items(), MARKS, DASHES, strict=False):
            if len(y) != len(x):
                raise ValueError(
                    f"series must have as many values as x ({len(x)}), got {len(y)} for {label!r}"
                )
            plot.plot(x, y, dash, marker=mark if len(x) <= 32 else None, markersize=4.5, label=label)
        plot.set(xlabel=xlabel, ylabel=ylabel, **axes)
        plot.grid(alpha=0.35, linewidth=0.6)
        if len(series) > 1:
            plot.legend()
        return chart(drawing, alt, caption)


def bars(
    values: Mapping[str, float], alt: str, xlabel: str = "", caption: str | None = None, **axes: Any
) -> Figure:
    """Draw a horizontal bar for each value, with the value at its end.

    Parameters
    ----------
    values : mapping of label to number
    alt : str
        Required.
    xlabel : str
    caption : str or None
    **axes
        Arguments of `matplotlib.axes.Axes.set`.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are no values.
    """
    if not values:
        raise ValueError("values must hold at least one bar, got none")
    with chart_style():
        drawing = mpl_figure.Figure(figsize=(4.0, 0.7 + 0.42 * len(values)))
        plot = drawing.subplots()
        drawn = plot.barh(list(values), list(values.values()), height=0.6, alpha=0.75)
        plot.bar_label(drawn, fmt=lambda v: f"{v:,.4g}" if v % 1 else f"{v:,.0f}", padding=4)
        plot.margins(x=0.2)
        plot.invert_yaxis()
        plot.tick_params(axis="x", bottom=False, labelbottom=False)
        plot.tick_params(axis="y", left=False)
        plot.spines["bottom"].set_visible(False)
        plot.set(xlabel=xlabel, **axes)
        return chart(drawing, alt, caption)
