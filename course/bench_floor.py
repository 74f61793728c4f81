"""The floor of grading: each notebook in one IPython, forked from a process with its imports."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import NoReturn

import click
import nbformat

from autograder.commands.quick_imports import quick_imports
from autograder.execution.forkserver import ENVIRONMENT
from autograder.execution.ready_shells import ReadyShells
from autograder.execution.shell import Recorder, recorded
from autograder.execution.spec import DEFAULTS
from autograder.plugin.execute import imported_modules
from course.errors import CourseError
from course.stamps import ROOT

CELL_SECONDS = int(DEFAULTS.cell_seconds)
NOT_SET_UP = 119  # of ours: students' code that ends its process uses 0, 1 or a signal


def run(notebook: nbformat.NotebookNode, files: Path, cell_seconds: int, shells: ReadyShells) -> NoReturn:
    """Run a graded notebook's code cells one after the other, and end this process.

    What fails in a cell, fails. What cells show is drawn and recorded, as in a kernel. They find a
    copy of the files in a folder. The exit code is `NOT_SET_UP` where no cell could be run.
    """
    code, folder = NOT_SET_UP, ""
    try:
        folder = tempfile.mkdtemp()
        shutil.copytree(files, folder, dirs_exist_ok=True)
        os.chdir(folder)
        recorder = Recorder(int(DEFAULTS.output_bytes))
        shell = shells.take(Path(folder), recorder)
        signal.signal(signal.SIGALRM, _stop)
        code = 0
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            signal.alarm(cell_seconds)
            with contextlib.suppress(BaseException), recorded(recorder):
                shell.run_cell(cell.source)
            signal.alarm(0)
    except BaseException:
        traceback.print_exc()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(code)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt  # as nbgrader ends a cell: no test takes it for an answer's error


@click.command()
@click.argument("pages", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("lab")
@click.option("--workers", default=os.cpu_count(), type=click.IntRange(1))
@click.option("--cell-seconds", default=CELL_SECONDS, type=click.IntRange(1))
def main(pages: Path, lab: str, workers: int, cell_seconds: int) -> None:
    """Run the notebooks PAGES/<student>/LAB/LAB.ipynb, so many at once."""
    os.environ.update(
        ENVIRONMENT
        | {
            "AUTOGRADER_JUDGE": str(ROOT / "solutions" / lab / "judge"),
            "NBGRADER_EXECUTION": "autograde",  # by which a lab knows that it is not to train
        }
    )
    notebooks = {
        path.parent: nbformat.read(path, as_version=4) for path in sorted(pages.glob(f"*/{lab}/{lab}.ipynb"))
    }
    if not notebooks:
        raise CourseError(f"nothing to run: no notebook is {pages}/STUDENT/{lab}/{lab}.ipynb")
    source = nbformat.read(ROOT / "solutions" / lab / f"{lab}.ipynb", as_version=4)
    with quick_imports():  # as quick as a fork server's
        for name in imported_modules(source):
            __import__(name)
        shells = ReadyShells()
    running, codes = 0, []
    for files, notebook in notebooks.items():
        if running == workers:
            codes.append(os.wait()[1])
            running -= 1
        if os.fork() == 0:
            run(notebook, files, cell_seconds, shells)
        running += 1
    codes += [os.wait()[1] for _ in range(running)]
    if failed := sum(os.waitstatus_to_exitcode(code) == NOT_SET_UP for code in codes):
        raise CourseError(
            f"{failed} of {len(notebooks)} notebooks could not be set up; the reasons are above"
        )
    print(f"{len(notebooks)} notebooks", file=sys.stderr)


if __name__ == "__main__":
    main()
