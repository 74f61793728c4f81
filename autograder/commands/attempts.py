"""What a submission must not be able to do, tried for `autograder doctor`.

The text of this module is run in a worker as a student's cell, so it needs nothing but the standard
library. What is tried, `autograder.commands.targets.Targets`, exists for the examination.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

_NEW_USER_NAMESPACE = 0x10000000
_NEW_MOUNT_NAMESPACE = 0x20000
_DEATH_SIGNAL = 1
_ATTACH, _DETACH = 16, 17


def attempts(targets: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    """Return the attempts by what is tried; one that is refused raises or returns False."""
    return {**_files(targets), **_network(targets), **_processes(targets), **_kernel()}


def try_all(targets: SimpleNamespace) -> dict[str, bool]:
    """Try everything; return by its name what came through."""
    came_through = {}
    for name, attempt in attempts(targets).items():
        try:
            came_through[name] = attempt() is not False
        except BaseException:
            came_through[name] = False
    return came_through


def _files(targets: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    return {
        "read a file outside": lambda: _read(targets.secret),
        "write a file outside": lambda: open(targets.secret, "a").close(),
        "rename a file outside": lambda: _there_and_back(
            lambda name: os.rename(name, name + "-"), lambda name: os.rename(name + "-", name), targets.secret
        ),
        "make a file outside": lambda: open(os.path.join(targets.folder, "new"), "x").close(),
        "list a folder outside": lambda: os.listdir(targets.folder),
        "see whether a file outside is there": lambda: os.path.exists(targets.secret),
        "change the mode of a file outside": lambda: _changed(
            targets.secret, "st_mode", lambda: os.chmod(targets.secret, 0o751)
        ),
        "change the times of a file outside": lambda: _changed(
            targets.secret, "st_mtime", lambda: os.utime(targets.secret, (1, 1))
        ),
        "change the owner of a file outside": lambda: _changed(
            targets.secret, "st_uid", lambda: os.chown(targets.secret, 12345, -1)
        ),
        "set an attribute of a file outside": lambda: os.setxattr(targets.secret, "user.mark", b"x"),
        "link to a file outside": lambda: os.link(targets.secret, "linked"),
        "read the judge's files": lambda: os.listdir(targets.judge),
        "read the machine's shared memory": lambda: _read(targets.shared),
        "read the machine's passwords": lambda: _read("/etc/passwd"),
        "change the Python that grades": lambda: open(os.__file__, "a").close(),
        "change the mode of the Python that grades": lambda: _flip_mode(os.__file__),
    }


def _network(targets: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    address = "127.0.0.1"
    return {
        "connect to this machine": lambda: _connect(
            socket.AF_INET, socket.SOCK_STREAM, (address, targets.tcp)
        ),
        "send datagrams to this machine": lambda: _send(socket.AF_INET, (address, targets.udp)),
        "open the network": lambda: _connect(socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 9)),
        "open the network by IPv6": lambda: _connect(socket.AF_INET6, socket.SOCK_DGRAM, ("2001:db8::1", 9)),
        "listen on the network": lambda: _listen(),  # noqa: PLW0108 - defined below
        "connect to a socket by path": lambda: _connect(socket.AF_UNIX, socket.SOCK_STREAM, targets.stream),
        "connect to an abstract socket": lambda: _connect(
            socket.AF_UNIX, socket.SOCK_STREAM, targets.abstract
        ),
        "send datagrams to a socket by path": lambda: _send(socket.AF_UNIX, targets.datagram),
        "send datagrams from one of a pair of sockets": lambda: socket.socketpair(
            socket.AF_UNIX, socket.SOCK_DGRAM
        )[0].sendto(b"x", targets.datagram),
        "talk to the kernel by netlink": lambda: socket.socket(16, socket.SOCK_RAW, 0).close(),
    }


def _processes(targets: SimpleNamespace) -> dict[str, Callable[[], Any]]:
    library, other = ctypes.CDLL(None, use_errno=True), targets.process
    guard = os.getppid()

    def at(action: Callable[[], Any]) -> Callable[[], Any]:
        """Return an action that fails where the process's number is of a thread of this one's."""

        def act() -> Any:
            threads: list[str] = []
            with contextlib.suppress(OSError):
                threads = os.listdir("/proc/self/task")
            return str(other) not in threads and action()

        return act

    return {
        "see another process": lambda: _contains(f"/proc/{other}/cmdline", targets.mark),
        "read another process's environment": at(lambda: _read(f"/proc/{other}/environ")),
        "read another process's memory": at(lambda: open(f"/proc/{other}/mem", "rb").close()),
        "trace another process": at(lambda: _trace(library, other)),
        "set another process's limits": at(
            lambda: resource.prlimit(
                other, resource.RLIMIT_CORE, resource.prlimit(other, resource.RLIMIT_CORE)
            )
        ),
        "slow another process down": at(lambda: os.setpriority(os.PRIO_PROCESS, other, 19)),
        "end another process": at(lambda: os.kill(other, signal.SIGKILL)),
        "signal its guard": lambda: guard != 0 and os.kill(guard, 0) is None,
        "make shared memory of System V": lambda: library.shmget(0, 4096, 0o1600) >= 0,
        "outlive its guard": lambda: library.prctl(_DEATH_SIGNAL, 0, 0, 0, 0) == 0,
        "outlive its guard by a long number": lambda: (
            _call(library, "prctl", _DEATH_SIGNAL | 1 << 32, 0) == 0
        ),
        "have its memory written down": lambda: _may_dump_core(),  # noqa: PLW0108 - defined below
    }


def _kernel() -> dict[str, Callable[[], Any]]:
    library = ctypes.CDLL(None, use_errno=True)
    return {
        "become root": lambda: os.geteuid() == 0 or os.setresuid(0, 0, 0) is None,
        "keep a capability": _has_capability,
        "mount a file system": lambda: library.mount(b"none", b"/dev/shm", b"tmpfs", 0, None) == 0,
        "change its root directory": lambda: _in_child(lambda: os.chroot(".") is None),
        "make a user namespace": lambda: _in_child(lambda: library.unshare(_NEW_USER_NAMESPACE) == 0),
        "make a mount namespace": lambda: _in_child(lambda: library.unshare(_NEW_MOUNT_NAMESPACE) == 0),
        "keep keys in the kernel": lambda: _call(library, "add_key", b"user", b"x", b"x", 1, -2) >= 0,
        "load programs into the kernel": lambda: _call(library, "bpf", 0, 0, 0) >= 0,
        "watch the machine's performance": lambda: _call(library, "perf_event_open", 0, 0, -1, -1, 0) >= 0,
        "use io_uring": lambda: _call(library, "io_uring_setup", 0, 0) >= 0,
        "raise its limits": lambda: _raise_limits(),  # noqa: PLW0108 - defined below
    }


_NUMBERS = {
    "x86_64": {
        "prctl": 157, "add_key": 248, "bpf": 321, "perf_event_open": 298, "io_uring_setup": 425,
    },
    "aarch64": {
        "prctl": 167, "add_key": 217, "bpf": 280, "perf_event_open": 241, "io_uring_setup": 425,
    },
}  # fmt: skip


def _call(library: ctypes.CDLL, name: str, *arguments: int | bytes) -> int:
    """Make a system call by its number; return -1 where it is refused."""
    number = _NUMBERS.get(os.uname().machine, {}).get(name)
    if number is None:
        raise OSError("the number of this call is not known here")
    plain = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    result = int(library.syscall(ctypes.c_long(number), *plain))
    # "bad address" and "invalid argument" come from a call that was let through
    return 0 if result < 0 and ctypes.get_errno() in (14, 22) else result


def _read(path: str) -> None:
    with open(path, "rb") as file:
        file.read(1)


def _contains(path: str, text: str) -> bool:
    with open(path) as file:
        return text in file.read()


def _changed(path: str, field: str, change: Callable[[], None]) -> bool:
    """Return whether a change of a file's attribute is there afterwards, or looks as if it were."""
    before = getattr(os.stat(path), field)
    change()
    return bool(getattr(os.stat(path), field) != before)


