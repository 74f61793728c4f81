"""One submission → one result: starts a worker and a judge, passes on what they say, and watches the limits.

The worker is in the sandbox and not trusted: of what it sends, the engine reads the lengths and the outputs
of the student's own cells, and hands the rest on to the judge. The judge runs the instructor's code only.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from pathlib import Path

from nbformat import NotebookNode

from autograder.checks import seeds
from autograder.execution.forkserver import ForkServerError
from autograder.execution.processes import Process, close, warm
from autograder.limits import Limits
from autograder.notebook.alignment import AlignedNotebook, Cell, Role, align
from autograder.notebook.outputs import error_output, outputs_of, shown
from autograder.protocol import frames
from autograder.protocol.serialization import pack
from autograder.result import CellResult, Result
from autograder.sandbox.guard import OUT_OF_MEMORY

GRACE_SECONDS = 1.0
DEFAULTS = Limits()
__all__ = ["ForkServerError", "Limits", "Result", "close", "grade", "warm"]

_under_way: set[SubmissionRun] = set()  # by all threads


class StoppedError(RuntimeError):
    """The grading was given up, because `stop` was called."""


def stop() -> None:
    """Give up all submissions that are under way in other threads; there, `grade` raises `StoppedError`."""
    for grading in list(_under_way):
        grading.stop()


class SubmissionRun:
    """One submission on its way."""

    def __init__(
        self,
        aligned: AlignedNotebook,
        limits: Limits,
        lab_files: Path | None,
        judge_files: Path | None,
        own_files: Path | None,
        key: bytes,
    ) -> None:
        self.aligned, self.limits, self.key = aligned, limits, key
        self.lab_files, self.judge_files, self.own_files = lab_files, judge_files, own_files
        self.start = time.monotonic()
        self.deadline = self.start + limits.submission_seconds
        self.worker: Process | None = None
        self.judge: Process | None = None
        self.restarts = -1
        self.skipped: set[str] = set()
        self.last = ""  # the cell that ran last, if no test has run since
        self.judged: list[Cell] = []
        self.deadly: list[Cell] = []
        self.outputs: dict[str, list[dict]] = {}
        self.cells: dict[str, CellResult] = {}
        self.limits_hit: list[str] = []
        self.missing: tuple[str, ...] = ()
        self.lost = ""
        self.stopped = False

    def stop(self) -> None:
        """Let the thread that runs this find its processes gone and give up."""
        self.stopped = True
        for process in (self.worker, self.judge):
            if process is not None and process.pipe is not None:
                with contextlib.suppress(OSError):
                    process.pipe.socket.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        """Run all cells in order."""
        _under_way.add(self)
        try:
            for number, cell in enumerate(self.aligned.cells):
                if cell.role in (Role.STUDENT, Role.HELPER) and self.worker_at(number):
                    self.outputs[cell.id] = self.run_cell(cell)
                if cell.role == Role.HELPER:
                    self.judge_at(number)
                    self.run_helper(cell)
                if cell.role == Role.TEST:
                    self.cells[cell.grade_id] = self.test(number, cell)
        finally:
            _under_way.discard(self)
            for process in (self.worker, self.judge):
                if process is not None:
                    process.close()

    @property
    def over(self) -> bool:
        """Whether the submission's time is up."""
        if self.stopped:
            raise StoppedError
        return time.monotonic() >= self.deadline

    def worker_at(self, number: int) -> bool:
        """Have a worker that has run all cells before this one; start one where there is none."""
        if self.worker is not None and not self.worker.within_limits():
            self.skipped.add(self.last)
            self.end_worker()
        if self.worker is not None and not self.over:
            return True
        while not self.over:
            if self.restarts >= self.limits.restarts:
                self.lost = (
                    f"the Python process of your submission ended {self.restarts + 1} times; "
                    "it is not started again"
                )
                self.record_limit("restarts")
                return False
            self.restarts += 1
            self.worker = Process("worker", self.limits, self.lab_files, own_files=self.own_files)
            if not self.worker.pid:
                self.end_worker()
                continue
            if all(
                cell.id in self.skipped or (self.run_cell(cell), self.worker is not None)[1]
                for cell in self.aligned.cells[:number]
                if cell.role in (Role.STUDENT, Role.HELPER)
            ):
                return True
        self.lost = f"the submission as a whole ran longer than {self.limits.submission_seconds:g} s"
        self.record_limit("submission_seconds")
        return False

    def record_limit(self, limit: str) -> None:
        """Note that a limit was reached."""
        if limit not in self.limits_hit:
            self.limits_hit.append(limit)

    def run_cell(self, cell: Cell) -> list[dict]:
        """Run a cell in the worker; return its outputs."""
        self.last = cell.id
        deadline = min(time.monotonic() + self.limits.cell_seconds, self.deadline)
        try:
            self.worker.pipe.send(frames.RUN, frames.to_json({"source": cell.source}), deadline)
            kind, payload = self.worker.pipe.receive(deadline)
            if kind != frames.RAN:
                raise frames.ClosedError("an answer that is none")
            return outputs_of(payload, self.limits)
        except TimeoutError:
            self.skipped.add(cell.id)
            whole = time.monotonic() >= self.deadline
            seconds = self.limits.submission_seconds if whole else self.limits.cell_seconds
            self.record_limit("submission_seconds" if whole else "cell_seconds")
            text = f"the {'submission' if whole else 'cell'} ran longer than {seconds:g} s and was stopped"
            answer = self.interrupt(frames.RAN)
            return [*(outputs_of(answer, self.limits) if answer else []), error_output("Timeout", text)]
        except frames.ClosedError:
            self.skipped.add(cell.id)
            _, text = self.describe_exit()
            return [error_output("Stopped", text)]

    def interrupt(self, expected: int) -> bytes | None:
        """Interrupt the worker; return its answer, or end it and return None."""
        with contextlib.suppress(OSError, frames.ClosedError, TimeoutError):
            self.worker.control.send(b"i")
            kind, payload = self.worker.pipe.receive(time.monotonic() + GRACE_SECONDS)
            if kind == expected:
                return payload
        self.end_worker()
        return None

    def end_worker(self) -> None:
        """End the worker and all that it started."""
        self.worker.close()
        self.collect_guard_report()
        self.worker = None

    def collect_guard_report(self) -> None:
        """Keep what the guard said."""
        for line in self.worker.said("missing"):
            self.missing = tuple(name for name in line.split(",") if name and not name.startswith("!"))
        for line in self.worker.said("limit"):
            self.record_limit(line)

    def describe_exit(self) -> tuple[str, str]:
        """Say why the worker ended, as status and words, and clear it away."""
        self.worker.listen(time.monotonic() + GRACE_SECONDS)
        limits, ended = self.worker.said("limit"), self.worker.said("ended")
        self.end_worker()
        status = int(ended[0]) if ended and ended[0].lstrip("-").isdigit() else 0
        if "memory_bytes" in limits or status == OUT_OF_MEMORY:
            self.record_limit("memory_bytes")
            size = self.limits.memory_bytes / 2**20
            return "limit", f"your code used more than {size:g} MiB of memory and was stopped"
        if "processes" in limits:
            return "limit", f"your code started more than {self.limits.processes} processes and was stopped"
        if "open_files" in limits:
            return "limit", f"your code opened more than {self.limits.open_files} files and was stopped"
        if status in (-signal.SIGKILL, -signal.SIGXCPU):
            return "limit", "your code was stopped: it used up its processor time or memory"
        if status < 0:
            name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
            return "failed", f"your code crashed Python ({name})"
        return "failed", "your code ended the Python process that it ran in"

    def judge_at(self, number: int) -> None:
        """Have a judge that has run the instructor's cells before this one."""
        while self.judge is None:
            self.judge = Process("judge", self.limits, self.lab_files, judge_files=self.judge_files)
            setup = {
                "imports": self.aligned.imports, "asked": sorted(self.aligned.asked),
                "classes": sorted(self.aligned.classes), "key": self.key.hex(),
            }  # fmt: skip
            try:
                self.judge.pipe.send(frames.SETUP, frames.to_json(setup))
                self.judge.pipe.receive(time.monotonic() + self.limits.submission_seconds)
            except (TimeoutError, frames.ClosedError):
                self.discard_judge("")
                raise ForkServerError("the judge ended at the imports of the instructor's notebook") from None
            for cell in self.aligned.cells[:number]:
                if self.judge is not None and cell.role == Role.HELPER and cell not in self.deadly:
                    self.run_helper(cell)
                elif self.judge is not None and cell in self.judged and not self.over:
                    self.relay(cell)
                    if self.judge is None:
                        self.judged.remove(cell)

    def run_helper(self, cell: Cell) -> None:
        """Run an instructor's cell that is no test in the judge."""
        order = {"source": cell.source, "fresh": cell.fresh}
        try:
            self.judge.pipe.send(frames.RUN, frames.to_json(order))
            self.judge.pipe.receive(time.monotonic() + self.limits.submission_seconds)
        except (TimeoutError, frames.ClosedError):
            self.deadly.append(cell)
            self.discard_judge("")

    def test(self, number: int, cell: Cell) -> CellResult:
        """Run a test cell in the judge; return its result."""
        start = time.monotonic()
        if self.aligned.unreadable:
            return _not_run(cell, self.aligned.unreadable)
        if not any(one.role == Role.STUDENT for one in self.aligned.cells):
            return _not_run(cell, "the notebook has no code of yours")
        if not self.worker_at(number):
            return _not_run(cell, self.lost)
        self.judge_at(number)
        self.last = ""
        scored = self.relay(cell)
        if self.judge is not None and scored["status"] in ("passed", "partial", "failed"):
            self.judged.append(cell)
        return CellResult(
            grade_id=cell.grade_id, score=scored["score"], max_score=cell.points, status=scored["status"],
            message=scored["message"], outputs=[*scored["printed"], *shown(scored)],
            seconds=time.monotonic() - start, detail=scored["detail"],
            mistakes=tuple(scored.get("mistakes", ())),
        )  # fmt: skip

    def relay(self, cell: Cell) -> dict:
        """Let the judge run a test and pass on what it and the worker say to each other."""
        begin = time.monotonic()
        question = begin + self.limits.question_seconds
        order = {"source": cell.source, "points": cell.points, "fresh": cell.fresh}
        with contextlib.suppress(frames.ClosedError):
            self.judge.pipe.send(frames.TEST, frames.to_json(order))
        depth, call = 0, question
        while True:
            try:
                end = max(min(question, self.deadline), time.monotonic()) + GRACE_SECONDS
                kind, payload = self.judge.pipe.receive(end)
            except TimeoutError:
                scored = self.interrupt_judge()
                break
            except frames.ClosedError:
                scored = self.discard_judge(
                    "the test crashed Python; what your code returned may be the reason"
                )
                break
            if kind == frames.SCORED:
                scored = json.loads(payload)
                break
            if kind == frames.CALL:
                depth += 1
                if depth == 1:
                    call = time.monotonic() + self.limits.call_seconds
            depth = self.forward(kind, payload, depth, min(call, question, self.deadline), question)
        if depth and self.worker is not None:
            self.end_worker()
        if scored["status"] == "timeout":
            self.record_limit("question_seconds" if time.monotonic() >= question else "call_seconds")
        return scored

    def forward(self, kind: int, payload: bytes, depth: int, deadline: float, question: float) -> int:
        """Pass a frame to the worker and its answer, or the lack of one, to the judge; return the depth."""
        try:
            if self.worker is None:
                raise frames.ClosedError("the worker ended")
            self.worker.pipe.send(kind, payload, deadline)
            kind, payload = self.worker.pipe.receive(deadline)
            if kind not in (frames.REPLY, frames.CALLBACK):
                self.end_worker()
                return self.fail("failed", "your code broke the connection to the test")
            with contextlib.suppress(frames.ClosedError):
                self.judge.pipe.send(kind, payload)
            return depth - (kind == frames.REPLY)
        except TimeoutError:
            if depth > 1:
                self.end_worker()
            else:
                self.interrupt(frames.REPLY)
            return self.fail("timeout", self.too_long(question))
        except frames.ClosedError:
            if self.worker is None:
                return self.fail("failed", "the Python process of your submission has ended in this question")
            return self.fail(*self.describe_exit())

    def too_long(self, question: float) -> str:
        """Say which of the limits of time was reached."""
        now = time.monotonic()
        if now >= self.deadline:
            return f"the submission as a whole ran longer than {self.limits.submission_seconds:g} s"
        if now >= question:
            return f"this question took longer than {self.limits.question_seconds:g} s"
        return f"a call of your code did not return within {self.limits.call_seconds:g} s"

    def fail(self, status: str, text: str) -> int:
        """Tell the judge that the worker will not answer in this question; return the new depth."""
        with contextlib.suppress(frames.ClosedError):  # a judge that is gone is found at the next frame
            self.judge.pipe.send(frames.FAILED, pack({"status": status, "text": text}))
        return 0

    def interrupt_judge(self) -> dict:
        """Stop a test whose time is over while the judge itself computes."""
        text = f"this question took longer than {self.limits.question_seconds:g} s"
        with contextlib.suppress(OSError, frames.ClosedError, TimeoutError):
            os.kill(self.judge.pid, signal.SIGINT)
            deadline = time.monotonic() + GRACE_SECONDS
            while True:
                kind, payload = self.judge.pipe.receive(deadline)
                if kind == frames.SCORED:
                    return json.loads(payload) | {"status": "timeout", "score": 0.0, "message": text}
        return self.discard_judge(text, "timeout")

    def discard_judge(self, text: str, status: str = "failed") -> dict:
        """Clear a judge away that ended or does not answer."""
        self.judge.close()
        self.judge = None
        return {"status": status, "score": 0.0, "message": text, "detail": "", "printed": []}


