"""Cells and notebooks as an instructor writes them, and as a student changes them."""

import copy

import nbformat
from nbformat import NotebookNode


def _details(grade_id: str, **flags) -> dict:
    details = {"schema_version": 3, "grade_id": grade_id, "grade": False, "solution": False, "locked": False}
    return {"nbgrader": {**details, "task": False, **flags}}


def prose(text: str) -> NotebookNode:
    """Make a cell of text that nbgrader does not track."""
    return nbformat.v4.new_markdown_cell(text)


def plain(code: str) -> NotebookNode:
    """Make a cell of code that nbgrader does not track."""
    return nbformat.v4.new_code_cell(code)


def locked(grade_id: str, code: str) -> NotebookNode:
    """Make a cell of code that the student cannot change, without points."""
    return nbformat.v4.new_code_cell(code, metadata=_details(grade_id, locked=True))


def answer(grade_id: str, code: str) -> NotebookNode:
    """Make a cell for the student's code."""
    return nbformat.v4.new_code_cell(code, metadata=_details(grade_id, solution=True))


def graded(grade_id: str, points: float, code: str) -> NotebookNode:
    """Make a cell of autograded tests."""
    return nbformat.v4.new_code_cell(
        code, metadata=_details(grade_id, grade=True, locked=True, points=points)
    )


def written(grade_id: str, points: float, text: str) -> NotebookNode:
    """Make a cell for an answer in words, graded by hand."""
    details = _details(grade_id, grade=True, solution=True, points=points)
    return nbformat.v4.new_markdown_cell(text, metadata=details)


def free_code(grade_id: str, points: float, code: str) -> NotebookNode:
    """Make a cell for an answer in code, graded by hand."""
    return nbformat.v4.new_code_cell(
        code, metadata=_details(grade_id, grade=True, solution=True, points=points)
    )


def task(grade_id: str, points: float, text: str) -> NotebookNode:
    """Make a task that is graded by hand, wherever the student answers it."""
    return nbformat.v4.new_markdown_cell(
        text, metadata=_details(grade_id, locked=True, task=True, points=points)
    )


def notebook(*cells: NotebookNode) -> NotebookNode:
    """Make a Python notebook of cells."""
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=list(cells), metadata=metadata)


def index(nb: NotebookNode, grade_id: str) -> int:
    """Find where the cell of that name stands.

    Raises
    ------
    KeyError
        If there is none; it names those that there are.
    """
    for number, cell in enumerate(nb.cells):
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            return number
    tracked = (cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells)
    raise KeyError(f"no cell {grade_id!r}, there are: {', '.join(filter(None, tracked))}")


def answered(released: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """Copy a notebook, with the sources of the cells named in ``answers`` replaced."""
    nb = copy.deepcopy(released)
    for grade_id, source in answers.items():
        nb.cells[index(nb, grade_id)].source = source
    return nb
