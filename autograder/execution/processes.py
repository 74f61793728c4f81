"""Processes of a submission: each has a directory and two sockets, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import stat
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.execution.forkserver import ProcessKind, StartOrder
from autograder.execution.servers import Lease
from autograder.limits import Limits
from autograder.protocol.frames import ClosedError, Connection, Frame
from autograder.protocol.orders import Ready
from autograder.protocol.serialization import SerializationError
from autograder.result import Status
from autograder.sandbox import OUT_OF_MEMORY, Layer, Usage, parse_layers
from autograder.sandbox.guard import FAILED, MISSING
from autograder.temporary import TemporaryFolder

START_SECONDS = 30.0
END_SECONDS = 5.0
REPORT_SECONDS = 1.0


@dataclass(frozen=True)
class Files:
    """Files of one submission's processes.

    Parameters
    ----------
    released
        Directory whose files worker and judge get as copies.
    submitted
        Directory with the files that the student handed in, of which the worker gets copies.
    judge
        Directory that the judge alone is told of.
    """

    released: Path | None = None
    submitted: Path | None = None
    judge: Path | None = None


@dataclass(frozen=True)
class Exit:
    """End of a worker: status and text for the test in which it happens, and the limit reached."""

    status: Status
    text: str
    limit: str = ""


class Process:
    """Worker or judge, with its guard, its directory and two sockets.

    Parameters
    ----------
    lease
        The lease of the fork server that it is forked from.
    kind, limits, order
        The fields of the `StartOrder`; its ``scratch`` is set here.
    folders
        Directories whose files are copied into its own; a later one's replace an earlier one's of
        the same name.

    Attributes
    ----------
    is_ready
        Whether it answered, and its guard reported a sandbox.
    missing_layers
        Layers that its sandbox lacks.
    """

    def __init__(
        self, lease: Lease, kind: ProcessKind, limits: Limits, *folders: Path | None, **order: Any
    ) -> None:
        self.limits, self.is_ready = limits, False
        self.missing_layers: tuple[Layer, ...] = ()
        self._temporary = TemporaryFolder(kind)
        self.folder = self._temporary.path
        self.connection: Connection | None = None
        self.control: socket.socket | None = None
        self._heard = b""
        try:
            for folder in folders:
                if folder is not None:
                    _copy(folder, self.folder, limits.scratch_bytes / 2)
            self.control, data = lease.start(StartOrder(kind, self.folder, limits, **order))
            self.connection = Connection(data, limits.value_bytes + limits.output_bytes * 8 + 65536)
            self._await_start(time.monotonic() + START_SECONDS)
        except BaseException:
            self.close()
            raise

    def _await_start(self, deadline: float) -> None:
        """Wait until the process answers and its guard has reported the layers that are missing."""
        with contextlib.suppress(ClosedError, TimeoutError, SerializationError):
            frame, payload = self._open.receive(deadline)
            answered = frame == Frame.READY and Ready.from_bytes(payload).pid > 0
            self._listen(deadline, lambda: bool(self._reported(MISSING) or self._reported(FAILED)))
            if answered and (report := self._reported(MISSING)):
                self.missing_layers = parse_layers(report[0])
                self.is_ready = True

    def send(self, kind: Frame, payload: bytes, deadline: float | None = None) -> None:
        """Send a frame, as `Connection.send`."""
        self._open.send(kind, payload, deadline)

    def receive(self, deadline: float | None = None, largest: int | None = None) -> tuple[Frame, bytes]:
        """Read a frame, as `Connection.receive`."""
        return self._open.receive(deadline, largest)

    def wait(self, deadline: float) -> None:
        """Wait until the process sends something or is gone.

        Raises
        ------
        TimeoutError
            At the deadline, as `time.monotonic` counts.
        """
        self._open.wait(deadline)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the code that the process runs."""
        with contextlib.suppress(OSError):
            self._tell(b"i")

    def disconnect(self) -> None:
        """Shut the connection, so that a thread that waits for this process finds it gone."""
        if self.connection is not None:
            with contextlib.suppress(OSError):
                self.connection.socket.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Have the guard end the process and all that it started; do not wait for it."""
        with contextlib.suppress(OSError):
            self._tell(b"k")

    def close(self) -> None:
        """End the process and all that it started; read the guard's report; remove the folder."""
        self.end()
        self._listen(time.monotonic() + END_SECONDS, lambda: False)
        if self.control is not None:
            self.control.close()
        if self.connection is not None:
            self.connection.close()
        self._temporary.remove()

    @property
    def _open(self) -> Connection:
        if self.connection is None:
            raise ClosedError("the process has not been started")
        return self.connection

    def _tell(self, order: bytes) -> None:
        if self.control is not None:
            self.control.send(order)

    def _listen(self, deadline: float, done: Callable[[], bool]) -> None:
        """Read the guard's messages until it is gone or ``done`` returns True."""
        with contextlib.suppress(OSError):
            while self.control is not None and (left := deadline - time.monotonic()) > 0 and not done():
                self.control.settimeout(left)
                part = self.control.recv(4096)
                if not part:
                    return
                self._heard += part

    def _reported(self, word: str) -> list[str]:
        """Return the guard's lines that start with a word."""
        lines = self._heard.decode("utf-8", "replace").splitlines()
        return [line[len(word) + 1 :] for line in lines if line.startswith(word + " ")]


