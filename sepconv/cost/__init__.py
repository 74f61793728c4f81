"""Cost of a network: parameters, multiply-accumulates (MACs), shapes, memory traffic.

Shapes are (height, width, channels), without the batch: all numbers are for one image.
"""

from sepconv.cost.models import Report, of_layer, of_model
from sepconv.cost.operations import (
    Cost,
    conv2d,
    conv2d_transpose,
    dense,
    depthwise_conv2d,
    pointwise_conv2d,
    separable_conv2d,
    table,
    total,
)
from sepconv.cost.published import PUBLISHED, Published, comparison

__all__ = [
    "PUBLISHED",
    "Cost",
    "Published",
    "Report",
    "comparison",
    "conv2d",
    "conv2d_transpose",
    "dense",
    "depthwise_conv2d",
    "of_layer",
    "of_model",
    "pointwise_conv2d",
    "separable_conv2d",
    "table",
    "total",
]
