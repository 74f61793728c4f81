"""Accounts and who may enter which folder."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from deploy.settings import DeployError

CLOSED = 0o700


def check_people(names: tuple[str, ...]) -> None:
    """Refuse people who have no account.

    Raises
    ------
    DeployError
        Naming all of them.
    """
    if missing := [name for name in names if not exists(name)]:
        raise DeployError(
            f"no account on this machine: {', '.join(missing)}; make it (useradd --create-home {missing[0]}; "
            f"passwd {missing[0]}) or take it out of the file"
        )


def exists(name: str) -> bool:
    """Say whether there is an account of this name."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def ensure_account(name: str, shell: str, say: Callable[[str], None]) -> None:
    """Make an account for a service, which nobody can log in to."""
    if exists(name):
        return
    command = ["useradd", "--system", "--user-group", "--create-home", "--home-dir", f"/var/lib/{name}"]
    done = subprocess.run([*command, "--shell", shell, name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeployError(f"useradd {name}: {done.stderr.strip()}")
    say(f"made the account {name}")


def home(name: str) -> Path:
    """Give the home of an account."""
    return Path(pwd.getpwnam(name).pw_dir)


def close_home(name: str, say: Callable[[str], None]) -> None:
    """Close somebody's home to all others.

    Raises
    ------
    DeployError
        If there is none, or if it belongs to somebody else.
    """
    path = home(name)
    if not path.is_dir():
        raise DeployError(f"{name} has no home: {path} is not there")
    ensure_folder(path, name, CLOSED, say)


def ensure_folder(path: Path, owner: str, mode: int, say: Callable[[str], None]) -> None:
    """Make a folder, or set the rights of one that its owner already has.

    Raises
    ------
    DeployError
        If it belongs to somebody else or is no folder. Nothing in it is touched.
    """
    account = pwd.getpwnam(owner)
    try:
        path.mkdir(CLOSED)
        os.chown(path, account.pw_uid, account.pw_gid)
        path.chmod(mode)
        say(f"made {path}")
    except FileExistsError:
        pass
    except OSError as error:
        raise DeployError(f"{path}: cannot be made ({error.strerror})") from None
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise DeployError(f"{path} is no folder")
    if found.st_uid != account.pw_uid:
        raise DeployError(f"{path} does not belong to {owner}: chown -R {owner}: {path}, if it is to")
    if (before := stat.S_IMODE(found.st_mode)) != mode:
        path.chmod(mode)
        say(f"{path}: rights {mode:o}, were {before:o}")


def write_private(path: Path, text: str, owner: str) -> None:
    """Write a file that only its owner can read, in one step."""
    account = pwd.getpwnam(owner)
    made = path.with_name(f".{path.name}")
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    os.chown(made, account.pw_uid, account.pw_gid)
    made.replace(path)
