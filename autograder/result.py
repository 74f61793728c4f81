"""What one graded submission comes to, and the limits it was run under."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields

MIB = 2**20
STATUSES = ("passed", "partial", "failed", "timeout", "limit", "not run", "by hand")


@dataclass(frozen=True)
class Limits:
    """What a submission may use. Times are in seconds of wall clock, sizes in bytes.

    Parameters
    ----------
    call_seconds
        One call of a student's function from a test.
    cell_seconds
        One of the student's cells.
    question_seconds
        One test cell, its calls included.
    submission_seconds
        The whole submission; what is left when it is over is not run.
    cpu_seconds
        Processor time of one worker.
    memory_bytes
        Memory of the worker and all that it starts, beyond the warm process it was forked from.
    processes, open_files
        How many the worker may have at once.
    file_bytes, scratch_bytes
        The largest file, and all files together, in the scratch directory.
    output_bytes
        What one cell may print and display; the rest is cut off.
    value_bytes, value_depth, value_items
        The largest value that crosses between worker and judge: bytes, nesting, elements of containers.
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


@dataclass(frozen=True)
class CellResult:
    """What one graded cell of the instructor's notebook comes to.

    Parameters
    ----------
    grade_id
        nbgrader's name of the cell.
    score
        Points, or None where a person has to grade.
    max_score
        The points of the instructor's notebook.
    status
        One of ``STATUSES``.
    message
        To the student, in words. It holds no source of the test, and expected values only where the
        test's own message states them.
    outputs
        nbformat outputs for this cell, made from the message and from what the test printed.
    seconds
        Wall time.
    detail
        To the instructor only: the traceback through the test. Never part of a student's feedback.
    mistakes
        Names of the known mistakes that the test recognised, in its order.
    """

    grade_id: str
    score: float | None
    max_score: float
    status: str
    message: str = ""
    outputs: list[dict] = field(default_factory=list)
    seconds: float = 0.0
    detail: str = ""
    mistakes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status must be one of {', '.join(STATUSES)}, got {self.status!r}")
        if self.score is not None and not 0 <= self.score <= self.max_score:
            raise ValueError(f"score must be between 0 and {self.max_score}, got {self.score!r}")


@dataclass(frozen=True)
class Result:
    """What one submission comes to.

    Parameters
    ----------
    cells
        Every graded cell of the instructor's notebook by its grade id, whatever was submitted.
    outputs
        What the cells printed and displayed, as nbformat outputs. The key ``"s3"`` is the submission's
        cell number 3 (from 0), ``"i3"`` the instructor's, run for the student.
    reason
        Empty, or in words why the submission as a whole got what it got.
    limits_hit
        Names of limits that were reached, in the order in which it happened.
    missing_layers
        Layers of the sandbox that this machine could not give.
    seconds
        Wall time of the whole submission.
    """

    cells: dict[str, CellResult]
    outputs: dict[str, list[dict]] = field(default_factory=dict)
    reason: str = ""
    limits_hit: tuple[str, ...] = ()
    missing_layers: tuple[str, ...] = ()
    seconds: float = 0.0

    def to_json(self) -> str:
        """Return the result as JSON text."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Result:
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            If the text is not such a result.
        """
        try:
            data = json.loads(text)
            data["cells"] = {
                name: CellResult(**cell | {"mistakes": tuple(cell.get("mistakes", ()))})
                for name, cell in data["cells"].items()
            }
            data["limits_hit"] = tuple(data["limits_hit"])
            data["missing_layers"] = tuple(data["missing_layers"])
            return cls(**data)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise ValueError(f"not a grading result: {error}") from None
