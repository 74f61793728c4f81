"""The error that stops the grading of a class, and the reasons of nbgrader's own failures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# An exception in a log, as Python and nbgrader write it: its kind, and what it says.
_RAISED = re.compile(r"^ *(?:\w+\.)*\w*(?:Error|Exception): (.+)$", re.MULTILINE)


class GradeError(RuntimeError):
    """A class cannot be graded, or not further; one line says what is wrong and what to do."""


POOL_GONE = "the pool is gone; what was graded is kept, and the same command goes on from there"


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, or its kind."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def failure_reason(result: Mapping[str, Any]) -> str:
    """Say why a step of nbgrader's API failed, in one line.

    Parameters
    ----------
    result : dict
        What the step returned: "error", and "log" with its messages and tracebacks.

    Returns
    -------
    str
        What the first exception in its log says, which the others follow from; else its first
        error, else the traceback's last line.

    Raises
    ------
    KeyboardInterrupt
        If that is what ended the step: nbgrader catches it as it does any failure.
    """
    last = (result.get("error") or "no reason given").strip().splitlines()[-1]
    if last == "KeyboardInterrupt":
        raise KeyboardInterrupt
    log = result.get("log") or ""
    if raised := _RAISED.search(log):
        return raised[1]
    errors = [line for line in log.splitlines() if line.startswith(("[ERROR]", "[CRITICAL]"))]
    return errors[0].partition("] ")[2] if errors else last
