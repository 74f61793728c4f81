"""Grading of a class: a pool makes the results, one writer fills the gradebook."""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from nbgrader.api import Gradebook
from nbgrader.converters import NbGraderException
from sqlalchemy.exc import SQLAlchemyError

from autograder.batch.errors import GradeError, first_line
from autograder.batch.pending import PendingResults
from autograder.batch.pools import Pool
from autograder.batch.summary import GradingOutcome, State
from autograder.plugin.autograde import SandboxAutograde
from autograder.plugin.context import AssignmentContext, SubmissionContext
from autograder.plugin.course_config import config_of
from autograder.plugin.gradebook import times_of_handing_in, totals
from autograder.plugin.staleness import changed_penalties
from autograder.printable import printable
from autograder.result import Result
from autograder.store import Record, StoreError

LOOK_SECONDS = 0.2  # how often an order to stop is looked for


@dataclass
class _Submission:
    """One student's folder, and the results that it still needs."""

    folder: str
    student: str
    notebooks: list[str]  # that lie in it
    keys: dict[str, str] = field(default_factory=dict)  # of notebooks
    missing: set[str] = field(default_factory=set)  # keys of results that are being made
    executed: bool = False
    error: str = ""


class ClassGrading:
    """The grading of all submissions at once; nbgrader's own steps write each when it is done.

    Parameters
    ----------
    converter
        nbgrader's, with a store.
    pool
        Where submissions are graded.
    students
        Whose submissions; everybody's, if None.
    again
        Whether to run what has a kept result, too.
    on_begin
        Called with the number of submissions.
    on_outcome
        Called with the outcome of each, when it is in the gradebook.

    Attributes
    ----------
    stopping
        Set from outside to end the run between two submissions. A `KeyboardInterrupt`, which ends
        it at once, sets it as well.
    total, outcomes
        How many submissions there are, and the outcomes of those that are done.
    known
        The ids of all students in the gradebook, at the end.
    """

    def __init__(
        self,
        converter: SandboxAutograde,
        pool: Pool,
        *,
        students: frozenset[str] | None = None,
        again: bool = False,
        on_begin: Callable[[int], None] = lambda _: None,
        on_outcome: Callable[[GradingOutcome], None] = lambda _: None,
    ) -> None:
        self.converter, self.pool = converter, pool
        self.converter.force = True  # what has to be written is decided here
        self.stopping = False
        self.total = 0
        self.outcomes: list[GradingOutcome] = []
        self.known: tuple[str, ...] = ()
        self._students, self._again = students, again
        self._late: set[str] = set()  # whose penalty is no longer what it would be now
        self._on_begin, self._on_outcome = on_begin, on_outcome

    @cached_property
    def assignment(self) -> AssignmentContext:
        """The instructor's side."""
        return self.converter.context(self.converter.coursedir.assignment_id)

    @cached_property
    def pending(self) -> PendingResults:
        """The results that the pool is making."""
        return PendingResults(self.assignment, self.pool, self.converter.log)

    def run(self) -> None:
        """Grade the submissions.

        Raises
        ------
        GradeError
            If nothing further can be graded or written; what was done before is kept.
        NbGraderException
            If there are no submissions, or the gradebook has not the assignment.
        """
        with self.converter.opened():
            self._run()

    def _run(self) -> None:
        waiting, refused = deque(self._submissions()), list(self._refused())
        self.total = len(waiting) + len(refused)
        self._on_begin(self.total)
        for outcome in refused:
            self.outcomes.append(outcome)
            self._on_outcome(outcome)
        with self._gradebook() as gradebook:
            rows = times_of_handing_in(gradebook, self.assignment.name)
            config = config_of(self.converter.coursedir)
            self._late = set(changed_penalties(gradebook, self.assignment.name, config))
        try:
            self._grade(waiting, rows)
        except KeyboardInterrupt:
            self.stopping = True
            self._end()
            raise
        self._end()

    def _end(self) -> None:
        if self.stopping:
            self.pool.stop()
        self._add_scores()

    def _grade(self, waiting: deque[_Submission], rows: dict[str, datetime | None]) -> None:
        """Grade the submissions until there are no more, or `stopping` is set."""
        begun: list[_Submission] = []
        while (waiting or begun) and not self.stopping:
            while waiting and self.pending.has_room:
                begun.append(self._begin(waiting.popleft()))
                if not begun[-1].missing:
                    break
            ready = [submission for submission in begun if not submission.missing]
            self._collect(begun, 0 if ready else LOOK_SECONDS)
            ready = [submission for submission in begun if not submission.missing]
            for submission in ready[:1]:  # one, then a look at the pool
                begun.remove(submission)
                self._finish(submission, rows)

    def _gradebook(self) -> Gradebook:
        coursedir = self.converter.coursedir
        return Gradebook(coursedir.db_url, coursedir.course_id)

    def _submissions(self) -> list[_Submission]:
        """Return the submissions of the students who are asked for."""
        coursedir = self.converter.coursedir
        submissions = [
            _Submission(folder, self._student_of(folder), notebooks)
            for folder, notebooks in sorted(self.converter.assignments.items())
        ]
        everybody = {submission.student for submission in submissions}
        chosen = everybody if self._students is None else self._students
        chosen = chosen - set(coursedir.student_id_exclude.split(","))
        return [submission for submission in submissions if submission.student in chosen]

    def _student_of(self, folder: str) -> str:
        coursedir = self.converter.coursedir
        path = coursedir.format_path(
            coursedir.submitted_directory, "(?P<student_id>.*)", "(?P<assignment_id>.*)", escape=True
        )
        return re.match(path, folder, re.DOTALL)["student_id"]

    def _refused(self) -> Iterator[GradingOutcome]:
        """Yield the outcomes of folders whose names are no student's."""
        for folder, reason in sorted(self.converter.refused.items()):
            student = self._student_of(folder)
            if self._students is None or student in self._students:
                yield GradingOutcome(printable(student), State.FAILED, error=reason)

    def _begin(self, submission: _Submission) -> _Submission:
        """Look up the kept results of a submission; let the pool make the others."""
        with SubmissionContext(self.assignment, submission.student) as context:
            for name in self.assignment.notebook_names:
                notebook = context.notebook(name)
                submission.keys[name] = notebook.key
                if notebook.undecided:
                    notebook.grade()  # runs nothing
                    continue
                if notebook.key not in self.pending:
                    kept = None if self._again else self.assignment.store.result(notebook.key)
                    if kept is not None and not kept.failed:
                        continue
                    self.pending.request(notebook)
                submission.executed = True
                submission.missing.add(notebook.key)
        return submission

    def _collect(self, begun: list[_Submission], seconds: float) -> None:
        """Give the results that have come to all submissions that wait for them."""
        for key, error in self.pending.collect(seconds, stopping=self.stopping).items():
            for submission in begun:
                if key in submission.missing:
                    submission.missing.discard(key)
                    submission.error = submission.error or error

    def _finish(self, submission: _Submission, rows: dict[str, datetime | None]) -> None:
        """Write a submission whose results are all there; report its outcome."""
        outcome = GradingOutcome(submission.student, State.FAILED, submission.executed, submission.error)
        if not submission.error:
            outcome.results = self._results(submission)
            before = self.assignment.store.record(submission.student) if submission.student in rows else None
            if before is not None and self._is_written(submission, before, rows[submission.student]):
                outcome.state = State.UNCHANGED
            else:
                complete = not any(result.failed for result in outcome.results.values())
                outcome.error = self._write(submission, before, at_once=complete)
                if not complete:  # writing has tried again
                    outcome.results = self._results(submission)
                    failed = [result.reason for result in outcome.results.values() if result.failed]
                    outcome.error = outcome.error or next(iter(failed), "")
                outcome.state = State.FAILED if outcome.error else State.GRADED
        outcome.time_unclear = self.assignment.time_unclear(submission.student)
        self.outcomes.append(outcome)
        self._on_outcome(outcome)

    def _results(self, submission: _Submission) -> dict[str, Result]:
        store = self.assignment.store
        return {name: store.result(key) for name, key in submission.keys.items()}

    def _is_written(self, submission: _Submission, before: Record, time: datetime | None) -> bool:
        """Tell whether the last grading came to its end and would write the same.

        Its row has the time of handing in as soon as grading begins.
        """
        if submission.student in self._late:
            return False
        now, _ = self.assignment.handed_in(submission.student)
        if now is not None and now != time:
            return False
        folder = self.converter.finished_folder(self.assignment.name, submission.student)
        if submission.executed or not all((folder / f"{name}.ipynb").is_file() for name in submission.keys):
            return False
        record = self.assignment.record(submission.student, submission.keys)
        return record.same_as(before)

    def _is_settled(self, submission: _Submission, before: Record | None) -> bool:
        """Tell whether a person need not look again: the results are those of the last time."""
        if before is None or submission.executed or before.notebooks != submission.keys:
            return False
        return before.time_unclear == self.assignment.time_unclear(submission.student)

    def _write(self, submission: _Submission, before: Record | None, *, at_once: bool) -> str:
        """Let nbgrader's steps write one submission; return "" or why they could not."""
        caught = _Caught()
        self.converter.log.addHandler(caught)
        try:
            settled = self._is_settled(submission, before)
            self.converter.write(submission.folder, submission.notebooks, settled=settled, at_once=at_once)
        except NbGraderException as error:
            failure = caught.error or error
            if isinstance(failure, OSError) and failure.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise GradeError(
                    f"no room to write {submission.student}'s pages ({os.strerror(failure.errno)}); make "
                    "some, and the same command goes on from there"
                ) from error
            if isinstance(failure, SQLAlchemyError):
                raise GradeError(
                    f"the gradebook cannot be written ({first_line(failure)}); what was graded is kept, and "
                    "the same command goes on from there"
                ) from error
            if isinstance(failure, StoreError):
                raise GradeError(str(failure)) from error
            return f"{type(failure).__name__}: {first_line(failure)}"
        finally:
            self.converter.log.removeHandler(caught)
        return ""

    def _add_scores(self) -> None:
        """Read the gradebook's totals, penalties included."""
        with self._gradebook() as gradebook:
            rows = totals(gradebook, self.assignment.name)
            self.known = tuple(student.id for student in gradebook.students)
        for outcome in self.outcomes:
            if (row := rows.get(outcome.student)) is not None:
                outcome.score, outcome.max_score, outcome.by_hand, outcome.penalty = row


class _Caught(logging.Handler):
    """Handler that remembers a failure: nbgrader logs it as text, and raises something else."""

    error: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.error = self.error or sys.exc_info()[1]
