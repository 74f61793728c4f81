"""Processes as /proc shows them; see proc(5)."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

_MOST_DESCENDANTS = 10_000
_MEMORY = ("RssAnon:", "RssShmem:", "VmSwap:")
_PAGE_TABLES = ("VmPTE:",)


def status_bytes(pid: int | str, *groups: tuple[str, ...]) -> list[int]:
    """Return sums, in bytes, of fields of a process's status; 0 where it cannot be seen.

    Parameters
    ----------
    pid : int or "self"
    *groups : tuple of str
        The fields of each sum, as "RssAnon:"; see proc_pid_status(5).
    """
    with contextlib.suppress(OSError, ValueError), open(f"/proc/{pid}/status") as file:
        lines = file.read().splitlines()
        return [
            1024 * sum(int(line.split()[1]) for line in lines if line.startswith(fields)) for fields in groups
        ]
    return [0] * len(groups)


def data_bytes() -> int:
    """Return the bytes of data that this process has allocated; 0 where it cannot be seen."""
    return status_bytes("self", ("VmData:",))[0]


def memory_bytes(pid: int) -> int:
    """Return the bytes of a process's anonymous and shared memory, without mapped files."""
    return status_bytes(pid, _MEMORY)[0]


def memory_and_page_tables(pid: int) -> list[int]:
    """Return `memory_bytes` and `page_table_bytes` of one look."""
    return status_bytes(pid, _MEMORY, _PAGE_TABLES)


@dataclass(frozen=True)
class MemoryMap:
    """A process's memory, in bytes, with its part of the pages that processes share.

    Parameters
    ----------
    proportional
        All of it but mapped files.
    anonymous
        Anonymous memory, each page in full.
    proportional_anonymous
        Its part of that.
    private
        What it shares with no process.
    """

    proportional: int
    anonymous: int
    proportional_anonymous: int
    private: int

    @property
    def shared_anonymous(self) -> int:
        """Its part of the anonymous pages that it shares."""
        return max(0, self.proportional_anonymous - self.private)


def memory_map(pid: int) -> MemoryMap:
    """Return a process's memory; slower than `memory_bytes`, whose number stands where it fails."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            sizes = {
                line.split(":")[0]: 1024 * int(line.split()[1]) for line in file if line.endswith("kB\n")
            }
        anonymous = sizes["Pss_Anon"]
        proportional = anonymous + sizes["Pss_Shmem"] + sizes.get("SwapPss", 0)
        return MemoryMap(proportional, sizes["Anonymous"], anonymous, sizes["Private_Dirty"])
    except (OSError, ValueError, KeyError):
        size = memory_bytes(pid)
        return MemoryMap(size, size, size, size)


def page_table_bytes(pid: int) -> int:
    """Return the bytes of a process's page tables."""
    return status_bytes(pid, _PAGE_TABLES)[0]


def file_system_bytes(path: str) -> int:
    """Return the bytes that files take in the file system at a path; 0 where it cannot be seen."""
    try:
        status = os.statvfs(path)
    except OSError:
        return 0
    return (status.f_blocks - status.f_bfree) * status.f_frsize


def count_sockets() -> int:
    """Return the number of sockets in this network namespace, those of no process, too."""
    with contextlib.suppress(OSError, ValueError, IndexError), open("/proc/self/net/sockstat") as file:
        return int(file.readline().split()[2])
    return 0


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and of the children that it has waited for."""
    with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def waited_seconds(pid: int) -> float:
    """Return the time that a process's threads could have run but had no processor."""
    waited = 0
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            statistics = f"/proc/{pid}/task/{task}/schedstat"
            with contextlib.suppress(OSError, ValueError, IndexError), open(statistics) as file:
                waited += int(file.read().split()[1])
    return waited / 1e9


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
