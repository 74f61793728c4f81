"""Kernels, pictures and charts."""

import io
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape

import matplotlib as mpl
import matplotlib.image
import numpy as np
from matplotlib import figure as mpl_figure

from sepconv.figures.figure import Figure, checked_alt, described, standalone, wrap
from sepconv.figures.frames import number
from sepconv.figures.svg import Grid, cells, element, panel, text, write

THEME = {  # the chart's colours, and what the page makes of them
    "#000001": "currentColor",
    "#000002": "var(--sc-line,#7f8a99)",
    "#0969b3": "var(--sc-window,#0969b3)",
    "#b04a00": "var(--sc-out,#b04a00)",
    "#7a4fb5": "var(--sc-kernel,#7a4fb5)",
    "#5f6b78": "var(--sc-muted,#5f6b78)",
}
SERIES = tuple(THEME)[2:]
MARKS = "os^D"
DASHES = ("-", "--", "-.", ":")


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
        longest = max(len(number(v)) for v in values.ravel())
        cell = 30 if longest <= 3 else 38
        if cell * values.shape[1] > 330:
            cell = 30
        grid = Grid(*values.shape, (0,), cell, 1)
        made = cells(grid, values[:, :, None])
        top = np.abs(values).max() or 1.0
        for (row, column), value in np.ndenumerate(values):
            x, y = grid.corner(0, row, column)
            if value:
                made.insert(1, _shade(x, y, cell, value / top))
        panels.append(
            panel(max(grid.size[0], 8 * len(name)), grid.size[1], text(2, 9, name, "sc-title"), *made)
        )
        rows = "; ".join(", ".join(number(v) for v in row) for row in values)
        words.append(f"{name}, {values.shape[0]}×{values.shape[1]}, rows: {rows}")
    alt = ". ".join(words) + "."
    return Figure(alt, wrap(described("".join(map(write, panels)), alt), caption), standalone([panels], alt))


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


def images(
    arrays: Iterable,
    titles: Sequence[str] | None = None,
    alt: str | Sequence[str] = "",
    caption: str | None = None,
    cmap: str = "gray",
    vmin: float | None = None,
    vmax: float | None = None,
    width: int = 216,
) -> Figure:
    """Show pictures or feature maps beside each other; on a phone they wrap.

    Parameters
    ----------
    arrays : iterable of arrays, (height, width), (height, width, 1) or (height, width, 3)
        Colours are 0 to 1, or 0 to 255 as integers.
    titles : sequence of str or None
    alt : str or sequence of str
        What is to be seen: one text for all, or one for each. Required.
    caption : str or None
    cmap : str
        A colour map of matplotlib, for arrays with one channel.
    vmin, vmax : float or None
        Values of the map's two ends; None takes each array's own.
    width : int
        The largest width of one picture, in pixels.

    Returns
    -------
    Figure
        Its `svg` is "".

    Raises
    ------
    ValueError
        If `alt` is empty, or the lengths or shapes do not fit.
    """
    arrays = [np.asarray(a) for a in arrays]
    alt = checked_alt(alt)
    for name, given in (("titles", titles), ("alt", None if isinstance(alt, str) else alt)):
        if given is not None and len(given) != len(arrays):
            raise ValueError(f"{name} must be as many as arrays ({len(arrays)}), got {len(given)}")
    if not arrays:
        raise ValueError("arrays must hold at least one picture, got none")
    shown = []
    for position, array in enumerate(arrays):
        source, small = _webp(array, cmap, vmin, vmax)
        own = "" if isinstance(alt, str) else alt[position]
        size = f'width="{array.shape[1]}" height="{array.shape[0]}"'
        kind = ' class="sc-pixels"' if small else ""
        title = f"<div>{escape(titles[position])}</div>" if titles else ""
        shown.append(
            f'<div class="sc-picture" style="width:{width}px"><img{kind} alt="{escape(own)}" {size} '
            f'src="data:image/webp;base64,{source}">{title}</div>'
        )
    body = "".join(shown)
    body = described(body, alt) if isinstance(alt, str) else f'<div class="sc-panels">{body}</div>'
    return Figure(alt if isinstance(alt, str) else " ".join(alt), wrap(body, caption))


