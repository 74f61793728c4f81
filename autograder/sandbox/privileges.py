"""User of the worker's own, and no capabilities."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.sandbox.libc import ProcessOption, clear_capabilities, prctl
from autograder.sandbox.spec import Layer, SandboxSpec, SandboxState

_CAPABILITIES = 64  # more than any kernel has; the kernel refuses the rest


def drop_privileges(spec: SandboxSpec, state: SandboxState) -> bool:
    """Become a user that nobody else is, where root, and give up all capabilities.

    Capabilities are given up in any case.

    Returns
    -------
    bool
        Whether the layer "own user" is put on.
    """
    for capability in range(_CAPABILITIES):  # before the user changes, who has the right no more
        prctl(ProcessOption.DROP_BOUNDING_CAPABILITY, capability)
    has_own_user = Layer.OWN_USER not in spec.without
    if has_own_user and state.root:
        has_own_user = all(
            _others_can_read(path, with_parents=not state.has_own_root) for path in spec.readable
        ) and (state.has_own_root or _others_can_enter(spec.scratch.parent))
        try:
            if has_own_user:
                _become(state.user_id, spec.scratch)
        except OSError:
            has_own_user = False
    clear_capabilities()
    return has_own_user


def _become(user: int, scratch: Path) -> None:
    for path in (scratch, *scratch.rglob("*")):
        os.chown(path, user, user, follow_symlinks=False)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _others_can_read(path: Path, *, with_parents: bool) -> bool:
    try:
        mode = path.stat().st_mode
        if not mode & 0o004 or (path.is_dir() and not mode & 0o001):
            return False
        return not with_parents or _others_can_enter(path.resolve().parent)
    except OSError:
        return False


def _others_can_enter(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder.resolve(), *folder.resolve().parents))
