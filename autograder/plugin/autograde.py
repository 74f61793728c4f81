"""nbgrader's `Autograde`, so that every submission's folder ends with a row and a reason."""

import fnmatch
import os
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.writers import FilesWriter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearOutput
from nbgrader.utils import setenv
from traitlets import Integer

from autograder.checks import seeds
from autograder.notebook.ownership import Marks
from autograder.plugin.cell_schema import schema_checked_once
from autograder.plugin.context import AssignmentContext, SubmissionContext, SubmissionRules
from autograder.plugin.execute import SandboxExecute, engine_of
from autograder.plugin.gradebook import kept_open, make_row, quiet
from autograder.plugin.graded_notebook import merged_notebook
from autograder.plugin.names import literal_glob, why_no_student
from autograder.plugin.notebook_context import KEY, answer_text
from autograder.plugin.staged import Staged
from autograder.plugin.timestamps import guarded_timestamps
from autograder.plugin.written_files import lay_written
from autograder.printable import keep_printable
from autograder.result import Result
from autograder.sandbox import IsolationError, unsupported_reason
from autograder.store import Store, StoreError


class SandboxAutograde(Staged, Autograde):  # long, as all of nbgrader's hooks are methods of one class
    """Autograde every submission's folder, whatever lies in it.

    What differs from nbgrader's class: a folder without a readable notebook is graded (with 0 and
    the reason); of a submission only regular files are read; what nbgrader's sanitizing gets is a
    notebook rebuilt from the instructor's cells and the student's code; and
    ``autograded/<student>/<assignment>`` appears, in the place of an older one, when all of it is
    done and its scores are in the gradebook, so that a run which was killed is finished by the same
    command.

    Parameters
    ----------
    coursedir : CourseDirectory
        Of the course.
    store : Store, optional
        Where results are kept; by default the course's own, if the configuration has results kept.
    """

    file_count = Integer(1_000, min=0, help="How many files beside the notebooks are taken.").tag(config=True)
    total_bytes = Integer(
        200_000_000, min=0, help="How many bytes the files beside the notebooks may have together."
    ).tag(config=True)

    def __init__(
        self, coursedir: CourseDirectory | None = None, *, store: Store | None = None, **kwargs: Any
    ) -> None:
        super().__init__(coursedir=coursedir, **kwargs)
        keep_printable(self.log)
        self.settings = SandboxExecute(parent=self)
        self.missing_layers: set[str] = set()
        self.refused: dict[str, str] = {}  # folders whose names are no student's, and why
        self._store = store
        self._engine = engine_of(self.coursedir)
        self._contexts: dict[str, AssignmentContext] = {}
        self._folders = ExitStack()  # of the contexts
        self._submission: SubmissionContext | None = None  # the one whose scores are being written
        self._settled = False  # as `write` was told
        self._transaction = ExitStack()  # the gradebook's, while `write` writes in one

    def start(self) -> None:
        """Grade what the command names."""
        if reason := unsupported_reason():
            self.log.error("%s (leave autograder.plugin.configure out of nbgrader_config.py)", reason)
            raise NbGraderException(reason)
        self._require_isolation()
        with self.opened():
            self.convert_notebooks()

    def _require_isolation(self) -> None:
        """Refuse to grade without isolation, once for the run and before any submission."""
        if not self.settings.enabled:
            return  # `--no-execute` runs nothing
        try:
            self.settings.require_isolation()
        except (IsolationError, OSError) as error:
            self.log.error("%s", error)
            raise NbGraderException(str(error)) from error

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Find the submissions and make ready to write them, as nbgrader's `start` does."""
        with (
            guarded_timestamps(self.coursedir, self.log),
            kept_open() as self._gradebooks,
            schema_checked_once(),
            quiet(),
        ):
            try:
                self.init_notebooks()
                self.writer = FilesWriter(parent=self, config=self.config)
                self.exporter = self.exporter_class(parent=self, config=self.config)
                with chdir(self.coursedir.root):
                    yield
            finally:
                self._leave_submission()
                self._contexts.clear()
                self._folders.close()
                self._name_missing_layers()
                self._name_missing_secret()

    def context(self, assignment_id: str) -> AssignmentContext:
        """Return what the submissions of an assignment are graded by in this run."""
        if assignment_id not in self._contexts:
            editable = tuple(self.exclude_overwriting.get(assignment_id, []))
            keep_outputs = not ClearOutput(parent=self).enabled
            rules = SubmissionRules(self.file_count, self.total_bytes, editable, keep_outputs)
            store = self._open_store(assignment_id)
            self._contexts[assignment_id] = self._folders.enter_context(
                AssignmentContext(
                    self.coursedir, assignment_id, self.settings, store, rules, self._engine, self.log
                )
            )
        return self._contexts[assignment_id]

    def _open_store(self, assignment_id: str) -> Store | None:
        if self._store is not None or not self.settings.keep_results:
            return self._store
        try:
            return Store(Path(self.coursedir.root), assignment_id)
        except StoreError as error:
            self.log.warning("Results are not kept: %s", error)
            return None

    def _leave_submission(self) -> SubmissionContext | None:
        """Be done with the submission that is being written, and return it."""
        submission, self._submission = self._submission, None
        if submission is not None:
            submission.close()
        return submission

    def _name_missing_layers(self) -> None:
        if self.missing_layers:
            self.log.warning(
                "Missing of the sandbox, as c.SandboxExecute.allow_missing allows: %s. `autograder doctor` "
                "says what a submission can do without.",
                ", ".join(sorted(self.missing_layers)),
            )

    def _name_missing_secret(self) -> None:
        secret = self.settings.secret
        if secret and not Path(secret).exists():
            self.log.warning("In %s: %s.", Path(secret).parent, seeds.NO_SECRET)

    def init_notebooks(self) -> None:
        """Find the submissions: every folder of the assignment, with or without a notebook."""
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.notebooks, self.assignments, self.refused = [], {}, {}
        for folder in literal_glob(pattern):
            if reason := why_no_student(os.path.relpath(folder, self.coursedir.root)):
                self.refused[folder] = reason
                self.log.warning("Not the name of a student, so not graded: %s (%s)", folder, reason)
            elif os.path.isdir(folder) and not os.path.islink(folder):
                notebooks = os.path.join(folder, f"{self.coursedir.notebook_id}.ipynb")
                self.assignments[folder] = literal_glob(notebooks)
            else:
                self.log.warning("Not a folder, so not a submission: %s", folder)
        if not self.assignments:
            super().init_notebooks()  # says what it looked for, and raises

    def write(
        self, folder: str, notebooks: list[str], *, settled: bool = False, at_once: bool = False
    ) -> None:
        """Let nbgrader's steps write one submission: its folder, and the notebooks in it.

        Parameters
        ----------
        folder : str
            Of the submission.
        notebooks : list of str
            That lie in it.
        settled : bool
            Whether its results are those of the last time, so that what a person has looked at need
            not be looked at again.
        at_once : bool
            Whether all results are there, so that nothing runs while the gradebook is written: it
            is then written in one transaction.
        """
        self.assignments, self._settled = {folder: notebooks}, settled
        with self._transaction:
            # An invalid notebook leaves no scores, so that it may be found after all steps, once.
            self.exporter.optimistic_validation = at_once
            if at_once:
                url, course = self.coursedir.db_url, self.coursedir.course_id
                self._transaction.enter_context(self._gradebooks.one_transaction(url, course))
            self.convert_notebooks()

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Tell whether this submission is to be graded; remove what a killed run has left of it."""
        self._leave_submission()
        if not super().init_destination(assignment_id, student_id):
            return False
        before = _graded_answers(self.finished_folder(assignment_id, student_id))
        self._submission = SubmissionContext(
            self.context(assignment_id), student_id, before, settled=self._settled
        )
        return True

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Make the student's row; lay out the submission's files, the instructor's over them."""
        submission, context = self._submission, self._submission.assignment
        for path in self.notebooks:
            if Path(path) not in submission.notebook_files:
                self.log.warning("Not a notebook of this assignment, so not graded: %s", path)
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            row = make_row(
                gradebook, assignment_id, student_id,
                *context.handed_in(student_id), new_student=self.create_student,
            )  # fmt: skip
            if row.total_seconds_late > 0:
                self.log.warning("%s is %s seconds late", row, row.total_seconds_late)
        if unclear := context.time_unclear(student_id):
            self.log.warning("%s, %s: late or not? %s", student_id, assignment_id, unclear)
        destination = Path(self._format_dest(assignment_id, student_id))
        destination.mkdir(parents=True)
        context.copy_files(destination)
        submission.folder.copy_to(destination, keep=set(context.file_names), inert=True)
        submission.left_out = tuple(submission.folder.refused)
        for refused in submission.left_out:
            self.log.warning("%s, %s: left out: %s", student_id, assignment_id, refused)
        pattern = self.coursedir.notebook_id
        names = fnmatch.filter(context.notebook_names, pattern)
        if not names:
            raise NbGraderException(
                f"Assignment {assignment_id!r} has no notebook named {pattern!r} in the gradebook"
            )
        source = Path(self._format_source(assignment_id, student_id))
        self.notebooks = [str(source / f"{name}.ipynb") for name in names]

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grade one notebook, from the submitted file to the gradebook and ``autograded``."""
        resources = self.init_single_notebook_resources(notebook_filename)
        ids = resources["nbgrader"]
        context = self._submission.notebook(ids["notebook"])
        if context.reason:
            self.log.warning("%s, %s: %s", ids["student"], ids["assignment"], context.reason)
        if context.remark:
            self.log.warning("%s, %s: %s", ids["student"], ids["assignment"], context.remark)
        resources[KEY] = context
        self.log.info("Sanitizing %s", notebook_filename)
        output, resources = self._convert(merged_notebook(context), resources, sanitizing=True)
        self.log.info("Autograding %s", notebook_filename)
        with setenv(NBGRADER_EXECUTION="autograde"):
            notebook = nbformat.reads(output, as_version=4)
            output, resources = self._convert(notebook, resources, sanitizing=False)
        self.write_single_notebook(output, resources)
        if context.result is not None:
            self.missing_layers.update(context.result.missing_layers)
            self._lay_written(context.result, ids["student"], ids["assignment"])
            self._submission.keys[ids["notebook"]] = context.key

    def _lay_written(self, result: Result, student: str, assignment: str) -> None:
        if result.files:
            keep = set(self._submission.assignment.file_names)
            for refused in lay_written(result, Path(self._format_dest(assignment, student)), keep):
                self.log.warning("%s, %s: written, but left out: %s", student, assignment, refused)

    def _convert(self, notebook: NotebookNode, resources: dict, *, sanitizing: bool) -> tuple[str, dict]:
        self._sanitizing = sanitizing
        try:
            self._init_preprocessors()
            return self.exporter.from_notebook_node(notebook, resources=resources)
        finally:
            self._sanitizing = True

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Set the permissions of a graded submission, and let it appear: the last step."""
        self._transaction.close()  # what appears is in the gradebook
        super().set_permissions(assignment_id, student_id)
        submission = self._leave_submission()
        context = submission.assignment
        if context.store is not None and submission.keys:
            context.store.add_record(context.record(student_id, submission.keys))


def _graded_answers(folder: Path) -> dict[str, dict[str, str]]:
    """Read the answers in a folder of graded notebooks: notebook → name of the cell → text.

    That of a task is the digest of all that is the student's.
    """
    answers: dict[str, dict[str, str]] = {}
    for path in folder.glob("*.ipynb"):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception:  # not one that a run has finished
            continue
        own = notebook.metadata.get(KEY, {}).get("answers", "")
        answers[path.stem] = {
            marks.grade_id: own if marks.task else answer_text(cell)
            for cell in notebook.cells
            if (marks := Marks.of(cell)).solution or (marks.task and own)
        }
    return answers
