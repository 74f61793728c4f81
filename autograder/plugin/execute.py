"""nbgrader's execution step, done by the engine."""

import importlib.util
import sys
from dataclasses import fields
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Enum, Float, Integer, List, Unicode, default

from autograder.checks import seeds
from autograder.execution.engine import Engine
from autograder.execution.spec import GradingSpec
from autograder.limits import Limits
from autograder.notebook.code import modules_imported, parse_python
from autograder.plugin.graded_notebook import show_result
from autograder.plugin.notebook_context import NotebookContext
from autograder.sandbox import Layer, missing_layers, require_layers


def _trait(field):
    kind = Integer if isinstance(field.default, int) and not isinstance(field.default, bool) else Float
    return kind(field.default, help=field.metadata.get("help", "")).tag(config=True)


_ENGINE = "autograder_engine"  # the name by which an application keeps it
_LIMITS = {field.name: _trait(field) for field in fields(Limits)}


class SandboxExecute(Execute):
    """Run a submission's cells in a worker and the tests in a judge.

    Every field of `autograder.limits.Limits` is a trait of the same name, to be set in
    ``nbgrader_config.py`` as ``c.SandboxExecute.call_seconds = 20``. ``c.Execute.timeout``,
    nbgrader's limit for one cell, is taken for ``cell_seconds`` and ``question_seconds`` where
    those are not set.
    """

    locals().update(_LIMITS)

    preload = List(
        Unicode(),
        help=(
            "Modules that are imported once, before the submissions' processes are forked, beside those that "
            "the instructor's cells import; a submission may read the files of these packages."
        ),
    ).tag(config=True)

    environment = Dict(
        value_trait=Unicode(),
        key_trait=Unicode(),
        help="Variables that a submission's processes get, beside a few fixed ones; they get no others.",
    ).tag(config=True)

    readable = List(
        Unicode(),
        help="Files and folders, such as a data set, that a submission may read where they lie.",
    ).tag(config=True)

    data_types = List(
        Unicode(),
        help=(
            "Modules of the course whose TYPES, or 'module:NAME', are further types of data that cross "
            "between tests and students' code: entries of `autograder.protocol.library_data`. They are "
            "imported where the tests run, so they must be the instructor's own."
        ),
    ).tag(config=True)

    allow_missing = List(
        Enum([str(layer) for layer in Layer]),
        help=(
            "Layers of the sandbox without which submissions may be run all the same. By default every layer "
            "is asked for, and grading is refused on a machine that lacks one: `autograder doctor` names "
            "them, and what a submission can do without."
        ),
    ).tag(config=True)

    secret = Unicode(
        help=(
            "The file with the course secret, which `autograder secret` makes: the numbers of hidden tests "
            "that use `autograder.checks.seeds` come from it."
        ),
    ).tag(config=True)

    secret_by_student = Bool(
        False, help="Whether each student's hidden tests have numbers of their own."
    ).tag(config=True)

    check_stock = Bool(
        False,
        help=(
            "Let `autograder check` run the instructor's own notebook in one kernel as well, as nbgrader "
            "alone does, and name the tests that give it other points there. It runs without a sandbox."
        ),
    ).tag(config=True)

    keep_results = Bool(
        True,
        help=(
            "Keep results by content in the course's folder .autograder: a submission is not run again while "
            "neither it, nor its tests, nor the limits, nor the installed packages have changed."
        ),
    ).tag(config=True)

    @default("cell_seconds")
    def _cell_seconds_default(self) -> float:
        return self._timeout_or(Limits().cell_seconds)

    @default("question_seconds")
    def _question_seconds_default(self) -> float:
        return self._timeout_or(Limits().question_seconds)

    def _timeout_or(self, seconds: float) -> float:
        sections = [self.config[name] for name in self.section_names() if name in self.config]
        if not any("timeout" in section for section in sections):
            return seconds
        return (
            float(self.timeout) if self.timeout is not None and self.timeout > 0 else self.submission_seconds
        )

    def limits(self) -> Limits:
        """Return the limits as configured."""
        return Limits(**{name: getattr(self, name) for name in _LIMITS})

    def seed_key(self, student: str) -> bytes:
        """Return the key of a student's hidden tests; part of what a result depends on."""
        return seeds.key_of(self.secret, student if self.secret_by_student else "")

    def spec(
        self,
        source: NotebookNode,
        solved: NotebookNode,
        released_files: Path | None,
        judge_files: Path | None,
    ) -> GradingSpec:
        """Return the instructor's side of one notebook, graded as configured.

        Parameters
        ----------
        source, solved : NotebookNode
            The instructor's notebook, as released and with the solutions.
        released_files, judge_files : Path or None
            Folders: what worker and judge may read, and what only the judge may.
        """
        environment = {"NBGRADER_EXECUTION": "autograde"} | self.environment  # as in nbgrader
        return GradingSpec(
            solved,
            self.limits(),
            preload=tuple(sorted({*imported_modules(source, released_files), *self.preload})),
            environment=tuple(sorted(environment.items())),
            readable=tuple(Path(path).absolute() for path in self.readable),
            released_files=released_files,
            judge_files=judge_files and judge_files.resolve(),
            allow_missing=tuple(Layer(name) for name in self.allow_missing),
            data_types=tuple(self.data_types),
        )

    def require_isolation(self) -> None:
        """Refuse to grade on this machine where a layer is missing that `allow_missing` leaves out.

        Raises
        ------
        IsolationError
            The text names the layers, and what to do.
        OSError
            If no sandbox can be started at all.
        """
        missing = missing_layers(Path(path).absolute() for path in self.readable)
        require_layers(missing, map(Layer, self.allow_missing))

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        """Grade one notebook; leave the result in ``resources`` and show it in the notebook."""
        context = NotebookContext.of(resources)
        context.grade()
        show_result(nb, context)
        return nb, resources


def engine_of(coursedir: CourseDirectory) -> Engine:
    """Return the engine of the application that a course directory belongs to.

    The application keeps it, as the formgrader's server makes a converter for each click: the next
    one finds the fork servers of the last. They end with the process.
    """
    application = coursedir
    while application.parent is not None:
        application = application.parent
    return vars(application).setdefault(_ENGINE, Engine())


def imported_modules(source: NotebookNode, released_files: Path | None = None) -> tuple[str, ...]:
    """Return the installed modules that the instructor's code cells import at their top level.

    Parameters
    ----------
    source : NotebookNode
        The instructor's notebook, without solutions.
    released_files : Path, optional
        Modules that lie in this folder are the lab's own; they are imported where its files are.

    Returns
    -------
    tuple of str
        Names as they stand in the imports, in alphabetical order, without the standard library's.
    """
    own = {path.stem for path in released_files.iterdir()} if released_files is not None else set()
    trees = (parse_python(cell.source) for cell in source.cells if cell.cell_type == "code")
    names = {name for tree in trees for name in modules_imported(tree)}
    tops = {name.split(".")[0] for name in names} - own - sys.stdlib_module_names
    installed = {top for top in tops if _is_installed(top)}
    return tuple(sorted(name for name in names if name.split(".")[0] in installed))


def _is_installed(name: str) -> bool:
    try:
        spec = importlib.util.find_spec(name)
    except ValueError:  # a module without a spec, such as the command's own `__main__`
        return False
    return spec is not None and spec.origin is not None  # not a bare folder
