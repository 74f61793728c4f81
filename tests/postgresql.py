"""A real PostgreSQL server of a test's own, which listens to a socket in a folder only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

OWNER = "teacher"


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *([Path(found).resolve().parent] if found else [])]
    needed = ("initdb", "pg_ctl", "createdb", "createuser")
    return next((each for each in places if all((each / name).exists() for name in needed)), None)


def _who() -> str:
    """Give the account that the server runs as, or skip: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


@contextmanager
def gradebook(owner: str | None = None) -> Iterator[str]:
    """
    Start a server with an empty database, and end it with the block.

    Parameters
    ----------
    owner : str, optional
        The account that the database belongs to, which alone may come in, without a password, as on
        a server that an administrator installs (needs root). By default whoever reaches the folder
        may.

    Yields
    ------
    str
        The database's address, as SQLAlchemy writes it.
    """
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    user = _who()
    who = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a short path: a socket's has 107 characters at most
    shutil.chown(folder, user)
    data = folder / "data"

    def run(program, *arguments):
        subprocess.run([programs / program, *arguments], check=True, capture_output=True, cwd=folder, **who)

    first, trust = (user, "peer") if owner else (OWNER, "trust")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    try:
        run("initdb", "-D", data, "-A", trust, "-U", first, "--no-sync", "-E", "UTF8", "--locale=C")
        run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            if owner:
                folder.chmod(0o755)
                run("createuser", "-h", folder, owner)
            run("createdb", "-h", folder, "-U", first, "--owner", owner or OWNER, "gradebook")
            name = "" if owner else f"{OWNER}@"
            yield f"postgresql+psycopg://{name}/gradebook?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
