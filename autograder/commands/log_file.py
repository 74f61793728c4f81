"""The file that holds what nbgrader says while a class is graded."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.batch.errors import GradeError


@contextmanager
def logged(log: logging.Logger, path: Path) -> Iterator[list[str]]:
    """Write what a logger says to a file, in place of where it said it before.

    Parameters
    ----------
    log
        The logger: from here on its level is INFO.
    path
        The file, which is begun anew.

    Yields
    ------
    list of str
        The warnings so far.

    Raises
    ------
    GradeError
        If the file cannot be written.
    """
    warnings: list[str] = []

    class Counted(logging.FileHandler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.WARNING:
                warnings.append(record.getMessage()[:500])
            super().emit(record)

    try:
        path.write_bytes(b"")
        # To append: an older application that is collected closes the handlers of the logger that
        # it shares with this one, and only a handler that appends opens its file again.
        handler = Counted(path, mode="a", encoding="utf-8")
    except OSError as error:
        raise GradeError(f"{path}: cannot be written ({error.strerror})") from None
    log.setLevel(logging.INFO)
    quiet = [(other, other.level) for other in log.handlers]
    for other, _ in quiet:
        other.setLevel(logging.CRITICAL + 1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    os.chmod(path, 0o600)
    log.addHandler(handler)
    try:
        yield warnings
    finally:
        log.removeHandler(handler)
        handler.close()
        for other, level in quiet:
            other.setLevel(level)
