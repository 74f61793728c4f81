"""``autograder export ASSIGNMENT``: points as a learning platform imports them."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from autograder.commands.course import REPORTS, open_course, say
from autograder.plugin.report_data import grades
from autograder.report import lms_export


def export(
    assignment: str,
    platform: str,
    to: Path | None = None,
    *,
    column: str = "",
    console: Console | None = None,
) -> Path:
    """Write an assignment's points as a learning platform imports them; return the file.

    Parameters
    ----------
    assignment : str
        Its name.
    platform : str
        One of `autograder.report.lms_export.PLATFORMS`.
    to : Path, optional
        The file; by default ``reports/<assignment>/<platform>.csv`` in the course.
    column : str
        The assignment's name on the platform; by default its own.
    console : rich.console.Console, optional
        Where to say what is done.
    """
    console = console or Console()
    with open_course(assignment) as api:
        students, maximum, waiting = grades(api.coursedir, assignment)
        path = to or Path(api.coursedir.root) / REPORTS / assignment / f"{platform}.csv"
        if to is None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = lms_export.PLATFORMS[platform](students, column or assignment, maximum)
        path.write_text(text, encoding="utf-8", newline="")
        with_points = sum(student.points is not None for student in students)
        say(console, f"{path}: {with_points} of {len(students)} students with points")
        if waiting:
            names = ", ".join(waiting[:5]) + (", …" if len(waiting) > 5 else "")
            say(
                console,
                f"{len(waiting)} without, as a person has yet to grade them: {names}",
                style="yellow",
            )
        return path