def _webp(array, cmap, vmin, vmax) -> tuple[str, bool]:
    """Draw an array as lossless WebP, half as large as PNG; say, too, whether it is small."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)) or array.size == 0:
        raise ValueError(f"arrays must be (height, width) with 1 or 3 channels, got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError("arrays must hold finite numbers, got NaN or infinity")
    file = io.BytesIO()
    array = array if array.ndim == 3 else np.asarray(array, float)
    exact = {"lossless": True, "quality": 100, "method": 6}
    matplotlib.image.imsave(file, array, cmap=cmap, vmin=vmin, vmax=vmax, format="webp", pil_kwargs=exact)
    return b64encode(file.getvalue()).decode(), max(array.shape[:2]) <= 128


def chart_style():
    """Set matplotlib so that `chart` finds the colours to replace, as `with chart_style():`."""
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
            "axes.prop_cycle": mpl.cycler(color=SERIES),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "font.size": 11,
            "axes.labelsize": 11,
            "figure.figsize": (4.0, 2.9),
            "figure.constrained_layout.use": True,
        }
    )


def chart(drawn: mpl_figure.Figure, alt: str, caption: str | None = None) -> Figure:
    """Turn a matplotlib figure into SVG whose text and colours follow the page.

    Parameters
    ----------
    drawn : matplotlib.figure.Figure
        Made under `chart_style()`. At 4 inches wide its text is readable on a phone.
    alt : str
        What is to be seen. Required.
    caption : str or None

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If `alt` is empty.
    """
    alt = checked_alt(alt)
    file = io.StringIO()
    with chart_style():
        drawn.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    plain = re.sub(r"<metadata>.*?</metadata>", "", file.getvalue(), flags=re.DOTALL)
    plain = plain[plain.index("<svg") :]
    own = "c" + sha256(plain.encode()).hexdigest()[:8]
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', plain))
    plain = re.sub(r' id="([^"]+)"', lambda m: f' id="{own}-{m[1]}"' if m[1] in used else "", plain)
    plain = re.sub(r'(url\(#|href="#)([^)"]+)', rf"\1{own}-\2", plain)
    for colour, theirs in THEME.items():
        plain = plain.replace(colour, theirs)
    marked = plain.replace("<svg ", '<svg aria-hidden="true" ', 1)
    alone = plain.replace("<svg ", '<svg role="img" ', 1).replace(">", f"><title>{escape(alt)}</title>", 1)
    return Figure(alt, wrap(described(marked, alt, "sc-chart"), caption), alone)


def lines(
    x,
    series: Mapping[str, Sequence[float]],
    alt: str,
    xlabel: str = "",
    ylabel: str = "",
    caption: str | None = None,
    **axes,
) -> Figure:
    """Draw a line for each series, told apart by colour, mark and dash.

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
        Given to `matplotlib.axes.Axes.set`, as `xscale="log"` or `ylim=(0, 1)`.

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
        drawn = mpl_figure.Figure()
        plot = drawn.subplots()
        for (label, y), mark, dash in zip(series.items(), MARKS, DASHES, strict=False):
            if len(y) != len(x):
                raise ValueError(
                    f"series must have as many values as x ({len(x)}), got {len(y)} for {label!r}"
                )
            plot.plot(x, y, dash, marker=mark if len(x) <= 32 else None, markersize=4.5, label=label)
        plot.set(xlabel=xlabel, ylabel=ylabel, **axes)
        plot.grid(alpha=0.35, linewidth=0.6)
        for axis in (plot.xaxis, plot.yaxis):
            if axis.get_scale() == "log":
                axis.set_major_formatter("{x:g}")
        if len(series) > 1:
            plot.legend()
        return chart(drawn, alt, caption)


def bars(
    values: Mapping[str, float], alt: str, xlabel: str = "", caption: str | None = None, **axes
) -> Figure:
    """Draw a bar for each value, lying down, with the value at its end.

    Parameters
    ----------
    values : mapping of label to number
    alt : str
        Required.
    xlabel : str
    caption : str or None
    **axes
        Given to `matplotlib.axes.Axes.set`.

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
        drawn = mpl_figure.Figure(figsize=(4.0, 0.7 + 0.42 * len(values)))
        plot = drawn.subplots()
        made = plot.barh(list(values), list(values.values()), height=0.6, alpha=0.75)
        plot.bar_label(made, fmt=lambda v: f"{v:,.4g}" if v % 1 else f"{v:,.0f}", padding=4)
        plot.margins(x=0.2)
        plot.invert_yaxis()
        plot.tick_params(axis="x", bottom=False, labelbottom=False)
        plot.tick_params(axis="y", left=False)
        plot.spines["bottom"].set_visible(False)
        plot.set(xlabel=xlabel, **axes)
        return chart(drawn, alt, caption)
