"""A released lab as the corpus sees it: cells, right answers, which tests hang on which answer."""

import ast
import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.sample_class import notebooks
from course.sample_class.notebooks import answered, graded, index, plain, prose

Scores = dict[str, float | None]

# A question whose test listens to what is logged, for a lab that has none.
LOGGED = [
    prose(
        "## A log\n\n`numbers(text)` returns the numbers in a text, between commas. What is none is left "
        "out, and named in a warning of the logger `series`."
    ),
    notebooks.answer(
        "numbers",
        """
def numbers(text):
    ### BEGIN SOLUTION
    import logging

    found = []
    for part in text.split(","):
        try:
            found.append(float(part))
        except ValueError:
            logging.getLogger("series").warning("no number: %s", part)
    return found
    ### END SOLUTION
""".strip(),
    ),
    graded(
        "test_numbers",
        2,
        """
import unittest
case = unittest.TestCase()
with case.assertLogs("series", "WARNING") as caught:
    assert numbers("1,x,2") == [1, 2]
assert caught.output == ["WARNING:series:no number: x"]
### BEGIN HIDDEN TESTS
with case.assertLogs() as caught:
    assert numbers("7.5,,eleven") == [7.5]
assert [record.getMessage() for record in caught.records] == ["no number: ", "no number: eleven"]
with case.assertNoLogs():
    assert numbers("31,4") == [31, 4]
### END HIDDEN TESTS
""".strip(),
    ),
]


