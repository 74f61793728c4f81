"""The memory of a process, as the system counts it."""

import contextlib


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
