"""Temporary folders of this user's alone, which a run that was killed leaves to the next one.

Each folder is locked as long as its process lives, so that whoever finds one that is not may remove
it: the kernel gives the lock back, however the process ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

PREFIX = "autograder-"


class TemporaryFolder:
    """A folder that its owner removes; as a context manager, at the end of the block.

    Parameters
    ----------
    kind
        What it is for; part of its name.

    Attributes
    ----------
    path : Path
        The folder, which no other user may enter.
    """

    def __init__(self, kind: str) -> None:
        self._handle = -1
        self._handle_lock = threading.Lock()
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-"))
            try:
                self._handle = _lock(self.path)
            except (BlockingIOError, FileNotFoundError):
                continue  # another process has found it before it was locked, and removes it
            except OSError:
                pass  # no locks on this file system: nobody will remove it
            return

    def __enter__(self) -> Path:
        """Return the folder."""
        return self.path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove it."""
        self.remove()

    def remove(self) -> None:
        """Remove the folder with all that is in it; may be called again, and by several threads."""
        _remove(self.path)
        with self._handle_lock:  # closed twice, its number might by then be another file's
            handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


def remove_abandoned() -> None:
    """Remove this user's temporary folders whose processes have ended without removing them."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        with contextlib.suppress(OSError):
            handle = _lock(path)
            _remove(path)
            os.close(handle)


def _lock(folder: Path) -> int:
    """Lock a folder of this user's; return the descriptor that holds the lock.

    Raises
    ------
    OSError
        If it cannot be locked: `BlockingIOError` where a process holds it, `FileNotFoundError`
        where it is not there any more.
    """
    import fcntl  # noqa: PLC0415 - some systems have none

    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(handle), os.lstat(folder)):
            raise FileNotFoundError(folder)
        if os.fstat(handle).st_uid != os.geteuid():
            raise PermissionError(folder)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _remove(folder: Path) -> None:
    """Remove a folder, whatever modes and however many folders in each other are in it."""

    def retry(function: Callable[..., Any], path: str, _: object) -> None:
        # What lies around the folder is not ours: where the folder is gone, there is nothing to do.
        with contextlib.suppress(OSError):
            if Path(path) != folder:
                os.chmod(os.path.dirname(path), stat.S_IRWXU)
            os.chmod(path, stat.S_IRWXU)
            function(path)

    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, onerror=retry)
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():  # deeper than Python goes
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)
