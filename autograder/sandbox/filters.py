"""Rules that the kernel keeps for the worker: Landlock for files, seccomp for system calls.

Sources: the Linux manual pages landlock(7) and seccomp(2).
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import socket

from autograder.sandbox.libc import Clone, ProcessOption
from autograder.sandbox.paths import DEVICES, SHARED_MEMORY, SYSTEM_PATHS
from autograder.sandbox.spec import SandboxSpec, SandboxState

_REFUSED_CALLS = """
    socket connect bind listen accept accept4 memfd_create memfd_secret shmget shmat semget msgget mq_open
    ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp
    mount umount2 pivot_root chroot unshare setns fsopen fsmount fsconfig move_mount open_tree mount_setattr
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
    keyctl add_key request_key kexec_load kexec_file_load init_module finit_module delete_module
    open_by_handle_at name_to_handle_at quotactl swapon swapoff reboot acct syslog personality
    settimeofday clock_settime adjtimex sethostname setdomainname iopl ioperm
    sched_setaffinity vmsplice
""".split()  # noqa: SIM905 - easier to read
_TIOCSTI = 0x5412  # puts characters into the input of the terminal
_SHARED_ANONYMOUS = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS


def load_libraries() -> None:
    """Load the libraries of the filters, where they are installed."""
    with contextlib.suppress(ImportError, OSError):
        import landlockpy  # noqa: PLC0415 - optional

        landlockpy.abi_version()
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        import pyseccomp  # noqa: F401, PLC0415 - optional, and needs the system's libseccomp


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
        rules.allow_path(spec.scratch, everything & ~(fs.MAKE_CHAR | fs.MAKE_BLOCK))
        rules.restrict()


def restrict_system_calls() -> None:
    """Put seccomp on.

    Raises
    ------
    ImportError, OSError, RuntimeError, ValueError
        If the machine does not give it.
    """
    import pyseccomp  # noqa: PLC0415 - optional

    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in _REFUSED_CALLS:
        with contextlib.suppress(ValueError, OSError):  # unknown to this machine
            rules.add_rule(refuse, name)
    for flag in map(int, Clone):
        rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    # The C library then falls back to clone, whose flags can be looked at.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for option in (ProcessOption.PARENT_DEATH_SIGNAL, ProcessOption.CHILD_SUBREAPER):
        rules.add_rule(refuse, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, int(option)))
    rules.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, _TIOCSTI))
    # Memory that the guard could not count: of no process, and in the buffers of sockets.
    rules.add_rule(
        refuse, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, _SHARED_ANONYMOUS, _SHARED_ANONYMOUS)
    )
    rules.add_rule(refuse, "setsockopt", pyseccomp.Arg(2, pyseccomp.MASKED_EQ, 0xFFFFFFFF, socket.SO_SNDBUF))
    rules.load()
