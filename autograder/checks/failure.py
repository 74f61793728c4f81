"""The error of a check that does not hold, and what a notebook shows of it."""

import textwrap


def failure(first, *lines):
    """Make the error, in lines that fit: nbgrader's validation cuts off what is longer than 90 characters."""
    options = {"break_long_words": False, "break_on_hyphens": False, "subsequent_indent": "    "}
    first = textwrap.wrap(first, 80 - len("AssertionError: "), **options)
    error = AssertionError("\n".join([*first, *(textwrap.fill(line, 78, **options) for line in lines)]))
    error._render_traceback_ = lambda: as_shown(error)
    return error


def as_shown(error):
    """Give what IPython shows of an error: where the student's code raised, if it did, and the message."""
    said = [f"{type(error).__name__}: {error}"]
    raised = error.__cause__
    if raised is None or raised.__traceback__.tb_next is None:
        return said
    from IPython import get_ipython  # noqa: PLC0415

    within = raised.__traceback__.tb_next  # without the call in this module
    return [*get_ipython().InteractiveTB.structured_traceback(type(raised), raised, within), "", *said]
