"""Scores of tests that ran: points, and words for the student without the test's source."""

from __future__ import annotations

import contextlib
import math
import numbers
import os
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from autograder.checks.shortcuts import ShortcutRefused
from autograder.execution.proxies import RemoteObject
from autograder.execution.remote import Remote
from autograder.execution.test_code import has_attribute
from autograder.protocol import values
from autograder.protocol.orders import CallFailed, Scored
from autograder.result import Status

# Comparisons of libraries, whose messages show the expected values.
_LIBRARY = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}", os.path.dirname(os.__file__))
_NO_PATTERN = "called match pattern must be a type"
MAX_CHAIN = 10  # of errors that led to one another
_OWN = str(Path(__file__).parents[1])  # this package's comparisons word their messages themselves


def for_a_person(why: str) -> str:
    """Say to the student that the engine cannot judge the answer, and why."""
    return f"the grader, not this answer, fell short here, so a person grades it: {why}"


def fault_of_engine(error: BaseException | None) -> str:
    """Say why an error is no answer's fault; "" where it may be one's."""
    if why := missing_module(error):
        return why
    for _ in range(MAX_CHAIN):
        if error is None:
            break
        if isinstance(error, values.NotInJudgeError):
            return values.text_of(error)
        if str(error) == _NO_PATTERN and not getattr(error, "from_student", False):
            return "the test has a class of the student's as a pattern of `match`, which a proxy cannot be"
        if why := _withheld(error):
            return why
        error = error.__cause__ or error.__context__
    return ""


def _withheld(error: BaseException) -> str:
    """Say which special attribute of the student's object was missed, and is there."""
    remote, name = vars(error).get("of_remote"), values.text_of(error)
    if not isinstance(remote, Remote) or getattr(error, "from_student", False) is True:
        return ""
    with contextlib.suppress(Exception):
        if has_attribute(remote, name):
            return (
                f"the test, or a library that it uses, asks the student's {remote.type} object for `{name}`"
            )
    return ""


def missing_module(error: BaseException | None) -> str:
    """Say what the instructor's code cannot import where this is graded; "" for other errors."""
    if not isinstance(error, ImportError) or getattr(error, "from_student", False) is True:
        return ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"the test needs `{error.name}`, which is not installed where this is graded"
    return f"the test cannot import what it needs: {values.text_of(error)}"


def points_of(value: Any, maximum: float) -> tuple[float, str]:  # noqa: PLR0911 - one for each rule
    """Return the points for a test cell that ran to its end, and a note on how they came about.

    A number, built-in or NumPy's, as the value of the last line is partial credit: below 0 and NaN
    count as 0, above the maximum as the maximum. True and False are full and no credit. An array, a
    tensor, a complex or decimal number or an object of the submission is no score and counts as 0:
    what a submission returns can make one of a sum of comparisons. Without a last value, or with
    text, a list and the like, the cell has full credit.
    """
    if isinstance(value, bool | np.bool_):
        return (maximum, "") if value else (0.0, "the test's last line is False")
    if isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "iuf":
        value = value[()]
    if not isinstance(value, numbers.Real):
        if value is None or isinstance(value, str | bytes | list | tuple | dict | set | frozenset):
            return maximum, ""
        if isinstance(value, numbers.Number | np.ndarray | np.generic | RemoteObject) or hasattr(
            value, "__array__"
        ):
            return 0.0, f"the test's last value is no score but a {type(value).__name__}, which counts as 0"
        return maximum, ""
    number = float(value)
    if math.isnan(number):
        return 0.0, "the test's score is not a number, which counts as 0"
    if number < 0:
        return 0.0, f"the test's score {number:g} is below 0, which counts as 0"
    if number > maximum:
        return maximum, ""
    return number, ""


def score(value: Any, error: BaseException | None, failure: CallFailed | None, maximum: float) -> Scored:
    """Score a test that has ended.

    Parameters
    ----------
    value
        Of its last line.
    error
        What it raised.
    failure
        Why the worker did not answer.
    maximum
        The test's points.
    """
    if failure is not None:
        return Scored(failure.status, message=failure.text)
    if error is not None:
        status = Status.TIMEOUT if isinstance(error, KeyboardInterrupt) else Status.FAILED
        return Scored(status, message=message_of(error), detail=_detail(error))
    points, note = points_of(value, maximum)
    status = Status.PASSED if points == maximum else Status.PARTIAL if points > 0 else Status.FAILED
    if status is not Status.PASSED and not note:
        note = f"{points:g} of {maximum:g} points"
    return Scored(status, float(points), note)


def message_of(error: BaseException) -> str:  # noqa: PLR0911 - one for each kind
    """Say to the student what went wrong, without the test's source and expected values."""
    text = values.text_of(error)
    kind = type(error).__name__
    if isinstance(error, ShortcutRefused):
        return text
    if getattr(error, "from_student", False) is True:
        return f"your code raised {kind}: {text}" if text else f"your code raised {kind}"
    if isinstance(error, values.TransferError):
        return text
    if isinstance(error, KeyboardInterrupt):
        return "the test took too long"
    if isinstance(error, NameError):
        name = getattr(error, "name", None)
        return f"`{name}` is not defined: it was not found after running your cells" if name else text
    if isinstance(error, AssertionError):
        if _raised_by_library(error.__traceback__):
            return _without_values(text)
        return text or "a check did not hold"
    return f"{kind}: {text}" if text else kind


def _files(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename
        trace = trace.tb_next


def _raised_by_library(trace: TracebackType | None) -> bool:
    """Return whether the last frame is a library's other than this package."""
    *_, file = "", *_files(trace)
    return any(part in file for part in _LIBRARY) and not file.startswith(_OWN)


def _without_values(text: str) -> str:
    """Keep what a library's message says about the difference, without the compared values."""
    lines = []
    for line in text.strip().splitlines():
        if line.lstrip().startswith(("Mismatch at", "Max ", "ACTUAL", "DESIRED", "x:", "y:", "array(", "[")):
            break
        lines.append(line)
    if lines and lines[0].startswith(("Not equal", "Arrays are not", "Mismatched")):
        return "\n".join(lines)
    return "a comparison with the expected value did not hold"


def _detail(error: BaseException) -> str:
    with contextlib.suppress(BaseException):  # a traceback may ask a proxy for its names
        return "".join(traceback.format_exception(error, limit=-20))[:20_000]
    return type(error).__name__
