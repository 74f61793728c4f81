"""Limits of a submission's time, memory, files and output."""

from __future__ import annotations

from dataclasses import dataclass, fields

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits of one submission, with all that it starts. Times are in seconds, sizes in bytes.

    The times of a call, a cell and a question are wall-clock time, without the time in which other
    programs had the processor that the submission could have used, up to four times the limit.

    Parameters
    ----------
    call_seconds
        One call of a student's function from a test.
    cell_seconds
        One of the student's cells.
    question_seconds
        One test cell, its calls included.
    submission_seconds
        The whole submission, in wall-clock time; what is left when it is over is not run.
    cpu_seconds
        Processor time of one worker and all that it starts, which have one core together.
    memory_bytes
        Memory of the worker and all that it starts, with page tables, buffers of sockets and
        ``/dev/shm``, without the pages that it still shares with the fork server.
    processes, open_files
        How many the worker and all that it starts may have at once.
    file_bytes, scratch_bytes
        The largest file, and all files together, in the scratch directory.
    output_bytes
        What one cell may print and display; the rest is cut off.
    submission_output_bytes
        What all cells and tests together may print and display; the rest is cut off.
    value_bytes, value_depth, value_items
        The largest value that crosses between worker and judge: bytes, nesting, elements of its
        containers.
    notebook_bytes
        The largest notebook that is opened at all.
    restarts
        How often a worker that died is started again for the rest of the submission.
    """

    call_seconds: float = 10
    cell_seconds: float = 60
    question_seconds: float = 60
    submission_seconds: float = 300
    cpu_seconds: int = 300
    memory_bytes: int = 2048 * MIB
    processes: int = 64
    open_files: int = 256
    file_bytes: int = 256 * MIB
    scratch_bytes: int = 512 * MIB
    output_bytes: int = 1 * MIB
    submission_output_bytes: int = 16 * MIB
    value_bytes: int = 64 * MIB
    value_depth: int = 40
    value_items: int = 500_000
    notebook_bytes: int = 32 * MIB
    restarts: int = 8

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"{item.name} must be a positive number, got {value!r}")
