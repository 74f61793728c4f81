"""Every drawing and animation of the book, from one table of cases; sizes and numbers come from `sepconv.ops`."""

from sepconv.figures.cases import CASES, Case, steps
from sepconv.figures.drawing import animate, still
from sepconv.figures.figure import Figure

__all__ = ["CASES", "Case", "Figure", "animate", "steps", "still"]