def _there_and_back(there: Callable[[str], None], back: Callable[[str], None], name: str) -> None:
    there(name)
    back(name)


def _flip_mode(path: str) -> bool:
    """Return whether a file's mode can be changed; leave it as it was."""
    before = os.stat(path).st_mode
    try:
        return _changed(path, "st_mode", lambda: os.chmod(path, before ^ 0o001))
    finally:
        os.chmod(path, before)


def _connect(family: int, kind: int, address: Any) -> None:
    with socket.socket(family, kind) as connection:
        connection.settimeout(1)
        connection.connect(address)


def _send(family: int, address: Any) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as connection:
        connection.sendto(b"x", address)


def _listen() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.bind(("127.0.0.1", 0))
        connection.listen()


def _trace(library: ctypes.CDLL, process: int) -> bool:
    if library.ptrace(_ATTACH, process, 0, 0) != 0:
        return False
    os.waitpid(process, 0)
    library.ptrace(_DETACH, process, 0, 0)
    return True


def _in_child(action: Callable[[], bool]) -> bool:
    """Return whether an action succeeds in a child, which it may change."""
    child = os.fork()
    if child == 0:
        status = 1
        with contextlib.suppress(BaseException):
            status = 0 if action() else 1
        os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def _status(field: str) -> str:
    with open("/proc/self/status") as file:
        return next((line.split()[1] for line in file if line.startswith(field + ":")), "")


def _has_capability() -> bool:
    held = ["CapEff", "CapPrm", "CapInh", "CapAmb"]
    if _status("NoNewPrivs") != "1":  # else no program gives what the bounding set allows
        held.append("CapBnd")
    return any(int(_status(field), 16) for field in held)


def _may_dump_core() -> bool:
    """Return whether a crash could write the worker's memory to a file or to a program."""
    goes_to_program = True  # where it may not be read
    with contextlib.suppress(OSError), open("/proc/sys/kernel/core_pattern") as file:
        goes_to_program = file.read(1) == "|"
    if not goes_to_program:
        return resource.getrlimit(resource.RLIMIT_CORE)[0] > 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # which a dump to a program does not heed
    return resource.getrlimit(resource.RLIMIT_CORE)[0] != 1


def _raise_limits() -> bool:
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return True
    return False
