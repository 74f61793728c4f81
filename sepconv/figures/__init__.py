"""Every drawing and animation of the book, from one table of cases.

Sizes and numbers come from `sepconv.ops`, counts from `sepconv.cost`. Every drawing is a `Figure`, which
shows itself in a notebook and needs nothing from outside.
"""

from sepconv.figures.anatomy import anatomy
from sepconv.figures.cases import CASES, Case, steps
from sepconv.figures.drawing import animate, still
from sepconv.figures.figure import Figure
from sepconv.figures.network import network
from sepconv.figures.plates import bars, chart, chart_style, heatmap, images, lines
from sepconv.figures.tradeoff import tradeoff

__all__ = [
    "CASES",
    "Case",
    "Figure",
    "anatomy",
    "animate",
    "bars",
    "chart",
    "chart_style",
    "heatmap",
    "images",
    "lines",
    "network",
    "steps",
    "still",
    "tradeoff",
]
