"""Rules that the kernel keeps for the worker: Landlock for files, seccomp for system calls.

Sources: the Linux manual pages landlock(7) and seccomp(2).
"""

from __future__ import annotations

import contextlib
import errno
import functools
import mmap
import os
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

from autograder.sandbox.libc import ALLOWED_OPTIONS, REFUSED_OPTIONS, Clone, filter_system_calls
from autograder.sandbox.paths import DEVICES, PROCESSOR_AND_MEMORY, SHARED_MEMORY, SYSTEM_PATHS
from autograder.sandbox.spec import SandboxSpec, SandboxState
from autograder.sandbox.system_calls import (
    ALLOWED,
    EXTENDED_ATTRIBUTES,
    FILE_ATTRIBUTES,
    OF_ONESELF,
    REFUSED,
    SIGNALS,
)

if TYPE_CHECKING:
    import pyseccomp

_INT = 0xFFFFFFFF  # the kernel reads an int argument from the lower half of its register
_TERMINAL_REQUESTS = (0x5412, 0x541C, 0x541D, 0x5423)  # TIOCSTI TIOCLINUX TIOCCONS TIOCSETD
_CORE_LIMIT = 4  # RLIMIT_CORE
_SOCKET_KIND = 0xF  # of a type, without its flags
_KIND_OF_PROCESS = {"setpriority": 0, "ioprio_set": 1}  # PRIO_PROCESS, IOPRIO_WHO_PROCESS
_SHARED_ANONYMOUS = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS


def load_libraries() -> None:
    """Load the libraries of the filters, where they are installed, and make what all forks need."""
    with contextlib.suppress(ImportError, OSError):
        import landlockpy  # noqa: PLC0415 - optional

        landlockpy.abi_version()
    with contextlib.suppress(ImportError, OSError, RuntimeError, ValueError):
        # Those of nearly every process: the first in its namespace, with a root of its own.
        _programs(1, may_signal=True, has_own_root=True)


def restrict_files(spec: SandboxSpec, state: SandboxState) -> None:
    """Put Landlock on.

    Raises
    ------
    ImportError, OSError, RuntimeError, ValueError
        If the machine does not give it.
    """
    import landlockpy  # noqa: PLC0415 - optional

    fs = landlockpy.AccessFS
    read = fs.READ_FILE | fs.READ_DIR | fs.EXECUTE
    everything = landlockpy.fs_for_abi(landlockpy.abi_version())
    if not landlockpy.supported():
        raise OSError("no Landlock")
    scope = landlockpy.scope_for_abi(landlockpy.abi_version())
    with landlockpy.Ruleset(scoped=scope) as rules:
        for path in (*SYSTEM_PATHS, *map(str, spec.readable)):
            if os.path.exists(path):
                rules.allow_path(path, read if os.path.isdir(path) else fs.READ_FILE | fs.EXECUTE)
        for path in DEVICES:
            if os.path.exists(path):
                rules.allow_path(path, fs.READ_FILE | fs.WRITE_FILE)
        if state.has_own_root:
            rules.allow_path("/", read)
            rules.allow_path(SHARED_MEMORY, everything & ~(fs.MAKE_CHAR | fs.MAKE_BLOCK))
        else:  # TensorFlow reads its own command line, and the doctor its own status
            for path in ("/proc/self", *PROCESSOR_AND_MEMORY):
                if os.path.exists(path):
                    rules.allow_path(path, read if os.path.isdir(path) else fs.READ_FILE)
        rules.allow_path(spec.scratch, everything & ~(fs.MAKE_CHAR | fs.MAKE_BLOCK))
        rules.restrict()
    state.signals_are_scoped = bool(scope & landlockpy.Scope.SIGNAL)


def restrict_system_calls(state: SandboxState) -> None:
    """Put seccomp on: a list of what may be called, and what of that is refused for its arguments.

    Parameters
    ----------
    state
        Says what else keeps a worker from the files and processes of its user: where nothing does,
        more is refused.

    Raises
    ------
    ImportError, OSError, RuntimeError, ValueError
        If the machine does not give it.
    """
    may_signal = state.is_apart or state.signals_are_scoped
    for program in _programs(os.getpid(), may_signal=may_signal, has_own_root=state.has_own_root):
        filter_system_calls(program)


