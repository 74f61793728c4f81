"""An instructor's notebook in one kernel, as nbgrader alone grades; without a sandbox."""

import os
import subprocess
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbgrader.utils import determine_grade, is_grade, is_solution

SECONDS = 600  # for one cell


def run_in_one_kernel(path: Path, judge: Path) -> dict[str, float]:
    """Run an instructor's own notebook with its tests, and score it as nbgrader does.

    Parameters
    ----------
    path : Path
        The notebook, with solutions and hidden tests, in a folder with its files.
    judge : Path
        The folder that only the judge reads under the engine; tests find it here as well.

    Returns
    -------
    dict of str to float
        Points by the name of each autograded cell.
    """
    notebook = nbformat.read(path, as_version=4)
    environment = os.environ | {"AUTOGRADER_JUDGE": str(judge), "NBGRADER_EXECUTION": "autograde"}
    client = NotebookClient(
        notebook, timeout=SECONDS, allow_errors=True, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env=environment, stderr=subprocess.DEVNULL)  # of the kernel: notes on itself
    return {
        cell.metadata.nbgrader.grade_id: float(determine_grade(cell)[0] or 0)
        for cell in notebook.cells
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)
    }
