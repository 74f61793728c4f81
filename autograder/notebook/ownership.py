"""Whose a cell is, by nbgrader's marks in its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Owner(StrEnum):
    """The one whose source a cell has."""

    INSTRUCTOR = "instructor"  # a test, a helper, a locked text, a task
    ANSWER = "answer"  # the student's to fill
    FREE = "free"  # the release's, but the student may change it


@dataclass(frozen=True)
class Marks:
    """nbgrader's marks of one cell.

    Parameters
    ----------
    grade_id
        nbgrader's name of the cell; "" where it has none.
    grade, solution, locked, task
        As in its metadata.
    code
        Whether it is a code cell.
    """

    grade_id: str = ""
    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False
    code: bool = False

    @classmethod
    def of(cls, cell: Mapping[str, Any]) -> Marks:
        """Read the marks of a cell of the instructor's notebook."""
        details = nbgrader_details(cell)
        return cls(
            grade_id=grade_id_of(cell),
            grade=bool(details.get("grade")),
            solution=bool(details.get("solution")),
            locked=bool(details.get("locked")),
            task=bool(details.get("task")),
            code=cell.get("cell_type") == "code",
        )

    @property
    def owner(self) -> Owner:
        """Whose the cell is."""
        if self.task or (self.grade_id and not self.solution and (self.grade or self.locked)):
            return Owner.INSTRUCTOR
        return Owner.ANSWER if self.solution else Owner.FREE

    @property
    def is_test(self) -> bool:
        """Return whether it is graded by running it."""
        return self.code and self.grade and not self.solution and not self.task

    @property
    def is_by_hand(self) -> bool:
        """Return whether a person grades it."""
        return self.task or (self.grade and (self.solution or not self.code))

    @property
    def has_points(self) -> bool:
        """Return whether it counts for the grade."""
        return self.grade or self.task


def nbgrader_details(cell: object) -> Mapping[str, Any]:
    """Return nbgrader's part of a cell's metadata, whatever its shape; {} where it has none."""
    metadata = cell.get("metadata") if isinstance(cell, Mapping) else None
    details = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return details if isinstance(details, Mapping) else {}


def grade_id_of(cell: object) -> str:
    """Return nbgrader's name of a cell, whatever shape the cell is in; "" where it has none."""
    grade_id = nbgrader_details(cell).get("grade_id")
    return grade_id if isinstance(grade_id, str) else ""
