"""One submission's run: its cells in order, in worker and judge, and the results."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

from autograder.execution.exchange import Exchange
from autograder.execution.forkserver import ForkServerError
from autograder.execution.pair import FRAME_SECONDS, ProcessPair
from autograder.execution.processes import JudgeProcess, WorkerProcess
from autograder.execution.time_limit import TimeLimit
from autograder.notebook.alignment import AlignedNotebook, Cell, Role
from autograder.notebook.outputs import OutputBudget, error_output, largest_payload
from autograder.protocol.frames import ClosedError, Frame
from autograder.protocol.orders import RunCell, Scored, Setup, Written
from autograder.protocol.serialization import SerializationError
from autograder.protocol.small_files import MAX_KEPT
from autograder.result import CellResult, Changes, Result, Status

JUDGED = (Status.PASSED, Status.PARTIAL, Status.FAILED)


class SubmissionRun:
    """One submission on its way.

    Parameters
    ----------
    aligned
        The submission laid over the instructor's notebook.
    pair
        Its processes; none has been started.
    seed_key
        The key that hidden tests draw their numbers from.
    solution_changes
        Returns the arguments that the instructor's own solution changes; None for the solution's
        own run, which may change all.
    networks
        What the solution's networks do, as its own run has found it.

    Attributes
    ----------
    networks : bytes
        Of the solution's own run: what its networks do.
    networks_made : int
        How many networks the judge has made for want of knowing them.
    """

    def __init__(
        self,
        aligned: AlignedNotebook,
        pair: ProcessPair,
        seed_key: bytes,
        solution_changes: Callable[[], Changes] | None,
        networks: bytes = b"",
    ) -> None:
        self.aligned, self.pair, self.limits, self.seed_key = aligned, pair, pair.limits, seed_key
        self._solution_changes = solution_changes
        self.networks, self.networks_made = networks, 0
        self.changeable: Changes | None = None  # not asked for yet
        self.start = time.monotonic()
        self.starts = 0  # of workers
        self.skipped: set[str] = set()  # cells that ended a worker
        self.last = ""  # the cell that ran last, if no test has run since
        self.judged: list[Cell] = []  # tests that a new judge has to run again, for the names they bind
        self.deadly: list[Cell] = []  # the instructor's cells that ended a judge
        self.outputs: dict[str, list[dict[str, Any]]] = {}
        self.budget = OutputBudget(pair.limits)
        self.lost = ""  # why no worker can be had

    def run(self) -> Result:
        """Run all cells in order.

        Raises
        ------
        ForkServerError
            If no worker or judge can be started.
        StoppedError
            If another thread stops the pair.
        """
        tests: dict[str, CellResult] = {}
        files: dict[str, str] = {}
        try:
            for number, cell in enumerate(self.aligned.cells):
                if cell.role in (Role.STUDENT, Role.HELPER) and (worker := self.worker_at(number)):
                    message, errors = self.run_cell(worker, cell)
                    self.outputs[cell.id] = [*self.budget.take_message(message), *errors]
                if cell.role == Role.HELPER:
                    self.run_helper(self.judge_at(number), cell)
                if cell.role == Role.TEST:
                    tests[cell.grade_id] = self.test(number, cell)
            files = self._written()
            if self._solution_changes is None:
                self.networks = self._judged_networks()
            self.pair.raise_if_stopped()
        finally:
            self.pair.close()
        if self.budget.is_used_up:
            self.pair.record_limit("submission_output_bytes")
        cells = {cell.grade_id: tests[cell.grade_id] for cell in self.aligned.tests}
        for grade_id, points in self.aligned.by_hand.items():
            cells[grade_id] = CellResult(grade_id, None, points, Status.BY_HAND)
        return Result(
            cells=cells,
            outputs=self.outputs,
            reason=self.aligned.unreadable or self.lost,
            limits_hit=tuple(self.pair.limits_hit),
            missing_layers=self.pair.missing_layers,
            seconds=time.monotonic() - self.start,
            changeable=self.changeable,
            files=files,
        )

    def _written(self) -> dict[str, str]:
        """Ask the worker which files the student's code has written; none where it does not say."""
        worker = self.pair.worker
        if worker is not None:
            deadline = time.monotonic() + FRAME_SECONDS
            with contextlib.suppress(TimeoutError, ClosedError, SerializationError):
                worker.send(Frame.KEEP, b"", deadline)
                kind, payload = worker.receive(deadline, 2 * MAX_KEPT)
                if kind == Frame.KEPT:
                    return Written.from_bytes(payload).files
        return {}

    def _judged_networks(self) -> bytes:
        """Ask the judge what the networks do that it has made; nothing where it does not say."""
        judge = self.pair.judge
        if judge is not None and self.networks_made:
            with contextlib.suppress(TimeoutError, ClosedError):
                judge.send(Frame.TELL, b"")
                kind, payload = judge.receive(time.monotonic() + FRAME_SECONDS)
                if kind == Frame.KNOW:
                    return payload
        return b""

    def _look_up_changeable(self) -> Changes | None:
        """Return the arguments that may change, by grade id; None for all."""
        if self.changeable is None and self._solution_changes is not None:
            self.changeable = self._solution_changes()
        return self.changeable

    def worker_at(self, number: int) -> WorkerProcess | None:
        """Return a worker that has run all cells before this one, None where none can be had."""
        if self.pair.worker is not None and not self.pair.worker.is_within_limits():
            self.skipped.add(self.last)
            self.pair.end_worker()
        while not self.pair.is_over:
            if self.pair.worker is not None:
                return self.pair.worker
            if self.starts > self.limits.restarts:
                self.lost = (
                    f"the Python process of your submission ended {self.starts} times; "
                    "it is not started again"
                )
                self.pair.record_limit("restarts")
                return None
            self.starts += 1
            self._repeat_cells(number)
        self.lost = f"the submission as a whole ran longer than {self.limits.submission_seconds:g} s"
        self.pair.record_limit("submission_seconds")
        return None

    def _repeat_cells(self, number: int) -> None:
        """Start a worker; run the cells before this one in it, but for those that ended others."""
        worker = self.pair.start_worker()
        for cell in self.aligned.cells[:number]:
            if worker is None or self.pair.worker is not worker:
                return
            if cell.role in (Role.STUDENT, Role.HELPER) and cell.id not in self.skipped:
                self.run_cell(worker, cell)

    def run_cell(self, worker: WorkerProcess, cell: Cell) -> tuple[bytes, list[dict[str, Any]]]:
        """Run a cell in the worker; return its message of its outputs, and the engine's errors."""
        self.last = cell.id
        limit = TimeLimit(self.limits.cell_seconds)
        try:
            worker.send(Frame.RUN, RunCell(cell.source).to_bytes(), min(limit.deadline, self.pair.deadline))
            self.pair.wait_for_worker(worker, limit)
            largest = largest_payload(self.limits.output_bytes)
            kind, payload = worker.receive(time.monotonic() + FRAME_SECONDS, largest)
            if kind != Frame.RAN:
                raise ClosedError("a worker's answer to a cell is of another kind")
            return payload, []
        except TimeoutError:
            self.skipped.add(cell.id)
            whole = time.monotonic() >= self.pair.deadline
            name = "submission_seconds" if whole else "cell_seconds"
            self.pair.record_limit(name)
            seconds = getattr(self.limits, name)
            text = f"the {'submission' if whole else 'cell'} ran longer than {seconds:g} s and was stopped"
            answer = self.pair.interrupt_worker(Frame.RAN)
            return answer or b"", [error_output("Timeout", text)]
        except ClosedError:
            self.skipped.add(cell.id)
            return b"", [error_output("Stopped", self.pair.explain_worker_exit().text)]

    def judge_at(self, number: int) -> JudgeProcess:
        """Return a judge that has run the instructor's cells before this one."""
        while self.pair.judge is None:
            judge = self.pair.start_judge()
            self._set_up(judge)
            for cell in self.aligned.cells[:number]:
                if self.pair.judge is not judge:
                    break
                if cell.role == Role.HELPER and cell not in self.deadly:
                    self.run_helper(judge, cell)
                elif cell in self.judged and not self.pair.is_over:
                    Exchange(self.pair, judge, cell, self._look_up_changeable, self._sources(cell)).run()
                    if self.pair.judge is not judge:
                        self.judged.remove(cell)
        return self.pair.judge

    def _set_up(self, judge: JudgeProcess) -> None:
        aligned = self.aligned
        asked, classes, helpers = (
            tuple(sorted(names)) for names in (aligned.asked, aligned.classes, aligned.helpers)
        )
        setup = Setup(aligned.imports, asked, classes, helpers, self.seed_key.hex())
        try:
            if self.networks:
                judge.send(Frame.KNOW, self.networks)
            judge.send(Frame.SETUP, setup.to_bytes())
            judge.receive(time.monotonic() + self.limits.submission_seconds)
        except (TimeoutError, ClosedError):
            self.pair.end_judge()
            raise ForkServerError("the judge ended at the imports of the instructor's notebook") from None

    def _sources(self, test: Cell) -> tuple[str, ...]:
        """Return the code of the cells that run in the worker before a test."""
        cells = self.aligned.cells
        return tuple(cell.source for cell in cells[: cells.index(test)] if cell.role is not Role.TEST)

    def run_helper(self, judge: JudgeProcess, cell: Cell) -> None:
        """Run an instructor's cell that is no test in the judge."""
        try:
            judge.send(Frame.RUN, RunCell(cell.source, cell.fresh).to_bytes())
            judge.receive(time.monotonic() + self.limits.submission_seconds)
        except (TimeoutError, ClosedError):
            self.deadly.append(cell)
            self.pair.end_judge()

    def test(self, number: int, cell: Cell) -> CellResult:
        """Run a test cell; return its result."""
        start = time.monotonic()
        if self.aligned.unreadable:
            return _not_run(cell, self.aligned.unreadable)
        if not any(other.role == Role.STUDENT for other in self.aligned.cells):
            return _not_run(cell, "the notebook has no code of yours")
        if self.worker_at(number) is None:
            return _not_run(cell, self.lost)
        judge = self.judge_at(number)
        self.last = ""
        scored = Exchange(self.pair, judge, cell, self._look_up_changeable, self._sources(cell)).run()
        self.networks_made = max(self.networks_made, scored.networks)
        if self.pair.judge is judge and scored.status in JUDGED:
            self.judged.append(cell)
        return CellResult(
            grade_id=cell.grade_id,
            score=None if scored.status is Status.BY_HAND else scored.score,
            max_score=cell.points,
            status=scored.status,
            message=scored.message,
            outputs=[*self.budget.take(scored.printed), *_shown(scored)],
            seconds=time.monotonic() - start,
            detail=scored.detail,
            mistakes=scored.mistakes,
            looks=scored.looks,
            changes=scored.changes,
        )


def _shown(scored: Scored) -> list[dict[str, Any]]:
    """Return what is shown below a test cell beside what it printed."""
    if scored.status == Status.PASSED:
        return []
    if scored.status in (Status.PARTIAL, Status.BY_HAND):
        return [{"output_type": "stream", "name": "stdout", "text": scored.message + "\n"}]
    return [error_output("TestFailed", scored.message)]


def _not_run(cell: Cell, reason: str) -> CellResult:
    text = f"not run: {reason}"
    outputs = [error_output("NotRun", text)]
    return CellResult(cell.grade_id, 0.0, cell.points, Status.NOT_RUN, text, outputs)
