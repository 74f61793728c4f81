"""The labs' notebooks run as they are stored."""

import copy
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from course import labs, sample_class
from tests.children import PYTHONPATH

LABS = labs.names()
pytestmark = pytest.mark.slow


def nbval(folder, lab, *options):
    """Run a notebook against its stored outputs."""
    command = [sys.executable, "-m", "pytest", *options, "-q", "-p", "no:cacheprovider", f"{lab}.ipynb"]
    environment = os.environ | {
        "AUTOGRADER_JUDGE": str(labs.SOLUTIONS / lab / "judge"),
        "NBGRADER_EXECUTION": "validate",
        "PYTHONPATH": PYTHONPATH,
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("lab", LABS)
def test_a_solution_gives_its_stored_outputs(lab, tmp_path):
    """With the sample class' networks beside it, where it would train."""
    for name in (f"{lab}.ipynb", "examples.npz"):
        shutil.copy(labs.SOLUTIONS / lab / name, tmp_path)
    for name, path in getattr(sample_class.LABS[lab], "FILES", {}).get("perfect", {}).items():
        shutil.copy(path, tmp_path / f"{name}.keras")
    stored = nbformat.read(tmp_path / f"{lab}.ipynb", as_version=4)
    assert any(cell.get("outputs") for cell in stored.cells)
    done = nbval(tmp_path, lab, "--nbval")
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("lab", LABS)
def test_a_release_runs_up_to_the_first_unanswered_task(lab, tmp_path):
    shutil.copytree(labs.RELEASED / lab, tmp_path, dirs_exist_ok=True)
    whole = nbformat.read(tmp_path / f"{lab}.ipynb", as_version=4)
    test = next(n for n, cell in enumerate(whole.cells) if cell.metadata.get("nbgrader", {}).get("grade"))
    before = copy.deepcopy(whole)
    before.cells = whole.cells[:test]
    nbformat.write(before, tmp_path / f"{lab}.ipynb")
    done = nbval(tmp_path, lab, "--nbval-lax")
    assert done.returncode == 0, done.stdout[-3000:]
    before.cells = whole.cells[: test + 1]
    nbformat.write(before, tmp_path / f"{lab}.ipynb")
    NotebookClient(before, resources={"metadata": {"path": str(tmp_path)}}, allow_errors=True).execute()
    # A test that gives points in parts prints it, another raises it.
    assert "is not answered yet" in str(before.cells[-1].outputs)
