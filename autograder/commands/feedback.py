"""``autograder feedback ASSIGNMENT``: nbgrader's feedback pages, for everybody who is graded."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeReleaseFeedback
from rich.console import Console

from autograder.batch.errors import GradeError, failure_reason
from autograder.batch.preflight import submitted
from autograder.commands.course import folder_of, open_course, progress_bar, say
from autograder.plugin.graded import graded_students, why_not_in_the_exchange
from autograder.plugin.handed_in_names import names_handed_in, pages_under
from autograder.plugin.names import exactly, why_no_student


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
        graded = graded_students(api.coursedir, assignment, api.log)
        left_out = _left_out(api.coursedir, assignment, graded)
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
        chosen = students or tuple(graded)
        failures = {}
        if not students:
            failures = {student: why_no_student(student) or "not graded yet" for student in left_out}
        without_exchange = {}
        names = names_handed_in(api.coursedir, assignment, chosen) if exchange else {}
        with progress_bar(console) as bar:
            for student in bar.track(chosen, description="feedback"):
                result = api.generate_feedback(assignment, exactly(student))
                if not result["success"]:
                    failures[student] = failure_reason(result)
                elif exchange and (
                    reason := _put_into_exchange(api, assignment, student, names.get(student, {}))
                ):
                    without_exchange[student] = reason
        for student, reason in failures.items():
            say(console, f"{student}: no feedback: {reason}", style="red")
        for student, reason in without_exchange.items():
            say(console, f"{student}: {reason}", style="red")
        for student in chosen:
            if graded[student] and student not in failures:
                say(console, f"{student}: {graded[student]}; the page is of what was graded", style="yellow")
        made, of = len(set(chosen) - set(failures)), len({*chosen, *failures})
        where = folder_of(api.coursedir, api.coursedir.feedback_directory, "<student>", assignment)
        say(console, f"{made} of {of} in {where}")
        if exchange:
            say(console, f"{made - len(without_exchange)} of {of} in the exchange")
        return 1 if failures or without_exchange else 0


def _left_out(coursedir: CourseDirectory, assignment: str, graded: Collection[str]) -> list[str]:
    """Return who handed in and is not graded."""
    excluded = coursedir.student_id_exclude.split(",")
    return [
        student
        for student in submitted(coursedir, assignment)
        if student not in graded and student not in excluded
    ]


def _put_into_exchange(api: NbGraderAPI, assignment: str, student: str, names: Mapping[str, str]) -> str:
    """Put a student's pages into the exchange; return "" or why they are not found there.

    ``names`` has the names under which notebooks were handed in, where they are not their own.
    """
    folder = folder_of(api.coursedir, api.coursedir.feedback_directory, student, assignment)
    own = issubclass(api.exchange.release_feedback, ExchangeReleaseFeedback)
    if own and (reason := why_not_in_the_exchange(folder)):
        return reason
    with pages_under(folder, names):
        result = api.release_feedback(assignment, exactly(student))
    if not result["success"]:
        return f"not in the exchange: {failure_reason(result)}"
    if own and (lost := [name for name, other in names.items() if not other]):
        return (
            f"the student's client does not find the page of {', '.join(lost)}, as the notebook lies in a "
            "folder or an archive; hand the page over otherwise"
        )
    return ""