def grade(
    submission: AlignedNotebook | NotebookNode | bytes | None,
    source: NotebookNode,
    *,
    limits: Limits = DEFAULTS,
    lab_files: Path | None = None,
    judge_files: Path | None = None,
    submission_files: Path | None = None,
    variant_key: bytes | None = None,
) -> Result:
    """Grade one submission.

    Parameters
    ----------
    submission
        The student's notebook, its bytes, or None where nothing was handed in; or either,
        laid over the source.
    source
        The instructor's notebook, with its tests.
    limits
        What the submission may use.
    lab_files
        Directory whose files worker and judge find in their working directories, as copies.
    judge_files
        Directory of which the judge alone is told, by the variable ``AUTOGRADER_JUDGE``.
    submission_files
        Directory with what the student handed in beside the notebook, of which the worker alone gets copies,
        up to half of ``limits.scratch_bytes``. The lab's files replace those of the same name.
    variant_key
        What `autograder.checks.seeds.key_of` gives, for the judge alone; None for a course without a secret.

    Returns
    -------
    Result
        With every graded cell of the source, whatever the submission is or does.

    Raises
    ------
    ValueError
        If the source itself is wrong.
    ForkServerError
        If no worker can be started.
    StoppedError
        If another thread calls `stop`.
    """
    aligned = submission
    if not isinstance(submission, AlignedNotebook):
        aligned = align(submission, source, max_bytes=int(limits.notebook_bytes))
    judge_files = judge_files and judge_files.resolve()  # the judge has a working directory of its own
    key = seeds.key_of(None) if variant_key is None else variant_key
    grading = SubmissionRun(aligned, limits, lab_files, judge_files, submission_files, key)
    grading.run()
    cells = {cell.grade_id: grading.cells[cell.grade_id] for cell in aligned.tests}
    for grade_id, points in aligned.by_hand.items():
        cells[grade_id] = CellResult(grade_id, None, points, "by hand")
    return Result(
        cells=cells,
        outputs=grading.outputs,
        reason=aligned.unreadable or grading.lost,
        limits_hit=tuple(grading.limits_hit),
        missing_layers=grading.missing,
        seconds=time.monotonic() - grading.start,
    )


def _not_run(cell: Cell, reason: str) -> CellResult:
    text = f"not run: {reason}"
    return CellResult(cell.grade_id, 0.0, cell.points, "not run", text, [error_output("NotRun", text)])
