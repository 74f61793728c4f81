"""Partial credit: the parts of a test, each with its share of the points."""

import os
import sys
from contextvars import ContextVar, copy_context

# Within `partial`: the results of calls, so that parts which check the same case share them.
shared_results: ContextVar[dict | None] = ContextVar("shared_results", default=None)


def partial(points, parts):
    """
    Run the parts of a test and give each its share of the points.

    Make this the last expression of the test cell: nbgrader reads the score from the cell's result. Where
    several parts call `agrees` with the same function and case, the function is called once.

    Parameters
    ----------
    points : int or float
        What the whole test is worth.
    parts : dict of str to callable, or to a pair of a weight and a callable
        Parts by name; a part passes if its callable returns without raising. Weights are 1 by default.

    Returns
    -------
    int or float
        The points earned, between 0 and `points`; whole numbers are ints.
    """
    weighted = {name: part if isinstance(part, tuple) else (1, part) for name, part in parts.items()}
    total = sum(weight for weight, _ in weighted.values())
    earned = 0.0
    context = copy_context()
    context.run(shared_results.set, {})
    for name, (weight, part) in weighted.items():
        worth = points * weight / total
        try:
            context.run(part)
        except Exception as error:
            reason = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
            report = f"failed  {name} (0 of {worth:g}):\n        " + reason.replace("\n", "\n        ")
            print(report, file=_reports())
        else:
            print(f"passed  {name} ({worth:g} of {worth:g})")
            earned += worth
    earned = min(round(earned, 6), points)
    return int(earned) if earned == int(earned) else earned


def _reports():
    """Give the stream that is read: nbgrader's validation shows only stderr, which costs points elsewhere."""
    return sys.stderr if os.environ.get("NBGRADER_EXECUTION") == "validate" else sys.stdout
