"""Drawings and animations of the book, from one table of cases.

Sizes and numbers come from `sepconv.ops`, counts from `sepconv.cost`. Every drawing is a `Figure`,
which a notebook displays and which loads nothing from outside.
"""

from sepconv.figures.cases import CASES, Case
from sepconv.figures.channels import channel_diagram
from sepconv.figures.charts import bars, chart, chart_style, lines
from sepconv.figures.colours import COLOURS, signed_map
from sepconv.figures.connections import connections
from sepconv.figures.figure import Figure
from sepconv.figures.heatmaps import heatmap
from sepconv.figures.images import images
from sepconv.figures.keras_graph import keras_graph
from sepconv.figures.live import live
from sepconv.figures.receptive import receptive_field
from sepconv.figures.stepper import animate, still
from sepconv.figures.steps import compute_steps
from sepconv.figures.tradeoff import tradeoff

__all__ = [
    "CASES",
    "COLOURS",
    "Case",
    "Figure",
    "animate",
    "bars",
    "channel_diagram",
    "chart",
    "chart_style",
    "compute_steps",
    "connections",
    "heatmap",
    "images",
    "keras_graph",
    "lines",
    "live",
    "receptive_field",
    "signed_map",
    "still",
    "tradeoff",
]
