"""The gradebook: connections kept open, and the rows and totals of students."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import nbgrader
from nbgrader import api
from nbgrader.api import (
    Assignment,
    Authenticator,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters.base import NbGraderException
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import scoped_session, sessionmaker


class KeptOpen:
    """The connections that gradebooks share: see `kept_open`.

    Parameters
    ----------
    open_first : callable
        nbgrader's own `Gradebook.__init__`, for the first gradebook of an address.
    """

    def __init__(self, open_first: Callable[..., None]) -> None:
        self._engines: dict[str, Engine] = {}
        self._sessions: dict[str, sessionmaker] = {}  # each is a class, which takes a while to make
        self._courses: set[tuple[str, str]] = set()  # whose row is there
        self._open_first = open_first

    def reopen(self, gradebook: Gradebook, db_url: str, course_id: str, authenticator: Authenticator) -> None:
        """Open a gradebook by the connections that there are."""
        if db_url not in self._engines:
            self._open_first(gradebook, db_url, course_id, authenticator)
            self._engines[db_url] = gradebook.engine
            self._sessions[db_url] = sessionmaker(bind=gradebook.engine, autoflush=True, future=True)
        else:
            gradebook.engine = self._engines[db_url]
            gradebook.db = scoped_session(self._sessions[db_url])
            gradebook.course_id, gradebook.authenticator = course_id, authenticator
            if (db_url, course_id) not in self._courses:
                gradebook.check_course(course_id=course_id)
        if type(gradebook) is Gradebook:  # one that is only read makes no row
            self._courses.add((db_url, course_id))

    @contextmanager
    def one_transaction(self, db_url: str, course_id: str) -> Iterator[None]:
        """Commit at the end of the block what gradebooks commit in it; nothing, where it raises.

        nbgrader commits some ten times for each submission, and a disk takes a few milliseconds
        for each.
        """
        if (db_url, course_id) not in self._courses:
            Gradebook(db_url, course_id).close()
        outside, courses = self._sessions[db_url], set(self._courses)
        try:
            with self._engines[db_url].begin() as connection:
                self._sessions[db_url] = sessionmaker(
                    bind=connection, join_transaction_mode="rollback_only", autoflush=True, future=True
                )
                yield
        except BaseException:
            self._courses = courses  # rows made in the block are gone
            raise
        finally:
            self._sessions[db_url] = outside

    def close(self) -> None:
        """Close the connections."""
        for engine in self._engines.values():
            engine.dispose()


@contextmanager
def kept_open() -> Iterator[KeptOpen]:
    """Let all gradebooks of one address share their connections, as long as the block lasts.

    nbgrader opens the gradebook nine times for each submission. Each time it makes new connections,
    looks whether every table is there, and compiles its queries anew, which takes most of its time.
    Every `Gradebook` still has a session of its own.
    """
    open_, close = Gradebook.__init__, Gradebook.close
    kept = KeptOpen(open_)

    def reopen(
        self: Gradebook, db_url: str, course_id: str = "default_course", authenticator: Authenticator = None
    ) -> None:
        kept.reopen(self, db_url, course_id, authenticator)

    Gradebook.__init__, Gradebook.close = reopen, lambda self: self.db.remove()
    try:
        yield kept
    finally:
        Gradebook.__init__, Gradebook.close = open_, close
        kept.close()


@contextmanager
def version_in_process() -> Iterator[None]:
    """Let nbgrader look up the version of a new gradebook here, as long as the block lasts.

    nbgrader starts the command `alembic` for it, which takes seconds to import.
    """

    def newest() -> str:
        from alembic.script import ScriptDirectory  # noqa: PLC0415 - only for a new gradebook

        return str(ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head())

    before, api.get_alembic_version = api.get_alembic_version, newest
    try:
        yield
    finally:
        api.get_alembic_version = before


@contextmanager
def quiet() -> Iterator[None]:
    """Leave out SQLAlchemy's warnings of nbgrader's own code, when it makes a row."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning, r"nbgrader\.api")
        yield


def make_row(
    gradebook: Gradebook,
    assignment: str,
    student: str,
    timestamp: datetime | None,
    unclear: str = "",
    *,
    new_student: bool,
) -> SubmittedAssignment:
    """Make a student's row for an assignment, or bring it up to date; return it.

    Parameters
    ----------
    gradebook : Gradebook
        Open gradebook.
    assignment, student : str
        Their names.
    timestamp : datetime or None
        When the student handed in, if that is known.
    unclear : str
        Why it cannot be told from what was handed in: a time that the row has is then another's.
    new_student : bool
        Whether a student who is not in the gradebook is put there.

    Raises
    ------
    NbGraderException
        If the student is not in the gradebook and is not to be put there.
    """
    if new_student:
        gradebook.update_or_create_student(student)
    else:
        try:
            gradebook.find_student(student)
        except MissingEntry:
            raise NbGraderException(f"No student {student!r} in the gradebook") from None
    details = {"timestamp": timestamp} if timestamp or unclear else {}
    return gradebook.update_or_create_submission(assignment, student, **details)


class ReadGradebook(Gradebook):
    """A gradebook that is only read: nbgrader's own writes the course's row where there is none."""

    def check_course(self, course_id: str = "", **kwargs: dict) -> None:
        """Do nothing."""


class Total(NamedTuple):
    """A student's points for an assignment: the score is after the penalty."""

    score: float
    max_score: float
    by_hand: bool
    penalty: float


def times_of_handing_in(gradebook: Gradebook, assignment: str) -> dict[str, datetime | None]:
    """Return when each student who has a row handed in, by id; None where no time is known."""
    query = (
        select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == assignment)
    )  # fmt: skip
    return dict(gradebook.db.execute(query).all())


def totals(gradebook: Gradebook, assignment: str) -> dict[str, Total]:
    """Return the totals of all students, by id."""
    query = (
        select(SubmittedAssignment.student_id, func.sum(SubmittedNotebook.late_submission_penalty))
        .join(SubmittedNotebook).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == assignment).group_by(SubmittedAssignment.student_id)
    )  # fmt: skip
    penalties = {student: penalty or 0.0 for student, penalty in gradebook.db.execute(query)}
    by_student = {}
    for row in gradebook.submission_dicts(assignment):
        penalty = penalties.get(row["student"], 0.0)
        score = max(0.0, row["score"] - penalty)
        by_student[row["student"]] = Total(score, row["max_score"], bool(row["needs_manual_grade"]), penalty)
    return by_student
