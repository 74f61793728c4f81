"""Namespaces of a worker's own, and a root with nothing in it but what it may see."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
from pathlib import Path

from autograder.sandbox.libc import _CLONE, _LIBC, _PIVOT_ROOT, _check
from autograder.sandbox.paths import _DEVICES, _SHARED, _SYSTEM
from autograder.sandbox.spec import Plan

_ALL_BUT_USER = sum(flag for name, flag in _CLONE.items() if name != "user")
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT = 1, 2, 4, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18


def _separate(root: bool) -> bool:
    """Give this process's children namespaces of their own, if the machine does."""
    uid, gid = os.geteuid(), os.getegid()
    if root and _LIBC.unshare(_ALL_BUT_USER & ~_CLONE["mount"]) == 0:
        return True
    if root and ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EINVAL, errno.ENOSPC):
        return False
    if _LIBC.unshare(_CLONE["user"] | (_ALL_BUT_USER & ~_CLONE["mount"])) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    except OSError:
        return False
    return True


def _mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    _check(
        _LIBC.mount(
            source.encode(),
            target.encode(),
            kind and kind.encode(),
            ctypes.c_ulong(flags),
            data and data.encode(),
        ),
        f"mount {target}",
    )


def _new_root(plan: Plan, missing: list[str]) -> None:
    """Make a root of the readable paths, the scratch directory, a few devices and a list of processes."""
    _check(_LIBC.unshare(_CLONE["mount"]), "unshare mounts")
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE)
    scratch = os.path.realpath(plan.scratch)
    files = _read_files(scratch)
    root = "/tmp"
    held = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in _seen(plan)}
    held_devices = {
        path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in _DEVICES if os.path.exists(path)
    }
    _mount("tmpfs", root, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=755,size=4m")
    for path, handle in (*held.items(), *held_devices.items()):
        target = root + path
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if not os.path.lexists(target):
                os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        _mount(f"/proc/self/fd/{handle}", target, None, _MS_BIND | (_MS_REC if path in held else 0))
        if path in held:
            with contextlib.suppress(OSError):
                _mount("none", target, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV)
        os.close(handle)
    for path in ("/bin", "/lib", "/lib64"):
        if os.path.islink(path) and not os.path.lexists(root + path):
            os.symlink(os.readlink(path), root + path)
    os.makedirs(root + scratch, exist_ok=True)
    limit = f"mode=777,size={int(plan.limits.scratch_bytes)},nr_inodes=20000"
    _mount("tmpfs", root + scratch, "tmpfs", _MS_NOSUID | _MS_NODEV, limit)
    _write_files(root + scratch, files)
    for path in ("/proc", "/tmp", _SHARED):
        os.makedirs(root + path, exist_ok=True)
    os.chmod(root + "/tmp", 0o755)
    with contextlib.suppress(OSError):
        _mount("tmpfs", root + _SHARED, "tmpfs", _MS_NOSUID | _MS_NODEV, "mode=1777,size=64m,nr_inodes=1000")
        _mount("proc", root + "/proc", "proc", _MS_NOSUID | _MS_NODEV)
    old = root + "/.old"
    os.makedirs(old)
    _check(_LIBC.syscall(ctypes.c_long(_PIVOT_ROOT), root.encode(), old.encode()), "pivot_root")
    os.chdir("/")
    _check(_LIBC.umount2(b"/.old", 2), "unmount the old root")
    os.rmdir("/.old")
    _mount("none", "/", None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV)


def _seen(plan: Plan) -> list[str]:
    """Return the paths to show, parents before children, without those that a parent already shows."""
    seen: list[str] = []
    for path in sorted({*_SYSTEM, *map(str, plan.readable)}):
        if os.path.exists(path) and not (os.path.islink(path) and path in _SYSTEM):
            whole = os.path.abspath(path)
            if not any(whole == one or whole.startswith(one + "/") for one in seen):
                seen.append(whole)
    return seen


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
        path.chmod(0o444)