@dataclass
class Lab:
    """One notebook of a released assignment.

    Parameters
    ----------
    root : Path
        The course's folder, with the source and the release directory.
    assignment, notebook : str
        Names.
    source, release : str
        nbgrader's directories.
    target : str
        An answer, made of functions, that no other answer needs: where cases put what is odd.
    hangs_on : dict
        Answer → the tests that fail without it. By default the tests up to the next answer.
    beside : dict
        What honest students hand in beside the notebook: name → content.
    """

    root: Path
    assignment: str
    notebook: str
    target: str
    source: str = "source"
    release: str = "release"
    hangs_on: dict[str, list[str]] = field(default_factory=dict)
    beside: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def _source(self) -> NotebookNode:
        return nbformat.read(
            self.root / self.source / self.assignment / f"{self.notebook}.ipynb", as_version=4
        )

    @cached_property
    def released(self) -> NotebookNode:
        """What the students got."""
        return nbformat.read(
            self.root / self.release / self.assignment / f"{self.notebook}.ipynb", as_version=4
        )

    @cached_property
    def answers(self) -> dict[str, str]:
        """The right source of every answer cell."""
        return {_id(cell): cell.source for cell in self._source.cells if _flag(cell, "solution")}

    @cached_property
    def code_answers(self) -> list[str]:
        """The answers that tests look at."""
        return [
            _id(cell)
            for cell in self._source.cells
            if _flag(cell, "solution") and not _flag(cell, "grade") and cell.cell_type == "code"
        ]

    @cached_property
    def tests(self) -> dict[str, float]:
        """Points of every autograded cell."""
        return {
            _id(cell): float(cell.metadata.nbgrader.points)
            for cell in self._source.cells
            if _flag(cell, "grade") and not _flag(cell, "solution") and cell.cell_type == "code"
        }

    @property
    def test_sources(self) -> list[str]:
        """The instructor's source of every autograded cell."""
        return [cell.source for cell in self._source.cells if _id(cell) in self.tests]

    @cached_property
    def _written(self) -> list[str]:
        return [_id(cell) for cell in self._source.cells if _flag(cell, "solution") and _flag(cell, "grade")]

    @cached_property
    def in_words(self) -> list[str]:
        """The answers in words, which a person reads."""
        return [name for name in self._written if not self._is_code(name)]

    @cached_property
    def _tasks(self) -> list[str]:
        return [_id(cell) for cell in self._source.cells if _flag(cell, "task")]

    def lost_without(self, answer: str) -> list[str]:
        """The tests that fail without an answer."""
        if answer in self.hangs_on:
            return self.hangs_on[answer]
        lost = []
        for cell in self._source.cells[index(self._source, answer) + 1 :]:
            if _id(cell) in self.code_answers:
                break
            if _id(cell) in self.tests:
                lost.append(_id(cell))
        return lost

    def names(self, answer: str) -> dict[str, type[ast.AST]]:
        """What an answer binds: name → `ast.FunctionDef`, `ast.ClassDef` or `ast.Assign`."""
        bound = {}
        for node in ast.parse(self.answers[answer]).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                bound[node.name] = type(node)
            elif isinstance(node, ast.Assign):
                bound |= {target.id: ast.Assign for target in node.targets if isinstance(target, ast.Name)}
        return bound

    @property
    def file_names(self) -> list[str]:
        """What is released beside the notebooks."""
        folder = self.root / self.release / self.assignment
        return [path.name for path in folder.iterdir() if path.is_file() and path.suffix != ".ipynb"]

    # --- notebooks

    def untouched(self) -> NotebookNode:
        """The release."""
        return copy.deepcopy(self.released)

    def right(self, **changes: str) -> NotebookNode:
        """Every answer right, except those in ``changes``."""
        return answered(self.released, self.answers | changes)

    def with_target(self, code: str) -> NotebookNode:
        """Every answer right, except that the target's cell holds ``code``."""
        # answers graded by hand may use the target: they say something of their own here
        spoken = {
            name: "# my own example" if self._is_code(name) else "In my words." for name in self._written
        }
        return self.right(**spoken, **{self.target: code})

    def defining(self, answer: str, body: str, *, before: str = "") -> str:
        """Code that binds each name of an answer; a call (or a value's cell) runs ``body``."""
        parts = [before] if before else []
        for name, kind in self.names(answer).items():
            if kind is ast.FunctionDef:
                parts.append(f"def {name}(*args, **kwargs):\n{_indented(body)}")
            elif kind is ast.ClassDef:
                parts.append(f"class {name}:\n    def __init__(self, *args, **kwargs):\n{_indented(body, 8)}")
            else:
                parts.append(f"def _make(*args, **kwargs):\n{_indented(body)}\n{name} = _make()")
        return "\n\n".join(parts)

    def binding(self, value: str, *, before: str = "") -> NotebookNode:
        """The release, with each name bound to ``value`` or to a function returning it."""
        nb = self.untouched()
        for answer in self.code_answers:
            lines = [
                f"{name} = {value}"
                if kind is ast.Assign
                else f"def {name}(*args, **kwargs):\n    return {value}"
                for name, kind in self.names(answer).items()
            ]
            nb.cells[index(nb, answer)].source = "\n\n".join([before, *lines])
        return nb

    def with_cell(self, nb: NotebookNode, code: str, *, before: str = "") -> NotebookNode:
        """Add a code cell: at the top, above the cell ``before``, or at the end (``"end"``)."""
        place = len(nb.cells) if before == "end" else index(nb, before) if before else 0
        nb.cells.insert(place, plain(code))
        return nb

    def _is_code(self, name: str) -> bool:
        return self.released.cells[index(self.released, name)].cell_type == "code"

    # --- scores

    def full(self) -> Scores:
        """Scores of the right answers: all points, but for what a person grades."""
        return self.tests | dict.fromkeys([*self._written, *self._tasks])

    def without(self, *answers: str) -> Scores:
        """What is deserved where these answers are missing or wrong."""
        return self.full() | {test: 0.0 for answer in answers for test in self.lost_without(answer)}

    def nothing(self) -> Scores:
        """What the release deserves."""
        return self.full() | dict.fromkeys([*self.tests, *self._written], 0.0)

    def unreadable(self) -> Scores:
        """What is deserved where nothing can be read."""
        return dict.fromkeys(self.full(), 0.0)


def _id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _flag(cell: NotebookNode, name: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get(name, False))


def _indented(code: str, width: int = 4) -> str:
    return "\n".join(" " * width + line for line in code.splitlines())
