"""Run nbgrader's commands on a course folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from course.errors import CourseError
from course.stamps import BUILD, ROOT


def run(command: str, *arguments: str, log: str, on_line: Callable[[str], None] | None = None) -> None:
    """Run one nbgrader command in the project's root, under its nbgrader_config.py.

    Parameters
    ----------
    command : str
        As "generate_assignment".
    *arguments : str
    log : str
        Name of the file below _build/logs/ that keeps what it prints.
    on_line : callable, optional
        Called with each line as it is printed.

    Raises
    ------
    CourseError
        If the command fails.
    """
    path = BUILD / "logs" / log
    path.parent.mkdir(parents=True, exist_ok=True)
    # nbgrader calls alembic by name: the environment's programs must be found.
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PATH": programs}
    with (
        path.open("w") as kept,
        subprocess.Popen(
            [sys.executable, "-m", "nbgrader", command, *arguments],
            cwd=ROOT,
            env=os.environ | quiet,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        for line in process.stdout:
            kept.write(line)
            if on_line:
                on_line(line)
    if process.returncode:
        raise CourseError(f"nbgrader {command} failed, see {path.relative_to(ROOT)}")
