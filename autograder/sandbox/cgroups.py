"""Control group of a worker's own, where this machine lets the grader make one.

In it the kernel counts the whole family's memory, its own on the family's behalf included, and
keeps it to one core. No other group is changed: the new one is made below the nearest ancestor of
the grader's group that has the controllers for its children, as below a user's systemd slice, or
anywhere for root. Elsewhere the guard adds up what it sees (`autograder.sandbox.family`).

Source: the Linux kernel's documentation, "Control Group v2".
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import Self

from autograder.limits import Limits
from autograder.sandbox.paths import SHARED_MEMORY_BYTES
from autograder.sandbox.resources import HEADROOM

_NEEDED = frozenset({"memory", "pids"})
_PERIOD = 100_000  # microseconds
_END_SECONDS = 2.0


class Cgroup:
    """One group.

    Parameters
    ----------
    folder
        Its folder in the file system of control groups; it exists.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def make(cls, limits: Limits, parent: Path | None = None) -> Self | None:
        """Make a group with the limits of one worker; return None where that cannot be had.

        Parameters
        ----------
        limits
            The worker's limits.
        parent
            The group to make it below; looked for by default.
        """
        parent = parent or find_parent(_hierarchy(), _own_group())
        if parent is None:
            return None
        group = cls(parent / f"autograder-{secrets.token_hex(8)}")
        memory = int(limits.memory_bytes + limits.scratch_bytes + SHARED_MEMORY_BYTES)
        try:
            group.folder.mkdir()
            group._write("memory.max", str(memory))
            group._write("memory.oom.group", "1")
            group._write("pids.max", str(int(limits.processes) + HEADROOM))
        except OSError:
            group.close()
            return None
        with contextlib.suppress(OSError):
            group._write("memory.swap.max", "0")
        with contextlib.suppress(OSError):
            group._write("cpu.max", f"{_PERIOD} {_PERIOD}")
        return group

    def enter(self) -> None:
        """Put this process into the group, where the kernel lets it."""
        with contextlib.suppress(OSError):
            self._write("cgroup.procs", "0")

    def holds(self, pid: int) -> bool:
        """Return whether a process is in the group."""
        return str(pid) in self._read("cgroup.procs").split()

    @property
    def has_one_core(self) -> bool:
        """Whether the kernel keeps the group to the time of one core."""
        return self._read("cpu.max").split() == [str(_PERIOD), str(_PERIOD)]

    def cpu_seconds(self) -> float:
        """Return the processor time that the group has used; 0 where the kernel does not tell."""
        return self._number("cpu.stat", "usage_usec") / 1e6

    def is_out_of_memory(self) -> bool:
        """Return whether the kernel has ended a process for the group's limit of memory."""
        return self._number("memory.events", "oom_kill") > 0

    def close(self) -> None:
        """End all processes in the group and remove it."""
        with contextlib.suppress(OSError):
            self._write("cgroup.kill", "1")
        deadline = time.monotonic() + _END_SECONDS
        while self.folder.exists() and time.monotonic() < deadline:
            try:
                self.folder.rmdir()
            except OSError:
                time.sleep(0.005)

    def _number(self, file: str, name: str) -> int:
        for line in self._read(file).splitlines():
            key, _, number = line.partition(" ")
            if key == name and number.isdigit():
                return int(number)
        return 0

    def _read(self, file: str) -> str:
        try:
            return (self.folder / file).read_text()
        except OSError:
            return ""

    def _write(self, file: str, text: str) -> None:
        handle = os.open(self.folder / file, os.O_WRONLY)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)


def find_parent(hierarchy: Path | None, own: str | None) -> Path | None:
    """Return the nearest group from this process's upwards whose children have the controllers.

    Parameters
    ----------
    hierarchy
        The folder that the hierarchy of version 2 is mounted at, None where it is not.
    own
        This process's group in it.
    """
    if hierarchy is None or own is None or ".." in Path(own).parts:
        return None
    group = hierarchy / own.lstrip("/")
    for folder in (group, *group.parents):
        with contextlib.suppress(OSError):
            controllers = set((folder / "cgroup.subtree_control").read_text().split())
            if controllers >= _NEEDED and os.access(folder, os.W_OK):
                return folder
        if folder == hierarchy:
            break
    return None


def _hierarchy() -> Path | None:
    with contextlib.suppress(OSError, IndexError):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            fields = line.split()
            if fields[2] == "cgroup2":
                return Path(fields[1])
    return None


def _own_group() -> str | None:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            if line.startswith("0::"):
                return line[3:]
    return None
