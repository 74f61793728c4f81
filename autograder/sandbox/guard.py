"""Guard: a small process between the engine and the worker.

It forks the worker into the sandbox, watches its memory and processes from outside, passes the
engine's interrupts on, and ends it with everything that it started. Every layer of the sandbox that
cannot be had is named; none is silently left out.

Sources: Mareš and Blackham, "A New Contest Sandbox", Olympiads in Informatics 6 (2012); the Linux
manual pages namespaces(7), pivot_root(2), landlock(7), seccomp(2).
"""

from __future__ import annotations

import contextlib
import importlib
import os
import select
import signal
import socket
import struct
from collections.abc import Callable
from typing import NoReturn

from autograder.sandbox import filters, proc
from autograder.sandbox.cgroups import Cgroup
from autograder.sandbox.cores import claim_core
from autograder.sandbox.family import Family
from autograder.sandbox.libc import ProcessOption, prctl
from autograder.sandbox.namespaces import enter_new_root, separate_children
from autograder.sandbox.privileges import drop_privileges
from autograder.sandbox.resources import set_limits, set_process_limit
from autograder.sandbox.spec import Layer, SandboxSpec, SandboxState, in_order

OUT_OF_MEMORY = 77
_TIME = struct.Struct(">d")
MISSING, FAILED = "missing", "failed"  # first words of a guard's lines on the start of its worker
_ENDED_EARLY = f"{FAILED} the worker ended before its sandbox was on".encode()
_FIRST_USER_ID = 2_000_000_000


def load_libraries() -> None:
    """Load the modules that the layers need while their files can still be found."""
    importlib.import_module("resource")
    filters.load_libraries()


