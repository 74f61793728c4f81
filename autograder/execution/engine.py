"""Engine that grades a submission; it owns its fork servers and the runs under way.

No module keeps state. A worker is in the sandbox and not trusted: of its messages, the engine reads
the lengths and the outputs of the student's own cells, and passes the rest on to the judge. The
judge runs the instructor's code only.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from autograder.checks import seeds
from autograder.execution.forkserver import ForkServerError
from autograder.execution.pair import ProcessPair, StoppedError
from autograder.execution.processes import Files
from autograder.execution.run import SubmissionRun
from autograder.execution.scoring import for_a_person
from autograder.execution.servers import ForkServers
from autograder.execution.spec import GradingSpec, Submission
from autograder.notebook.alignment import AlignedNotebook, align
from autograder.result import REFUSED, CellResult, Changes, Result, Status
from autograder.sandbox import IsolationError

__all__ = ["Engine", "ForkServerError", "IsolationError", "StoppedError", "all_by_hand"]


ATTEMPTS = 2  # at one submission, where the engine itself fails
FEW_NETWORKS = 5  # for so many, it does not pay to grade the solution first
BEFORE_SOLUTION = 2  # submissions with more, before it is graded to know what its networks do


@dataclass(eq=False)
class _UnderWay:
    """A submission under way: the processes of its run, and of the solution that is run for it."""

    pairs: list[ProcessPair] = field(default_factory=list)
    is_stopped: bool = False

    def raise_if_stopped(self) -> None:
        """Raise `StoppedError` if another thread has called `Engine.stop`."""
        if self.is_stopped:
            raise StoppedError("the grading was stopped")


@dataclass
class _Solution:
    """What is known of the instructor's solution of one spec.

    Parameters
    ----------
    changes
        What it changes of its arguments; None as long as nobody asked.
    networks
        What its networks do, for the judges of submissions; nothing as long as few had any.
    with_networks
        How many submissions had several networks that were not known.
    was_graded
        Whether it has been graded, or has failed.
    """

    changes: Changes | None = None
    networks: bytes = b""
    with_networks: int = 0
    was_graded: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_wanted(self) -> bool:
        """Return whether grading the solution would spare making the same networks again."""
        return self.with_networks >= BEFORE_SOLUTION and not self.was_graded


class Engine:
    """Grader of submissions, several at once from several threads.

    Fork servers are started when they are needed and kept for the next submission; leaving the
    context ends them.
    """

    def __init__(self) -> None:
        self._servers = ForkServers()
        self._lock = threading.Lock()
        self._under_way: set[_UnderWay] = set()
        self._is_stopped = False  # for good
        self._solutions: dict[str, _Solution] = {}

    def __enter__(self) -> Self:
        """Return the engine."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the fork servers."""
        self.close()

    def grade(self, spec: GradingSpec, submission: Submission) -> Result:
        """Grade one submission.

        Parameters
        ----------
        spec
            The instructor's side.
        submission
            The student's side.

        Returns
        -------
        Result
            Results of every graded cell of the source, whatever the submission is or does. If the
            engine itself fails, and fails again, it is one in which a person grades every cell.

        Raises
        ------
        ValueError
            If the source itself is wrong.
        ForkServerError
            If no worker can be started.
        IsolationError
            If a worker's sandbox lacks a layer that ``spec.allow_missing`` does not name. No line
            of the submission has been run in that worker then.
        StoppedError
            If another thread calls `stop`.
        """
        with self._begun() as under_way:
            return self._grade(under_way, spec, submission)

    @contextmanager
    def _begun(self) -> Iterator[_UnderWay]:
        """Let `stop` know of a submission while the block runs."""
        under_way = _UnderWay()
        with self._lock:
            under_way.is_stopped = self._is_stopped
            self._under_way.add(under_way)
        try:
            yield under_way
        finally:
            with self._lock:
                self._under_way.discard(under_way)

    def _grade(self, under_way: _UnderWay, spec: GradingSpec, submission: Submission) -> Result:
        failure: Exception | None = None
        for _ in range(ATTEMPTS):
            try:
                return self._grade_submission(under_way, spec, submission)
            except (ForkServerError, IsolationError, StoppedError):
                raise
            except Exception as error:
                failure = error
                aligned = align(None, spec.source)  # fails as well where the source is at fault
        assert failure is not None
        return _failed(aligned, failure)

    def _grade_submission(self, under_way: _UnderWay, spec: GradingSpec, submission: Submission) -> Result:
        """Grade a submission; before it the solution, where its networks are wanted.

        Other threads do not wait for these.
        """
        with self._lock:
            solution = self._solutions.setdefault(spec.digest, _Solution())
        if solution.is_wanted and solution.lock.acquire(blocking=False):
            try:
                self._grade_solution(under_way, spec, solution, submission.seed_key)
            finally:
                solution.lock.release()

        def changes() -> Changes:
            return self._changes_of_solution(under_way, spec, solution, submission.seed_key)

        result, run = self._run(under_way, spec, submission, changes, solution.networks)
        with self._lock:
            solution.with_networks += run.networks_made > FEW_NETWORKS
        return result

    def _changes_of_solution(
        self, under_way: _UnderWay, spec: GradingSpec, solution: _Solution, seed_key: bytes | None
    ) -> Changes:
        """Return what the solution changes of its arguments, and which of its values cannot cross.

        It is graded for this once, and only if a submission does such a thing.
        """
        if spec.changeable is not None:
            return spec.changeable
        with solution.lock:
            if solution.changes is None:
                self._grade_solution(under_way, spec, solution, seed_key)
            assert solution.changes is not None
            return solution.changes

    def _grade_solution(
        self, under_way: _UnderWay, spec: GradingSpec, solution: _Solution, seed_key: bytes | None
    ) -> None:
        """Grade the solution; whoever calls this holds its lock."""
        solution.was_graded = True  # if it fails, not for its networks again
        result, run = self._run(under_way, spec, Submission(spec.source, seed_key=seed_key), None)
        solution.networks = run.networks
        solution.changes = {name: _of_solution(cell) for name, cell in result.cells.items()}

    def _run(
        self,
        under_way: _UnderWay,
        spec: GradingSpec,
        submission: Submission,
        solution_changes: Callable[[], Changes] | None,
        networks: bytes = b"",
    ) -> tuple[Result, SubmissionRun]:
        under_way.raise_if_stopped()
        notebook = submission.notebook
        if not isinstance(notebook, AlignedNotebook):
            notebook = align(notebook, spec.source, max_bytes=int(spec.limits.notebook_bytes))
        judge_files = spec.judge_files and spec.judge_files.resolve()  # a judge has a directory of its own
        files = Files(spec.released_files, submission.files, judge_files)
        key = seeds.key_of(None) if submission.seed_key is None else submission.seed_key
        with self._servers.lease(spec.server_settings, under_way.raise_if_stopped) as lease:
            pair = ProcessPair(lease, spec.limits, files, spec.allow_missing)
            with self._lock:
                under_way.raise_if_stopped()
                under_way.pairs.append(pair)
            try:
                run = SubmissionRun(notebook, pair, key, solution_changes, networks)
                return run.run(), run
            except Exception:
                under_way.raise_if_stopped()  # then that is why
                raise
            finally:
                with self._lock:
                    under_way.pairs.remove(pair)

    def stop(self, *, for_good: bool = False) -> None:
        """Stop all submissions under way in other threads; there, `grade` raises `StoppedError`.

        Parameters
        ----------
        for_good
            Whether no further one is graded, either.
        """
        with self._lock:
            self._is_stopped = self._is_stopped or for_good
            for under_way in self._under_way:
                under_way.is_stopped = True
            pairs = [pair for under_way in self._under_way for pair in under_way.pairs]
        for pair in pairs:
            pair.stop()

    def close(self) -> None:
        """End the fork servers; a later call of `grade` starts one again."""
        self._servers.close()


