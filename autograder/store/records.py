"""What is noted of one student's submission: when it was handed in and graded, and which results it has."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Record:
    """One grading of one submission that reached the gradebook.

    Parameters
    ----------
    student
        nbgrader's id of the student.
    assignment
        The lab.
    timestamp
        When it was handed in, in ISO 8601 (UTC); "" where nobody knows.
    graded
        When it was written to the gradebook, in ISO 8601 (UTC).
    tests
        Digest of the instructor's side: tests, files, limits, packages.
    notebooks
        Name of each notebook → key of its result in the store.
    """

    student: str
    assignment: str
    timestamp: str
    graded: str
    tests: str
    notebooks: dict[str, str] = field(default_factory=dict)

    def to_plain(self) -> dict:
        """Return the record as what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: object) -> Record:
        """Read what `to_plain` gave.

        Raises
        ------
        ValueError
            If it is no record.
        """
        names = set(cls.__dataclass_fields__)
        if not isinstance(plain, dict) or set(plain) != names:
            raise ValueError(f"not a record of a grading: expected {', '.join(sorted(names))}")
        return cls(**plain)

    def same_as(self, other: Record | None) -> bool:
        """Whether another record says the same, the time of grading aside."""
        return other is not None and self.to_plain() | {"graded": ""} == other.to_plain() | {"graded": ""}
