"""nbgrader's `Autograde`, so that every submission's folder ends with a row and a reason."""

import fnmatch
import glob
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearOutput
from nbgrader.utils import is_solution, rmtree, setenv
from traitlets import Integer

from autograder.checks import seeds
from autograder.execution.spec import GradingSpec
from autograder.plugin import assignment
from autograder.plugin.execute import SandboxExecute
from autograder.plugin.gradebook import kept_open, quiet
from autograder.plugin.graded_notebook import merged_notebook
from autograder.plugin.lint import changeable_names
from autograder.plugin.notebook_context import KEY, NotebookContext
from autograder.plugin.submission_folder import SubmissionFolder
from autograder.store import Record, Store, StoreError
from autograder.store.content import digest


class SandboxAutograde(Autograde):
    """Autograde every submission's folder, whatever lies in it.

    What differs from nbgrader's class: a folder without a readable notebook is graded (with 0 and the
    reason); of a submission only regular files are read; what nbgrader's sanitizing gets is a notebook
    rebuilt from the instructor's cells and the student's code; and ``autograded/<student>/<assignment>``
    appears when all of it is done and its scores are in the gradebook, so that a run which was killed is
    finished by the same command.
    """

    file_count = Integer(1_000, min=0, help="How many files beside the notebooks are taken.").tag(config=True)
    total_bytes = Integer(
        200_000_000, min=0, help="How many bytes the files beside the notebooks may have together."
    ).tag(config=True)

    _unfinished = False

    def start(self) -> None:
        """Grade what the command names."""
        self._sources: dict[tuple[str, str], tuple[NotebookNode, GradingSpec]] = {}
        self._answers: dict[tuple[str, str], dict[str, str]] = {}
        self._settings = SandboxExecute(parent=self)
        self._store = self._open_store()
        with (
            ExitStack() as self._resources,
            _guarded_timestamps(self.coursedir, self.log),
            kept_open(),
            quiet(),
        ):
            self._lab_folders: dict[str, Path] = {}
            self.missing_layers: set[str] = set()
            try:
                super().start()
            finally:
                self._name_missing_layers()
                self._name_missing_secret()

    def _open_store(self) -> Store | None:
        if not self._settings.keep_results:
            return None
        try:
            return Store(Path(self.coursedir.root), self.coursedir.assignment_id)
        except StoreError as error:
            self.log.warning("Results are not kept: %s", error)
            return None

    def _name_missing_layers(self) -> None:
        if self.missing_layers:
            self.log.warning(
                "Missing of the sandbox on this machine: %s. `autograder doctor` says more.",
                ", ".join(sorted(self.missing_layers)),
            )

    def _name_missing_secret(self) -> None:
        secret = self._settings.secret
        if secret and not Path(secret).exists():
            self.log.warning("In %s: %s.", Path(secret).parent, seeds.NO_SECRET)

    def init_notebooks(self) -> None:
        """Find the submissions: every folder of the assignment, with or without a notebook."""
        pattern = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.notebooks, self.assignments = [], {}
        for folder in glob.glob(pattern):
            if os.path.isdir(folder) and not os.path.islink(folder):
                notebooks = os.path.join(folder, f"{self.coursedir.notebook_id}.ipynb")
                self.assignments[folder] = glob.glob(notebooks)
            else:
                self.log.warning("Not a folder, so not a submission: %s", folder)
        if not self.assignments:
            super().init_notebooks()  # says what it looked for, and raises

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Tell whether this submission is to be graded; remove what a killed run has left of it."""
        self._unfinished = False
        self._before = _graded_answers(Path(self._format_dest(assignment_id, student_id)))
        if not super().init_destination(assignment_id, student_id):
            return False
        self._unfinished = True
        unfinished = self._format_dest(assignment_id, student_id)
        if os.path.exists(unfinished):
            rmtree(unfinished)
        return True

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        path = super()._format_dest(assignment_id, student_id, escape=escape)
        if not self._unfinished:
            return path
        folder, name = os.path.split(os.path.normpath(path))
        return os.path.join(folder, f".{name}.unfinished")

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Make the student's row, and lay out the submission's files with the instructor's over them."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            expected = self._notebook_names(gradebook, assignment_id)
            self._make_row(gradebook, assignment_id, student_id)
        self._keys: dict[str, str] = {}
        self._handed_in, self._submission_files = self._open_submission(assignment_id, student_id, expected)
        for refused in self._handed_in.refused:
            self.log.warning("%s, %s: left out: %s", student_id, assignment_id, refused)
        own = self._lab_file_names(assignment_id)
        destination = Path(self._format_dest(assignment_id, student_id))
        destination.mkdir(parents=True)
        assignment.copy_files(own, assignment.source_folder(self.coursedir, assignment_id), destination)
        self._handed_in.copy_to(destination, keep=set(own))
        source = Path(self._format_source(assignment_id, student_id))
        pattern = self.coursedir.notebook_id
        names = [name for name in expected if fnmatch.fnmatchcase(name, pattern)]
        if not names:
            raise NbGraderException(
                f"Assignment {assignment_id!r} has no notebook named {pattern!r} in the gradebook"
            )
        self.notebooks = [str(source / f"{name}.ipynb") for name in names]

    def _open_submission(
        self, assignment_id: str, student_id: str, expected: list[str]
    ) -> tuple[SubmissionFolder, Path]:
        """Return what was handed in, and a new folder with its files beside the notebooks."""
        handed_in = SubmissionFolder(
            Path(self._format_source(assignment_id, student_id)),
            notebook_bytes=self._settings.notebook_bytes,
            ignore=tuple(self.coursedir.ignore),
            expected=tuple(expected),
            file_count=self.file_count,
            total_bytes=self.total_bytes,
        )
        folder = Path(tempfile.mkdtemp(prefix="handed-in-"))
        self._resources.callback(shutil.rmtree, folder, ignore_errors=True)
        handed_in.copy_to(folder, keep=set(self._lab_file_names(assignment_id)))
        (folder / "timestamp.txt").unlink(missing_ok=True)  # nbgrader's: equal work is equal at any time
        return handed_in, folder

    def _lab_file_names(self, assignment_id: str) -> list[Path]:
        editable = self.exclude_overwriting.get(assignment_id, [])
        return assignment.lab_file_names(self.coursedir, assignment_id, editable)

    def _notebook_names(self, gradebook: Gradebook, assignment_id: str) -> list[str]:
        try:
            assignment = gradebook.find_assignment(assignment_id)
        except MissingEntry:
            raise NbGraderException(
                f"No assignment {assignment_id!r} in the gradebook; "
                f"run: nbgrader generate_assignment {assignment_id}"
            ) from None
        names = sorted(each.name for each in assignment.notebooks)
        for path in self.notebooks:
            if Path(path).stem not in names:
                self.log.warning("Not a notebook of this assignment, so not graded: %s", path)
        return names

    def _make_row(self, gradebook: Gradebook, assignment_id: str, student_id: str) -> None:
        if self.create_student:
            gradebook.update_or_create_student(student_id)
        else:
            try:
                gradebook.find_student(student_id)
            except MissingEntry:
                raise NbGraderException(f"No student {student_id!r} in the gradebook") from None
        timestamp = self._handed_in_at(assignment_id, student_id)
        details = {"timestamp": timestamp} if timestamp else {}
        submission = gradebook.update_or_create_submission(assignment_id, student_id, **details)
        if submission.total_seconds_late > 0:
            self.log.warning("%s is %s seconds late", submission, submission.total_seconds_late)

    def _handed_in_at(self, assignment_id: str, student_id: str) -> datetime | None:
        return self.coursedir.get_existing_timestamp(self._format_source(assignment_id, student_id))

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grade one notebook of a submission, from the submitted file to the gradebook and ``autograded``."""
        resources = self.init_single_notebook_resources(notebook_filename)
        ids = resources["nbgrader"]
        context = self._work(ids["assignment"], ids["notebook"], ids["student"])
        if context.reason:
            self.log.warning("%s, %s: %s", ids["student"], ids["assignment"], context.reason)
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
            self._keys[ids["notebook"]] = context.key

    def _convert(self, notebook: NotebookNode, resources: dict, *, sanitizing: bool) -> tuple[str, dict]:
        self._sanitizing = sanitizing
        try:
            self._init_preprocessors()
            return self.exporter.from_notebook_node(notebook, resources=resources)
        finally:
            self._sanitizing = True

    def _work(self, assignment_id: str, name: str, student_id: str) -> NotebookContext:
        submission, reason = self._handed_in.notebook(name)
        source, spec = self._source(assignment_id, name)
        return NotebookContext(
            submission,
            source,
            spec,
            absence=reason,
            submission_files=self._submission_files,
            variant_key=self._settings.variant_key(student_id),
            keep_outputs=not ClearOutput(parent=self).enabled,
            store=self._store,
            own_answers=self._own_answers(assignment_id, name),
            before=self._before.get(name, {}),
        )

    def _source(self, assignment_id: str, name: str) -> tuple[NotebookNode, GradingSpec]:
        if (assignment_id, name) not in self._sources:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                source = assignment.instructors_notebook(gradebook, self.coursedir, assignment_id, name)
            solved = assignment.with_solutions(source, self.coursedir, assignment_id, name)
            judge_files = assignment.judge_folder(self.coursedir, assignment_id)
            spec = self._settings.spec(source, solved, self._lab_files(assignment_id), judge_files)
            self._sources[assignment_id, name] = source, spec
            for changeable in changeable_names(solved):
                self.log.warning(
                    "%s/%s.ipynb: the tests use %r, which an unlocked cell defines, so a submission can "
                    "change it; lock that cell",
                    assignment_id,
                    name,
                    changeable,
                )
        return self._sources[assignment_id, name]

    def _own_answers(self, assignment_id: str, name: str) -> dict[str, str]:
        if (assignment_id, name) not in self._answers:
            self._answers[assignment_id, name] = assignment.own_answers(self.coursedir, assignment_id, name)
        return self._answers[assignment_id, name]

    def _lab_files(self, assignment_id: str) -> Path:
        """Return a folder with the released files only: the source folder also has the solutions."""
        if assignment_id not in self._lab_folders:
            folder = Path(tempfile.mkdtemp(prefix="lab-"))
            self._resources.callback(shutil.rmtree, folder, ignore_errors=True)
            source = assignment.source_folder(self.coursedir, assignment_id)
            assignment.copy_files(self._lab_file_names(assignment_id), source, folder)
            self._lab_folders[assignment_id] = folder
        return self._lab_folders[assignment_id]

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Set the permissions of what was graded, and let it appear: the last step of a submission."""
        super().set_permissions(assignment_id, student_id)
        shutil.rmtree(self._submission_files, ignore_errors=True)
        unfinished = self._format_dest(assignment_id, student_id)
        self._unfinished = False
        _publish(Path(unfinished), Path(os.path.normpath(self._format_dest(assignment_id, student_id))))
        if self._store is not None and self._keys:
            self._store.note(self._record(student_id, self._keys))

    def _record(self, student_id: str, keys: dict[str, str]) -> Record:
        """Note a submission that is graded now; ``keys`` are of its notebooks' results."""
        assignment_id = self.coursedir.assignment_id
        if self.coursedir.notebook_id != "*" and (before := self._store.record(student_id)) is not None:
            keys = before.notebooks | keys
        timestamp = self._handed_in_at(assignment_id, student_id)
        return Record(
            student=student_id,
            assignment=assignment_id,
            timestamp=timestamp.replace(tzinfo=UTC).isoformat() if timestamp else "",
            graded=datetime.now(UTC).isoformat(timespec="seconds"),
            tests=digest(sorted(self._source(assignment_id, name)[1].digest for name in keys)),
            notebooks=dict(sorted(keys.items())),
        )


