"""What the steps of grading one notebook hand to each other."""

from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.result import Result

KEY = "autograder"  # in nbconvert's resources, and in a graded notebook's metadata


@dataclass
class Work:
    """One notebook of one submission on its way through nbgrader's preprocessors.

    Parameters
    ----------
    submission : bytes or NotebookNode or None
        As it was handed in; None where there is nothing to read.
    source : NotebookNode
        The instructor's version, as released, with the hidden tests.
    engine_source : NotebookNode
        The same cells with the solutions.
    reason : str
        Why the submission as a whole got what it got, in words; "" where nothing is to be said.
    unreadable : bool
        Nothing of the submission could be read: all its cells get 0.
    lab_files, judge_files, submission_files : Path or None
        What both processes may read, what only the judge may read, what only the worker may read.
    keep_outputs : bool
        Whether the outputs that the student stored are shown (where nothing is run).
    result : Result or None
        The engine's result; None as long as nothing was run.
    """

    submission: bytes | NotebookNode | None
    source: NotebookNode
    engine_source: NotebookNode
    reason: str = ""
    unreadable: bool = False
    lab_files: Path | None = None
    judge_files: Path | None = None
    submission_files: Path | None = None
    keep_outputs: bool = False
    result: Result | None = None

    @classmethod
    def of(cls, resources: dict) -> "Work":
        """Return the work in nbconvert's ``resources``."""
        return resources[KEY]
