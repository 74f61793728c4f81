"""A small class: submissions made from a lab's release, each with the score that it deserves."""

import shutil
from pathlib import Path

import nbformat

from course.sample_class import decoder, encoder, mnist
from course.sample_class.notebooks import answered

LABS = {"decoder": decoder, "encoder": encoder, "mnist": mnist}
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def deserved(lab: str = "encoder") -> dict[str, dict[str, float | None]]:
    """Points that each student deserves, by student and graded cell; None: to be graded by hand.

    Parameters
    ----------
    lab : str
        A lab that has a sample class.
    """
    return {student: dict(points) for student, (points, _) in LABS[lab].STUDENTS.items()}


def make(root: Path, lab: str, release: Path, solution: Path) -> list[str]:
    """Write each student's submission as nbgrader collects it: root/<student>/<lab>/.

    Parameters
    ----------
    root : Path
        nbgrader's folder of submissions; what it holds of these students is replaced.
    lab : str
        A lab that has a sample class.
    release, solution : Path
        The folders of the released lab and of the instructor's.

    Returns
    -------
    list of str
        The students.
    """
    right = solutions(solution / f"{lab}.ipynb")
    for student, (_, answers) in LABS[lab].STUDENTS.items():
        folder = root / student / lab
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(release, folder)
        hand_in(folder / f"{lab}.ipynb", answers(right))
        for name, path in getattr(LABS[lab], "FILES", {}).get(student, {}).items():
            shutil.copy(path, folder / f"{name}.keras")
    return list(LABS[lab].STUDENTS)


def solutions(notebook: Path) -> dict[str, str]:
    """Read the instructor's answers, by the name of their cell, without the marks around them."""
    cells = nbformat.read(notebook, as_version=4).cells
    return {
        cell.metadata.nbgrader.grade_id: _unmarked(cell.source)
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def hand_in(notebook: Path, answers: dict[str, str]) -> None:
    """Put answers into the cells of a released notebook.

    Raises
    ------
    KeyError
        If an answer's cell is not there.
    """
    nbformat.write(answered(nbformat.read(notebook, as_version=4), answers), notebook)


def _unmarked(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN, END))
