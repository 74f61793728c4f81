"""The processes of a submission: each a directory, two sockets, and an end that leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import stat
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from autograder.execution.forkserver import ForkServer, ForkServerError
from autograder.limits import Limits
from autograder.protocol import frames

START_SECONDS = 30.0

_lock = threading.Lock()
_warm: ForkServer | None = None
_asked: tuple[tuple[str, ...], dict[str, str], tuple[Path, ...]] = ((), {}, ())


def warm(
    preload: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    readable: tuple[Path, ...] = (),
) -> None:
    """Start the warm process of this process, or start it anew with other modules.

    Parameters
    ----------
    preload
        Modules that every worker and judge finds imported. Workers may read the files of their packages.
    environment
        Variables for workers and judges, beside the fixed ones of `autograder.execution.forkserver`.
    readable
        Files and directories that workers may read where they lie, such as a data set that ``environment``
        names.

    Raises
    ------
    ForkServerError
        If a module cannot be imported.
    """
    global _warm, _asked  # noqa: PLW0603 - one warm process for each process
    wanted = (tuple(preload), dict(environment or {}), tuple(Path(path).absolute() for path in readable))
    with _lock:
        if _warm is not None and _asked == wanted and _warm.alive:
            return
        if _warm is not None:
            _warm.close()
            _warm = None
        _warm, _asked = ForkServer(*wanted[:2]), wanted


def close() -> None:
    """End the warm process."""
    global _warm  # noqa: PLW0603 - one warm process for each process
    with _lock:
        if _warm is not None:
            _warm.close()
            _warm = None


def _start(*args: Any, **kwargs: Any) -> tuple[socket.socket, socket.socket]:
    """Fork from the warm process; start that once more if it is gone."""
    for _ in range(2):
        warm(*_asked)
        try:
            return _warm.start(*args, readable=_asked[2], **kwargs)
        except ConnectionError:
            close()
    raise ForkServerError("the warm process ended twice while a submission was to be started")


class Process:
    """What worker and judge have in common: a directory, two sockets, a beginning and an end."""

    def __init__(
        self,
        role: str,
        limits: Limits,
        lab_files: Path | None,
        own_files: Path | None = None,
        **options: Any,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"{role}-"))
        self.role, self.pid = role, 0
        self.pipe: frames.Pipe | None = None
        self.control: socket.socket | None = None
        try:
            for files in (own_files, lab_files):  # the lab's replace those of the same name
                if files is not None:
                    _copy(files, self.folder, limits.scratch_bytes / 2)
            self.control, data = _start(role, self.folder, limits, **options)
            self.pipe = frames.Pipe(data, limits.value_bytes + limits.output_bytes * 8 + 65536)
            self.heard = b""
            with contextlib.suppress(frames.ClosedError, TimeoutError, ValueError):
                kind, payload = self.pipe.receive(time.monotonic() + START_SECONDS)
                self.pid = int(payload[:20]) if kind == frames.READY else 0
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the process and remove its directory."""
        if self.control is not None:
            with contextlib.suppress(OSError):
                self.control.send(b"k")
            self.listen(time.monotonic() + 5)
            self.control.close()
        if self.pipe is not None:
            self.pipe.close()
        if self.role == "judge" and self.pid:
            _end(self.pid)
        _remove(self.folder)

    def listen(self, deadline: float) -> None:
        """Hear what the guard says until it is gone."""
        with contextlib.suppress(OSError):
            while (left := deadline - time.monotonic()) > 0:
                self.control.settimeout(left)
                part = self.control.recv(4096)
                if not part:
                    return
                self.heard += part

    def within_limits(self) -> bool:
        """Ask the guard for a look at the limits; False if the process was ended for one."""
        before = self.heard.count(b"checked")
        deadline = time.monotonic() + START_SECONDS
        try:
            self.control.send(b"c")
            while self.heard.count(b"checked") == before:
                self.control.settimeout(max(0.001, deadline - time.monotonic()))
                part = self.control.recv(4096)
                if not part:
                    return False
                self.heard += part
        except OSError:
            return False
        return True

    def said(self, word: str) -> list[str]:
        """Return the lines of the guard that start with a word."""
        lines = self.heard.decode("utf-8", "replace").splitlines()
        return [line[len(word) + 1 :] for line in lines if line.startswith(word + " ")]


def _end(pid: int) -> None:
    """Kill a process and wait until it is gone."""
    with contextlib.suppress(OSError):
        handle = os.pidfd_open(pid)
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], 5)
        finally:
            os.close(handle)


def _copy(source: Path, target: Path, most: float) -> None:
    """Copy regular files, so many bytes at most; links, devices and what cannot be read are left out."""
    for folder, _, names in os.walk(source):
        for name in names:
            path = Path(folder, name)
            place = target / path.relative_to(source)
            with contextlib.suppress(PermissionError, FileNotFoundError, IsADirectoryError, FileExistsError):
                status = path.lstat()
                most -= status.st_size + 4096
                if stat.S_ISREG(status.st_mode) and most >= 0:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, place)


def _remove(folder: Path) -> None:
    def again(function: Any, path: str, _: Any) -> None:
        with contextlib.suppress(OSError):
            os.chmod(os.path.dirname(path), 0o700)
            os.chmod(path, 0o700)
            function(path)

    shutil.rmtree(folder, onerror=again)
    shutil.rmtree(folder, ignore_errors=True)
