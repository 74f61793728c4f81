"""Run a lab's own test cells, in this process, on answers of every kind."""

import ast
import contextlib
import io
from pathlib import Path

import nbformat

from course.stamps import ROOT


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

    def namespace(self, **answers) -> dict:
        """A notebook's names once its imports and the instructor's (or given) answers have run."""
        names: dict = {}
        for name in ["imports", *(n for n in self.named("solution") if self.cells[n].cell_type == "code")]:
            exec(self.cells[name].source, names)
        return names | answers

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
