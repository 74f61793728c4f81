"""Charts of a trade-off: families of networks as lines, single networks as points."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from matplotlib import figure as mpl_figure
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from sepconv.figures.charts import DASHES, MARKS, SERIES, chart, chart_style
from sepconv.figures.figure import Figure

CORNERS = (("left", (5, -9)), ("right", (-5, 3)), ("left", (5, 3)), ("right", (-5, -9)))


def tradeoff(
    families: Mapping[str, Sequence[tuple[float, float]]],
    points: Mapping[str, tuple[float, float]],
    alt: str,
    xlabel: str = "",
    ylabel: str = "",
    caption: str | None = None,
    **axes: Any,
) -> Figure:
    """Draw a gain, as accuracy, over a cost, as parameters, on a logarithmic axis.

    Parameters
    ----------
    families : mapping of label to (x, y) pairs
        At most four; each becomes a line, sorted by x. Where an x occurs more than once, as for
        runs with several seeds, each pair is a mark and the line passes through the mean of the y.
    points : mapping of label to an (x, y) pair
        Each becomes a mark with its label beside it.
    alt : str
        Required.
    xlabel, ylabel : str
    caption : str or None
    **axes
        Arguments of `matplotlib.axes.Axes.set`.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are no families or more than four, or an x is not positive.
    """
    if not 1 <= len(families) <= len(SERIES):
        raise ValueError(f"families must be 1 to {len(SERIES)}, got {len(families)}")
    pairs = [pair for family in families.values() for pair in family] + list(points.values())
    if (least := min(x for x, _ in pairs)) <= 0:
        raise ValueError(f"every x must be positive on a logarithmic axis, got {least}")
    with chart_style():
        drawing = mpl_figure.Figure(figsize=(4.0, 3.6))
        plot = drawing.subplots()
        for (label, family), mark, dash in zip(families.items(), MARKS, DASHES, strict=False):
            xs, ys = zip(*sorted(family), strict=True)
            means = {x: fmean(b for a, b in family if a == x) for x in xs}
            (line,) = plot.plot(list(means), list(means.values()), dash, label=label)
            if len(means) == len(xs):
                line.set(marker=mark, markersize=4.5)
            else:
                plot.plot(xs, ys, mark, markersize=4, color=line.get_color(), alpha=0.7)
        for x, y in points.values():
            plot.plot([x], [y], "*", color=SERIES[2], markersize=9)
        plot.set(xscale="log", xlabel=xlabel, ylabel=ylabel, **axes)
        _name(plot, points)
        plot.minorticks_off()
        plot.grid(alpha=0.35, linewidth=0.6)
        plot.legend()
        return chart(drawing, alt, caption)


def _name(plot: Axes, points: Mapping[str, tuple[float, float]]) -> None:
    """Write each point's label at a corner of it, where it covers no other label and no point."""
    half = 4.5 * plot.figure.dpi / 72  # of a mark, in pixels
    taken = [
        Bbox.from_extents(x - half, y - half, x + half, y + half)
        for x, y in map(plot.transData.transform, points.values())
    ]
    for label, point in points.items():
        text = plot.annotate(label, point, xytext=CORNERS[0][1], textcoords="offset points", fontsize=8)
        for side, offset in (*CORNERS, CORNERS[0]):  # if none is free, the first
            text.set(horizontalalignment=side, position=offset)
            box = text.get_window_extent()
            if not any(box.overlaps(other) for other in taken):
                break
        taken.append(box)
