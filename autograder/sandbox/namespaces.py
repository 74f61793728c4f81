"""Namespaces of the worker's own, and a root directory that holds only what it may see."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from autograder.sandbox.libc import Clone, MountFlag, detach, mount, pivot_root, unshare
from autograder.sandbox.paths import DEVICES, SHARED_MEMORY, SHARED_MEMORY_BYTES, SYSTEM_PATHS
from autograder.sandbox.spec import SandboxSpec

# The mount namespace is made by the worker itself, together with its root.
_OF_CHILDREN = Clone.UTS | Clone.IPC | Clone.PID | Clone.NET
_NO_PRIVILEGES = MountFlag.NO_SUID | MountFlag.NO_DEVICES
_NOT_AS_ROOT = (errno.EPERM, errno.ENOSYS, errno.EINVAL, errno.ENOSPC)
_NEW_ROOT = "/tmp"


def separate_children(*, root: bool) -> bool:
    """Give the children of this process namespaces of their own; return whether the kernel did.

    Parameters
    ----------
    root
        Whether this process runs as root and so may need no user namespace.
    """
    user, group = os.geteuid(), os.getegid()
    if root:
        try:
            unshare(_OF_CHILDREN)
            return True
        except OSError as error:
            if error.errno not in _NOT_AS_ROOT:
                return False
    try:
        unshare(Clone.USER | _OF_CHILDREN)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        return False
    return True


def enter_new_root(spec: SandboxSpec) -> None:
    """Exchange the root directory for one with the readable paths, scratch, devices and /proc.

    Raises
    ------
    OSError
        If the kernel refuses a step.
    """
    unshare(Clone.MOUNT)
    mount("none", "/", None, MountFlag.RECURSIVE | MountFlag.PRIVATE)
    scratch = os.path.realpath(spec.scratch)
    files = _read_files(scratch)
    readable = {path: _open_path(path) for path in _visible_paths(spec)}
    devices = {path: _open_path(path) for path in DEVICES if os.path.exists(path)}
    mount("tmpfs", _NEW_ROOT, "tmpfs", _NO_PRIVILEGES, "mode=755,size=4m")
    for path, handle in readable.items():
        _bind(handle, _NEW_ROOT + path, MountFlag.BIND | MountFlag.RECURSIVE)
        with contextlib.suppress(OSError):
            _make_read_only(_NEW_ROOT + path)
        os.close(handle)
    for path, handle in devices.items():
        _bind(handle, _NEW_ROOT + path, MountFlag.BIND)
        os.close(handle)
    for path in ("/bin", "/lib", "/lib64"):
        if os.path.islink(path) and not os.path.lexists(_NEW_ROOT + path):
            os.symlink(os.readlink(path), _NEW_ROOT + path)
    os.makedirs(_NEW_ROOT + scratch, exist_ok=True)
    size = f"mode=777,size={int(spec.limits.scratch_bytes)},nr_inodes=20000"
    mount("tmpfs", _NEW_ROOT + scratch, "tmpfs", _NO_PRIVILEGES, size)
    _write_files(_NEW_ROOT + scratch, files)
    _mount_system_folders()
    _leave_old_root()


def _mount_system_folders() -> None:
    for path in ("/proc", "/tmp", SHARED_MEMORY):
        os.makedirs(_NEW_ROOT + path, exist_ok=True)
    os.chmod(_NEW_ROOT + "/tmp", 0o755)
    with contextlib.suppress(OSError):
        size = f"mode=1777,size={SHARED_MEMORY_BYTES},nr_inodes=1000"
        mount("tmpfs", _NEW_ROOT + SHARED_MEMORY, "tmpfs", _NO_PRIVILEGES, size)
        mount("proc", _NEW_ROOT + "/proc", "proc", _NO_PRIVILEGES)


def _leave_old_root() -> None:
    old = _NEW_ROOT + "/.old"
    os.makedirs(old)
    pivot_root(_NEW_ROOT, old)
    os.chdir("/")
    detach("/.old")
    os.rmdir("/.old")
    _make_read_only("/")


def _open_path(path: str) -> int:
    return os.open(path, os.O_PATH | os.O_CLOEXEC)


def _bind(handle: int, target: str, flags: MountFlag) -> None:
    """Show an open file or directory at ``target``, which is made for it."""
    source = f"/proc/self/fd/{handle}"
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.lexists(target):
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    mount(source, target, None, flags)


def _make_read_only(target: str) -> None:
    mount("none", target, None, MountFlag.REMOUNT | MountFlag.BIND | MountFlag.READ_ONLY | _NO_PRIVILEGES)


def _visible_paths(spec: SandboxSpec) -> list[str]:
    """Return the paths to show, without those inside of others."""
    visible: list[str] = []
    for path in sorted({*SYSTEM_PATHS, *map(str, spec.readable)}):
        if os.path.exists(path) and not (os.path.islink(path) and path in SYSTEM_PATHS):
            absolute = os.path.abspath(path)
            if not any(absolute == parent or absolute.startswith(parent + "/") for parent in visible):
                visible.append(absolute)
    return visible


def _read_files(folder: str) -> list[tuple[str, bytes]]:
    return [
        (str(path.relative_to(folder)), path.read_bytes())
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]


def _write_files(folder: str, files: list[tuple[str, bytes]]) -> None:
    for name, data in files:
        path = Path(folder, name)
        for parent in reversed(path.relative_to(folder).parents):
            with contextlib.suppress(FileExistsError):
                os.mkdir(Path(folder, parent), 0o777)
            os.chmod(Path(folder, parent), 0o777)
        path.write_bytes(data)
        path.chmod(0o644)
