"""Layers of the sandbox, the request for one, and its state while it is put on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from autograder.limits import Limits
from autograder.sandbox.cgroups import Cgroup
from autograder.sandbox.cores import Core


class Layer(StrEnum):
    """A layer of the sandbox, in the order in which layers are reported."""

    NAMESPACES = "namespaces"
    OWN_USER = "own user"
    FILE_SYSTEM_VIEW = "file system view"
    SCRATCH_LIMIT = "scratch limit"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"

    @property
    def description(self) -> str:
        """Protection that the layer gives, in words for the instructor."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Layer.NAMESPACES: "own process ids, network, mounts and IPC; nothing else is visible and nothing "
    "outlives it",
    Layer.OWN_USER: "runs as a user of its own, or with no capabilities of the ordinary user that grades",
    Layer.FILE_SYSTEM_VIEW: "sees only the Python installation, the assignment's files and its scratch "
    "directory",
    Layer.SCRATCH_LIMIT: "the scratch directory is a file system of limited size",
    Layer.LANDLOCK: "the kernel refuses files, TCP, signals and sockets outside the sandbox",
    Layer.SECCOMP: "the kernel refuses all system calls but those that assignments need: no sockets, no "
    "tracing, no mounting",
}


@dataclass(frozen=True)
class SandboxSpec:
    """The sandbox that a worker is to run in.

    Parameters
    ----------
    limits
        The worker's limits.
    scratch
        The only directory that it may write, its home and working directory. It exists and holds
        only copies of the assignment's files; the caller removes it.
    readable
        Files and directories that it may read, beside the system's libraries.
    without
        Layers left out on purpose (for tests of the others), as `Layer` or as their names.
    has_one_core
        Whether the worker is kept on one core, which no other worker has while others are free.
    look_seconds
        Seconds between two looks at its limits.
    """

    limits: Limits
    scratch: Path
    readable: tuple[Path, ...] = ()
    without: tuple[str, ...] = ()
    has_one_core: bool = True
    look_seconds: float = 0.02


@dataclass
class SandboxState:
    """The sandbox of one worker while it is put on.

    Parameters
    ----------
    root
        Whether the guard runs as root.
    user_id
        A user id that nobody else has.
    initial_data_bytes
        Data of the process when the worker starts.
    missing
        Layers that could not be put on.
    has_own_root
        Whether the worker sees a root directory of its own.
    core
        The core that the worker is kept on, None where it has none of its own.
    cgroup
        The control group that the worker is in, None where there is none.
    is_apart
        Whether no other process has the worker's user id, as it has one of its own.
    signals_are_scoped
        Whether its signals reach only what it started.
    """

    root: bool
    user_id: int
    initial_data_bytes: int
    missing: set[Layer] = field(default_factory=set)
    has_own_root: bool = False
    core: Core | None = None
    cgroup: Cgroup | None = None
    is_apart: bool = False
    signals_are_scoped: bool = False


def in_order(layers: Iterable[Layer]) -> list[Layer]:
    """Return layers in the order of `Layer`."""
    return sorted(layers, key=list(Layer).index)
