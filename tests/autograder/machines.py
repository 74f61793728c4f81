"""Poorer machines, each made for one command, to which the kernel refuses what a sandbox needs.

``python -m tests.autograder.machines MACHINE COMMAND …`` runs a command on one.
"""

import errno
import os
import pwd
import shutil
import sys
from enum import StrEnum
from pathlib import Path

from autograder.sandbox import Layer
from autograder.sandbox.libc import Clone, MountFlag, mount, unshare
from tests.autograder.classroom import REPOSITORY

USER = "nobody"
OF_NAMESPACES = (Layer.NAMESPACES, Layer.FILE_SYSTEM_VIEW, Layer.SCRATCH_LIMIT)


class Machine(StrEnum):
    """A machine, by what it is without."""

    FULL = "full"
    NO_USER_NAMESPACES = "no-user-namespaces"  # as in a container with Docker's default profile
    NO_LANDLOCK = "no-landlock"
    UNPRIVILEGED = "unprivileged"
    UNPRIVILEGED_CONTAINER = "unprivileged-container"  # both: an ordinary user without namespaces

    @property
    def missing(self) -> tuple[Layer, ...]:
        """Layers that the sandbox lacks there."""
        if self in (Machine.NO_USER_NAMESPACES, Machine.UNPRIVILEGED_CONTAINER):
            return OF_NAMESPACES
        return (Layer.LANDLOCK,) if self is Machine.NO_LANDLOCK else ()

    @property
    def is_unprivileged(self) -> bool:
        """Whether an ordinary user grades there."""
        return self in (Machine.UNPRIVILEGED, Machine.UNPRIVILEGED_CONTAINER)

    @property
    def setting(self) -> str:
        """The line of nbgrader_config.py with which it grades all the same."""
        names = ", ".join(f'"{layer}"' for layer in self.missing)
        return f"c.SandboxExecute.allow_missing = [{names}]"

    @property
    def prefix(self) -> tuple[str, ...]:
        """Words that stand before a command that is to run there."""
        if self is Machine.FULL:
            return ()
        return (sys.executable, "-m", __name__, self.value)

    def hand_over(self, *folders: Path) -> None:
        """Give folders, which root made, to the user who grades there; let others enter above."""
        for folder in folders if self is not Machine.FULL else ():
            for parent in folder.resolve().parents:
                parent.chmod(parent.stat().st_mode | 0o001)
            if self.is_unprivileged:
                user = pwd.getpwnam(USER)
                for path in (folder, *folder.rglob("*")):
                    os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def cannot_be_made() -> str:
    """Return why poorer machines cannot be made here, "" if they can."""
    if os.geteuid() != 0:
        return "poorer machines are made by root"
    return "" if shutil.which("unshare") else "no unshare(1)"


def _refuse(error: int, *calls: str) -> None:
    import pyseccomp

    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    for call in calls:
        rules.add_rule(pyseccomp.ERRNO(error), call)
    for flag in map(int, Clone):
        if "unshare" in calls:
            argument = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag)
            rules.add_rule(pyseccomp.ERRNO(error), "clone", argument)
    rules.load()


def _show_python() -> None:
    """Show Python's folders to everybody, in a view of the files that only this command has."""
    unshare(Clone.MOUNT)
    mount("none", "/", None, MountFlag.RECURSIVE | MountFlag.PRIVATE)
    for prefix in {Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), REPOSITORY}:
        closed = [parent for parent in prefix.parents if not parent.stat().st_mode & 0o001]
        if closed:
            handle = os.open(prefix, os.O_PATH)
            mount("tmpfs", str(closed[-1]), "tmpfs", MountFlag.NO_SUID, "mode=755,size=4m")
            prefix.mkdir(parents=True, exist_ok=True)
            mount(f"/proc/self/fd/{handle}", str(prefix), None, MountFlag.BIND | MountFlag.RECURSIVE)
            os.close(handle)


def main(name: str, *command: str) -> None:
    """Become the machine, then the command."""
    machine = Machine(name)
    if machine is not Machine.NO_LANDLOCK:
        _show_python()
    if machine.is_unprivileged:
        user = pwd.getpwnam(USER)
        os.setgroups([])
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
        os.environ["HOME"] = os.environ.get("TMPDIR", "/tmp")
    if Layer.NAMESPACES in machine.missing:
        _refuse(errno.EPERM, "unshare", "setns", "mount", "umount2", "pivot_root")
    if Layer.LANDLOCK in machine.missing:
        _refuse(errno.ENOSYS, "landlock_create_ruleset")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
