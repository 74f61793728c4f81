"""A lab of several graded cells, its submissions, and how they are graded."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.execution.spec import GradingSpec, Submission
from autograder.result import Status
from tests.autograder.idioms.grading import LIMITS, PRELOAD, Both, Graded, Outcome, steady
from tests.autograder.idioms.grading import cell as code_cell


@dataclass(frozen=True)
class Part:
    """One task: the instructor's answer and its test; without a test it is a written answer."""

    name: str
    points: float
    solution: str
    test: str


@dataclass(frozen=True)
class Lab:
    """A lab; each submission says what it answers otherwise than the instructor."""

    name: str
    parts: tuple[Part, ...]
    right: tuple[dict[str, str], ...]
    wrong: tuple[dict[str, str], ...]
    files: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()

    def submissions(self) -> list[tuple[str, dict[str, str], bool]]:
        """List the submissions as (name, answers, whether they are right)."""
        rows: list[tuple[str, dict[str, str], bool]] = [("solution", {}, True)]
        rows += [(f"right {number}", answers, True) for number, answers in enumerate(self.right, 1)]
        return rows + [(f"wrong {number}", answers, False) for number, answers in enumerate(self.wrong, 1)]

    def notebook(self, answers: dict[str, str]):
        """Return the lab's notebook with some answers of its own."""
        cells = []
        for part in self.parts:
            answer = answers.get(part.name, part.solution)
            if part.test:
                cells.append(code_cell(answer, part.name, solution=True))
                flags = {"grade": True, "locked": True, "points": part.points}
                cells.append(code_cell(part.test, f"test_{part.name}", **flags))
            else:
                written = new_markdown_cell(answer, id=part.name)
                flags = {"grade": True, "solution": True, "points": part.points}
                written.metadata["nbgrader"] = {**code_cell("", "x").metadata.nbgrader, **flags}
                written.metadata["nbgrader"]["grade_id"] = part.name
                cells.append(written)
        return new_notebook(cells=cells)


def grade(graders: Both, lab: Lab) -> dict[str, list[Graded]]:
    """Grade each submission twice; return the graded cells of each, written answers left out."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in lab.files:
            Path(folder, name).write_text(text)
        released = Path(folder) if lab.files else None
        spec = GradingSpec(lab.notebook({}), LIMITS, PRELOAD, released_files=released)
        for submission, answers, right in lab.submissions():
            made = lab.notebook(answers)
            code = [cell for cell in made.cells if cell.cell_type == "code"]
            cells = [(cell.source, cell.metadata.nbgrader.get("points")) for cell in code]
            alone = graders.kernel.grade(cells, lab.files)
            ours = graders.engine.grade(spec, Submission(made)).cells
            tests = [f"test_{part.name}" for part in lab.parts if part.test]
            found[submission] = [
                Graded(test, right, Outcome(score), _outcome(ours[test]))
                for test, score in zip(tests, alone["scores"], strict=True)
            ]
    return found


def _outcome(cell) -> Outcome:
    return Outcome(None if cell.status is Status.BY_HAND else cell.score, steady(cell.message))
