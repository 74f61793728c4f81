"""Landlock and seccomp: what the kernel refuses a worker."""

from __future__ import annotations

import contextlib
import errno
import os

from autograder.sandbox.libc import _CLONE, _PR_SET_CHILD_SUBREAPER, _PR_SET_PDEATHSIG
from autograder.sandbox.paths import _DEVICES, _SHARED, _SYSTEM
from autograder.sandbox.spec import Plan, _Entered

_REFUSED = """
    socket connect bind listen accept accept4 memfd_create memfd_secret shmget shmat semget msgget mq_open
    ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp
    mount umount2 pivot_root chroot unshare setns fsopen fsmount fsconfig move_mount open_tree mount_setattr
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
    keyctl add_key request_key kexec_load kexec_file_load init_module finit_module delete_module
    open_by_handle_at name_to_handle_at quotactl swapon swapoff reboot acct syslog personality
    settimeofday clock_settime adjtimex sethostname setdomainname iopl ioperm
""".split()  # noqa: SIM905 - easier to read


def prepare() -> None:
    """Load the libraries of the last layers while their files can still be found."""
    with contextlib.suppress(ImportError, OSError):
        import landlockpy  # noqa: PLC0415 - optional

        landlockpy.abi_version()
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        import pyseccomp  # noqa: F401, PLC0415 - optional, and needs the system's libseccomp


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
