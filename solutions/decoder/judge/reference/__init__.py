"""
The decoder lab's reference answers and its known mistakes, as code. Only the judge may read this.

`cases` gives the hidden tests their cases; the visible tests' cases, in examples.npz, are made from
the same answers and mistakes with other inputs. Expected numbers come from NumPy (`sepconv.ops`),
those of mistakes from the mistaken layers themselves.
"""

from autograder.checks.reference import Reference

from . import bilinear, enlarging, following, layers, scoring
from .scoring import held_out, mean_iou

__all__ = ["FUNCTIONS", "bilinear", "cases", "enlarging", "following", "held_out", "mean_iou", "mistakes_of"]
REFERENCE = Reference("decoder", enlarging.TASKS | bilinear.TASKS | layers.TASKS | scoring.TASKS, seed=31)
FUNCTIONS, cases, mistakes_of = REFERENCE.functions, REFERENCE.cases, REFERENCE.mistakes_of
