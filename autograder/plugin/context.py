"""One assignment in one run of grading, and one submission of it on its way."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from logging import Logger
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.execution.engine import Engine
from autograder.execution.spec import GradingSpec
from autograder.plugin import assignment as instructor
from autograder.plugin.archives import find_work
from autograder.plugin.course_config import config_of
from autograder.plugin.execute import SandboxExecute
from autograder.plugin.handed_in import HandedInNotebook
from autograder.plugin.lint import changeable_names
from autograder.plugin.notebook_context import NotebookContext
from autograder.plugin.staleness import basis_digest
from autograder.plugin.submission_folder import SubmissionFolder
from autograder.plugin.timestamps import time_of_handing_in
from autograder.store import Record, Store
from autograder.store.content import digest
from autograder.temporary import TemporaryFolder


@dataclass(frozen=True)
class SubmissionRules:
    """The rules by which a submission's folder is read.

    Parameters
    ----------
    file_count, total_bytes
        Bounds on the files beside the notebooks.
    editable
        The instructor's files that a student may change.
    keep_outputs
        Whether the outputs that the student stored are shown (where nothing is run).
    """

    file_count: int
    total_bytes: int
    editable: tuple[str, ...] = ()
    keep_outputs: bool = False


class AssignmentContext:
    """The instructor's side of one assignment in one run: all that its submissions are graded by.

    As a context manager, it removes its temporary folder.

    Parameters
    ----------
    coursedir : CourseDirectory
        Of the course.
    name : str
        The assignment's.
    settings : SandboxExecute
        Limits and the like, as configured.
    store : Store or None
        Where results are kept by content.
    rules : SubmissionRules
        How submissions are read.
    engine : Engine
        Where submissions are graded.
    log : Logger
        Where to warn the instructor.
    """

    def __init__(
        self,
        coursedir: CourseDirectory,
        name: str,
        settings: SandboxExecute,
        store: Store | None,
        rules: SubmissionRules,
        engine: Engine,
        log: Logger,
    ) -> None:
        self.coursedir, self.name = coursedir, name
        self.settings, self.store, self.rules = settings, store, rules
        self.engine, self.log = engine, log
        self._folders = ExitStack()
        self._sources: dict[str, tuple[NotebookNode, GradingSpec]] = {}
        self._answers: dict[str, dict[str, NotebookNode]] = {}

    def __enter__(self) -> AssignmentContext:
        return self

    def __exit__(self, *_: object) -> None:
        self._folders.close()

    @cached_property
    def notebook_names(self) -> list[str]:
        """The assignment's notebooks in the gradebook."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                entry = gradebook.find_assignment(self.name)
            except MissingEntry:
                raise NbGraderException(
                    f"No assignment {self.name!r} in the gradebook; "
                    f"run: nbgrader generate_assignment {self.name}"
                ) from None
            return sorted(notebook.name for notebook in entry.notebooks)

    @cached_property
    def file_names(self) -> list[Path]:
        """The instructor's files that replace a submission's, relative to the source folder."""
        return instructor.lab_file_names(self.coursedir, self.name, list(self.rules.editable))

    @cached_property
    def released_files(self) -> Path:
        """A folder with the released files only: the source folder also has the solutions."""
        folder = temporary_folder("lab", self._folders)
        self.copy_files(folder)
        return folder

    def copy_files(self, target: Path) -> None:
        """Copy the instructor's files."""
        instructor.copy_files(self.file_names, instructor.source_folder(self.coursedir, self.name), target)

    def source(self, notebook: str) -> tuple[NotebookNode, GradingSpec]:
        """Return the instructor's notebook, as released, and all that it is graded by."""
        if notebook not in self._sources:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                source = instructor.instructors_notebook(gradebook, self.coursedir, self.name, notebook)
            solved = instructor.with_solutions(source, self.coursedir, self.name, notebook)
            judge_files = instructor.judge_folder(self.coursedir, self.name)
            spec = self.settings.spec(source, solved, self.released_files, judge_files)
            self._sources[notebook] = source, spec
            for changeable in changeable_names(solved):
                self.log.warning(
                    "%s/%s.ipynb: the tests use %r, which an unlocked cell defines, so a submission can "
                    "change it; lock that cell",
                    self.name,
                    notebook,
                    changeable,
                )
        return self._sources[notebook]

    def own_answers(self, notebook: str) -> dict[str, NotebookNode]:
        """Return the instructor's answers to the cells that a person grades, by the cell's name."""
        if notebook not in self._answers:
            self._answers[notebook] = instructor.own_answers(self.coursedir, self.name, notebook)
        return self._answers[notebook]

    def submitted_folder(self, student: str) -> Path:
        """Return the folder of a student's submission."""
        return Path(self.coursedir.format_path(self.coursedir.submitted_directory, student, self.name))

    @cached_property
    def has_due_date(self) -> bool:
        """Whether the gradebook says when the assignment is due."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            return gradebook.find_assignment(self.name).duedate is not None

    @cached_property
    def basis(self) -> str:
        """The digest of what all grades depend on beside the submissions."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            return basis_digest(gradebook, self.name, config_of(self.coursedir))

    def handed_in(self, student: str) -> tuple[datetime | None, str]:
        """Return when a student handed in, or None, and why that cannot be told."""
        return time_of_handing_in(self.submitted_folder(student), config_of(self.coursedir))

    def time_unclear(self, student: str) -> str:
        """Return why nobody knows whether a student was late; "" where that is no matter."""
        return self.handed_in(student)[1] if self.has_due_date else ""

    def record(self, student: str, keys: dict[str, str]) -> Record:
        """Return the record of a submission that is graded now.

        Parameters
        ----------
        student : str
            Whose it is.
        keys : dict of str to str
            The keys of its notebooks' results.
        """
        if self.coursedir.notebook_id != "*" and (before := self.store.record(student)) is not None:
            keys = before.notebooks | keys
        timestamp, _ = self.handed_in(student)
        return Record(
            student=student,
            assignment=self.name,
            timestamp=timestamp.replace(tzinfo=UTC).isoformat() if timestamp else "",
            graded=datetime.now(UTC).isoformat(timespec="seconds"),
            tests=digest(sorted(self.source(name)[1].digest for name in keys)),
            notebooks=dict(sorted(keys.items())),
            time_unclear=self.time_unclear(student),
            basis=self.basis,
        )


