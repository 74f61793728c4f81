"""System calls that Python does not offer, made through the C library.

Everything is looked up when it is called, so that this module can be imported on any system.
"""

from __future__ import annotations

import ctypes
import functools
import os
import struct
from enum import IntEnum, IntFlag


class Clone(IntFlag):
    """Namespaces for ``unshare`` and ``clone``, as in <linux/sched.h>."""

    MOUNT = 0x20000
    CGROUP = 0x2000000
    UTS = 0x4000000
    IPC = 0x8000000
    USER = 0x10000000
    PID = 0x20000000
    NET = 0x40000000


class MountFlag(IntFlag):
    """Flags of ``mount``, as in <linux/mount.h>."""

    READ_ONLY = 1
    NO_SUID = 2
    NO_DEVICES = 4
    REMOUNT = 32
    BIND = 4096
    RECURSIVE = 16384
    PRIVATE = 1 << 18


class ProcessOption(IntEnum):
    """Options of ``prctl``, as in <linux/prctl.h>."""

    PARENT_DEATH_SIGNAL = 1
    GET_PARENT_DEATH_SIGNAL = 2
    GET_DUMPABLE = 3
    SET_DUMPABLE = 4
    SET_NAME = 15
    GET_NAME = 16
    GET_SECCOMP = 21
    SET_SECCOMP = 22
    READ_BOUNDING_CAPABILITY = 23
    DROP_BOUNDING_CAPABILITY = 24
    SET_TIMER_SLACK = 29
    GET_TIMER_SLACK = 30
    CHILD_SUBREAPER = 36
    NO_NEW_PRIVILEGES = 38
    GET_NO_NEW_PRIVILEGES = 39
    SET_HUGE_PAGES_DISABLED = 41
    GET_HUGE_PAGES_DISABLED = 42
    GET_SPECULATION = 52
    SET_MEMORY_NAME = 0x53564D41


# What would set a worker free of its guard, or have what it holds written down.
REFUSED_OPTIONS = (
    ProcessOption.PARENT_DEATH_SIGNAL,
    ProcessOption.SET_DUMPABLE,
    ProcessOption.CHILD_SUBREAPER,
)
ALLOWED_OPTIONS = tuple(option for option in ProcessOption if option not in REFUSED_OPTIONS)

_DETACH = 2
_FILTER_MODE = 2  # of SET_SECCOMP
_INSTRUCTION_BYTES = 8  # of a filter
_CAPABILITY_VERSION_3 = 0x20080522
_SYSTEM_CALLS = {
    "x86_64": {"pivot_root": 155, "capset": 126},
    "aarch64": {"pivot_root": 41, "capset": 91},
}


class _FilterProgram(ctypes.Structure):
    """A filter for the kernel, as in <linux/filter.h>."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


@functools.cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    return library


def prctl(option: ProcessOption, value: int) -> None:
    """Set an option of this process, where the kernel knows it."""
    _library().prctl(option, value, 0, 0, 0)


def filter_system_calls(program: bytes) -> None:
    """Have the kernel ask a filter at every system call of this process from now on.

    Parameters
    ----------
    program
        The filter's instructions.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    count = len(program) // _INSTRUCTION_BYTES
    given = _FilterProgram(count, program)
    address = ctypes.addressof(given)
    _check(_library().prctl(ProcessOption.SET_SECCOMP, _FILTER_MODE, address, 0, 0), "seccomp")


def unshare(namespaces: Clone) -> None:
    """Leave the shared namespaces for new ones.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    _check(_library().unshare(int(namespaces)), "unshare")


def mount(source: str, target: str, kind: str | None, flags: MountFlag, data: str | None = None) -> None:
    """Mount a file system, or change a mount.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    result = _library().mount(
        source.encode(),
        target.encode(),
        kind and kind.encode(),
        ctypes.c_ulong(flags),
        data and data.encode(),
    )
    _check(result, f"mount {target}")


def detach(target: str) -> None:
    """Unmount a file system as soon as nothing uses it.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    _check(_library().umount2(target.encode(), _DETACH), f"unmount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make ``new`` the root of this mount namespace, and put the old root at ``old``.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    _check(_call("pivot_root", new.encode(), old.encode()), "pivot_root")


def clear_capabilities() -> None:
    """Give up every capability of this process, where it has any."""
    _call("capset", struct.pack("Ii", _CAPABILITY_VERSION_3, 0), bytes(24))


def _call(name: str, *arguments: bytes) -> int:
    number = _SYSTEM_CALLS.get(os.uname().machine, {}).get(name, -1)
    return int(_library().syscall(ctypes.c_long(number), *arguments))


def _check(result: int, call: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{call}: {os.strerror(code)}")
