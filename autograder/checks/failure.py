"""The error of a check that does not hold, and the lines that a notebook shows of it."""

from __future__ import annotations

import textwrap
from typing import Any


def failure(first: str, *lines: str) -> AssertionError:
    """Make the error of a check that does not hold.

    Its lines are wrapped, because nbgrader's validation cuts off what is longer than 90 characters.

    Parameters
    ----------
    first : str
        What was called, in words.
    *lines : str
        Sentences, each to begin on a line of its own.

    Returns
    -------
    AssertionError
        Of which IPython shows `shown_lines`.
    """
    options: dict[str, Any] = {
        "break_long_words": False,
        "break_on_hyphens": False,
        "subsequent_indent": "    ",
    }
    wrapped = textwrap.wrap(first, 80 - len("AssertionError: "), **options)
    error = AssertionError("\n".join([*wrapped, *(textwrap.fill(line, 78, **options) for line in lines)]))
    # IPython asks an error for this method.
    error._render_traceback_ = lambda: shown_lines(error)  # type: ignore[attr-defined]
    return error


def shown_lines(error: AssertionError) -> list[str]:
    """Return what IPython shows of an error: where the student's code raised, and the message."""
    message = f"{type(error).__name__}: {error}"
    cause = error.__cause__
    if cause is None or cause.__traceback__ is None or cause.__traceback__.tb_next is None:
        return [message]
    from IPython import get_ipython  # noqa: PLC0415

    within = cause.__traceback__.tb_next  # without the call in this package
    return [*get_ipython().InteractiveTB.structured_traceback(type(cause), cause, within), "", message]