def _of_solution(cell: CellResult) -> tuple[str, ...]:
    """Return what a submission may do in a test as the solution does.

    What cannot cross counts where the solution's test came to a person for it.
    """
    if cell.status in (Status.PASSED, Status.PARTIAL):
        return tuple(change for change in cell.changes if not change.startswith(REFUSED))
    if cell.status is Status.BY_HAND:
        return tuple(change for change in cell.changes if change.startswith(REFUSED))
    return ()


def _failed(aligned: AlignedNotebook, error: Exception) -> Result:
    """Return the result of a submission that could not be graded: each cell is for a person."""
    text = for_a_person("it failed by itself")
    detail = "".join(traceback.format_exception(error))
    reason = (
        f"the grader itself failed {ATTEMPTS} times ({type(error).__name__}), so a person grades all of it"
    )
    return replace(all_by_hand(aligned, text, detail), reason=reason, failed=True)


def all_by_hand(aligned: AlignedNotebook, text: str, detail: str = "") -> Result:
    """Return the result of a submission of which a person grades every cell.

    Parameters
    ----------
    aligned
        The instructor's notebook, with a submission or without.
    text
        Why, to the student.
    detail
        To the instructor only.
    """
    outputs = [{"output_type": "stream", "name": "stdout", "text": text}]
    cells = {
        cell.grade_id: CellResult(
            cell.grade_id, None, cell.points, Status.BY_HAND, text, outputs, detail=detail
        )
        for cell in aligned.tests
    }
    for grade_id, points in aligned.by_hand.items():
        cells[grade_id] = CellResult(grade_id, None, points, Status.BY_HAND)
    return Result(cells)