@functools.cache
def _programs(own: int, *, may_signal: bool, has_own_root: bool) -> tuple[bytes, ...]:
    """Return the filters of a process; libseccomp takes some 5 ms to make them."""
    import pyseccomp  # noqa: PLC0415 - optional, and needs the system's libseccomp

    def program(rules: pyseccomp.SyscallFilter) -> bytes:
        with contextlib.suppress(OSError):
            rules.set_attr(pyseccomp.Attr.CTL_OPTIMIZE, 2)  # a tree instead of a list
        read_end, write_end = os.pipe()  # which holds more than any filter has
        with open(read_end, "rb") as written, open(write_end, "wb") as file:
            rules.export_bpf(file)
            file.close()
            return written.read()

    # Of two refusals, the kernel gives that of the filter that was loaded last.
    allowed = _allowed_calls(own, may_signal=may_signal, has_own_root=has_own_root)
    return program(allowed), program(_refused_arguments())


def _allowed_calls(own: int, *, may_signal: bool, has_own_root: bool) -> pyseccomp.SyscallFilter:
    import pyseccomp  # noqa: PLC0415 - optional

    # As of a kernel that does not have the call, so that libraries take another.
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ERRNO(errno.ENOSYS))

    def allow(names: Iterable[str], *arguments: pyseccomp.Arg) -> None:
        _add(rules, pyseccomp.ALLOW, names, *arguments)

    def argument(place: int, value: int, mask: int = _INT) -> pyseccomp.Arg:
        return pyseccomp.Arg(place, pyseccomp.MASKED_EQ, mask, value)

    allow(ALLOWED)
    _add(rules, pyseccomp.ERRNO(errno.EPERM), REFUSED)
    allow(["clone"], argument(0, 0, sum(Clone)))
    for option in ALLOWED_OPTIONS:
        allow(["prctl"], argument(0, option))
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET):  # a datagram socket can send to a path
        allow(["socketpair"], argument(0, socket.AF_UNIX), argument(1, kind, _SOCKET_KIND))
    for process in (0, own):
        allow(OF_ONESELF, argument(0, process))
        for name, of_process in _KIND_OF_PROCESS.items():
            allow([name], argument(0, of_process), argument(1, process))
    if may_signal:
        allow(SIGNALS)
    else:
        allow(SIGNALS - {"pidfd_send_signal"}, argument(0, own))
    if has_own_root:
        allow(FILE_ATTRIBUTES)
    else:
        # Answered as if done: whoever copies a file sets them, and a refusal ends the copying.
        _add(rules, pyseccomp.ERRNO(0), FILE_ATTRIBUTES - EXTENDED_ATTRIBUTES)
        _add(rules, pyseccomp.ERRNO(errno.EPERM), EXTENDED_ATTRIBUTES)
    return rules


def _refused_arguments() -> pyseccomp.SyscallFilter:
    import pyseccomp  # noqa: PLC0415 - optional

    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for flag in map(int, Clone):
        _add(rules, refuse, ["clone"], pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    for option in REFUSED_OPTIONS:
        _add(rules, refuse, ["prctl"], pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _INT, option))
    for request in _TERMINAL_REQUESTS:
        _add(rules, refuse, ["ioctl"], pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _INT, request))
    # Memory that the guard could not count: of no process, and in the buffers of sockets.
    anonymous = pyseccomp.Arg(3, pyseccomp.MASKED_EQ, _SHARED_ANONYMOUS, _SHARED_ANONYMOUS)
    _add(rules, refuse, ["mmap"], anonymous)
    _add(rules, refuse, ["setsockopt"], pyseccomp.Arg(2, pyseccomp.MASKED_EQ, _INT, socket.SO_SNDBUF))
    core = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _INT, _CORE_LIMIT)
    _add(rules, refuse, ["prlimit64"], core, pyseccomp.Arg(2, pyseccomp.NE, 0))
    return rules


def _add(
    rules: pyseccomp.SyscallFilter, action: int, names: Iterable[str], *arguments: pyseccomp.Arg
) -> None:
    """Add a rule for each of these calls that this machine has."""
    import pyseccomp  # noqa: PLC0415 - optional

    for name in names:
        try:
            number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        except (OSError, ValueError):
            continue
        if number >= 0:  # below: another machine's
            rules.add_rule(action, number, *arguments)
