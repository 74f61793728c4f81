"""Unpickling in a judge after it has opened a file that came from a submission.

What is unpickled may name any function, which is then called. Such a file crosses as bytes under
an innocent name; a test that unpickles it, by whatever library, is stopped before a name is looked
up that makes more than plain data.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container
from pathlib import Path

from autograder.protocol.values import TransferError

_PLAIN = frozenset([
    ("builtins", "set"), ("builtins", "frozenset"), ("builtins", "complex"), ("builtins", "bytearray"),
    ("builtins", "range"), ("builtins", "slice"), ("collections", "OrderedDict"), ("collections", "deque"),
    ("collections", "Counter"), ("datetime", "date"), ("datetime", "datetime"), ("datetime", "timedelta"),
    ("numpy", "ndarray"), ("numpy", "dtype"), ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"), ("_codecs", "encode"),
])  # fmt: skip


class PickleWatch:
    """A watch on the files that a judge opens and the names that it unpickles.

    Parameters
    ----------
    folder
        The judge's working folder.
    fall_short
        Called with what is refused, in words.
    """

    def __init__(self, folder: Path, fall_short: Callable[[str], None]) -> None:
        self._folder, self._fall_short = os.path.realpath(folder), fall_short
        self._names: Container[str] = ()
        self._is_on = self._has_opened = False

    def watch(self, names: Container[str]) -> None:
        """Watch from here on; these files have come from the submission."""
        self._names = names
        if not self._is_on:
            self._is_on = True
            sys.addaudithook(self._look)  # stays as long as the process

    def _look(self, event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            if not self._has_opened and isinstance(args[0], str | bytes | os.PathLike):
                path = os.path.realpath(os.fsdecode(args[0]))
                self._has_opened = os.path.relpath(path, self._folder) in self._names
        elif event == "pickle.find_class" and self._has_opened and args not in _PLAIN:
            text = "a file of the submission is not unpickled by the grader: use text, CSV or JSON"
            self._fall_short(text)
            raise TransferError(text)
