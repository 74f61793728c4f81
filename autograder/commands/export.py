"""``autograder export ASSIGNMENT``: points as a learning platform imports them."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from autograder.batch.errors import GradeError
from autograder.commands.course import REPORTS, open_course, say
from autograder.plugin.names import alike_ids, say_alike
from autograder.plugin.report_data import grades
from autograder.plugin.staleness import stale_students
from autograder.report import lms_export

_ABOVE = {
    "canvas": "Canvas takes such points as they are",
    "moodle": "Moodle takes no such points, so what is above stands in a column of its own",
}


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
        if stale := stale_students(api.coursedir, assignment):
            named = "; ".join(f"{student} ({why})" for student, why in list(stale.items())[:5])
            more = f"; and {len(stale) - 5} more" if len(stale) > 5 else ""
            raise GradeError(
                f"points of {len(stale)} are no longer right, so nothing is exported: {named}{more}. "
                f"`autograder grade {assignment}` brings them up to date; it runs no cell whose result stands"
            )
        students, maximum, waiting = grades(api.coursedir, assignment)
        path = to or Path(api.coursedir.root) / REPORTS / assignment / f"{platform}.csv"
        if to is None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = lms_export.PLATFORMS[platform](students, column or assignment, maximum)
        path.write_text(text, encoding="utf-8", newline="")
        with_points = sum(student.points is not None for student in students)
        say(console, f"{path}: {with_points} of {len(students)} students with points")
        for group in alike_ids(student.student for student in students)[:20]:
            say(console, say_alike(group), style="yellow")
        above = sum(lms_export.any_above([student], maximum) for student in students)
        if above:
            say(
                console,
                f"{above} with more than the maximum of {maximum:g}: {_ABOVE[platform]}",
                style="yellow",
            )
        if waiting:
            names = ", ".join(waiting[:5]) + (", …" if len(waiting) > 5 else "")
            say(
                console,
                f"{len(waiting)} without, as a person has yet to grade them: {names}",
                style="yellow",
            )
        return path
