"""Run long commands: what they print goes to a log, a line says what they are at."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.execution.environment import QUIET
from course.stamps import BUILD, ROOT

LOGS = BUILD / "logs"
PROGRAMS = Path(sys.executable).parent


def run(
    command: list[str], log: str, on_line: Callable[[str], object] | None = None, folder: Path = ROOT
) -> bool:
    """Run a command of the environment.

    Parameters
    ----------
    command : list of str
        The program's name, as "nbgrader", and its arguments.
    log : str
        Name of the file below _build/logs/ that keeps what it prints.
    on_line : callable, optional
        Called with each line as it is printed.
    folder : Path, optional
        Where it runs; the project's root unless told.

    Returns
    -------
    bool
        Whether it succeeded. If this process is interrupted, the command is ended with it.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    # nbgrader calls alembic, and Jupyter its kernels, by name: they must be found.
    path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"
    with (
        (LOGS / log).open("w") as kept,
        subprocess.Popen(
            [PROGRAMS / command[0], *command[1:]],
            cwd=folder,
            env=os.environ | QUIET | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        try:
            for line in process.stdout:
                kept.write(line)
                if on_line:
                    on_line(line)
        except BaseException:
            process.terminate()
            raise
    return process.returncode == 0


def where(log: str) -> str:
    """Path of a log as a person in the project's root would type it."""
    return str((LOGS / log).relative_to(ROOT))
