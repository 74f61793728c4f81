"""What the steps of grading one notebook hand to each other."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograder.execution.spec import GradingSpec, submission_digest
from autograder.result import Result
from autograder.store import Store

KEY = "autograder"  # in nbconvert's resources, and in a graded notebook's metadata


@dataclass
class NotebookContext:
    """One notebook of one submission on its way through nbgrader's preprocessors.

    Parameters
    ----------
    submission : bytes or NotebookNode or None
        As it was handed in; None where there is nothing to read.
    source : NotebookNode
        The instructor's version, as released, with the hidden tests.
    spec : GradingSpec
        The same cells with the solutions, and all else that the engine has to know of the instructor's side.
    reason : str
        Why the submission as a whole got what it got, in words; "" where nothing is to be said.
    unreadable : bool
        Nothing of the submission could be read: all its cells get 0.
    submission_files : Path or None
        What was handed in beside the notebook.
    variant_key : bytes or None
        Which numbers the hidden tests draw.
    keep_outputs : bool
        Whether the outputs that the student stored are shown (where nothing is run).
    result : Result or None
        The engine's result; None as long as nothing was run.
    store : Store or None
        Where results are kept by content.
    own_answers : dict of str to str
        The instructor's, to those cells that a person grades, by the cell's name.
    before : dict of str to str
        The answers that were graded the last time, by the cell's name.
    """

    submission: bytes | NotebookNode | None
    source: NotebookNode
    spec: GradingSpec
    reason: str = ""
    unreadable: bool = False
    submission_files: Path | None = None
    variant_key: bytes | None = None
    keep_outputs: bool = False
    result: Result | None = None
    store: Store | None = None
    own_answers: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def __deepcopy__(self, _: dict) -> "NotebookContext":
        """Return itself: nbconvert copies its resources at every step, and this is for all of them."""
        return self

    def grade(self) -> None:
        """Set ``result``: the one that is kept, or else the engine's, which is then kept."""
        key = self.key
        self.result = self.store.result(key) if key else None
        if self.result is None:
            self.result = self.spec.grade(self.submission, self.submission_files, self.variant_key)
            if key:
                self.store.keep(key, self.result)

    @property
    def key(self) -> str:
        """Name of the result in the store: it depends on all that this submission is graded by."""
        if self.store is None:
            return ""
        content = key_content(self.spec, self.submission, self.submission_files, self.variant_key)
        return self.store.key(content)

    @classmethod
    def of(cls, resources: dict) -> "NotebookContext":
        """Return the context in nbconvert's ``resources``."""
        return resources[KEY]


def key_content(
    spec: GradingSpec, notebook: bytes | NotebookNode | None, files: Path | None, variant_key: bytes | None
) -> list[str]:
    """Return what the key of a result is made of."""
    variant = hashlib.sha256(variant_key or b"").hexdigest()
    return [spec.digest, submission_digest(notebook, files), variant]
