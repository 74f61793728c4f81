"""The parts that the commands share: the course, refusals in one line, bars."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from nbgrader.apps import AutogradeApp
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.batch.errors import GradeError, failure_reason
from autograder.batch.lock import only_one
from autograder.batch.preflight import check_assignment
from autograder.printable import printable_lines
from autograder.store import Store, StoreError

REPORTS = "reports"


class Refused(click.ClickException):
    """A command that cannot be carried out: one line, and exit code 2."""

    exit_code = 2


def read_config() -> AutogradeApp:
    """Read the course's configuration, as `nbgrader autograde` does."""
    _find_own_programs()
    app = AutogradeApp()
    app.log_level = logging.CRITICAL
    app.initialize([])
    return app


def _find_own_programs() -> None:
    """Let nbgrader find `alembic`, which it calls by name, outside of an environment as well."""
    own, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if own not in path.split(os.pathsep):
        os.environ["PATH"] = f"{own}{os.pathsep}{path}"


@contextmanager
def open_course(assignment: str, *, known: bool = True) -> Iterator[NbGraderAPI]:
    """Open the course in the working directory; turn what goes wrong into one line and exit code 2.

    Parameters
    ----------
    assignment : str
        Its name.
    known : bool
        Whether the gradebook must have it already.
    """
    try:
        if not Path("nbgrader_config.py").is_file():
            raise GradeError(f"no nbgrader_config.py in {Path.cwd()}: run this in the course's folder")
        app = read_config()
        if known:
            check_assignment(app.coursedir, assignment)
        yield NbGraderAPI(coursedir=app.coursedir, config=app.config)
    except (GradeError, StoreError) as error:
        raise Refused(printable_lines(str(error))) from error
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        raise Refused(printable_lines(f"{name}{error.strerror or error}")) from error


@contextmanager
def locked(coursedir: CourseDirectory, assignment: str) -> Iterator[None]:
    """Hold the lock of the course, so that nothing of it is graded meanwhile."""
    folder = Store(Path(coursedir.root), assignment).folder
    folder.mkdir(exist_ok=True)
    with only_one(folder.parent):
        yield


def folder_of(coursedir: CourseDirectory, step: str, student: str, assignment: str) -> Path:
    """Return the folder of one of nbgrader's steps."""
    return Path(os.path.normpath(coursedir.format_path(step, student, assignment)))


def raise_on_failure(result: dict, otherwise: str) -> None:
    """Raise `GradeError` if a step of nbgrader's API failed."""
    if not result["success"]:
        raise GradeError(f"{otherwise}: {failure_reason(result)}")


def progress_bar(console: Console) -> Progress:
    """Make the bar of a command; it goes when the command is done."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True,
    )  # fmt: skip


def say(console: Console, text: str, style: str | None = None) -> None:
    """Print text as it is, unbroken; what would steer the terminal is not printed."""
    console.print(printable_lines(text), style=style, highlight=False, markup=False, soft_wrap=True)
