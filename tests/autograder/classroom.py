"""A course folder of its own, driven through the ``nbgrader`` command line."""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from tests import commands
from tests.children import PYTHONPATH
from tests.commands import Run

REPOSITORY = Path(__file__).resolve().parents[2]
PLAIN_COURSE = Path(__file__).with_name("plain_course")
ONE_LINE = "c = get_config()\nimport autograder.plugin; autograder.plugin.configure(c)\n"


class Classroom:
    """A course in a folder.

    Parameters
    ----------
    root : Path
        An empty folder, or one that holds a course.
    config : str
        The text of ``nbgrader_config.py``.

    Attributes
    ----------
    prefix : tuple of str
        Words that stand before each command, such as a poorer machine's.
    """

    def __init__(self, root: Path, config: str = ONE_LINE):
        self.root, self.config = root, config
        self.prefix: tuple[str, ...] = ()
        root.mkdir(parents=True, exist_ok=True)
        self.configure(config)

    @classmethod
    def plain(cls, root: Path, config: str = ONE_LINE) -> "Classroom":
        """The course with plain asserts, released."""
        if config == ONE_LINE:
            shutil.copytree(_plain_course(), root, dirs_exist_ok=True)
            return cls(root, config)
        return cls._released_plain(root, config)

    @classmethod
    def _released_plain(cls, root: Path, config: str) -> "Classroom":
        shutil.copytree(PLAIN_COURSE / "source", root / "source")
        room = cls(root, config)
        room.release("series")
        return room

    @classmethod
    def existing(cls, root: Path) -> "Classroom":
        """A course as it is."""
        return cls(root, (root / "nbgrader_config.py").read_text())

    def configure(self, config: str) -> None:
        (self.root / "nbgrader_config.py").write_text(config)

    @property
    def _names_a_gradebook(self) -> bool:
        return "db_url" in (self.root / "nbgrader_config.py").read_text()

    @property
    def environment(self) -> dict[str, str]:
        # nbgrader looks up its database tool on PATH
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return {**os.environ, "PATH": path, "PYTHONPATH": PYTHONPATH, "TF_CPP_MIN_LOG_LEVEL": "3"}

    def nbgrader(
        self, *arguments: str, code: int | None = 0, timeout: float = 600, largest_file: int | None = None
    ) -> Run:
        """Run a command; fail unless it ends with ``code`` (None: any)."""
        if self.prefix:
            command = [*self.prefix, sys.executable, "-m", "nbgrader", *arguments]
            done = subprocess.run(
                command, cwd=self.root, env=self.environment, capture_output=True, text=True,
                errors="replace", timeout=timeout, check=False,
            )  # fmt: skip
            run = Run(done.returncode, done.stdout + done.stderr)
        else:
            run = self._run("nbgrader", *arguments, timeout=timeout, largest_file=largest_file)
        assert code is None or run.code == code, run.log[-6000:]
        return run

    def autograder(self, *arguments: str, code: int | None = 0, largest_file: int | None = None) -> Run:
        """Run a command of the ``autograder`` command line; fail unless it ends so (None: any)."""
        run = self._run("autograder.cli", *arguments, largest_file=largest_file)
        assert code is None or run.code == code, run.log[-6000:]
        return run

    def _run(self, module: str, *arguments: str, **limits: float | None) -> Run:
        return commands.run(module, *arguments, folder=self.root, environment=self.environment, **limits)

    def source(self, assignment: str, name: str, nb: NotebookNode) -> None:
        folder = self.root / "source" / assignment
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, folder / f"{name}.ipynb")

    def release(self, assignment: str) -> Run:
        # nbgrader takes seconds to make one
        if not (self.root / "gradebook.db").exists() and not self._names_a_gradebook:
            shutil.copyfile(new_gradebook(), self.root / "gradebook.db")
        return self.nbgrader("generate_assignment", assignment, "--force")

    def released(self, assignment: str, name: str) -> NotebookNode:
        return nbformat.read(self.root / "release" / assignment / f"{name}.ipynb", as_version=4)

    def folder(self, student: str, assignment: str, step: str = "submitted") -> Path:
        return self.root / step / student / assignment

    def submit(
        self, student: str, assignment: str, files: dict[str, bytes | str | NotebookNode], timestamp: str = ""
    ) -> None:
        """Put files into a student's folder, in the place of what was there."""
        folder = self.folder(student, assignment)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = nbformat.writes(content) if isinstance(content, NotebookNode) else content
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)

    def autograde(self, assignment: str, *arguments: str, code: int | None = 0) -> Run:
        return self.nbgrader("autograde", assignment, *arguments, code=code)

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root}/gradebook.db")

    def scores(self, assignment: str) -> dict[str, dict[str, float | None]]:
        """Each student's score by the autograder, cell by cell (None: to be graded by hand)."""
        with self.gradebook() as gradebook:
            return {
                submission.student.id: {
                    grade.name: None if grade.needs_manual_grade else grade.auto_score
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in gradebook.find_assignment(assignment).submissions
            }

    def comments(self, assignment: str, student: str) -> dict[str, str | None]:
        with self.gradebook() as gradebook:
            submission = gradebook.find_submission(assignment, student)
            return {c.name: c.comment for notebook in submission.notebooks for c in notebook.comments}

    def autograded(self, student: str, assignment: str, name: str) -> NotebookNode:
        return nbformat.read(self.folder(student, assignment, "autograded") / f"{name}.ipynb", as_version=4)

    def feedback(self, student: str, assignment: str, name: str, *arguments: str) -> str:
        """The page that the student gets."""
        self.nbgrader("generate_feedback", assignment, "--student", student, "--force", *arguments)
        return (self.folder(student, assignment, "feedback") / f"{name}.html").read_text()


@cache
def _folder() -> Path:
    """Return a folder for what this process makes once; it is removed at the end."""
    folder = tempfile.mkdtemp(prefix="classrooms-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def new_gradebook() -> Path:
    """Return a gradebook of nbgrader's version that holds nothing."""
    path = _folder() / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader stamps it by the command `alembic`
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        Gradebook(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM course")
    return path


@cache
def _plain_course() -> Path:
    return Classroom._released_plain(_folder() / "course", ONE_LINE).root
