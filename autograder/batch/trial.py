"""A trial of an assignment before a class sees it.

The instructor's own solution and the untouched release are graded, as two students' submissions, in
a course of their own below the store.
"""

from __future__ import annotations

import copy
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.batch.errors import GradeError, failure_reason
from autograder.batch.pools import pool
from autograder.batch.scheduler import ClassGrading
from autograder.batch.summary import GradingOutcome
from autograder.notebook.ownership import Marks
from autograder.plugin.assignment import JUDGE
from autograder.plugin.autograde import SandboxAutograde
from autograder.plugin.gradebook import version_in_process
from autograder.plugin.one_kernel import run_in_one_kernel
from autograder.result import REFUSED, CellResult, Status
from autograder.store import Store

SOLUTION, RELEASE = "solution", "release"  # the two students
_PLACES = {f"{step}_directory": step for step in ("source", "release", "submitted", "autograded", "feedback")}
_LINE = re.compile(r'File "<ipython-input[^"]*>", line (\d+)')
_NOT_RELEASED = shutil.ignore_patterns(JUDGE, ".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Tried:
    """One autograded cell, and what it gave.

    Parameters
    ----------
    notebook, cell
        Where it is.
    points
        All of its points.
    solution, release
        Points of the instructor's own solution and of the untouched release; None where a person
        has to grade.
    seconds
        How long the cell took with the solution.
    message
        What the test said of the solution, where that has not all points.
    line
        The line of the test cell at which it failed; 0 where that is not known.
    one_kernel
        Points of the solution in one kernel, as nbgrader alone gives them; None where that was not
        tried.
    changes
        Arguments that the solution changes in place, in words: a submission may change them, too.
    """

    notebook: str
    cell: str
    points: float
    solution: float | None
    release: float | None
    seconds: float
    message: str = ""
    line: int = 0
    one_kernel: float | None = None
    changes: tuple[str, ...] = ()

    @property
    def loses(self) -> bool:
        """Return whether the instructor's own solution has not all points."""
        return self.solution != self.points

    @property
    def gives_away(self) -> bool:
        """Return whether the untouched release has points."""
        return self.release is None or self.release > 0

    @property
    def differs(self) -> bool:
        """Return whether one kernel gives the solution other points."""
        return self.one_kernel is not None and self.one_kernel != self.solution

    def to_plain(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return asdict(self) | {
            "loses": self.loses, "gives_away": self.gives_away, "differs": self.differs
        }  # fmt: skip


def try_out(
    coursedir: CourseDirectory, config: Config, assignment: str, say: Callable[[str], None] = lambda _: None
) -> list[Tried]:
    """Grade an assignment's solution and its release, and say what each cell gave.

    Parameters
    ----------
    coursedir : CourseDirectory
        Of the course.
    config : Config
        The course's configuration.
    assignment : str
        A folder of the source directory.
    say : callable
        Called with what is being done.

    Returns
    -------
    list of Tried
        In the order of the notebooks and their cells.

    Raises
    ------
    GradeError
        If no release can be generated, or nothing can be graded.
    """
    store = Store(Path(coursedir.root), assignment)
    trial = _Trial(coursedir, config, assignment, store.folder / "trial")
    say("generating the release")
    trial.make()
    say("grading the solution and the release")
    outcomes = trial.grade()
    names = {student: outcome.results for student, outcome in outcomes.items()}
    tried = []
    for notebook in names[SOLUTION]:
        stock: dict[str, float] = {}
        if trial.checks_stock:
            say(f"running {notebook}.ipynb in one kernel")
            stock = run_in_one_kernel(trial.submitted(SOLUTION) / f"{notebook}.ipynb", trial.judge)
        solution, release = (names[student][notebook].cells for student in (SOLUTION, RELEASE))
        tried += [
            _tried(notebook, solution[name], release[name], stock.get(name))
            for name in trial.tests(notebook)
            if not _is_by_hand(solution[name])
        ]
    return tried


class _Trial:
    """A course of its own, below the store of the assignment."""

    def __init__(self, coursedir: CourseDirectory, config: Config, assignment: str, root: Path) -> None:
        self.assignment, self.root = assignment, root
        self.source = Path(
            os.path.normpath(coursedir.format_path(coursedir.source_directory, ".", assignment))
        ).absolute()
        self.config = copy.deepcopy(config)
        # Paths in the configuration are relative to the course's folder.
        settings = self.config.SandboxExecute
        if isinstance(secret := settings.get("secret"), str) and secret:
            settings.secret = str(Path(coursedir.root, secret).absolute())
        for section in [self.config, *(self.config[name] for name in self.config if name.endswith("App"))]:
            if "CourseDirectory" in section:
                for name in ("root", "db_url", *_PLACES):
                    section.CourseDirectory.pop(name, None)
        self.config.CourseDirectory.root = str(root)
        self.config.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
        self.config.CourseDirectory.update(_PLACES)
        self.config.CourseDirectory.assignment_id = assignment
        self.coursedir = CourseDirectory(config=self.config)

    @property
    def judge(self) -> Path:
        """The folder that the judge alone reads."""
        return self.root / "source" / self.assignment / JUDGE

    @property
    def checks_stock(self) -> bool:
        """Return whether the solution is to be run in one kernel as well."""
        return bool(self.config.SandboxExecute.get("check_stock", False))

    def submitted(self, student: str) -> Path:
        """Return the folder of one of the two submissions."""
        return self.root / "submitted" / student / self.assignment

    def tests(self, notebook: str) -> list[str]:
        """Return the names of a notebook's graded cells, in its order."""
        cells = nbformat.read(self.submitted(SOLUTION) / f"{notebook}.ipynb", as_version=4).cells
        return [marks.grade_id for cell in cells if (marks := Marks.of(cell)).has_points]

    def make(self) -> None:
        """Generate the release, and hand in the solution and the release."""
        for place in _PLACES.values():
            shutil.rmtree(self.root / place, ignore_errors=True)
        (self.root / "gradebook.db").unlink(missing_ok=True)
        self.root.mkdir(parents=True, exist_ok=True)
        source = self.root / "source" / self.assignment
        shutil.copytree(self.source, source, ignore=_NOT_RELEASED)
        if (self.source / JUDGE).is_dir():
            shutil.copytree(self.source / JUDGE, self.judge, ignore=shutil.ignore_patterns("__pycache__"))
        nbgrader = NbGraderAPI(coursedir=self.coursedir, config=self.config)
        with version_in_process():
            made = nbgrader.generate_assignment(self.assignment)
        if not made["success"]:
            raise GradeError(f"no release of {self.assignment} can be generated: {failure_reason(made)}")
        shutil.copytree(self.source, self.submitted(SOLUTION), ignore=_NOT_RELEASED)
        shutil.copytree(self.root / "release" / self.assignment, self.submitted(RELEASE))

    def grade(self) -> dict[str, GradingOutcome]:
        """Grade both; return the outcomes by student."""
        store = Store(self.root, self.assignment)
        store.folder.mkdir(parents=True, exist_ok=True)
        with pool() as opened:
            grading = ClassGrading(
                SandboxAutograde(coursedir=self.coursedir, config=self.config, store=store), opened
            )
            grading.run()
        for outcome in grading.outcomes:
            if outcome.error:
                raise GradeError(f"the {outcome.student} could not be graded: {outcome.error}")
        return {outcome.student: outcome for outcome in grading.outcomes}


def in_words(change: str) -> str:
    """Say what the solution does, from an entry of `CellResult.changes`."""
    if change.startswith("file "):
        return f"the file `{change.removeprefix('file ')}` of the test is changed"
    way, _, place = change.rpartition(" ")
    if way.endswith(".__exit__"):
        return f"`{way.removesuffix('.__exit__')}` keeps back {place} that is raised in its block"
    which = f"argument {int(place) + 1}" if place.isdecimal() else f"argument `{place}`"
    return f"`{way}` changes its {which} in place"


def _is_by_hand(cell: CellResult) -> bool:
    return cell.status is Status.BY_HAND and not cell.message


def _tried(notebook: str, solution: CellResult, release: CellResult, stock: float | None) -> Tried:
    lost = solution.score != solution.max_score
    lines = _LINE.findall(solution.detail)
    return Tried(
        notebook, solution.grade_id, solution.max_score, solution.score, release.score, solution.seconds,
        message=_said(solution) if lost else "",
        line=int(lines[-1]) if lost and lines else 0,
        one_kernel=stock,
        changes=() if lost else tuple(
            in_words(change) for change in solution.changes if not change.startswith(REFUSED)
        ),
    )  # fmt: skip


def _said(cell: CellResult) -> str:
    """Return what a test said: its message, and what it printed."""
    printed = (str(output.get("text", "")) for output in cell.outputs if output["output_type"] == "stream")
    return "\n".join(dict.fromkeys(filter(None, [cell.message, *map(str.strip, printed)])))
