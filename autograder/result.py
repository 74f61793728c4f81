"""Result of grading one submission."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

REFUSED = "refused "  # before the name of what gave a value that cannot cross, in `CellResult.changes`
_TEXTS = ("mistakes", "looks", "changes")
Changes = dict[str, tuple[str, ...]]  # grade id → arguments, as in `CellResult.changes`


class Status(StrEnum):
    """Outcome of one graded cell."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    TIMEOUT = "timeout"
    LIMIT = "limit"
    NOT_RUN = "not run"
    BY_HAND = "by hand"


@dataclass(frozen=True)
class CellResult:
    """Result of one graded cell of the instructor's notebook.

    Parameters
    ----------
    grade_id
        nbgrader's name of the cell.
    score
        Points, or None where a person has to grade.
    max_score
        The points of the instructor's notebook.
    status
        A `Status`, or its text.
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
        Names of the known mistakes that the test recognised, in its order; one entry, with "or"
        between the names, where a result looks like several.
    looks
        What a person should look at, in words for the instructor.
    changes
        Arguments that the submission's functions changed in the test: the function's name, a space,
        and the argument's position from 0, or its name. With `REFUSED` before it, the name of what
        gave a value that the test could not use.
    """

    grade_id: str
    score: float | None
    max_score: float
    status: Status
    message: str = ""
    outputs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    detail: str = ""
    mistakes: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.status not in tuple(Status):
            raise ValueError(f"status must be one of {', '.join(Status)}, got {str(self.status)!r}")
        object.__setattr__(self, "status", Status(self.status))
        if self.score is not None and not 0 <= self.score <= self.max_score:
            raise ValueError(f"score must be between 0 and {self.max_score}, got {self.score!r}")


@dataclass(frozen=True)
class Result:
    """Result of one submission.

    Parameters
    ----------
    cells
        Every graded cell of the instructor's notebook by its grade id, whatever was submitted.
    outputs
        Outputs of the cells, in nbformat. The key ``"s3"`` is the submission's cell number 3 (from
        0), ``"i3"`` the instructor's, run for the student.
    reason
        Empty, or in words why the submission as a whole got what it got.
    limits_hit
        Names of limits that were reached, in the order in which it happened.
    missing_layers
        Layers of the sandbox that this machine could not give.
    seconds
        Wall time of the whole submission.
    failed
        Whether the engine itself failed: nothing is known of the answers, so a person grades them,
        and the next run tries again.
    changeable
        Arguments that the instructor's own solution changes, by grade id, as in
        `CellResult.changes`; None where grading the submission did not need to know.
    files
        Files that the submission has written, by their path in its folder, in base64.
    """

    cells: dict[str, CellResult]
    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    reason: str = ""
    limits_hit: tuple[str, ...] = ()
    missing_layers: tuple[str, ...] = ()
    seconds: float = 0.0
    failed: bool = False
    changeable: Changes | None = None
    files: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the result as JSON text."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Result:
        """Return the result that `to_json` wrote.

        Raises
        ------
        ValueError
            If the text is no result.
        """
        try:
            data = json.loads(text)
            data["cells"] = {
                name: CellResult(**cell | {key: tuple(cell.get(key, ())) for key in _TEXTS})
                for name, cell in data["cells"].items()
            }
            data["limits_hit"] = tuple(data["limits_hit"])
            data["missing_layers"] = tuple(data["missing_layers"])
            if (changeable := data.get("changeable")) is not None:
                data["changeable"] = {name: tuple(arguments) for name, arguments in changeable.items()}
            return cls(**data)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise ValueError(f"not a grading result: {error}") from None
