"""What a worker may still do: namespaces, limits, Landlock and seccomp, each put on after the fork.

The guard is a small process between the engine and the worker. It forks the worker into what the machine
gives, watches its memory and processes from outside, passes the engine's interrupts on, and ends it with
everything that it started. Every layer that cannot be had is named; none is silently left out.

Sources: Mareš and Blackham, "A New Contest Sandbox", Olympiads in Informatics 6 (2012); the Linux manual
pages namespaces(7), pivot_root(2), landlock(7), seccomp(2).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.limits import Limits
from autograder.sandbox.proc import data_bytes, status_bytes

LAYERS = {
    "namespaces": "own process ids, network, mounts and IPC; nothing else is visible and nothing outlives it",
    "own user": "runs as a user of its own, or with no capabilities of the ordinary user who grades",
    "file system view": "sees only the Python installation, the lab's data and its scratch directory",
    "scratch limit": "the scratch directory is a file system of limited size",
    "landlock": "the kernel refuses files, TCP, signals and sockets outside the sandbox",
    "seccomp": "the kernel refuses sockets, tracing, mounting and other system calls that no lab needs",
}

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE = {"mount": 0x20000, "uts": 0x4000000, "ipc": 0x8000000, "user": 0x10000000, "pid": 0x20000000,
          "net": 0x40000000}  # fmt: skip
_ALL_BUT_USER = sum(flag for name, flag in _CLONE.items() if name != "user")
_LIBC.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT = 1, 2, 4, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types",
           "/etc/fonts", "/etc/alternatives", "/etc/ssl/openssl.cnf")  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/full")
_SHARED = "/dev/shm"
POLL_SECONDS = 0.02
OUT_OF_MEMORY = 77
ROOM = 32  # so much more than a limit the kernel allows: the guard is to find a worker beyond it


@dataclass(frozen=True)
class Plan:
    """What a worker is given.

    Parameters
    ----------
    limits
        Its limits.
    scratch
        The only directory that it may write, its home and working directory. It exists, is empty but for
        copies of the lab's files, and is removed by whoever made it.
    readable
        Files and directories that it may read, beside the system's libraries.
    without
        Layers left out on purpose (for tests of the others).
    """

    limits: Limits
    scratch: Path
    readable: tuple[Path, ...] = ()
    without: tuple[str, ...] = ()


@dataclass
class _Entered:
    user: int  # that nobody else is
    memory: int  # bytes in use for data when the worker starts
    missing: list[str] = field(default_factory=list)
    view: bool = False


def python_paths(modules: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Return the files and directories that this Python, and those imported packages, are read from."""
    paths = {Path(sys.prefix), Path(sys.base_prefix), Path(os.path.realpath(sys.executable))}
    paths |= {Path(entry) for entry in sys.path if "-packages" in entry and os.path.isdir(entry)}
    for name in (*modules, "autograder"):
        module = sys.modules.get(name.partition(".")[0])
        paths |= {Path(entry) for entry in getattr(module, "__path__", ())}
        if module is not None and not hasattr(module, "__path__") and getattr(module, "__file__", None):
            paths.add(Path(module.__file__))
    paths |= {Path(os.path.realpath(path)) for path in paths}
    return tuple(sorted(path for path in paths if path.exists()))


def prepare() -> None:
    """Load the libraries of the last layers while their files can still be found."""
    with contextlib.suppress(ImportError, OSError):
        import landlockpy  # noqa: PLC0415 - optional

        landlockpy.abi_version()
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        import pyseccomp  # noqa: F401, PLC0415 - optional, and needs the system's libseccomp


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


def _say(control: socket.socket, word: str, text: str) -> None:
    with contextlib.suppress(OSError):
        control.sendall(f"{word} {text}\n".encode())


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


