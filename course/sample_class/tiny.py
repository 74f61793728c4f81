"""A lab of three questions that take no time to grade, for measuring all around it."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from course.sample_class.notebooks import answer, answered, free_code, graded, notebook

LAB = "tiny"
QUESTIONS = ("double", "half", "why")
RIGHT = ("def double(n):\n    return 2 * n", "def half(n):\n    return n / 2", "because")
# By the name of the cell: the most points, and the test.
TESTS = {
    "test_double": (
        2,
        "assert double(4) == 8\n### BEGIN HIDDEN TESTS\nassert double(5) == 10\n### END HIDDEN TESTS",
    ),
    "test_parts": (3, "sum(half(n) == n / 2 for n in (1, 2, 3))"),
}


def source() -> NotebookNode:
    """Make the instructor's notebook."""
    return notebook(
        _solved("double", "return 2 * n"),
        graded("test_double", *TESTS["test_double"]),
        _solved("half", "return n / 2"),
        graded("test_parts", *TESTS["test_parts"]),
        free_code("why", 1, "'why'"),
    )


def _solved(name: str, code: str) -> NotebookNode:
    return answer(name, f"def {name}(n):\n    ### BEGIN SOLUTION\n    {code}\n    ### END SOLUTION")


def make(size: int, release: Path, submitted: Path) -> None:
    """Write a class whose answers are all right, no two submissions the same.

    Parameters
    ----------
    size : int
        How many students, from ``student0000`` on.
    release : Path
        The folder of the released lab.
    submitted : Path
        nbgrader's folder of submissions.
    """
    released = nbformat.read(release / f"{LAB}.ipynb", as_version=4)
    for number in range(size):
        submission = answered(released, dict(zip(QUESTIONS, RIGHT, strict=True)))
        submission.cells.append(new_code_cell(f"number = {number}"))
        folder = submitted / f"student{number:04}" / LAB
        folder.mkdir(parents=True)
        nbformat.write(submission, folder / f"{LAB}.ipynb")
