"""One grading of a course at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.batch.errors import GradeError


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock of a course's ``.autograder`` folder; the system gives it up with the process.

    Raises
    ------
    GradeError
        If another process holds it, or the system, as Windows, has no such locks.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ModuleNotFoundError:
        raise GradeError("this command needs a system with file locks, such as Linux") from None
    path = folder / "lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise GradeError(f"{path}: cannot be opened ({error.strerror})") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode(errors="replace").strip()
            who = f"process {holder}" if holder.isdigit() else "another process"
            raise GradeError(
                f"this course is being graded by {who}; wait for its end, or stop it and run this again"
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)
