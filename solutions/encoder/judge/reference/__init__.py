"""
The encoder lab's reference answers and its known mistakes, as code. Only the judge may read this.

`cases` gives the hidden tests their cases; the visible tests' cases, in examples.npz, are made from
the same answers and mistakes with other inputs. Expected numbers of layers come from NumPy
(`sepconv.ops`), those of mistakes from the mistaken layers themselves.
"""

from autograder.checks.reference import Reference

from . import counting, kernels, layers

REFERENCE = Reference("encoder", counting.TASKS | kernels.TASKS | layers.TASKS, seed=20)
FUNCTIONS, cases, mistakes_of = REFERENCE.functions, REFERENCE.cases, REFERENCE.mistakes_of
