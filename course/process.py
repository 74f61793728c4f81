"""Run long commands: what they print goes to a log, a line says what they are at."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from autograder.execution.environment import QUIET
from course.errors import CourseError
from course.stamps import BUILD, ROOT

LOGS = BUILD / "logs"
PROGRAMS = Path(sys.executable).parent
_RUNNING: set[subprocess.Popen] = set()
_CHANGING = threading.Lock()  # held while a command begins, so that none begins unseen
_ENDED = threading.Event()


class EndedError(CourseError):
    """A command was ended by `end_commands`, or not begun after it."""


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
        Whether it succeeded. If the thread that waits for it is interrupted, which only the main
        thread can be, the command is ended; `end_commands` ends those of all threads.

    Raises
    ------
    EndedError
        If `end_commands` was called before the command was over.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / log).open("w") as kept:
        process = _begin(command, folder)
        try:
            with process:
                try:
                    for line in process.stdout:
                        kept.write(line)
                        if on_line:
                            on_line(line)
                except BaseException:
                    process.terminate()
                    raise
        finally:
            with _CHANGING:
                _RUNNING.discard(process)
    refuse_when_ended()
    return process.returncode == 0


def _begin(command: list[str], folder: Path) -> subprocess.Popen:
    # nbgrader calls alembic, and Jupyter its kernels, by name: they must be found.
    path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"
    with _CHANGING:
        refuse_when_ended()
        process = subprocess.Popen(
            [PROGRAMS / command[0], *command[1:]],
            cwd=folder,
            env=os.environ | QUIET | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        _RUNNING.add(process)
    return process


@contextmanager
def ended_together(threads: Executor) -> Iterator[None]:
    """Wait for the threads that run commands, and bound what `end_commands` forbids them.

    After this block commands can be run again, unless it was interrupted while it waited.

    Parameters
    ----------
    threads : concurrent.futures.Executor
    """
    try:
        yield
    finally:
        threads.shutdown()
        _ENDED.clear()


def end_commands() -> None:
    """End the commands that run, in whatever thread, and let none begin after them.

    It is called within `ended_together`, by the thread that fails first or is interrupted.
    """
    with _CHANGING:
        _ENDED.set()
        for process in _RUNNING:
            process.terminate()


def refuse_when_ended() -> None:
    """Do nothing, unless `end_commands` was called.

    Raises
    ------
    EndedError
        If it was.
    """
    if _ENDED.is_set():
        raise EndedError("stopped, as what ran beside it failed or was interrupted")


def where(log: str) -> str:
    """Path of a log as a person in the project's root would type it."""
    return str((LOGS / log).relative_to(ROOT))


def failure(what: str, log: str) -> CourseError:
    """Make the error that says what failed, and why: by the last line that was printed.

    Parameters
    ----------
    what : str
        As "nbgrader generate_assignment".
    log : str
        See `run`.
    """
    lines = (LOGS / log).read_text(errors="replace").splitlines()
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")
    return CourseError(f"{what} failed: {last} (all of it: {where(log)})")
