"""An idiom's answers, graded by one kernel and by the engine."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.execution.engine import Engine
from autograder.execution.spec import GradingSpec, Submission
from autograder.limits import Limits
from autograder.result import Result, Status
from tests.autograder.idioms.idiom import Idiom
from tests.autograder.idioms.kernel import OneKernel

LIMITS = Limits(call_seconds=6, cell_seconds=10, question_seconds=15, submission_seconds=60)
PLAIN = ("numpy",)
PRELOAD = ("numpy", "matplotlib.pyplot", "pytest", "pandas", "scipy.stats", "sklearn.linear_model",
           "sklearn.pipeline", "sklearn.neighbors", "sklearn.svm", "sympy", "networkx")  # fmt: skip
HEAVY = ("matplotlib", "plt.", "pandas", "scipy", "sklearn", "sympy", "networkx", "pytest")
LENGTH = 160  # of the words that are kept
CHANGING = (
    (re.compile(r"0x[0-9a-f]+"), "0x…"),
    (re.compile(r"/tmp/[^\s'\"]+|/[^\s'\"]*site-packages/"), "…/"),
    (re.compile(r"\d+\.\d{3,}"), "0.…"),
    (re.compile(r"\d+(\.\d+)? s\b"), "… s"),
)


@dataclass(frozen=True)
class Outcome:
    """What one answer got: points, or None where a person grades it, and the words beside."""

    score: float | None
    words: str = ""


@dataclass(frozen=True)
class Graded:
    """One answer of an idiom, graded twice."""

    answer: str
    right: bool
    kernel: Outcome
    engine: Outcome

    @property
    def agrees(self) -> bool:
        """Whether both give the same points."""
        return self.kernel.score == self.engine.score

    @property
    def verdict(self) -> str:
        """How the engine's result stands to the kernel's, in a word or two."""
        if self.agrees:
            return "agrees"
        if self.engine.score is None:
            return "for a person"
        assert self.kernel.score is not None
        return "points lost" if self.engine.score < self.kernel.score else "points given"

    def plain(self) -> dict[str, Any]:
        """Return the difference as it is written down."""
        return {"verdict": self.verdict, "kernel": asdict(self.kernel), "engine": asdict(self.engine)}


def steady(words: str) -> str:
    """Return words without what changes from run to run: addresses, paths, times."""
    first = " ".join(words.split())
    for pattern, stand_in in CHANGING:
        first = pattern.sub(stand_in, first)
    return first if len(first) <= LENGTH else first[: LENGTH - 1] + "…"


def cell(code: str, grade_id: str, **flags: Any) -> NotebookNode:
    made = new_code_cell(code, id=grade_id)
    made.metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id, "grade": False, "solution": False,
                                 "locked": False, "task": False, **flags}  # fmt: skip
    return made


def notebook(idiom: Idiom, answer: str, test: str) -> NotebookNode:
    """Return an idiom's notebook with an answer in it."""
    cells = [
        cell(idiom.before, "before", locked=True),
        cell(answer, "answer", solution=True),
        cell(idiom.between, "between", locked=True),
        cell(test, "test", grade=True, locked=True, points=idiom.points),
    ]
    return new_notebook(cells=[cell for cell in cells if cell.source])


class Both:
    """Graders of both sorts."""

    def __init__(self, kernel: OneKernel, engine: Engine):
        self.kernel, self.engine = kernel, engine

    def grade(self, idiom: Idiom, *, instead: bool = False) -> list[Graded]:
        """Grade each answer of an idiom by its test, or by the test to write instead."""
        test = idiom.instead if instead else idiom.test
        with tempfile.TemporaryDirectory() as folder:
            for name, text in idiom.files:
                path = Path(folder, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
            source = notebook(idiom, idiom.solution, test)
            released = Path(folder) if idiom.files else None
            code = idiom.before + idiom.between + test + "".join(code for _, code, _ in idiom.answers())
            preload = PRELOAD if any(word in code for word in HEAVY) else PLAIN
            spec = GradingSpec(source, LIMITS, preload, released_files=released)
            return [
                Graded(
                    name,
                    right,
                    self._by_kernel(idiom, notebook(idiom, answer, test)),
                    self._by_engine(spec, notebook(idiom, answer, test)),
                )
                for name, answer, right in idiom.answers()
            ]

    def _by_kernel(self, idiom: Idiom, made: NotebookNode) -> Outcome:
        cells = [(cell.source, cell.metadata.nbgrader.get("points")) for cell in made.cells]
        done = self.kernel.grade(cells, idiom.files)
        return Outcome(done["score"], steady(done["words"]))

    def _by_engine(self, spec: GradingSpec, made: NotebookNode) -> Outcome:
        result: Result = self.engine.grade(spec, Submission(made))
        cell = result.cells["test"]
        by_hand = cell.status is Status.BY_HAND
        return Outcome(None if by_hand else cell.score, steady(cell.message or result.reason))


@contextmanager
def both() -> Iterator[Both]:
    """Give graders of both sorts, each of which starts its processes once."""
    with ExitStack() as stack:
        yield Both(stack.enter_context(OneKernel()), stack.enter_context(Engine()))


def fair(rows: list[Graded], points: float) -> list[str]:
    """Return the answers to which one kernel is unfair: right that lose, wrong that win."""
    return [row.answer for row in rows if (row.kernel.score == points) is not row.right]
