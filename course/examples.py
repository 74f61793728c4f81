"""Compute the stored examples of a lab's visible tests from the judge's reference code."""

from pathlib import Path

from autograder import checks
from autograder.checks.case import Case, save
from course.errors import CourseError
from course.stamps import ROOT


def reference(lab: str):
    """Import the reference code of a lab.

    Parameters
    ----------
    lab : str
        A folder of solutions/.

    Returns
    -------
    module

    Raises
    ------
    CourseError
        If the lab has none.
    """
    judge = ROOT / "solutions" / lab / "judge"
    try:
        return checks.import_from(judge, "reference")
    except FileNotFoundError as error:
        raise CourseError(f"the lab {lab!r} has no reference code: {error}") from error


def compute(lab: str) -> dict[str, list[Case]]:
    """Compute the visible cases of every graded function of a lab, by function.

    Parameters
    ----------
    lab : str
        A folder of solutions/.
    """
    known = reference(lab)
    return {function: known.cases(function, hidden=False) for function in known.FUNCTIONS}


def main(lab: str) -> Path:
    """Write a lab's examples.npz and return its path.

    Parameters
    ----------
    lab : str
        A folder of solutions/.
    """
    path = ROOT / "solutions" / lab / "examples.npz"
    save(path, compute(lab))
    return path