def run_in_sandbox(control: socket.socket, spec: SandboxSpec, work: Callable[[], None]) -> None:
    """Fork a worker into the sandbox, watch it, and end it with all that it started.

    The worker is ended when ``control`` closes, too. Sends on it, as lines: ``missing NAME,…`` once
    the sandbox is on and before ``work`` is called, or ``failed TEXT`` where it cannot be put on;
    ``limit NAME`` before it ends a worker for a limit; ``ended STATUS``; when asked ``checked`` and
    ``used CPU-SECONDS WAITED-SECONDS``. Receives single bytes: ``i`` interrupts the worker, ``k``
    ends it, ``c`` asks for a look at its limits now, ``u`` and a time of `time.monotonic`, as a
    double of eight bytes, for what was used since.

    Parameters
    ----------
    control
        Connection to the engine.
    spec
        The worker's sandbox.
    work
        Called in the worker, in the sandbox. The worker ends when it returns.
    """
    load_libraries()
    prctl(ProcessOption.CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    read_end, write_end = os.pipe()
    state = SandboxState(os.geteuid() == 0, _FIRST_USER_ID + os.getpid(), proc.data_bytes())
    state.cgroup = Cgroup.make(spec.limits)
    if spec.has_one_core and not (state.cgroup and state.cgroup.has_one_core):
        state.core = claim_core()
    if Layer.NAMESPACES in spec.without or not separate_children(root=state.root):
        state.missing.add(Layer.NAMESPACES)
    state.signals_are_scoped = Layer.NAMESPACES not in state.missing
    pid = os.fork()
    if pid == 0:
        _run_worker(control, (read_end, write_end), spec, state, work)
    os.close(write_end)
    report = b""
    while part := os.read(read_end, 4096):
        report += part
    os.close(read_end)
    # A worker that is killed before its sandbox is on reports nothing, so that nothing is in order.
    word, _, text = (report or _ENDED_EARLY).decode("utf-8", "replace").partition(" ")
    _send(control, word, " ".join(text.split("\n")))
    try:
        if state.cgroup and not state.cgroup.holds(pid):
            state.cgroup.close()
            state.cgroup = None
        own_network = Layer.NAMESPACES not in state.missing
        family = Family(pid, spec, has_own_network=own_network, cgroup=state.cgroup)
        status = _watch(control, pid, family)
    finally:
        _end_descendants()
        if state.cgroup:
            state.cgroup.close()
    _send(control, "ended", str(status))


def _run_worker(
    control: socket.socket,
    pipe: tuple[int, int],
    spec: SandboxSpec,
    state: SandboxState,
    work: Callable[[], None],
) -> NoReturn:
    """Put the sandbox on, write the missing layers to the pipe, do the work, and exit."""
    status = 1
    read_end, write_end = pipe
    try:
        os.close(read_end)
        control.close()
        prctl(ProcessOption.PARENT_DEATH_SIGNAL, signal.SIGKILL)
        os.setsid()
        if state.cgroup:
            state.cgroup.enter()
        if state.core:
            state.core.confine()
        put_on_sandbox(spec, state)
        os.write(write_end, f"{MISSING} {','.join(in_order(state.missing))}".encode())
        os.close(write_end)
        write_end = -1  # its number is free for what the work opens
        work()
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.write(write_end, f"{FAILED} {type(error).__name__}: {error}".encode()[:2000])
    finally:
        os._exit(status)


def put_on_sandbox(spec: SandboxSpec, state: SandboxState) -> None:
    """Put the sandbox on this process, from the outermost layer to the innermost.

    Parameters
    ----------
    spec
        The sandbox.
    state
        Says whether the namespaces are there already. The layers that cannot be had are added.
    """
    if Layer.NAMESPACES in state.missing or Layer.FILE_SYSTEM_VIEW in spec.without:
        state.missing |= {Layer.FILE_SYSTEM_VIEW, Layer.SCRATCH_LIMIT}
    else:
        try:
            enter_new_root(spec)
            state.has_own_root = True
        except OSError:
            state.missing |= {Layer.FILE_SYSTEM_VIEW, Layer.SCRATCH_LIMIT}
    os.chdir(spec.scratch)
    set_limits(spec.limits, state.initial_data_bytes)
    has_own_user = drop_privileges(spec, state)
    if not has_own_user:
        state.missing.add(Layer.OWN_USER)
    state.is_apart = state.root and has_own_user
    # Without either, the kernel counts other processes of the same user, too.
    shares_user = Layer.NAMESPACES in state.missing and not state.is_apart
    set_process_limit(spec.limits, shares_user=shares_user)
    prctl(ProcessOption.NO_NEW_PRIVILEGES, 1)
    restrictions: tuple[tuple[Layer, Callable[[], None]], ...] = (
        (Layer.LANDLOCK, lambda: filters.restrict_files(spec, state)),
        (Layer.SECCOMP, lambda: filters.restrict_system_calls(state)),
    )
    for layer, restrict in restrictions:
        if layer in spec.without:
            state.missing.add(layer)
            continue
        try:
            restrict()
        except (OSError, ImportError, RuntimeError, ValueError):
            state.missing.add(layer)


def _watch(control: socket.socket, pid: int, family: Family) -> int:
    """Wait for the worker's end, or bring it about; return its exit code."""
    handle = os.pidfd_open(pid)
    sources: tuple[socket.socket | int, ...] = (control, handle)
    try:
        while True:
            ready, _, _ = select.select(sources, [], [], family.pause)
            if handle in ready:
                _, status = os.waitpid(pid, os.WNOHANG)
                if family.is_out_of_memory:
                    _send(control, "limit", "memory_bytes")
                return os.waitstatus_to_exitcode(status)
            order = control.recv(1) if control in ready else b"-"
            if order == b"u":
                usage = family.usage_since(*_TIME.unpack(control.recv(_TIME.size, socket.MSG_WAITALL)))
                _send(control, "used", f"{usage.cpu_seconds} {usage.waited_seconds}")
                continue
            if order == b"i":
                signal.pidfd_send_signal(handle, signal.SIGINT)
            elif order not in (b"-", b"c"):
                return -signal.SIGKILL
            if limit := family.exceeded_limit():
                _send(control, "limit", limit)
                return -signal.SIGKILL
            if order == b"c":
                _send(control, "checked", "")
    finally:
        os.close(handle)


def _end_descendants() -> None:
    """Kill the worker and whatever it started, until nothing is left."""
    for _ in range(1000):
        left = proc.descendants(os.getpid())
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        select.select([], [], [], 0.002)


def _send(control: socket.socket, word: str, text: str) -> None:
    with contextlib.suppress(OSError):
        control.sendall(f"{word} {text}\n".encode())
