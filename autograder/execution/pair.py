"""Worker and judge of one submission, started when they are needed."""

from __future__ import annotations

import time

from autograder.execution.processes import Exit, Files, JudgeProcess, WorkerProcess
from autograder.execution.servers import Lease
from autograder.execution.time_limit import TimeLimit
from autograder.limits import Limits
from autograder.protocol.frames import ClosedError, Frame
from autograder.sandbox import Layer, in_order, require_layers

GRACE_SECONDS = 1.0
FRAME_SECONDS = 5.0  # for a frame that has begun


class StoppedError(RuntimeError):
    """Grading that was stopped, because another thread told the engine so."""


class ProcessPair:
    """Worker and judge of one submission.

    Parameters
    ----------
    lease
        The lease of the fork server that they are forked from.
    limits, files
        The limits and files of the submission.
    allow_missing
        Layers of the sandbox without which the submission may be run.
    """

    def __init__(
        self, lease: Lease, limits: Limits, files: Files, allow_missing: tuple[Layer, ...] = ()
    ) -> None:
        self.lease, self.limits, self.files = lease, limits, files
        self.allow_missing = allow_missing
        self.deadline = time.monotonic() + limits.submission_seconds
        self.worker: WorkerProcess | None = None
        self.judge: JudgeProcess | None = None
        self.limits_hit: list[str] = []
        self.missing_layers: tuple[Layer, ...] = ()  # of any worker
        self._stopped = False

    @property
    def is_over(self) -> bool:
        """Return whether the submission's time is up.

        Raises
        ------
        StoppedError
            If another thread has called `stop`.
        """
        self.raise_if_stopped()
        return time.monotonic() >= self.deadline

    def raise_if_stopped(self) -> None:
        """Raise `StoppedError` if another thread has called `stop`."""
        if self._stopped:
            raise StoppedError("the grading was stopped")

    def stop(self) -> None:
        """Disconnect both processes, so that the thread that grades gives up."""
        self._stopped = True
        for process in (self.worker, self.judge):
            if process is not None:
                process.disconnect()

    def close(self) -> None:
        """End both processes, at the same time."""
        processes = [process for process in (self.worker, self.judge) if process is not None]
        for process in processes:
            process.end()
        for process in processes:
            process.close()
        self.worker = self.judge = None

    def record_limit(self, limit: str) -> None:
        """Record that a limit was reached."""
        if limit not in self.limits_hit:
            self.limits_hit.append(limit)

    def start_worker(self) -> WorkerProcess | None:
        """Start a worker; return None if it does not answer.

        Raises
        ------
        IsolationError
            If its sandbox lacks a layer that is not allowed to be missing. Nothing has been run in
            it then.
        StoppedError
            If another thread has called `stop`.
        """
        self.worker = WorkerProcess(self.lease, self.limits, self.files)
        self.raise_if_stopped()  # `stop` may have come before there was a worker to disconnect
        if not self.worker.is_ready:
            self.end_worker()
            return None
        self.missing_layers = tuple(in_order({*self.missing_layers, *self.worker.missing_layers}))
        require_layers(self.worker.missing_layers, self.allow_missing)
        return self.worker

    def end_worker(self) -> None:
        """End the worker and all that it started; collect its guard's report."""
        if self.worker is not None:
            worker, self.worker = self.worker, None
            worker.close()
            self._collect_limits(worker)

    def explain_worker_exit(self) -> Exit:
        """Close the worker; return why it has ended."""
        if self.worker is None:
            raise ClosedError("there is no worker")
        worker, self.worker = self.worker, None
        end = worker.describe_exit()
        worker.close()
        self._collect_limits(worker)
        if end.limit:
            self.record_limit(end.limit)
        return end

    def wait_for_worker(self, worker: WorkerProcess, *limits: TimeLimit) -> None:
        """Wait until a worker sends something or is gone.

        Raises
        ------
        TimeoutError
            If one of the limits, or the submission's, is reached.
        """
        while True:
            try:
                return worker.wait(min([self.deadline, *[limit.deadline for limit in limits]]))
            except TimeoutError:
                due = [limit for limit in limits if limit.is_due]
                if time.monotonic() >= self.deadline or not all(limit.is_extended(worker) for limit in due):
                    raise

    def interrupt_worker(self, expected: Frame) -> bytes | None:
        """Interrupt the student's code; return the worker's answer, None if it had to be ended."""
        if self.worker is not None:
            self.worker.interrupt()
            try:
                kind, payload = self.worker.receive(time.monotonic() + GRACE_SECONDS)
                if kind == expected:
                    return payload
            except (OSError, TimeoutError):  # a closed connection is an OSError
                pass
            self.end_worker()
        return None

    def start_judge(self) -> JudgeProcess:
        """Start a judge.

        Raises
        ------
        StoppedError
            If another thread has called `stop`.
        """
        self.judge = JudgeProcess(self.lease, self.limits, self.files)
        self.raise_if_stopped()
        return self.judge

    def end_judge(self) -> None:
        """End the judge."""
        if self.judge is not None:
            judge, self.judge = self.judge, None
            judge.close()

    def _collect_limits(self, worker: WorkerProcess) -> None:
        for limit in worker.limits_reached():
            self.record_limit(limit)
