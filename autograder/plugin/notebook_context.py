"""One notebook of one submission on its way through the steps of grading."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from autograder.execution.engine import Engine, all_by_hand
from autograder.execution.spec import GradingSpec, Submission, submission_digest
from autograder.notebook.alignment import AlignedNotebook, align
from autograder.notebook.own_work import work_beside
from autograder.notebook.submission import SubmittedCell
from autograder.result import Result
from autograder.store import Store

KEY = "autograder"  # in nbconvert's resources, and in a graded notebook's metadata
GRADER = "grader"  # the reader of a cell that students are not to see
REPORT = "ReportForTheGrader"  # the kind of an output that students are not to see


@dataclass
class NotebookContext:
    """One notebook of one submission on its way through nbgrader's preprocessors.

    Parameters
    ----------
    engine : Engine
        Where it is graded.
    submission : bytes or NotebookNode or None
        As it was handed in; None where there is nothing to read.
    source : NotebookNode
        The instructor's version, as released, with the hidden tests.
    spec : GradingSpec
        The same cells with the solutions, and all else that the engine has to know of the
        instructor's side.
    absence : str
        Why there is no notebook to read, in words; "" where there is one.
    remark : str
        What is odd about the notebook, though it is graded; "" for nothing.
    undecided : bool
        Whether a person has to say which of several files is the notebook, so that none is graded.
    submission_files : Path or None
        The folder of the files that were handed in beside the notebook.
    seed_key : bytes or None
        The key that the hidden tests draw their numbers from.
    keep_outputs : bool
        Whether the outputs that the student stored are shown (where nothing is run).
    store : Store or None
        Where results are kept by content.
    own_answers : dict of str to NotebookNode
        The instructor's, to those cells that a person grades, by the cell's name.
    before : dict of str to str
        The answers that were graded the last time, by the cell's name.
    left_out : tuple of str
        What was handed in and does not lie beside the graded notebook, with the reasons.
    time_unclear : str
        Why nobody knows whether it was handed in late; "" where that is known, or no matter.
    settled : bool
        Whether its result is that of the last time, so that a person need not look again.
    answers : str
        Digest of all that is the student's, for tasks, which may be answered anywhere; "" where
        there is no task.
    result : Result or None
        The engine's result; None as long as nothing was run.
    """

    engine: Engine
    submission: bytes | NotebookNode | None
    source: NotebookNode
    spec: GradingSpec
    absence: str = ""
    remark: str = ""
    undecided: bool = False
    submission_files: Path | None = None
    seed_key: bytes | None = None
    keep_outputs: bool = False
    store: Store | None = None
    own_answers: dict[str, NotebookNode] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    time_unclear: str = ""
    settled: bool = False
    answers: str = ""
    result: Result | None = None

    def __deepcopy__(self, _: dict) -> NotebookContext:
        """Return itself: nbconvert copies its resources at every step."""
        return self

    @classmethod
    def of(cls, resources: dict) -> NotebookContext:
        """Return the context in nbconvert's ``resources``."""
        return resources[KEY]

    @cached_property
    def aligned(self) -> AlignedNotebook:
        """The submission laid over the instructor's notebook: for the page, and for the engine."""
        max_bytes = int(self.spec.limits.notebook_bytes)
        return align(self.submission, self.spec.source, max_bytes=max_bytes)

    @property
    def unreadable(self) -> bool:
        """Return whether nothing of the submission could be read, so that all its cells get 0."""
        return bool(self.aligned.unreadable) and not self.undecided

    @cached_property
    def beside(self) -> dict[str, tuple[SubmittedCell, ...]]:
        """The student's own cells that may be an answer, by the name of the cell for it."""
        return work_beside(self.aligned.submitted, self.source)

    @property
    def reason(self) -> str:
        """The reason for the result of the submission as a whole, in words; "" for none."""
        return self.absence or self.aligned.unreadable or (self.result.reason if self.result else "")

    @cached_property
    def key(self) -> str:
        """The result's name in the store, by all that it depends on; "" without a store."""
        if self.store is None:
            return ""
        variant = hashlib.sha256(self.seed_key or b"").hexdigest()
        submission = submission_digest(self.submission, self.submission_files)
        undecided = [self.absence] if self.undecided else []
        return self.store.key([self.spec.digest, submission, variant, *undecided])

    def grade(self) -> None:
        """Set ``result``: the one that is kept, or else the engine's, which is then kept.

        Where the engine failed, it tries again.
        """
        if self.store is not None:
            self.result = self.store.result(self.key)
        if self.result is None or self.result.failed:
            if self.undecided:
                self.result = all_by_hand(self.aligned, self.absence)
            else:
                submission = Submission(self.aligned, self.submission_files, self.seed_key)
                self.result = self.engine.grade(known_changes(self.spec, self.store), submission)
            if self.store is not None:
                keep(self.store, self.key, self.result, self.spec)


def answer_text(cell: NotebookNode) -> str:
    """Return what tells a graded answer from another: its text, and what stands beside it."""
    return f"{cell.source}{cell.metadata.get(KEY, {}).get('beside', '')}"


def known_changes(spec: GradingSpec, store: Store | None) -> GradingSpec:
    """Return the spec with what an earlier run has found out of the instructor's solution."""
    return spec if store is None else replace(spec, changeable=store.changeable(spec.digest))


def keep(store: Store, key: str, result: Result, spec: GradingSpec) -> None:
    """Keep a result, and what its grading has found out of the instructor's solution.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    store.keep(key, result)
    if result.changeable is not None:
        store.keep_changeable(spec.digest, result.changeable)
