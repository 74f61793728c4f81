"""One kernel: the cells of a notebook run one after the other, as nbgrader alone grades them.

Each notebook has a fresh process, forked from one that has imported the libraries, and in it an
IPython shell. Run as a module it is the process that forks.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbformat.v4 import new_code_cell, new_output

from tests.children import PYTHONPATH

REPOSITORY = Path(__file__).resolve().parents[3]
LIBRARIES = (
    "numpy", "matplotlib.pyplot", "pytest", "pandas", "scipy.stats", "scipy.optimize", "scipy.sparse",
    "sklearn.linear_model", "sklearn.pipeline", "sklearn.neighbors", "sklearn.svm", "sympy", "networkx",
    "unittest.mock", "IPython.core.interactiveshell", "IPython.utils.capture", "nbgrader.utils",
)  # fmt: skip
SECONDS = 20  # of one notebook
TIMED_OUT = {"score": 0.0, "words": "the kernel was stopped: it took too long"}


class OneKernel:
    """Grader by one kernel; leaving the context ends its process."""

    def __enter__(self) -> Self:
        environment = {**os.environ, "PYTHONPATH": PYTHONPATH, "MPLBACKEND": "agg"}
        command = [sys.executable, "-W", "ignore", "-m", "tests.autograder.idioms.kernel"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def grade(
        self, cells: list[tuple[str, float | None]], files: tuple[tuple[str, str], ...]
    ) -> dict[str, Any]:
        """Grade a notebook's cells, each with its points, or None where it has none.

        Returns
        -------
        dict
            ``score`` of the graded cells together, and ``words``: the last error of one of them.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([cells, files]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def run_cells(cells: list[list[Any]]) -> dict[str, Any]:
    """Run cells in a new shell of this process."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from nbgrader.utils import determine_grade
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=config)
    sys.path[0] = ""
    total, scores, words = 0.0, [], ""
    for code, points in cells:
        with capture_output() as captured:
            result = shell.run_cell(code, store_history=True)
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")  # as a kernel's inline figures are, at the end of their cell
        if points is None:
            continue
        made = new_code_cell(
            code, metadata={"nbgrader": {"grade": True, "solution": False, "points": points}}
        )
        if captured.stderr:
            made.outputs.append(new_output("stream", name="stderr", text=captured.stderr))
            words = captured.stderr.strip().splitlines()[-1]
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            made.outputs.append(new_output("error", ename=type(error).__name__, evalue=str(error)))
            words = f"{type(error).__name__}: {error}"
        elif result.result is not None:
            data, _ = shell.display_formatter.format(result.result)
            made.outputs.append(new_output("execute_result", data=data))
        score, _ = determine_grade(made)
        scores.append(float(score))
        total += float(score)
    return {"score": total, "scores": scores, "words": words}


def _child(cells: list[list[Any]], files: list[list[str]], out: int) -> None:
    """Run a notebook in a folder of its own and write what it got."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(null, number)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, text in files:
            path = Path(name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        try:
            done = run_cells(cells)
        except BaseException as error:
            done = {"score": 0.0, "words": f"the kernel ended: {type(error).__name__}: {error}"}
        os.write(out, json.dumps(done).encode())
        os.chdir("/")
    os._exit(0)


def _forked(cells: list[list[Any]], files: list[list[str]]) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        _child(cells, files, writer)
    os.close(writer)
    done = b""
    try:
        while select.select([reader], [], [], SECONDS)[0]:
            part = os.read(reader, 65536)
            if not part:
                break
            done += part
        else:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(reader)
    os.waitpid(child, 0)
    return json.loads(done) if done else TIMED_OUT


def serve() -> None:
    """Grade the notebooks that come in, a line each, until there are no more."""
    import importlib

    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        cells, files = json.loads(line)
        sys.stdout.write(json.dumps(_forked(cells, files)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
