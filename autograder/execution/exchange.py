"""Run of one test: the judge runs it, the worker answers requests, the engine keeps the time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace

from autograder.execution.pair import FRAME_SECONDS, GRACE_SECONDS, ProcessPair
from autograder.execution.processes import JudgeProcess
from autograder.execution.time_limit import TimeLimit
from autograder.notebook.alignment import Cell
from autograder.protocol.frames import ClosedError, Frame
from autograder.protocol.orders import CallFailed, Changeable, RunTest, Scored
from autograder.result import Changes, Status


class Exchange:
    """The frames of one test between judge and worker.

    Parameters
    ----------
    pair
        The submission's processes.
    judge
        The judge that runs the test; it has run all earlier cells.
    cell
        The test.
    changeable
        Returns the arguments that the student's functions may change, by grade id; None for all.
    before
        The code of the cells that have run before the test.
    """

    def __init__(
        self,
        pair: ProcessPair,
        judge: JudgeProcess,
        cell: Cell,
        changeable: Callable[[], Changes | None],
        before: tuple[str, ...] = (),
    ) -> None:
        self.pair, self.judge, self.cell, self.limits = pair, judge, cell, pair.limits
        self._changeable, self._before = changeable, before
        self.question = self.call = TimeLimit(self.limits.question_seconds)
        self.depth = 0  # nesting of calls between judge and worker

    def run(self) -> Scored:
        """Run the test; return the judge's record, or the engine's where the judge gives none."""
        order = RunTest(self.cell.source, self.cell.points, self.cell.fresh, self._before)
        with contextlib.suppress(ClosedError):  # found at the next frame
            self.judge.send(Frame.TEST, order.to_bytes())
        scored = self._relay()
        if self.depth:
            self.pair.end_worker()
        if scored.status == Status.TIMEOUT:
            self.pair.record_limit("question_seconds" if self.question.is_due else "call_seconds")
        return scored

    def _relay(self) -> Scored:
        while True:
            try:
                self._wait_for_judge()
                kind, payload = self.judge.receive(time.monotonic() + FRAME_SECONDS)
            except TimeoutError:
                return self._interrupt_judge()
            except ClosedError:
                self.pair.end_judge()
                text = "the test crashed Python; what your code returned may be the reason"
                return Scored(Status.FAILED, message=text)
            if kind == Frame.SCORED:
                return Scored.from_bytes(payload)
            if kind == Frame.MAY_CHANGE:
                self._tell_changeable()
                continue
            if kind == Frame.CALL:
                self.depth += 1
                if self.depth == 1:
                    self.call = TimeLimit(self.limits.call_seconds)
            self._forward(kind, payload)

    def _tell_changeable(self) -> None:
        """Tell the judge which arguments may change; the time to find out is not the student's."""
        start = time.monotonic()
        changes = self._changeable()
        arguments = None if changes is None else changes.get(self.cell.grade_id, ())
        seconds = time.monotonic() - start
        self.question.postpone(seconds)
        self.call.postpone(seconds)
        self.pair.deadline += seconds
        with contextlib.suppress(ClosedError):  # found at the next frame
            self.judge.send(Frame.CHANGEABLE, Changeable(arguments).to_bytes())

    def _wait_for_judge(self) -> None:
        """Wait until the judge sends something or is gone.

        Raises
        ------
        TimeoutError
            If the time of the question or of the submission is over.
        """
        while True:
            deadline = min(self.question.deadline, self.pair.deadline)
            try:
                return self.judge.wait(max(deadline, time.monotonic()) + GRACE_SECONDS)
            except TimeoutError:
                worker = self.pair.worker
                if self.pair.is_over or worker is None or not self.question.is_extended(worker):
                    raise

    def _forward(self, kind: Frame, payload: bytes) -> None:
        """Pass a judge's frame to the worker, and its answer, or the lack of one, to the judge."""
        worker = self.pair.worker
        if worker is None:
            text = "the Python process of your submission has ended in this question"
            return self._report_failure(Status.FAILED, text)
        try:
            worker.send(kind, payload, min(self.call.deadline, self.question.deadline, self.pair.deadline))
            self.pair.wait_for_worker(worker, self.call, self.question)
            kind, payload = worker.receive(time.monotonic() + FRAME_SECONDS)
        except TimeoutError:
            if self.depth > 1:
                self.pair.end_worker()
            else:
                self.pair.interrupt_worker(Frame.REPLY)
            return self._report_failure(Status.TIMEOUT, self._time_limit_reached())
        except ClosedError:
            end = self.pair.explain_worker_exit()
            return self._report_failure(end.status, end.text)
        if kind not in (Frame.REPLY, Frame.CALLBACK):
            self.pair.end_worker()
            return self._report_failure(Status.FAILED, "your code broke the connection to the test")
        with contextlib.suppress(ClosedError):  # found at the next frame
            self.judge.send(kind, payload)
        self.depth -= kind is Frame.REPLY
        return None

    def _time_limit_reached(self) -> str:
        """Return a message that names the time limit that was reached."""
        if time.monotonic() >= self.pair.deadline:
            return f"the submission as a whole ran longer than {self.limits.submission_seconds:g} s"
        if self.question.is_due:
            return f"this question took longer than {self.limits.question_seconds:g} s"
        return f"a call of your code did not return within {self.limits.call_seconds:g} s"

    def _report_failure(self, status: Status, text: str) -> None:
        """Tell the judge that the worker will not answer in this test."""
        with contextlib.suppress(ClosedError):  # found at the next frame
            self.judge.send(Frame.FAILED, CallFailed(status, text).to_bytes())
        self.depth = 0

    def _interrupt_judge(self) -> Scored:
        """Stop a test whose time is over while the judge itself computes."""
        text = f"this question took longer than {self.limits.question_seconds:g} s"
        self.judge.interrupt()
        deadline = time.monotonic() + GRACE_SECONDS
        with contextlib.suppress(ClosedError, TimeoutError):
            while True:
                kind, payload = self.judge.receive(deadline)
                if kind == Frame.SCORED:
                    scored = Scored.from_bytes(payload)
                    return replace(scored, status=Status.TIMEOUT, score=0.0, message=text)
        self.pair.end_judge()
        return Scored(Status.TIMEOUT, message=text)
