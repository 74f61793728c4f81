"""
The MNIST lab's reference answers, its known mistakes and its held-out digits.

Only the judge may read this.

`cases` gives the hidden tests their cases; the visible tests' cases, in examples.npz, are made from
the same answers and mistakes with other inputs. Expected numbers of the networks come from NumPy
(`sepconv.ops`), those of mistakes from the mistaken networks themselves.
"""

from autograder.checks.reference import Reference

from . import counting, held_out, likeness, networks

REFERENCE = Reference("mnist", networks.TASKS | counting.TASKS, seed=31)
FUNCTIONS, cases, mistakes_of = REFERENCE.functions, REFERENCE.cases, REFERENCE.mistakes_of
accuracies, refuse_champion = held_out.accuracies, likeness.refuse_champion


SLIPS, UNITS = counting.SLIPS, counting.UNITS


# Slips of task 1 with which other maps come out, so that other MACs follow.
OTHER_MAPS = ("strides are 1 everywhere", "the last layer has strides, too", "padding is same")
_ALL_STRIDES = {"strides are 1 everywhere": 1, "the last layer has strides, too": 2}


def total_macs(separable, macs=counting.macs, slip=None):
    """Count the multiply-accumulates of one of the two networks for one picture, by any count."""
    (size, _, channels), total = networks.SHAPE, 0
    for filters, kernel_size, strides in networks.STAGES:
        steps = _ALL_STRIDES.get(slip, strides)
        total += macs(size, channels, filters, kernel_size, steps, separable)
        size = -(-size // steps) if slip == "padding is same" else (size - kernel_size) // steps + 1
        channels = filters
    return total + channels * networks.CLASSES
