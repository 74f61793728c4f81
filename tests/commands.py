"""Commands that a test runs to their end, each in a process that has imported what they need.

To import nbgrader takes some three seconds of a processor, mostly for a command that works for a
moment. A server has imported it once for all of a process' tests and forks for each command, which
gets an environment, a working directory and output of its own, and else begins as ``python -m``.
What a command imports, and how long that takes, is tested with real ones (``test_quick_imports``,
``test_bare_environment``).
"""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.children import PYTHONPATH, ROOT
from tests.command_server import Order


@dataclass
class Run:
    """One finished command."""

    code: int
    log: str


def run(
    module: str,
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    timeout: float = 600,
    largest_file: int | None = None,
) -> Run:
    """Run ``python -m module arguments``.

    ``largest_file`` makes writing beyond so many bytes fail, as on a full disk.

    Raises
    ------
    TimeoutError
        If it takes longer than so many seconds; it is killed.
    """
    with ExitStack() as opened:
        out, err = (opened.enter_context(tempfile.NamedTemporaryFile(prefix="command-")) for _ in range(2))
        order = Order(
            module=module, arguments=[*arguments], folder=str(folder), environment=dict(environment),
            stdout=out.name, stderr=err.name, largest_file=largest_file,
        )  # fmt: skip
        connection = opened.enter_context(socket.socket(socket.AF_UNIX))
        connection.connect(_server())
        connection.settimeout(timeout)
        connection.sendall(json.dumps(order).encode() + b"\n")
        answers = opened.enter_context(connection.makefile())
        process = int(answers.readline())
        try:
            code = int(answers.readline())
        except TimeoutError:
            os.kill(process, signal.SIGKILL)
            raise
        log = b"".join(Path(file.name).read_bytes() for file in (out, err))
        return Run(code, log.decode(errors="replace"))


@cache
def _server() -> str:
    """Start it; return where it listens."""
    folder = tempfile.mkdtemp(prefix="commands-")
    path = os.path.join(folder, "socket")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.command_server", path],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
    )
    atexit.register(_end, process, folder)
    while not os.path.exists(path):
        if process.poll() is not None:
            raise RuntimeError(f"the server of commands ended with {process.returncode}")
        time.sleep(0.01)
    return path


def _end(process: subprocess.Popen, folder: str) -> None:
    process.kill()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)
