"""
The MNIST lab's reference answers, its known mistakes and its held-out digits. Only the judge may read this.

`cases` gives the hidden tests their cases; the visible tests' cases, in examples.npz, are made from the same
answers and mistakes with other inputs. Expected numbers of the networks come from NumPy (`sepconv.ops`),
those of mistakes from the mistaken networks themselves.
"""

import numpy as np

from autograder.checks import Case, with_mistakes
from autograder.variants import variant

from . import counting, held_out, networks

SEED = 31
# By function: what makes its cases' fields, and its known mistakes.
TASKS = networks.TASKS | counting.TASKS
FUNCTIONS = tuple(TASKS)
accuracies = held_out.accuracies


def total_macs(separable):
    """Count the multiply-accumulates of one of the two networks for one picture."""
    (size, _, channels), total = networks.SHAPE, 0
    for filters, kernel_size, strides in networks.STAGES:
        total += counting.macs(size, channels, filters, kernel_size, strides, separable)
        size, channels = (size - kernel_size) // strides + 1, filters
    return total + channels * networks.CLASSES


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
        Seed of what is drawn; that of a hidden test comes from the course secret by default.

    Returns
    -------
    list of Case
        In the order in which a test runs them.
    """
    make, mistakes = TASKS[function]
    if seed is None:
        seed = variant(f"mnist: {function}") if hidden else SEED
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
