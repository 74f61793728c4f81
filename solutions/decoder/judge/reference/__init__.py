"""
The decoder lab's reference answers and its known mistakes, as code. Only the judge may read this.

`cases` gives the hidden tests their cases; the visible tests' cases, in examples.npz, are made from the same
answers and mistakes with other inputs. Expected numbers come from NumPy (`sepconv.ops`), those of
mistakes from the mistaken layers themselves.
"""

import numpy as np

from autograder.checks import Case, with_mistakes
from autograder.variants import variant

from . import enlarging, layers, scoring
from .scoring import held_out, mean_iou

__all__ = ["FUNCTIONS", "cases", "held_out", "mean_iou", "mistakes_of"]
SEED = 31
# By function: what makes its cases' fields, and its known mistakes.
TASKS = enlarging.TASKS | layers.TASKS | scoring.TASKS
FUNCTIONS = tuple(TASKS)


def cases(function, hidden=True, seed=None):
    """
    Make the cases of one graded function.

    Parameters
    ----------
    function : str
        One of `FUNCTIONS`.
    hidden : bool
        Whether for the hidden test or for the visible one, whose inputs are others.
    seed : int, optional
        Seed of all that is drawn; for hidden cases the one of the course secret by default.

    Returns
    -------
    list of Case
        In the order in which a test runs them.
    """
    make, mistakes = TASKS[function]
    if seed is None:
        seed = variant(f"decoder: {function}") if hidden else SEED
    made = (Case(function, hidden=hidden, **fields) for fields in make(hidden, np.random.default_rng(seed)))
    return [with_mistakes(case, mistakes) for case in made]


def mistakes_of(function):
    """
    List the known mistakes of one graded function.

    Parameters
    ----------
    function : str
        One of `FUNCTIONS`.

    Returns
    -------
    dict of str to pair of callable and str
        By name: the mistaken function, and a sentence on what to look at.
    """
    return TASKS[function][1]
