"""A class and an assignment, as far as a report needs them."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.result import CellResult


@dataclass(frozen=True)
class Question:
    """One graded cell of the assignment.

    Parameters
    ----------
    name
        nbgrader's grade id; with several notebooks, after the notebook's name.
    max_score
        Points.
    by_hand
        Whether a person grades it.
    """

    name: str
    max_score: float
    by_hand: bool = False


@dataclass(frozen=True)
class Code:
    """One code cell of a student's: its grade id ("" where it has none) and its source."""

    name: str
    source: str


@dataclass(frozen=True)
class SubmissionData:
    """One student's submission, with its points and results.

    Parameters
    ----------
    student
        nbgrader's id.
    name
        As it is to be read, such as "Last, First"; "" where the gradebook has none.
    scores
        Question → points in the gradebook, corrections by hand included; None where nobody has
        graded yet.
    results
        Question → the judge's result; without those that a person grades.
    previous
        Question → points under the tests before these; empty where there were no others.
    previous_differs
        Whether something else was handed in for the grading before.
    reason
        Why the submission as a whole got what it got; "" where nothing is to be said.
    limits_hit
        Names of limits of the engine that were reached.
    missing, edited
        Names of the assignment's cells that the submission no longer has, and of locked ones that
        it changed.
    remarks
        What is odd about its files, though they were graded.
    code
        The code that is the student's.
    all_compared
        Whether that is all of it; False where there is more than is compared.
    files
        Name → digest of what was handed in beside the notebooks, without files of the release.
    timestamp
        When it was handed in, ISO 8601; "" where nobody knows.
    time_unclear
        Why nobody knows whether it was late; "" where that is known, or no matter.
    seconds
        How long grading took.
    """

    student: str
    name: str = ""
    scores: dict[str, float | None] = field(default_factory=dict)
    results: dict[str, CellResult] = field(default_factory=dict)
    previous: dict[str, float | None] = field(default_factory=dict)
    previous_differs: bool = False
    reason: str = ""
    limits_hit: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    code: tuple[Code, ...] = ()
    all_compared: bool = True
    files: dict[str, str] = field(default_factory=dict)
    timestamp: str = ""
    time_unclear: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class ClassData:
    """An assignment, and the submissions of a class.

    Parameters
    ----------
    assignment, course
        Their names.
    questions
        In the assignment's order.
    submissions
        In any order.
    released
        Code of the release itself, which is nobody's own.
    waiting
        Students who handed in and have no points at all yet; they are not among the submissions.
    newer
        Cells that were added or changed after most of the class was given the notebook, so that
        they are named for nobody.
    """

    assignment: str
    questions: tuple[Question, ...]
    submissions: tuple[SubmissionData, ...]
    course: str = ""
    released: tuple[Code, ...] = ()
    waiting: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
