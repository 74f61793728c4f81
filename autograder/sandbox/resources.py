"""The limits that a worker and all that it starts are held to."""

from __future__ import annotations

import os
import resource

from autograder.limits import Limits
from autograder.sandbox.proc import _descendants, _memory, _open_files, _own_memory, _threads

ROOM = 32  # so much more than a limit the kernel allows: the guard is to find a worker beyond it


def _limit(limits: Limits, memory: int) -> None:
    for kind, wanted in (
        (resource.RLIMIT_CPU, int(limits.cpu_seconds) + 1),
        (resource.RLIMIT_DATA, memory + int(limits.memory_bytes)),
        (resource.RLIMIT_FSIZE, int(limits.file_bytes)),
        (resource.RLIMIT_NOFILE, int(limits.open_files) + ROOM),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))


def _beyond(pid: int, limits: Limits, base: int) -> str:
    """Return the name of a limit that the worker and all that it started are beyond, or ''."""
    family = _descendants(os.getpid())
    if sum(map(_threads, family)) > limits.processes:
        return "processes"
    if _open_files(pid) > limits.open_files:
        return "open_files"
    most = base + limits.memory_bytes
    if sum(map(_memory, family)) > most and sum(map(_own_memory, family)) > most:
        return "memory_bytes"
    return ""
