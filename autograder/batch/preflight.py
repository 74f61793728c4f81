"""Checks before the first submission is graded: what is wrong is said in one line."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from nbgrader.api import Assignment, Course
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, inspect, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from autograder.batch.errors import GradeError, first_line
from autograder.plugin.execute import SandboxExecute
from autograder.plugin.names import literal_glob, why_no_student
from autograder.sandbox import IsolationError


def check_name(assignment: str) -> None:
    """Refuse a name that nbgrader takes for no assignment's.

    Raises
    ------
    GradeError
        With what is wrong about it.
    """
    why = ""
    if "+" in assignment:
        why = "nbgrader's exchange parts its folders' names at a +, so no assignment may have one"
    elif assignment != assignment.strip() or not assignment:
        why = "nbgrader leaves out spaces at the ends of a name"
    elif os.sep in assignment or assignment in (os.curdir, os.pardir):
        why = "a name is expected, not a path"
    elif why_no_student(assignment):
        why = "it is not in UTF-8, or has a line break"
    if why:
        raise GradeError(f"the assignment's name {assignment!r} cannot be used: {why}; rename its folder")


def check_assignment(coursedir: CourseDirectory, assignment: str) -> None:
    """Refuse an assignment that the gradebook does not have, or that is another course's.

    Raises
    ------
    GradeError
        Also where the gradebook cannot be read. A gradebook that is not there is not made.
    """
    courses = _assignments(coursedir.db_url)
    if assignment not in courses:
        raise GradeError(
            f"no assignment {assignment!r} in the gradebook{_instead(assignment, courses)}; "
            f"a new one is put there by: nbgrader generate_assignment {assignment}"
        )
    expected = coursedir.course_id or "default_course"
    # nbgrader files what is generated without an id under "default_course"
    if courses[assignment] not in (expected, "default_course", ""):
        raise GradeError(
            f"the gradebook is of the course {courses[assignment]!r}, this folder of {expected!r}: set "
            "c.CourseDirectory.course_id or c.CourseDirectory.db_url in nbgrader_config.py"
        )


def check_writable(coursedir: CourseDirectory) -> None:
    """Refuse a gradebook that may only be read, before anything is made that belongs into it.

    Raises
    ------
    GradeError
        With the reason. One that is not there yet, or in use just now, is not refused.
    """
    url = make_url(coursedir.db_url)
    if url.drivername.startswith("sqlite") and url.database and not Path(url.database).exists():
        return
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if inspect(connection).has_table(Course.__tablename__):
                connection.execute(update(Course).values(id=Course.id))
                connection.rollback()
    except SQLAlchemyError as error:
        reason = first_line(getattr(error, "orig", None) or error)
        if "locked" not in reason:
            raise GradeError(
                f"the gradebook {_shown(coursedir.db_url)} cannot be written: {reason}; reports, exports and "
                "feedback need only read it"
            ) from error
    finally:
        engine.dispose()


def _assignments(db_url: str) -> dict[str, str]:
    """Read the assignments of a gradebook, each with its course's id."""
    try:
        url = make_url(db_url)
        if url.drivername.startswith("sqlite") and url.database and not Path(url.database).exists():
            raise GradeError(
                f"no gradebook {url.database}: run this in the course's folder, after "
                "`nbgrader generate_assignment`"
            )
        engine = create_engine(url)
        try:
            lacking = {Assignment.__tablename__} - set(inspect(engine).get_table_names())
            if lacking:
                raise GradeError(
                    f"{_shown(db_url)} is no gradebook of nbgrader: it has no table {min(lacking)!r}"
                )
            with Session(engine) as session:
                return dict(session.execute(select(Assignment.name, Assignment.course_id)).all())
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError, ArgumentError) as error:
        raise GradeError(f"the gradebook {_shown(db_url)} cannot be read: {first_line(error)}") from error


def _shown(db_url: str) -> str:
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:
        return db_url


def check_submissions(coursedir: CourseDirectory, assignment: str, students: tuple[str, ...]) -> list[str]:
    """Return the students whose submissions are to be graded.

    Raises
    ------
    GradeError
        If there is none, or one that is asked for is not there.
    """
    handed_in = submitted(coursedir, assignment)
    if not handed_in:
        place = coursedir.format_path(coursedir.submitted_directory, "<student>", assignment)
        raise GradeError(
            f"no submissions: expected folders {place}; `nbgrader collect {assignment}` makes them"
        )
    for student in students:
        if student not in handed_in:
            raise GradeError(f"no submission of {student!r} for {assignment}{_instead(student, handed_in)}")
    return list(students) or handed_in


def check_isolation(settings: SandboxExecute) -> None:
    """Refuse to grade on this machine where a layer of the sandbox is missing, unless it may be.

    Raises
    ------
    GradeError
        With the layers, and what to do.
    """
    try:
        settings.require_isolation()
    except (IsolationError, OSError) as error:
        raise GradeError(str(error)) from error


def submitted(coursedir: CourseDirectory, assignment: str) -> list[str]:
    """Return the students who have a folder for an assignment, in alphabetical order."""
    pattern = coursedir.format_path(coursedir.submitted_directory, "*", assignment)
    position = len(Path(coursedir.root).parts) + Path(pattern).relative_to(coursedir.root).parts.index("*")
    paths = map(Path, literal_glob(pattern))
    return sorted(path.parts[position] for path in paths if path.is_dir() and not path.is_symlink())


def _instead(name: str, known) -> str:
    if not known:
        return ""
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f" (did you mean {close[0]!r}?)"
    shown = ", ".join(sorted(known)[:8])
    return f" (it has {shown}{', …' if len(known) > 8 else ''})"
