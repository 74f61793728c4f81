"""What a worker is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from autograder.limits import Limits

LAYERS = {
    "namespaces": "own process ids, network, mounts and IPC; nothing else is visible and nothing outlives it",
    "own user": "runs as a user of its own, or with no capabilities of the ordinary user who grades",
    "file system view": "sees only the Python installation, the lab's data and its scratch directory",
    "scratch limit": "the scratch directory is a file system of limited size",
    "landlock": "the kernel refuses files, TCP, signals and sockets outside the sandbox",
    "seccomp": "the kernel refuses sockets, tracing, mounting and other system calls that no lab needs",
}


@dataclass(frozen=True)
class Plan:
    """What a worker is given.

    Parameters
    ----------
    limits
        Its limits.
    scratch
        The only directory that it may write, its home and working directory. It exists, is empty but for
        copies of the lab's files, and is removed by whoever made it.
    readable
        Files and directories that it may read, beside the system's libraries.
    without
        Layers left out on purpose (for tests of the others).
    """

    limits: Limits
    scratch: Path
    readable: tuple[Path, ...] = ()
    without: tuple[str, ...] = ()


@dataclass
class _Entered:
    user: int  # that nobody else is
    memory: int  # bytes in use for data when the worker starts
    missing: list[str] = field(default_factory=list)
    view: bool = False
