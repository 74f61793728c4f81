"""The parts that the commands share: the course, refusals in one line, bars."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from nbgrader.api import InvalidEntry
from nbgrader.apps import AutogradeApp
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import SQLAlchemyError

from autograder.batch.errors import GradeError, failure_reason, first_line
from autograder.batch.lock import only_one
from autograder.batch.preflight import check_assignment, check_name
from autograder.printable import printable_lines
from autograder.store import Store, StoreError

REPORTS = "reports"
SETTINGS = "nbgrader_config"


class Refused(click.ClickException):
    """A command that cannot be carried out: one line, and exit code 2."""

    exit_code = 2


def read_config() -> AutogradeApp:
    """Read the course's configuration, as `nbgrader autograde` does: in this folder, and elsewhere.

    Raises
    ------
    GradeError
        If a file of it cannot be read.
    """
    _find_own_programs()
    app = AutogradeApp()
    app.log_level = logging.CRITICAL
    app.raise_config_file_errors = True
    try:
        app.initialize([])
    except Exception as error:  # of the instructor's own program
        raise GradeError(
            f"the settings cannot be read: {type(error).__name__}: {first_line(error)}"
        ) from error
    return app


def settings_files(app: AutogradeApp) -> list[str]:
    """Return the files with nbgrader's settings, those that set nothing as well, in order."""
    found = {Path(path) for path in app.loaded_config_files if Path(path).stem == SETTINGS}
    for folder in (Path.cwd(), *app.config_file_paths):
        found |= {path for kind in ("py", "json") if (path := Path(folder) / f"{SETTINGS}.{kind}").is_file()}
    return sorted({str(path.absolute()) for path in found})


def no_settings(app: AutogradeApp) -> str:
    """Say where nbgrader's settings were looked for, as there are none."""
    places = dict.fromkeys(str(Path(folder).absolute()) for folder in app.config_file_paths)
    return (
        f"no {SETTINGS}.py in {Path.cwd()}: run this in the course's folder, or name that in a {SETTINGS}.py "
        f"where Jupyter finds it, as c.CourseDirectory.root ({', '.join(places)})"
    )


def _find_own_programs() -> None:
    """Let nbgrader find `alembic`, which it calls by name, outside of an environment as well."""
    own, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if own not in path.split(os.pathsep):
        os.environ["PATH"] = f"{own}{os.pathsep}{path}"


@contextmanager
def open_course(assignment: str, *, known: bool = True) -> Iterator[NbGraderAPI]:
    """Open the course that the settings name; turn what goes wrong into one line and exit code 2.

    Parameters
    ----------
    assignment : str
        Its name.
    known : bool
        Whether the gradebook must have it already.
    """
    try:
        check_name(assignment)
        app = read_config()
        if not settings_files(app):
            raise GradeError(no_settings(app))
        if known:
            check_assignment(app.coursedir, assignment)
        yield NbGraderAPI(coursedir=app.coursedir, config=app.config)
    except (GradeError, StoreError) as error:
        raise Refused(printable_lines(str(error))) from error
    except (SQLAlchemyError, InvalidEntry) as error:
        reason = first_line(getattr(error, "orig", None) or error)
        raise Refused(printable_lines(f"the gradebook cannot be read or written: {reason}")) from error
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
