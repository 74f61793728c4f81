"""Run a lab's own test cells, in this process, on answers of every kind."""

import ast
import contextlib
import io
from collections.abc import Iterable
from pathlib import Path

import nbformat

from course.stamps import ROOT

# Locked cells that answers need, where a lab has them.
SETUP = ("imports", "digits", "moved", "once", "scale", "slips")


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
        with contextlib.redirect_stdout(said):
            try:
                exec(compile(ast.Module(body, []), test, "exec"), names)
                value = eval(compile(ast.Expression(last.value), test, "eval"), names) if last else None
            except Exception as error:
                return 0, " ".join(f"{type(error).__name__}: {error}".split())
        return self.points(test) if value is None else value, " ".join(said.getvalue().split())
