"""Record of one grading: when the submission was handed in and graded, and which results it has."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

_FIRST = {"student", "assignment", "timestamp", "graded", "tests", "notebooks"}  # in every version


@dataclass(frozen=True)
class Record:
    """Grading of one submission that reached the gradebook.

    Parameters
    ----------
    student
        nbgrader's id of the student.
    assignment
        nbgrader's name of the assignment.
    timestamp
        When it was handed in, in ISO 8601 (UTC); "" if that is not known.
    graded
        When it was written to the gradebook, in ISO 8601 (UTC).
    tests
        Digest of the instructor's side: tests, files, limits, packages.
    notebooks
        Name of each notebook → key of its result in the store.
    time_unclear
        Why nobody could tell whether it was late; "" where that was known, or no matter.
    basis
        Digest of what all grades depend on beside the submissions: the gradebook's cells, settings.
    """

    student: str
    assignment: str
    timestamp: str
    graded: str
    tests: str
    notebooks: dict[str, str] = field(default_factory=dict)
    time_unclear: str = ""
    basis: str = ""

    def to_plain(self) -> dict[str, Any]:
        """Return the record as a plain value for JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: object) -> Record:
        """Return the record that `to_plain` wrote.

        Raises
        ------
        ValueError
            If the value is no record.
        """
        names = set(cls.__dataclass_fields__)
        if not isinstance(plain, dict) or not _FIRST <= set(plain) <= names:
            raise ValueError(f"not a record of a grading: expected {', '.join(sorted(names))}")
        return cls(**plain)

    def same_as(self, other: Record | None) -> bool:
        """Return whether another record is equal, the time of grading aside."""
        return other is not None and self.to_plain() | {"graded": ""} == other.to_plain() | {"graded": ""}
