"""A class on its way: submissions to who grades them, results to the store, one writer to the gradebook."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import shutil
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import NbGraderException
from sqlalchemy.exc import SQLAlchemyError

from autograder.batch import job
from autograder.batch.errors import GradeError, first_line
from autograder.batch.pools import Cluster, LocalPool
from autograder.batch.summary import FAILED, GRADED, UNCHANGED, Outcome
from autograder.execution.engine import ForkServerError, StoppedError
from autograder.execution.spec import GradingSpec, submission_digest
from autograder.plugin.autograde import SandboxAutograde
from autograder.plugin.gradebook import totals
from autograder.result import Result
from autograder.store import Store, StoreError

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


class ClassAutograde(SandboxAutograde):
    """Grade all submissions of a lab at once; let nbgrader's own steps write each as it is done.

    Parameters
    ----------
    pool
        Who grades.
    students
        Who is graded; all, if None.
    again
        Whether to run what has a kept result, too.
    on_begin
        Called with the number of submissions.
    on_outcome
        Called with what came of each, when it is in the gradebook.
    """

    def __init__(
        self,
        pool: LocalPool | Cluster,
        *,
        students: frozenset[str] | None = None,
        again: bool = False,
        on_begin: Callable[[int], None] = lambda _: None,
        on_outcome: Callable[[Outcome], None] = lambda _: None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.force = True  # what has to be written is decided here, not by whether a page is there
        self._pool, self._students, self._again = pool, students, again
        self._on_begin, self._on_outcome = on_begin, on_outcome
        self.stopping = False
        self.total = 0
        self.outcomes: list[Outcome] = []

    def _open_store(self) -> Store:
        return Store(Path(self.coursedir.root), self.coursedir.assignment_id)

    def convert_notebooks(self) -> None:
        """Grade the submissions that were found.

        Raises
        ------
        GradeError
            If nothing further can be graded or written; what was done before is kept.
        """
        waiting = deque(self._submissions())
        self.total = len(waiting)
        self._on_begin(self.total)
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            self._names = self._notebook_names(gradebook, self.coursedir.assignment_id)
            rows = set(totals(gradebook, self.coursedir.assignment_id))
        self._shared: dict[str, Any] = {}
        self._futures: dict[str, Future[str]] = {}
        begun: list[_Submission] = []
        while (waiting or begun) and not self.stopping:
            while waiting and len(self._futures) < self._pool.room:
                begun.append(self._begin(waiting.popleft()))
                if not begun[-1].missing:
                    break
            self._collect(begun, LOOK_SECONDS if all(each.missing for each in begun) else 0)
            for ready in [each for each in begun if not each.missing][:1]:  # one, then a look at the pool
                begun.remove(ready)
                self._finish(ready, rows)
        if self.stopping:
            self._pool.stop()
        self._add_scores()

    def _submissions(self) -> list[_Submission]:
        pattern = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        excluded = set(self.coursedir.student_id_exclude.split(","))
        found = [
            _Submission(folder, re.match(pattern, folder)["student_id"], notebooks)
            for folder, notebooks in sorted(self.assignments.items())
        ]
        chosen = {each.student for each in found} if self._students is None else self._students
        return [each for each in found if each.student in chosen - excluded]

    def _begin(self, submission: _Submission) -> _Submission:
        """Look up what is kept of a submission; let the pool make the rest."""
        assignment = self.coursedir.assignment_id
        handed_in, files = self._open_submission(assignment, submission.student, self._names)
        try:
            for name in self._names:
                notebook, _ = handed_in.notebook(name)
                _, spec = self._source(assignment, name)
                variant = self._settings.variant_key(submission.student)
                key = self._store.key(
                    [
                        spec.digest,
                        submission_digest(notebook, files),
                        hashlib.sha256(variant or b"").hexdigest(),
                    ]
                )
                submission.keys[name] = key
                if key not in self._futures:
                    if not self._again and self._store.result(key) is not None:
                        continue
                    if spec.digest not in self._shared:
                        self._shared[spec.digest] = self._pool.share(job.packed_spec(self._together(spec)))
                    packed = job.packed_submission(notebook, files, variant)
                    self._futures[key] = self._pool.submit(self._shared[spec.digest], packed)
                submission.executed = True
                submission.missing.add(key)
        finally:
            shutil.rmtree(files, ignore_errors=True)
        return submission

    def _together(self, spec: GradingSpec) -> GradingSpec:
        """Return a spec that shares its warm process with those of the lab's other notebooks."""
        specs = [self._source(self.coursedir.assignment_id, name)[1] for name in self._names]
        return replace(spec, beside=tuple(sorted({name for each in specs for name in each.preload})))

    def _collect(self, begun: list[_Submission], seconds: float) -> None:
        """Keep the results that have come, for all submissions that wait for them."""
        if not self._futures:
            return
        done, _ = wait(self._futures.values(), seconds, FIRST_COMPLETED)
        for key in [key for key, future in self._futures.items() if future in done]:
            error = self._kept(key, self._futures.pop(key))
            for submission in begun:
                if key in submission.missing:
                    submission.missing.discard(key)
                    submission.error = submission.error or error

    def _kept(self, key: str, future: Future[str]) -> str:
        """Keep a result; return "" or why there is none."""
        try:
            self._store.keep(key, Result.from_json(future.result()))
        except (StoreError, ForkServerError, job.VersionError, ImportError) as error:
            raise GradeError(str(error)) from error
        except (StoppedError, CancelledError) as error:
            if self.stopping:
                return "stopped"
            raise GradeError(
                "those who grade are gone; what was graded is kept, and the same command goes on from there"
            ) from error
        except Exception as error:  # of one submission: the others are graded all the same
            self.log.error("A submission could not be graded", exc_info=error)
            return f"{type(error).__name__}: {first_line(error)}"
        return ""

    def _finish(self, submission: _Submission, rows: set[str]) -> None:
        """Write a submission whose results are all there; tell what came of it."""
        outcome = Outcome(submission.student, FAILED, submission.executed, submission.error)
        if not submission.error:
            outcome.results = {name: self._store.result(key) for name, key in submission.keys.items()}
            if submission.student in rows and self._is_written(submission):
                outcome.state = UNCHANGED
            else:
                outcome.error = self._write(submission)
                outcome.state = FAILED if outcome.error else GRADED
        self.outcomes.append(outcome)
        self._on_outcome(outcome)

    def _is_written(self, submission: _Submission) -> bool:
        assignment, student = self.coursedir.assignment_id, submission.student
        folder = Path(self._format_dest(assignment, student))
        if submission.executed or not all((folder / f"{name}.ipynb").is_file() for name in submission.keys):
            return False
        return self._record(student, submission.keys).same_as(self._store.record(student))

    def _write(self, submission: _Submission) -> str:
        """Let nbgrader's steps write one submission; return "" or why they could not."""
        self.assignments = {submission.folder: submission.notebooks}
        caught = _Caught()
        self.log.addHandler(caught)
        try:
            super().convert_notebooks()
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
            self.log.removeHandler(caught)
        return ""

    def _add_scores(self) -> None:
        """Read what the gradebook makes of it all, penalties included."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            rows = totals(gradebook, self.coursedir.assignment_id)
        for outcome in self.outcomes:
            if (row := rows.get(outcome.student)) is not None:
                outcome.score, outcome.max_score, outcome.by_hand, outcome.penalty = row


class _Caught(logging.Handler):
    """Remembers what went wrong with a submission: nbgrader logs it as text, and raises something else."""

    error: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.error = self.error or sys.exc_info()[1]
