"""``autograder report ASSIGNMENT``: a page about the class, and its numbers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rich.console import Console

from autograder.batch.errors import GradeError
from autograder.commands.course import REPORTS, open_course, progress_bar, say
from autograder.plugin.report_data import gather
from autograder.report import files, similarity


def report(assignment: str, *, console: Console | None = None) -> Path:
    """Write the report on an assignment; return the page.

    Parameters
    ----------
    assignment : str
        Its name.
    console : rich.console.Console, optional
        Where to say what is done.
    """
    console = console or Console()
    with open_course(assignment) as api:
        with progress_bar(console) as bar:
            task = bar.add_task("reading submissions", total=None)
            data = gather(
                api.coursedir, assignment, lambda done, total: bar.update(task, completed=done, total=total)
            )
        if not data.submissions:
            raise GradeError(
                f"no graded submissions of {assignment}; `autograder grade {assignment}` makes them"
            )
        with console.status("comparing submissions"):
            groups = similarity.groups(data)
        folder = Path(api.coursedir.root) / REPORTS / assignment
        paths = files.write(folder, data, groups, datetime.now())
        if data.newer:
            say(
                console,
                "most submissions do not have these cells as they are now, so they were changed since "
                f"and are named for nobody: {', '.join(data.newer)}",
            )
        for path in paths:
            say(console, str(path))
        return paths[0]
