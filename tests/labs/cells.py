"""Run a lab's own test cells, in this process, on answers of every kind.

A test cell makes its hidden cases anew, and what each known mistake gives for them, where an answer
is wrong: networks, mostly. A lab's tests run each cell dozens of times, so these are made once for
each secret.
"""

import ast
import contextlib
import io
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from unittest.mock import patch

import nbformat

from autograder.checks.case import Case
from autograder.checks.seeds import variant
from course import examples
from course.stamps import ROOT
from tests.labs.cases import inputs

# Locked cells that answers need, where a lab has them.
SETUP = ("imports", "digits", "moved", "once", "scale", "slips")


class MadeOnce:
    """The cases of a lab's reference code, made at the first call for each function and secret.

    Parameters
    ----------
    make : callable
        `cases` of the reference code.
    """

    def __init__(self, make: Callable[..., list[Case]]):
        self._make = make
        self._made: dict[tuple, tuple[list[Case], list[tuple]]] = {}

    def __call__(self, function: str, hidden: bool = True, seed: int | None = None) -> list[Case]:
        """Give the cases; each that an earlier test changed is shown, as no answer may do so."""
        key = function, hidden, variant(function) if seed is None else None, seed
        if key not in self._made:
            made = self._make(function, hidden, seed)
            self._made[key] = made, [*map(inputs, made)]
        made, before = self._made[key]
        assert [*map(inputs, made)] == before, f"an answer has changed a case of {function}"
        return [*made]


@cache
def _made_once(lab: str) -> MadeOnce:
    return MadeOnce(examples.reference(lab).cases)


class Lab:
    """The cells of a lab's notebook by name: the instructor's, or the students'."""

    def __init__(self, name: str, folder: str = "solutions"):
        self.folder = Path(ROOT) / folder / name
        cells = nbformat.read(self.folder / f"{name}.ipynb", as_version=4).cells
        # By nbgrader's name: what an editor gives as `id` is nobody's choice.
        self.cells = {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell for cell in cells}

    def named(self, key: str) -> list[str]:
        return [name for name, cell in self.cells.items() if cell.metadata.get("nbgrader", {}).get(key)]

    def points(self, test: str) -> float:
        return self.cells[test].metadata.nbgrader.points

    def namespace(self, functions: Iterable[str]) -> dict:
        """Give the names that answers need, and the functions, once their cells have run."""
        names: dict = {}
        with contextlib.chdir(self.folder):
            for name in (*SETUP, *functions):
                if name in self.cells:
                    exec(self.cells[name].source, names)
        return names

    def score(self, test: str, names: dict) -> tuple[float, str]:
        """Points that a test cell gives, and what it says, as running text."""
        body = ast.parse(self.cells[test].source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        said = io.StringIO()
        reference = examples.reference(self.folder.name)
        made_once = patch.object(reference, "cases", _made_once(self.folder.name))
        with contextlib.redirect_stdout(said), made_once:
            try:
                exec(compile(ast.Module(body, []), test, "exec"), names)
                value = eval(compile(ast.Expression(last.value), test, "eval"), names) if last else None
            except Exception as error:
                return 0, " ".join(f"{type(error).__name__}: {error}".split())
        return self.points(test) if value is None else value, " ".join(said.getvalue().split())
