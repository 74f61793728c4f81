"""Files written in one step, and files opened without trusting what lies at their path."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file in one step: a process that is killed leaves the old file or the new one.

    Parameters
    ----------
    path
        The file, in a folder that exists. A new file can be read by its owner only.
    content
        All of its bytes.

    Raises
    ------
    OSError
        If it cannot be written; the old file is kept.
    """
    with _unfinished_file(path, content) as unfinished:
        os.replace(unfinished, path)


def create_or_read(path: Path, content: bytes) -> bytes:
    """Create a file in one step, unless it is there already; return the bytes that are there then.

    Of several processes that create it at once, the first wins, and all get its bytes.

    Parameters
    ----------
    path
        The file, in a folder that exists. A new file can be read by its owner only.
    content
        Its bytes if it is created.

    Raises
    ------
    OSError
        If it can neither be created nor read.
    """
    with _unfinished_file(path, content) as unfinished, contextlib.suppress(FileExistsError):
        os.link(unfinished, path)
    return path.read_bytes()


def open_without_following(path: Path) -> BinaryIO:
    """Open a file for reading, but neither follow a link nor wait at a pipe.

    Raises
    ------
    OSError
        If the path is a link, or cannot be opened.
    """
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # each system has some of them
        flags |= getattr(os, name, 0)
    return open(os.open(path, flags), "rb")


@contextlib.contextmanager
def _unfinished_file(path: Path, content: bytes) -> Iterator[str]:
    """Write a file beside ``path``; it is removed at the end if it is still there."""
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".unfinished")
    try:
        with open(handle, "wb") as file:
            file.write(content)
        yield unfinished
    finally:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
