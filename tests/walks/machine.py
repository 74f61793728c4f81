"""A machine with several people on it: real accounts, and a Python that they can reach."""

import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from course.stamps import ROOT

MARK = "made by a test"


@contextmanager
def accounts(people: dict[str, str], services: tuple[str, ...]) -> Iterator[None]:
    """
    Make accounts for people, with their passwords; remove them, and those of services, at the end.

    Skips where such an account is somebody's already; what an earlier, killed test left is removed.
    """
    if os.geteuid() != 0 or not shutil.which("useradd"):
        pytest.skip("accounts are root's to make")
    names = (*people, *services)
    remove(*(name for name in names if (who := _account(name)) and who.pw_gecos in (MARK, f"{MARK},,,")))
    if taken := [name for name in names if _account(name)]:
        pytest.skip(f"this machine has accounts of its own named {', '.join(taken)}")
    try:
        for name in people:
            _run("useradd", "--create-home", "--comment", MARK, "--shell", "/bin/bash", name)
        lines = "".join(f"{name}:{password}\n" for name, password in people.items())
        _run("chpasswd", input=lines)
        yield
    finally:
        remove(*names)


def home(name: str) -> Path:
    """Give the home of an account."""
    return Path(pwd.getpwnam(name).pw_dir)


def mark(name: str) -> None:
    """Mark an account that the program under test has made."""
    _run("usermod", "--comment", MARK, name)


def remove(*names: str) -> None:
    """Remove accounts with their homes, after ending what still runs in their names."""
    for name in names:
        if who := _account(name):
            for process in psutil.process_iter(["uids"]):
                if (uids := process.info["uids"]) and uids.real == who.pw_uid:
                    process.kill()
            subprocess.run(["userdel", "--force", "--remove", name], check=False, capture_output=True)


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder that everybody may enter; pytest's own are closed to others."""
    made = Path(tempfile.mkdtemp(prefix="department-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def within_reach(scratch: Path) -> list[str]:
    """
    Give what to write before a command so that the accounts it uses can reach this Python and this
    project.

    Where these lie in a folder that is root's alone, the command gets a view of the machine in
    which that folder holds nothing else and is open. Skips where no such view can be made.
    """
    needed = {Path(place).resolve() for place in (sys.prefix, sys.base_prefix, ROOT)}
    closed = {path: wall for path in needed if (wall := _wall(path))}
    if not closed:
        return []
    lines = ["set -e"]
    for number, path in enumerate(closed):
        stage = scratch / str(number)
        stage.mkdir()
        lines.append(f"mount --bind {shlex.quote(str(path))} {shlex.quote(str(stage))}")
    lines += [f"mount -t tmpfs -o mode=755 none {shlex.quote(str(wall))}" for wall in set(closed.values())]
    for number, path in enumerate(closed):
        there = shlex.quote(str(path))
        lines.append(f"mkdir -p {there}; mount --move {shlex.quote(str(scratch / str(number)))} {there}")
    before = ["unshare", "--mount", "sh", "-c", "\n".join([*lines, 'exec "$@"']), "sh"]
    if subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip(f"others cannot reach {', '.join(map(str, closed))}, and mount namespaces cannot be made")
    return before


def _wall(path: Path) -> Path | None:
    """Give the first folder on the way to a path that others may not enter."""
    for each in reversed([path, *path.parents]):
        if not each.stat().st_mode & stat.S_IXOTH:
            return each
    return None


def _run(*command: str, **options) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, **options)
