"""Partial credit: the parts of a test, each with its share of the points."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar, copy_context
from textwrap import indent
from typing import Any, TextIO

from autograder.checks.failure import wrapped

INDENT = " " * 4

Part = Callable[[], Any]

# Within `partial`: the results of calls, which parts with the same case share.
shared_results: ContextVar[dict[Any, Any] | None] = ContextVar("shared_results", default=None)


def partial(points: float, parts: Mapping[str, Part | tuple[float, Part]]) -> float:
    """Run the parts of a test and give each its share of the points.

    Make this the last expression of the test cell: nbgrader reads the score from the cell's result.
    Where several parts call `agrees` with the same function and case, the function is called once.

    Parameters
    ----------
    points : int or float
        The points of the whole test.
    parts : dict of str to callable, or to a pair of a weight and a callable
        Parts by name; a part passes if its callable returns without raising. Weights are 1 by
        default.

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
            report = f"failed  {name} (0 of {worth:g}):\n{indent(wrapped(reason), INDENT)}"
            print(report, file=_report_stream())
        else:
            print(f"passed  {name} ({worth:g} of {worth:g})")
            earned += worth
    earned = min(round(earned, 6), points)
    return int(earned) if earned == int(earned) else earned


def _report_stream() -> TextIO:
    """Return stderr in validation, which shows nothing else, and stdout elsewhere."""
    return sys.stderr if os.environ.get("NBGRADER_EXECUTION") == "validate" else sys.stdout
