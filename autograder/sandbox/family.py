"""The worker and all that it started, measured from outside: limits hold for them together.

Where the kernel does not count for the family, the guard adds up what it tells of each process.
"""

from __future__ import annotations

import bisect
import os
import socket
import time
from dataclasses import dataclass

from autograder.sandbox import proc
from autograder.sandbox.cgroups import Cgroup
from autograder.sandbox.paths import SHARED_MEMORY
from autograder.sandbox.spec import SandboxSpec

_SHARE = 5  # of a core, the part that looking may take
_MOST_SAMPLES = 50_000


@dataclass(frozen=True)
class Usage:
    """Processor time that a family has used in a time, and time that its threads waited for one."""

    cpu_seconds: float
    waited_seconds: float


class Family:
    """The worker and all that it started; made in the guard, of which they all descend.

    Parameters
    ----------
    pid
        The worker.
    spec
        Its sandbox.
    has_own_network
        Whether the guard's network namespace holds the family's sockets alone.
    cgroup
        The control group that the worker was put into, None where there is none.
    """

    def __init__(self, pid: int, spec: SandboxSpec, *, has_own_network: bool, cgroup: Cgroup | None) -> None:
        self.pid, self.limits, self.cgroup = pid, spec.limits, cgroup
        self._has_own_network = has_own_network
        self._first_sockets = proc.count_sockets()
        self._first_page_tables = proc.page_table_bytes(pid)
        self._buffer_bytes = _largest_socket_buffer()
        self._shared_memory = _own_shared_memory(pid)
        self._cpu, self._waited = _Total(), _Total()
        self._times: list[float] = []
        self._samples: list[Usage] = []
        self._look_seconds = self._pause = spec.look_seconds
        self._look(proc.descendants(os.getpid()))

    @property
    def pause(self) -> float:
        """Seconds until the next look, so that looking takes a small part of one core."""
        return self._pause

    @property
    def is_out_of_memory(self) -> bool:
        """Whether the kernel has ended a member for the control group's limit of memory."""
        return self.cgroup is not None and self.cgroup.is_out_of_memory()

    def exceeded_limit(self) -> str:
        """Return the name of a limit that the family exceeds, or ""."""
        start = time.monotonic()
        members = proc.descendants(os.getpid())
        self._look(members)
        limit = self._exceeded(members)
        self._pause = max(self._look_seconds, (_SHARE - 1) * (time.monotonic() - start))
        return limit

    def usage_since(self, start: float) -> Usage:
        """Return what was used since a time, as `time.monotonic` counts."""
        self._look(proc.descendants(os.getpid()))
        first = self._samples[max(0, bisect.bisect_right(self._times, start) - 1)]
        last = self._samples[-1]
        return Usage(last.cpu_seconds - first.cpu_seconds, last.waited_seconds - first.waited_seconds)

    def _look(self, members: list[int]) -> None:
        """Take a sample of the time that was used."""
        cpu = self.cgroup.cpu_seconds() if self.cgroup else 0.0
        self._cpu.see(cpu or sum(map(proc.cpu_seconds, members)))
        self._waited.see(sum(map(proc.waited_seconds, members)))
        if len(self._times) > _MOST_SAMPLES:
            del self._times[1:-1:2], self._samples[1:-1:2]
        self._times.append(time.monotonic())
        self._samples.append(Usage(self._cpu.total, self._waited.total))

    def _exceeded(self, members: list[int]) -> str:
        if self._cpu.total > self.limits.cpu_seconds:
            return "cpu_seconds"
        if sum(map(proc.count_threads, members)) > self.limits.processes:
            return "processes"
        # What a child has inherited is no descriptor more.
        open_files = {member: proc.count_open_files(member) for member in {self.pid, *members}}
        of_worker = open_files[self.pid]
        beyond = sum(max(0, open_files[member] - of_worker) for member in members)
        descriptors = of_worker + beyond
        if descriptors > self.limits.open_files:
            return "open_files"
        if self.is_out_of_memory or self._memory_exceeded(members, descriptors):
            return "memory_bytes"
        return ""

    def _memory_exceeded(self, members: list[int], descriptors: int) -> bool:
        sockets = proc.count_sockets() - self._first_sockets if self._has_own_network else descriptors
        looks = [proc.memory_and_page_tables(member) for member in members]
        page_tables = sum(tables for _, tables in looks) - self._first_page_tables
        kernel = max(0, page_tables) + max(0, sockets) * self._buffer_bytes
        kernel += proc.file_system_bytes(self._shared_memory)
        most = self.limits.memory_bytes
        # The exact sum is slow to read, so it is read only where the quick one is too large, in
        # which shared pages count once for each process.
        quick = sum(memory for memory, _ in looks) + kernel
        return quick > most and own_memory_bytes(members) + kernel > most


class _Total:
    """A sum that grows with a number, and stays when the number falls as processes end."""

    def __init__(self) -> None:
        self.total = self._last = 0.0

    def see(self, number: float) -> None:
        self.total += max(0.0, number - self._last)
        self._last = number


def own_memory_bytes(members: list[int]) -> int:
    """Return the memory of processes without the pages that they still share with the fork server.

    The guard, which was forked from the same server and does nothing, shows the share of those
    pages that is each process's: of a process on its own, what it shares is the server's.
    """
    guard = proc.memory_map(os.getpid())
    share = guard.shared_anonymous
    # All sharers have these pages together: what the server's and the guard's shares leave.
    most = max(0, guard.anonymous - guard.private - 2 * share) + 2 * guard.private
    maps = [proc.memory_map(member) for member in members]
    inherited = min(most, sum(min(share, shown.shared_anonymous) for shown in maps))
    return sum(shown.proportional for shown in maps) - inherited


def _largest_socket_buffer() -> int:
    """Return the bytes that one socket can hold: seccomp refuses to make its buffer larger."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        # A last message may be as large as the buffer that it finds almost full.
        return 2 * ours.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)


def _own_shared_memory(pid: int) -> str:
    """Return the folder of the worker's own shared memory; "" where it has none of its own."""
    path = f"/proc/{pid}/root{SHARED_MEMORY}"
    try:
        return path if os.stat(path).st_dev != os.stat(SHARED_MEMORY).st_dev else ""
    except OSError:
        return ""