def _beyond(pid: int, limits: Limits, base: int) -> str:
    """Return the name of a limit that the worker and all that it started are beyond, or ''."""
    family = _descendants(os.getpid())
    if sum(map(_threads, family)) > limits.processes:
        return "processes"
    if _open_files(pid) > limits.open_files:
        return "open_files"
    most = base + limits.memory_bytes
    if sum(map(_memory, family)) > most and sum(map(_own_memory, family)) > most:
        return "memory_bytes"
    return ""


def _threads(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


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


def _descendants(pid: int) -> list[int]:
    found, pending = [], [pid]
    while pending:
        one = pending.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{one}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{one}/task/{task}/children") as file:
                    children = [int(word) for word in file.read().split()]
                    found += children
                    pending += children
        if len(found) > 10_000:
            break
    return found


def _memory(pid: int) -> int:
    """Bytes that a process holds for itself: anonymous and shared memory, not mapped files."""
    return status_bytes(pid, "RssAnon:", "RssShmem:", "VmSwap:")


def _open_files(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def _own_memory(pid: int) -> int:
    """Bytes of a process's memory, with its part of the pages that processes share. Slower to find out."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return 1024 * sum(
                int(line.split()[1]) for line in file if line.startswith(("Pss_Anon:", "Pss_Shmem:"))
            )
    except (OSError, ValueError):
        return _memory(pid)


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


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


_PIVOT_ROOT, _CAPSET = {"x86_64": (155, 126), "aarch64": (41, 91)}.get(os.uname().machine, (-1, -1))


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


def _limit(limits: Limits, memory: int) -> None:
    for kind, wanted in (
        (resource.RLIMIT_CPU, int(limits.cpu_seconds) + 1),
        (resource.RLIMIT_DATA, memory + int(limits.memory_bytes)),
        (resource.RLIMIT_FSIZE, int(limits.file_bytes)),
        (resource.RLIMIT_NOFILE, int(limits.open_files) + ROOM),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))


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


def _landlock(plan: Plan, entered: _Entered) -> None:
    import landlockpy  # noqa: PLC0415 - optional

    fs = landlockpy.AccessFS
    read = fs.READ_FILE | fs.READ_DIR | fs.EXECUTE
    everything = landlockpy.fs_for_abi(landlockpy.abi_version())
    if not landlockpy.supported():
        raise OSError("no Landlock")
    scope = landlockpy.scope_for_abi(landlockpy.abi_version())
    with landlockpy.Ruleset(scoped=scope) as rules:
        for path in (*_SYSTEM, *map(str, plan.readable)):
            if os.path.exists(path):
                rules.allow_path(path, read if os.path.isdir(path) else fs.READ_FILE | fs.EXECUTE)
        for path in _DEVICES:
            if os.path.exists(path):
                rules.allow_path(path, fs.READ_FILE | fs.WRITE_FILE)
        if entered.view:
            rules.allow_path("/", read)
            rules.allow_path(_SHARED, everything & ~(fs.MAKE_CHAR | fs.MAKE_BLOCK))
        rules.allow_path(plan.scratch, everything & ~(fs.MAKE_CHAR | fs.MAKE_BLOCK))
        rules.restrict()


_REFUSED = """
    socket connect bind listen accept accept4 memfd_create memfd_secret shmget shmat semget msgget mq_open
    ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp
    mount umount2 pivot_root chroot unshare setns fsopen fsmount fsconfig move_mount open_tree mount_setattr
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
    keyctl add_key request_key kexec_load kexec_file_load init_module finit_module delete_module
    open_by_handle_at name_to_handle_at quotactl swapon swapoff reboot acct syslog personality
    settimeofday clock_settime adjtimex sethostname setdomainname iopl ioperm
""".split()  # noqa: SIM905 - easier to read


def _seccomp(plan: Plan, entered: _Entered) -> None:
    import pyseccomp  # noqa: PLC0415 - optional

    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in _REFUSED:
        with contextlib.suppress(ValueError, OSError):
            rules.add_rule(refuse, name)
    for flag in _CLONE.values():
        rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for option in (_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER):
        rules.add_rule(refuse, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, option))
    rules.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, 0x5412))  # TIOCSTI
    rules.load()
