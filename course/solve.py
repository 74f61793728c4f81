"""Run a lab's solution and keep what its cells show."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from rich.console import Console

from autograder.execution.environment import QUIET
from course import labs
from course.errors import CourseError
from course.stamps import ROOT


def main(lab: str) -> Path:
    """Execute the instructor's notebook of a lab and store its outputs in it; return its path.

    It runs in a folder of its own, with the sample class' networks where the lab would train some.
    What goes to stderr is not kept: it is what TensorFlow says of the machine.

    Parameters
    ----------
    lab : str
        A folder of solutions/.

    Raises
    ------
    CourseError
        If there is no such lab or a cell raises; the notebook is then left as it was.
    """
    path = labs.SOLUTIONS / labs.check(lab) / f"{lab}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    own, at = notebook.metadata.copy(), ""
    with tempfile.TemporaryDirectory() as folder, Console(stderr=True).status(f"running {lab}") as status:
        for beside in filter(Path.is_file, path.parent.iterdir()):
            shutil.copy(beside, folder)
        _networks(lab, Path(folder))

        def begin(cell, cell_index):
            nonlocal at
            at = cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)
            status.update(f"running {lab}: {at}")

        client = NotebookClient(
            notebook,
            timeout=None,
            record_timing=False,
            resources={"metadata": {"path": folder}},
            on_cell_start=begin,
        )
        environment = os.environ | QUIET
        environment |= {"AUTOGRADER_JUDGE": str(path.parent / "judge"), "PYTHONPATH": str(ROOT)}
        try:
            client.execute(env=environment, stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            where = f"solutions/{lab}/{lab}.ipynb, cell {at}"
            raise CourseError(f"{where}: {error.ename}: {error.evalue}") from error
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    notebook.metadata = own  # the kernel's version is no part of the lab
    nbformat.write(notebook, path)
    return path


def _networks(lab: str, folder: Path) -> None:
    from course import sample_class  # noqa: PLC0415 - a lab may be run before it has one

    files = getattr(sample_class.LABS.get(lab), "FILES", {})
    for name, path in files.get("perfect", {}).items():
        shutil.copy(path, folder / f"{name}.keras")
