"""Compute the stored examples that a lab's visible tests compare with, from the judge's reference code."""

import importlib.util
from pathlib import Path

from autograder import cases
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
    FileNotFoundError
        If the lab has none.
    """
    path = ROOT / "solutions" / lab / "judge" / "reference.py"
    if not path.is_file():
        raise FileNotFoundError(f"no reference code of the lab {lab!r} at {path.relative_to(ROOT)}")
    spec = importlib.util.spec_from_file_location(f"reference_of_{lab}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compute(lab: str) -> dict[str, list[cases.Case]]:
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
    cases.save(path, compute(lab))
    return path
