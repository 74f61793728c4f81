"""A user of its own and no capabilities, for a worker."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct
from pathlib import Path

from autograder.sandbox.libc import _CAPSET, _LIBC, _PR_CAPBSET_DROP
from autograder.sandbox.resources import ROOM
from autograder.sandbox.spec import Plan, _Entered


def _drop_rights(plan: Plan, entered: _Entered, *, root: bool) -> bool:
    """Become a user that nobody else is, where root; give up all capabilities; limit the processes."""
    own = "own user" not in plan.without
    if own and root:
        own = all(_others_can_read(path, through=not entered.view) for path in plan.readable)
        try:
            if own:
                _become(entered.user, plan.scratch)
        except OSError:
            own = False
    for capability in range(64):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    _LIBC.syscall(ctypes.c_long(_CAPSET), struct.pack("Ii", 0x20080522, 0), bytes(24))
    processes = int(plan.limits.processes) + ROOM
    if "namespaces" in entered.missing and not (root and own):
        processes += sum(1 for _ in Path("/proc").glob("[0-9]*/task/*"))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
    return own


def _become(user: int, scratch: Path) -> None:
    for path in (scratch, *scratch.rglob("*")):
        os.chown(path, user, user, follow_symlinks=False)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _others_can_read(path: Path, *, through: bool) -> bool:
    try:
        mode = path.stat().st_mode
        if not mode & 0o004 or (path.is_dir() and not mode & 0o001):
            return False
        return not through or all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
    except OSError:
        return False
