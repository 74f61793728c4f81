"""Text of a submission in a log, on a terminal or a page: nothing that steers or takes long."""

from __future__ import annotations

import logging
import re
from pathlib import PurePath

MOST_MARKS = 20  # on one character, in any writing
_MARKS = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOWER = re.compile(f"([{_MARKS}]{{{MOST_MARKS}}})[{_MARKS}]+")


def printable(text: str, longest: int | None = 100) -> str:
    """Return a text with a question mark in the place of what is not shown as a character.

    That are line breaks, the control characters of a terminal, and those that turn the direction of
    writing or take no width.

    Parameters
    ----------
    text
        Any text, such as the name of a file.
    longest
        How many characters of it are returned at most; None for all.
    """
    shown = text if longest is None else text[:longest]
    return "".join(character if character.isprintable() else "?" for character in shown)


def printable_lines(text: str) -> str:
    """Return a text of several lines, each as `printable` returns it, uncut."""
    return "\n".join(printable(line, longest=None) for line in text.split("\n"))


def without_towers(text: str) -> str:
    """Return a text without the marks above a character that come after its twentieth.

    A browser takes minutes to place many of them on one character.
    """
    return _TOWER.sub(r"\1", text)


def keep_printable(log: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
    """Let a logger write of all that its messages name only what is printable."""
    logger = log.logger if isinstance(log, logging.LoggerAdapter) else log
    logger.addFilter(_make_printable)


def _make_printable(record: logging.LogRecord) -> bool:
    """Change a message that is being logged; every message passes."""
    if isinstance(record.args, tuple):
        record.args = tuple(_printable_argument(argument) for argument in record.args)
    record.msg = printable_lines(str(record.msg))
    return True


def _printable_argument(argument: object) -> object:
    shown = isinstance(argument, str | PurePath | BaseException)
    return printable(str(argument), longest=1_000) if shown else argument
