"""What a worker may still do: namespaces, limits, Landlock and seccomp, each put on after the fork.

The guard is a small process between the engine and the worker. It forks the worker into what the machine
gives, watches its memory and processes from outside, passes the engine's interrupts on, and ends it with
everything that it started. Every layer that cannot be had is named; none is silently left out.

Sources: Mareš and Blackham, "A New Contest Sandbox", Olympiads in Informatics 6 (2012); the Linux manual
pages namespaces(7), pivot_root(2), landlock(7), seccomp(2).
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from collections.abc import Callable

from autograder.sandbox.filters import _landlock, _seccomp, prepare
from autograder.sandbox.libc import _LIBC, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS, _PR_SET_PDEATHSIG
from autograder.sandbox.namespaces import _new_root, _separate
from autograder.sandbox.privileges import _drop_rights
from autograder.sandbox.proc import _descendants, _memory, data_bytes
from autograder.sandbox.resources import _beyond, _limit
from autograder.sandbox.spec import LAYERS, Plan, _Entered

POLL_SECONDS = 0.02
OUT_OF_MEMORY = 77


def guard(control: socket.socket, plan: Plan, work: Callable[[], None]) -> None:
    """Fork a worker into the sandbox, watch it until it ends or ``control`` closes, then end what is left.

    Sends on ``control``, as lines: ``missing NAME,…``; ``limit NAME`` before it ends a worker for a limit;
    ``ended STATUS``; ``checked`` when asked. Receives single bytes: ``i`` interrupts the worker,
    ``k`` ends it, ``c`` asks for a look at its limits now.

    Parameters
    ----------
    control
        To the engine.
    plan
        What the worker is given.
    work
        Called in the worker, in the sandbox. The worker ends when it returns.
    """
    prepare()
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    read_end, write_end = os.pipe()
    entered = _Entered(2_000_000_000 + os.getpid(), data_bytes())
    root = os.geteuid() == 0
    spaces = "namespaces" not in plan.without and _separate(root)
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(read_end)
            control.close()
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            os.setsid()
            _enter(plan, entered, spaces=spaces, root=root)
            os.write(write_end, ",".join(entered.missing).encode())
            os.close(write_end)
            work()
            status = 0
        except MemoryError:
            status = OUT_OF_MEMORY
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.write(write_end, f"!{type(error).__name__}: {error}".encode()[:2000])
        finally:
            os._exit(status)
    os.close(write_end)
    report = b""
    while part := os.read(read_end, 4096):
        report += part
    os.close(read_end)
    _say(control, "missing", report.decode("utf-8", "replace"))
    try:
        status = _watch(control, pid, plan)
    finally:
        _end(pid)
    _say(control, "ended", str(status))


def _enter(plan: Plan, entered: _Entered, *, spaces: bool, root: bool) -> None:
    """Put the sandbox on, from the outermost layer to the innermost."""
    missing = entered.missing
    if not spaces:
        missing.append("namespaces")
    try:
        if not spaces or "file system view" in plan.without:
            raise OSError("left out")
        _new_root(plan, missing)
        entered.view = True
    except OSError:
        missing += [name for name in ("file system view", "scratch limit") if name not in missing]
    os.chdir(plan.scratch)
    _limit(plan.limits, entered.memory)
    if not _drop_rights(plan, entered, root=root):
        missing.append("own user")
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for name, layer in (("landlock", _landlock), ("seccomp", _seccomp)):
        try:
            if name in plan.without:
                raise OSError("left out")
            layer(plan, entered)
        except (OSError, ImportError, RuntimeError, ValueError):
            missing.append(name)
    missing.sort(key=list(LAYERS).index)


def _watch(control: socket.socket, pid: int, plan: Plan) -> int:
    """Wait for the worker's end, or bring it about."""
    handle = os.pidfd_open(pid)
    limits = plan.limits
    try:
        base = _memory(pid)
        while True:
            ready, _, _ = select.select([control, handle], [], [], POLL_SECONDS)
            if handle in ready:
                _, status = os.waitpid(pid, os.WNOHANG)
                return os.waitstatus_to_exitcode(status)
            order = control.recv(1) if control in ready else b"-"
            if order == b"i":
                signal.pidfd_send_signal(handle, signal.SIGINT)
            elif order not in (b"-", b"c"):
                return -signal.SIGKILL
            if name := _beyond(pid, limits, base):
                _say(control, "limit", name)
                return -signal.SIGKILL
            if order == b"c":
                _say(control, "checked", "")
    finally:
        os.close(handle)


def _end(pid: int) -> None:
    """Kill the worker and whatever it started, until nothing is left."""
    for _ in range(1000):
        left = [*_descendants(os.getpid())]
        if not left:
            return
        for one in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        select.select([], [], [], 0.002)


def _say(control: socket.socket, word: str, text: str) -> None:
    with contextlib.suppress(OSError):
        control.sendall(f"{word} {text}\n".encode())
