"""The error of a check that does not hold, and the lines that a notebook shows of it."""

from __future__ import annotations

import textwrap

WIDTH = 78  # nbgrader's validation cuts off what is longer than 87 characters, in parts indented by 4


def failure(first: str, *lines: str) -> AssertionError:
    """Make the error of a check that does not hold, its lines wrapped.

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
    begins = wrapped(first, WIDTH + 2 - len("AssertionError: "))
    error = AssertionError("\n".join([begins, *map(wrapped, lines)]))
    # IPython asks an error for this method.
    error._render_traceback_ = lambda: shown_lines(error)  # type: ignore[attr-defined]
    return error


def wrapped(text: str, width: int = WIDTH) -> str:
    """Wrap each line of a text that is too long to be shown whole where a notebook is validated.

    Parameters
    ----------
    text : str
        Lines; words that are longer than a line stay whole.
    width : int
        Characters in a line.

    Returns
    -------
    str
        Lines that go on are indented by four more than they begin.
    """
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(line: str, width: int) -> str:
    begins = line[: len(line) - len(line.lstrip())]
    return (
        line
        if len(line) <= width
        else textwrap.fill(
            line.strip(), width, break_long_words=False, break_on_hyphens=False,
            initial_indent=begins, subsequent_indent=f"{begins}    ",
        )
    )  # fmt: skip


def shown_lines(error: AssertionError) -> list[str]:
    """Return what IPython shows of an error: where the student's code raised, and the message."""
    message = wrapped(f"{type(error).__name__}: {error}")
    cause = error.__cause__
    if cause is None or cause.__traceback__ is None or cause.__traceback__.tb_next is None:
        return [message]
    from IPython import get_ipython  # noqa: PLC0415

    within = cause.__traceback__.tb_next  # without the call in this package
    return [*get_ipython().InteractiveTB.structured_traceback(type(cause), cause, within), "", message]