class SubmissionContext:
    """One student's submission on its way; as a context manager, it removes its temporary folder.

    Parameters
    ----------
    assignment : AssignmentContext
        What it is graded by.
    student : str
        Whose it is.
    before : dict
        The answers that were graded the last time: notebook → name of the cell → text.
    settled : bool
        Whether its results are those of the last time, so that a person need not look again.

    Attributes
    ----------
    keys : dict of str to str
        Keys of the results that its notebooks have got so far.
    left_out : tuple of str
        What was handed in and does not lie beside the graded notebooks, with the reasons.
    """

    def __init__(
        self,
        assignment: AssignmentContext,
        student: str,
        before: dict[str, dict[str, str]] | None = None,
        *,
        settled: bool = False,
    ) -> None:
        self.assignment, self.student = assignment, student
        self.before = before or {}
        self.settled = settled
        self.keys: dict[str, str] = {}
        self.left_out: tuple[str, ...] = ()
        self._folders = ExitStack()

    def __enter__(self) -> SubmissionContext:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary folder."""
        self._folders.close()

    @cached_property
    def _found(self) -> tuple[SubmissionFolder, dict[str, HandedInNotebook]]:
        folder = SubmissionFolder(
            self.assignment.submitted_folder(self.student),
            notebook_bytes=self.assignment.settings.notebook_bytes,
            ignore=tuple(self.assignment.coursedir.ignore),
            expected=tuple(self.assignment.notebook_names),
            file_count=self.assignment.rules.file_count,
            total_bytes=self.assignment.rules.total_bytes,
        )
        names = self.assignment.notebook_names
        return folder, find_work(folder, names, lambda name: self.assignment.source(name)[0], self._folders)

    @property
    def folder(self) -> SubmissionFolder:
        """The folder that was handed in."""
        return self._found[0]

    @property
    def notebook_files(self) -> set[Path]:
        """The files that count as the assignment's notebooks, or that have the name of one."""
        folder, found = self._found
        named = {folder.folder / f"{name}.ipynb" for name in found}
        return named | {folder.folder / one.path for one in found.values()}

    @cached_property
    def files(self) -> Path | None:
        """A folder with copies of the files that were handed in beside the notebooks, if any."""
        # nbgrader's time is none of the work: equal work is equal at any time
        keep = {*self.assignment.file_names, Path("timestamp.txt")}
        if not self.folder.has_files(keep):
            return None
        copies = temporary_folder("handed-in", self._folders)
        self.folder.copy_to(copies, keep=keep)
        return copies

    def notebook(self, name: str) -> NotebookContext:
        """Return one of its notebooks, with all that the steps of grading need."""
        found = self._found[1][name]
        source, spec = self.assignment.source(name)
        return NotebookContext(
            self.assignment.engine,
            found.content,
            source,
            spec,
            absence=found.reason,
            remark=found.remark,
            undecided=found.undecided,
            submission_files=self.files,
            seed_key=self.assignment.settings.seed_key(self.student),
            keep_outputs=self.assignment.rules.keep_outputs,
            store=self.assignment.store,
            own_answers=self.assignment.own_answers(name),
            before=self.before.get(name, {}),
            left_out=self.left_out,
            time_unclear=self.assignment.time_unclear(self.student),
            settled=self.settled,
        )


def temporary_folder(kind: str, owner: ExitStack) -> Path:
    """Make a folder that is removed when its owner closes."""
    return owner.enter_context(TemporaryFolder(kind))
