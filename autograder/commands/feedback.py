"""``autograder feedback ASSIGNMENT``: nbgrader's feedback pages, for everybody who is graded."""

from __future__ import annotations

from rich.console import Console

from autograder.batch.errors import GradeError, failure_reason
from autograder.commands.course import folder_of, open_course, progress_bar, say


def feedback(
    assignment: str,
    students: tuple[str, ...] = (),
    *,
    exchange: bool = False,
    console: Console | None = None,
) -> int:
    """Generate the students' feedback pages of one assignment; return the exit code.

    Parameters
    ----------
    assignment : str
        Its name.
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
    with open_course(assignment) as api:
        graded = sorted(api.get_autograded_students(assignment))
        for student in students:
            if student not in graded:
                raise GradeError(
                    f"no graded submission of {student!r} for {assignment}; "
                    f"`autograder grade {assignment}` makes it"
                )
        if not graded:
            raise GradeError(
                f"no graded submissions of {assignment}; `autograder grade {assignment}` makes them"
            )
        chosen = students or graded
        failures = {}
        with progress_bar(console) as bar:
            for student in bar.track(chosen, description="feedback"):
                result = api.generate_feedback(assignment, student)
                if result["success"] and exchange:
                    result = api.release_feedback(assignment, student)
                if not result["success"]:
                    failures[student] = failure_reason(result)
        for student, reason in failures.items():
            say(console, f"{student}: no feedback: {reason}", style="red")
        where = folder_of(api.coursedir, api.coursedir.feedback_directory, "<student>", assignment)
        say(console, f"{len(chosen) - len(failures)} of {len(chosen)} in {where}")
        return 1 if failures else 0
