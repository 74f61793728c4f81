"""The steps of a course beside grading, as commands: nbgrader's own, one line for what goes wrong."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from nbgrader.apps import AutogradeApp
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.batch.errors import GradeError
from autograder.batch.lock import only_one
from autograder.batch.preflight import check_lab
from autograder.plugin.report_data import gather, grades
from autograder.report import files, lms_export, similarity
from autograder.store import Store, StoreError

REPORTS = "reports"


@contextmanager
def course(lab: str, *, known: bool = True) -> Iterator[NbGraderAPI]:
    """Open the course in the working directory; turn what goes wrong into one line and exit code 2.

    Parameters
    ----------
    lab : str
        An assignment.
    known : bool
        Whether the gradebook must have it already.
    """
    try:
        if not Path("nbgrader_config.py").is_file():
            raise GradeError(f"no nbgrader_config.py in {Path.cwd()}: run this in the course's folder")
        app = AutogradeApp()
        app.log_level = logging.CRITICAL
        app.initialize([])
        if known:
            check_lab(app.coursedir, lab)
        yield NbGraderAPI(coursedir=app.coursedir, config=app.config)
    except (GradeError, StoreError) as error:
        raise _Refused(str(error)) from error
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        raise _Refused(f"{name}{error.strerror or error}") from error


class _Refused(click.ClickException):
    exit_code = 2


def release(lab: str, *, exchange: bool = False, console: Console | None = None) -> None:
    """Generate a lab's release from its source, hidden tests and solutions left out.

    Parameters
    ----------
    lab : str
        An assignment in the source directory.
    exchange : bool
        Whether to put it into nbgrader's exchange as well.
    console : rich.console.Console, optional
        Where to say what is done.
    """
    console = console or Console()
    with course(lab, known=False) as api:
        source = _path(api.coursedir, api.coursedir.source_directory, ".", lab)
        if not source.is_dir():
            raise GradeError(f"no lab {lab!r}: expected its source in {source}")
        with _locked(api.coursedir, lab), console.status(f"releasing {lab}"):
            _done(api.generate_assignment(lab), f"{lab} was not released")
            if exchange:
                _done(api.release_assignment(lab), f"{lab} was not put into the exchange")
        folder = _path(api.coursedir, api.coursedir.release_directory, ".", lab)
        _say(console, f"{lab}: {folder}" + (", and in the exchange" if exchange else ""))


def feedback(
    lab: str, students: tuple[str, ...] = (), *, exchange: bool = False, console: Console | None = None
) -> int:
    """Generate the students' feedback pages of one lab; return the exit code.

    Parameters
    ----------
    lab : str
    students : tuple of str
        Whose; by default everybody's who is graded.
    exchange : bool
        Whether to put the pages into nbgrader's exchange as well.
    console : rich.console.Console, optional
        Where to say what is done.

    Returns
    -------
    int
        0, or 1 if some page could not be made.
    """
    console = console or Console()
    with course(lab) as api:
        graded = sorted(api.get_autograded_students(lab))
        for student in students:
            if student not in graded:
                raise GradeError(
                    f"no graded submission of {student!r} for {lab}; `autograder grade {lab}` makes it"
                )
        if not graded:
            raise GradeError(f"no graded submissions of {lab}; `autograder grade {lab}` makes them")
        failed = {}
        with _bar(console) as bar:
            for student in bar.track(students or graded, description="feedback"):
                result = api.generate_feedback(lab, student)
                if result["success"] and exchange:
                    result = api.release_feedback(lab, student)
                if not result["success"]:
                    failed[student] = _why(result)
        for student, why in failed.items():
            _say(console, f"{student}: no feedback: {why}", style="red")
        where = _path(api.coursedir, api.coursedir.feedback_directory, "<student>", lab)
        _say(console, f"{len(students or graded) - len(failed)} of {len(students or graded)} in {where}")
        return 1 if failed else 0


def report(lab: str, *, console: Console | None = None) -> Path:
    """Write the report on a lab; return the page.

    Parameters
    ----------
    lab : str
    console : rich.console.Console, optional
        Where to say what is done.
    """
    console = console or Console()
    with course(lab) as api:
        with _bar(console) as bar:
            task = bar.add_task("reading submissions", total=None)
            found = gather(
                api.coursedir, lab, lambda done, total: bar.update(task, completed=done, total=total)
            )
        if not found.submissions:
            raise GradeError(f"no graded submissions of {lab}; `autograder grade {lab}` makes them")
        with console.status("comparing submissions"):
            pairs = similarity.pairs(found)
        folder = Path(api.coursedir.root) / REPORTS / lab
        written = files.write(folder, found, pairs, datetime.now())
        for path in written:
            _say(console, str(path))
        return written[0]


def export(
    lab: str, platform: str, to: Path | None = None, *, column: str = "", console: Console | None = None
) -> Path:
    """Write a lab's points as a learning platform imports them; return the file.

    Parameters
    ----------
    lab : str
    platform : str
        One of `autograder.report.lms_export.PLATFORMS`.
    to : Path, optional
        The file; by default ``reports/<lab>/<platform>.csv`` in the course.
    column : str
        What the assignment is called on the platform; the lab's name by default.
    console : rich.console.Console, optional
        Where to say what is done.
    """
    console = console or Console()
    with course(lab) as api:
        found, maximum, waiting = grades(api.coursedir, lab)
        path = to or Path(api.coursedir.root) / REPORTS / lab / f"{platform}.csv"
        if to is None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = lms_export.PLATFORMS[platform](found, column or lab, maximum)
        path.write_text(text, encoding="utf-8", newline="")
        _say(
            console,
            f"{path}: {sum(one.points is not None for one in found)} of {len(found)} students with points",
        )
        if waiting:
            shown = ", ".join(waiting[:5]) + (", …" if len(waiting) > 5 else "")
            _say(
                console, f"{len(waiting)} without, as a person has yet to grade them: {shown}", style="yellow"
            )
        return path


def _path(coursedir: CourseDirectory, step: str, student: str, lab: str) -> Path:
    return Path(os.path.normpath(coursedir.format_path(step, student, lab)))


@contextmanager
def _locked(coursedir: CourseDirectory, lab: str) -> Iterator[None]:
    folder = Store(Path(coursedir.root), lab).folder
    folder.mkdir(exist_ok=True)
    with only_one(folder.parent):
        yield


def _done(result: dict, otherwise: str) -> None:
    if not result["success"]:
        raise GradeError(f"{otherwise}: {_why(result)}")


def _why(result: dict) -> str:
    """Say in one line why a step of nbgrader's failed: its own words, else the last line of the traceback."""
    last = (result.get("error") or "no reason given").strip().splitlines()[-1]
    if last == "KeyboardInterrupt":  # which nbgrader catches as it does any failure
        raise KeyboardInterrupt
    said = [line for line in result.get("log", "").splitlines() if line.startswith(("[ERROR]", "[CRITICAL]"))]
    return said[0].partition("] ")[2] if said else last


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True,
    )  # fmt: skip


def _say(console: Console, text: str, style: str | None = None) -> None:
    console.print(text, style=style, highlight=False, markup=False, soft_wrap=True)
