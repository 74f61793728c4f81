"""``autograder check ASSIGNMENT``: where its tests are not what they seem, before a class."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import NbGraderException
from rich.console import Console
from rich.table import Column, Table

from autograder.batch import trial
from autograder.batch.errors import GradeError, first_line
from autograder.batch.preflight import check_isolation
from autograder.batch.trial import Tried
from autograder.commands.course import folder_of, locked, open_course, say
from autograder.files import write_atomically
from autograder.notebook.findings import Finding
from autograder.plugin.execute import SandboxExecute
from autograder.plugin.lint import findings
from autograder.printable import printable

# What a test says where a value cannot cross, and what to write instead.
ADVICE = (
    (
        r"it is so with the instructor's solution as well",
        "a smaller example, or a larger limit (value_items, value_depth, value_bytes) in nbgrader_config.py",
    ),
    (
        r"which stays in the test",
        "give plain data, or an object of the test's own class with the methods that the task needs",
    ),
    (
        r"asks a \w+ of the student's for|by the type of another",
        "call the student's methods in the test itself, in the place of the library's function",
    ),
    (r"folder outside of its own", "change to a folder in the working directory"),
    (
        r"cop(y|ies) of (its|their) plain data|the test changes what the student's object",
        "make the object in the test, and look at its attributes after each call",
    ),
    (r"draws random numbers after", "set a seed in the test before it draws, `random.seed(3)`"),
    (r"runs a file or a command by", "ask for a function in place of the file, and call it"),
    (r"derives a class from the student's", "ask for the derived class in the task"),
    (
        r"which the student's functions read in their own process",
        "set the name in a locked cell, or look at the code: inspect.getsource(f), f.__code__.co_names",
    ),
    (r"is not copied to the test", "a file without a suffix, or with that of a text, a table or a picture"),
    (
        r"the test cannot pass this to the student's code",
        "pass plain data (numbers, text, lists, dictionaries, arrays) or a function; make other objects "
        "within the student's function, or in a file of the lab that both import",
    ),
    (
        r"expected plain data|cannot be compared or calculated with",
        "compare what the object says: its attributes, or what its methods return",
    ),
    (r"input\(\) cannot be used", "give the text as an argument: the answer's function takes it and returns"),
    (
        r"is not defined: it was not found",
        "define the name in the solution, or in a locked cell above the test",
    ),
    (r"there is no file", "run the source notebook, so that its file lies beside it, and check again"),
    (r"did not return within|took longer than", "smaller cases, or a larger limit in nbgrader_config.py"),
    (r"^AttributeError: __", "ask for what the function does; what it is made of is not told to a test"),
)


class Located(NamedTuple):
    """One finding in a notebook of the assignment."""

    notebook: str
    finding: Finding


@dataclass(frozen=True)
class Checked:
    """What was found.

    Parameters
    ----------
    traps
        Places where tests give points for wrong answers, or take them.
    tried
        Every autograded cell with what the solution and the release got; empty where they were not
        graded.
    """

    traps: list[Located]
    tried: list[Tried]

    @property
    def problems(self) -> list[Tried]:
        """The cells that take points from the solution, give some to the release, or differ."""
        return [cell for cell in self.tried if cell.loses or cell.gives_away or cell.differs]

    def __bool__(self) -> bool:
        return bool(self.traps or self.problems)

    def to_json(self, assignment: str) -> str:
        """Return it as JSON text."""
        traps = [
            {
                "notebook": notebook, "cell": finding.cell, "line": finding.line, "code": finding.code,
                "cause": finding.cause.text, "instead": finding.cause.instead,
            }
            for notebook, finding in self.traps
        ]  # fmt: skip
        tried = [cell.to_plain() | {"instead": instead(cell.message)} for cell in self.tried]
        return json.dumps({"assignment": assignment, "traps": traps, "tests": tried}, indent=1)


def check(
    assignment: str, *, static: bool = False, json_file: Path | None = None, console: Console | None = None
) -> Checked:
    """Say where the tests of an assignment's source are not what they seem.

    The test cells are looked at; then the instructor's own solution is graded, which must get all
    points, and the untouched release, which must get none.

    Parameters
    ----------
    assignment : str
        Its name in the source directory.
    static : bool
        Whether to run nothing.
    json_file : Path, optional
        Where to write all of it.
    console : rich.console.Console, optional
        Where to say it.

    Returns
    -------
    Checked
        What was found, by notebook and cell.

    Raises
    ------
    Refused
        If there is no such assignment, one of its notebooks cannot be read, no release can be
        generated, or nothing can be graded.
    """
    console = console or Console()
    with open_course(assignment, known=False) as api:
        source = folder_of(api.coursedir, api.coursedir.source_directory, ".", assignment)
        if not source.is_dir():
            raise GradeError(f"no assignment {assignment!r}: expected its source in {source}")
        if json_file is not None and not json_file.absolute().parent.is_dir():
            raise GradeError(f"--json {json_file}: no folder {json_file.absolute().parent}")
        checked = Checked(list(_findings(source)), [] if static else _tried(api, assignment, console))
        if json_file is not None:
            write_atomically(json_file, checked.to_json(assignment).encode())
    _say(assignment, checked, console)
    return checked


def instead(message: str) -> str:
    """Return what to write in the place of a test that said so; "" where nothing is known."""
    return next((advice for words, advice in ADVICE if re.search(words, message)), "")


def _findings(source: Path) -> Iterator[Located]:
    for path in sorted(source.glob("*.ipynb")):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception as error:
            raise GradeError(f"{path} is no notebook that can be read: {error}") from error
        yield from (Located(path.name, finding) for finding in findings(notebook))


def _tried(api: NbGraderAPI, assignment: str, console: Console) -> list[Tried]:
    check_isolation(SandboxExecute(config=api.config))
    with locked(api.coursedir, assignment), console.status(f"checking {assignment}") as status:
        try:
            return trial.try_out(
                api.coursedir, api.config, assignment,
                lambda doing: status.update(f"checking {assignment}: {doing}"),
            )  # fmt: skip
        except NbGraderException as error:
            raise GradeError(first_line(error)) from error


def _say(assignment: str, checked: Checked, console: Console) -> None:
    if checked.tried:
        console.print(_table(checked.tried))
    for notebook, finding in checked.traps:
        say(console, f"{notebook}, cell {finding.cell}, line {finding.line}: {finding.code}")
        say(console, f"  {finding.cause.text}")
        say(console, f"  write: {finding.cause.instead}")
    for cell in checked.tried:
        for change in cell.changes:
            text = f"{change} in the solution, so a submission's may as well"
            say(console, f"{cell.notebook}.ipynb, cell {cell.cell}: {text}")
    for cell in checked.problems:
        where = f", line {cell.line}" if cell.line else ""
        for problem in _problems(cell):
            say(console, f"{cell.notebook}.ipynb, cell {cell.cell}{where}: {problem}")
        for line in cell.message.splitlines():
            say(console, f"  {line}")
        if advice := instead(cell.message):
            say(console, f"  write: {advice}")
    if not checked:
        tried = f" in {len(checked.tried)} tests" if checked.tried else ""
        say(console, f"{assignment}: nothing found{tried}")


def _problems(cell: Tried) -> Iterator[str]:
    if cell.loses:
        yield f"the source's own solution gets {_of(cell.solution, cell.points)}"
    if cell.gives_away:
        yield f"the untouched release gets {_of(cell.release, cell.points)}"
    if cell.differs:
        yield f"in one kernel, the solution gets {_of(cell.one_kernel, cell.points)}"


def _of(score: float | None, points: float) -> str:
    return "no points: a person has to grade it" if score is None else f"{score:g} of {points:g} points"


def _points(score: float | None) -> str:
    return "by hand" if score is None else f"{score:g}"


def _table(tried: list[Tried]) -> Table:
    headings = ["notebook", "test", "points", "solution", "release", "seconds"]
    stock = any(cell.one_kernel is not None for cell in tried)
    columns = [Column(name, overflow="fold") for name in (*headings, *(["one kernel"] if stock else []))]
    table = Table(*columns, title="Tried before a class does")
    for cell in tried:
        table.add_row(
            printable(cell.notebook), printable(cell.cell), f"{cell.points:g}", _points(cell.solution),
            _points(cell.release), f"{cell.seconds:.1f}", *([_points(cell.one_kernel)] if stock else []),
            style="red" if cell.loses or cell.gives_away or cell.differs else None,
        )  # fmt: skip
    return table
