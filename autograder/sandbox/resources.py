"""The kernel's limits of one process.

Those of processes and open files are set a little higher than asked for: the guard watches the
whole family from outside (`autograder.sandbox.family`), so that a limit that is exceeded is
reported by its name.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from autograder.limits import Limits

_SIGNALS = 1024  # that wait, and timers; the kernel counts those of the user who grades together
HEADROOM = 32  # beyond a limit that the kernel allows, so that the guard finds the worker beyond it


def set_limits(limits: Limits, initial_data_bytes: int) -> None:
    """Set the kernel's limits of this process, but for the number of processes.

    Parameters
    ----------
    limits
        The worker's limits.
    initial_data_bytes
        Data of the process at its start, for which the limit of memory does not count.
    """
    import resource  # noqa: PLC0415 - some systems have none

    for kind, wanted in (
        (resource.RLIMIT_CPU, int(limits.cpu_seconds) + 1),
        (resource.RLIMIT_DATA, initial_data_bytes + int(limits.memory_bytes)),
        (resource.RLIMIT_FSIZE, int(limits.file_bytes)),
        (resource.RLIMIT_NOFILE, int(limits.open_files) + HEADROOM),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, _SIGNALS),
        (resource.RLIMIT_RTPRIO, 0),  # a user who has these could take a core from all others
        (resource.RLIMIT_NICE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))
    # 0 does not stop a core dump that goes to a program, 1 does: see the kernel's fs/coredump.c
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


def set_process_limit(limits: Limits, *, shares_user: bool) -> None:
    """Set the kernel's limit of processes, where it can be set.

    Parameters
    ----------
    limits
        The worker's limits.
    shares_user
        Whether the kernel counts other processes of the same user, too.
    """
    import resource  # noqa: PLC0415 - some systems have none

    processes = int(limits.processes) + HEADROOM
    if shares_user:
        processes += sum(1 for _ in Path("/proc").glob("[0-9]*/task/*"))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