class JudgeProcess(Process):
    """Process that runs the instructor's cells, and its guard."""

    def __init__(self, lease: Lease, limits: Limits, files: Files) -> None:
        judge = files.judge
        if judge is not None and not judge.is_dir():
            raise FileNotFoundError(f"the judge's folder is gone: {judge}")
        # Where root grades, the judge has a user of its own, who may not read what is root's alone.
        self._copy = (
            TemporaryFolder("judge-files") if judge and not os.geteuid() and not _is_for_all(judge) else None
        )
        try:
            if judge and self._copy:
                judge = _readable_copy(judge, self._copy.path / "judge")
            super().__init__(lease, ProcessKind.JUDGE, limits, files.released, judge_files=judge)
        except BaseException:
            self._remove_copy()
            raise

    def close(self) -> None:
        """End the process as `Process.close`; remove the copy of its files, where it has one."""
        super().close()
        self._remove_copy()

    def _remove_copy(self) -> None:
        if self._copy is not None:
            self._copy.remove()


class WorkerProcess(Process):
    """Process that runs the student's cells, and the guard that watches it."""

    def __init__(self, lease: Lease, limits: Limits, files: Files) -> None:
        # the assignment's files replace the student's of the same name
        super().__init__(lease, ProcessKind.WORKER, limits, files.submitted, files.released)

    def is_within_limits(self) -> bool:
        """Have the guard check the limits; return False if it ended the process for one."""
        before = self._heard.count(b"checked")
        with contextlib.suppress(OSError):
            self._tell(b"c")
            deadline = time.monotonic() + START_SECONDS
            self._listen(deadline, lambda: self._heard.count(b"checked") > before)
        return self._heard.count(b"checked") > before

    def usage_since(self, start: float) -> Usage:
        """Have the guard say what processor time was used since a time of `time.monotonic`."""
        before = len(self._reported("used"))
        with contextlib.suppress(OSError):
            self._tell(b"u" + struct.pack(">d", start))
            self._listen(time.monotonic() + REPORT_SECONDS, lambda: len(self._reported("used")) > before)
        answers = self._reported("used")[before:]
        return Usage(*map(float, answers[-1].split())) if answers else Usage(0.0, 0.0)

    def limits_reached(self) -> list[str]:
        """Return the limits for which the guard has ended the process."""
        return self._reported("limit")

    def describe_exit(self) -> Exit:
        """Wait for the guard's report on a worker that has ended; return why it ended."""
        self._listen(time.monotonic() + REPORT_SECONDS, lambda: bool(self._reported("ended")))
        limits, ended = self.limits_reached(), self._reported("ended")
        status = int(ended[0]) if ended and ended[0].lstrip("-").isdigit() else 0
        if "memory_bytes" in limits or status == OUT_OF_MEMORY:
            size = self.limits.memory_bytes / 2**20
            text = f"your code used more than {size:g} MiB of memory and was stopped"
            return Exit(Status.LIMIT, text, "memory_bytes")
        if "cpu_seconds" in limits or status == -signal.SIGXCPU:
            seconds = f"{self.limits.cpu_seconds:g} s"
            text = f"your code used more than {seconds} of processor time and was stopped"
            return Exit(Status.LIMIT, text, "cpu_seconds")
        for limit, verb, things in (("processes", "started", "processes"), ("open_files", "opened", "files")):
            if limit in limits:
                number = getattr(self.limits, limit)
                text = f"your code {verb} more than {number} {things} and was stopped"
                return Exit(Status.LIMIT, text, limit)
        if status == -signal.SIGKILL:
            return Exit(Status.LIMIT, "your code was stopped: it used up its processor time or memory")
        if status < 0:
            name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
            return Exit(Status.FAILED, f"your code crashed Python ({name})")
        return Exit(Status.FAILED, "your code ended the Python process that it ran in")


def _copy(source: Path, target: Path, most: float) -> None:
    """Copy regular files up to a number of bytes; leave out links, devices and unreadable files.

    Raises
    ------
    FileNotFoundError
        If the directory, or a part of it, is gone: an answer would fail for want of it.
    """
    for folder, _, names in os.walk(source, onerror=_raise_if_gone):
        for name in names:
            path = Path(folder, name)
            place = target / path.relative_to(source)
            with contextlib.suppress(PermissionError, IsADirectoryError, FileExistsError):
                status = path.lstat()
                most -= status.st_size + 4096
                if stat.S_ISREG(status.st_mode) and most >= 0:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, place)


def _raise_if_gone(error: OSError) -> None:
    if isinstance(error, FileNotFoundError):
        raise error


def _is_for_all(folder: Path) -> bool:
    """Return whether every user may read a directory and all that is in it."""
    modes = (path.stat().st_mode for path in (folder, *folder.rglob("*")) if path.exists())
    return all(mode & 0o004 and (not stat.S_ISDIR(mode) or mode & 0o001) for mode in modes)


def _readable_copy(folder: Path, copy: Path) -> Path:
    """Copy a directory to one that all may read who may enter the one that it is in."""
    shutil.copytree(folder, copy, ignore_dangling_symlinks=True)
    for path in (copy, *copy.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return copy
