"""Processes as /proc shows them; see proc(5)."""

from __future__ import annotations

import contextlib
import os

_MOST_DESCENDANTS = 10_000


def status_bytes(pid: int | str, *fields: str) -> int:
    """Return the sum, in bytes, of some fields of a process's status; 0 where it cannot be seen.

    Parameters
    ----------
    pid : int or "self"
    *fields : str
        As "RssAnon:"; see proc_pid_status(5).
    """
    with contextlib.suppress(OSError, ValueError), open(f"/proc/{pid}/status") as file:
        return 1024 * sum(int(line.split()[1]) for line in file if line.startswith(fields))
    return 0


def data_bytes() -> int:
    """Return the bytes of data that this process has allocated; 0 where it cannot be seen."""
    return status_bytes("self", "VmData:")


def memory_bytes(pid: int) -> int:
    """Return the bytes of a process's anonymous and shared memory, without mapped files."""
    return status_bytes(pid, "RssAnon:", "RssShmem:", "VmSwap:")


def proportional_memory_bytes(pid: int) -> int:
    """Return the bytes of a process's memory, with its part of the pages that processes share.

    Slower than `memory_bytes`, whose number it gives where the system does not tell.
    """
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return 1024 * sum(
                int(line.split()[1]) for line in file if line.startswith(("Pss_Anon:", "Pss_Shmem:"))
            )
    except (OSError, ValueError):
        return memory_bytes(pid)


def count_threads(pid: int) -> int:
    """Return the number of a process's threads; 0 where they cannot be seen."""
    return _count_entries(f"/proc/{pid}/task")


def count_open_files(pid: int) -> int:
    """Return the number of a process's open files; 0 where they cannot be seen."""
    return _count_entries(f"/proc/{pid}/fd")


def descendants(pid: int) -> list[int]:
    """Return the ids of the processes that a process started, and of those that they started.

    The list ends soon after 10,000.
    """
    processes: list[int] = []
    pending = [pid]
    while pending:
        parent = pending.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{parent}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{parent}/task/{task}/children") as file:
                    children = [int(word) for word in file.read().split()]
                    processes += children
                    pending += children
        if len(processes) > _MOST_DESCENDANTS:
            break
    return processes


def _count_entries(folder: str) -> int:
    try:
        return len(os.listdir(folder))
    except OSError:
        return 0