def _graded_answers(folder: Path) -> dict[str, dict[str, str]]:
    """Read the answers in a folder of graded notebooks: notebook → name of the cell → text."""
    found = {}
    for path in folder.glob("*.ipynb"):
        try:
            cells = nbformat.read(path, as_version=4).cells
        except Exception:  # not one that a run has finished
            continue
        found[path.stem] = {
            cell.metadata.nbgrader.grade_id: cell.source for cell in cells if is_solution(cell)
        }
    return found


def _publish(unfinished: Path, finished: Path) -> None:
    """Move a folder to its place, in one step where nothing is there yet (some of its notebooks may be)."""
    if not finished.exists():
        unfinished.rename(finished)
        return
    for path in sorted(unfinished.rglob("*"), key=lambda path: path.suffix == ".ipynb"):
        target = finished / path.relative_to(unfinished)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            path.replace(target)
    rmtree(str(unfinished))


@contextmanager
def _guarded_timestamps(coursedir: CourseDirectory, log) -> Iterator[None]:
    """Take a ``timestamp.txt`` that cannot be read for none, and say so."""
    read = coursedir.get_existing_timestamp

    def guarded(folder: str):
        path = Path(folder) / "timestamp.txt"
        try:
            if path.exists() and not stat.S_ISREG(path.lstat().st_mode):
                raise ValueError("not a regular file")
            return read(folder)
        except Exception as error:
            log.warning("%s is no date and time, so the time of handing in is unknown (%s)", path, error)
            return None

    coursedir.get_existing_timestamp = guarded
    try:
        yield
    finally:
        del coursedir.get_existing_timestamp
