"""The memory of a process, as the system counts it."""

import contextlib
import os


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
    """Return the bytes of data that this process has asked the system for; 0 where it cannot be seen."""
    return status_bytes("self", "VmData:")


def _descendants(pid: int) -> list[int]:
    found, pending = [], [pid]
    while pending:
        one = pending.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{one}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{one}/task/{task}/children") as file:
                    children = [int(word) for word in file.read().split()]
                    found += children
                    pending += children
        if len(found) > 10_000:
            break
    return found


def _threads(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def _open_files(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def _memory(pid: int) -> int:
    """Bytes that a process holds for itself: anonymous and shared memory, not mapped files."""
    return status_bytes(pid, "RssAnon:", "RssShmem:", "VmSwap:")


def _own_memory(pid: int) -> int:
    """Bytes of a process's memory, with its part of the pages that processes share. Slower to find out."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return 1024 * sum(
                int(line.split()[1]) for line in file if line.startswith(("Pss_Anon:", "Pss_Shmem:"))
            )
    except (OSError, ValueError):
        return _memory(pid)
