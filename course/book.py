"""Build the book."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from course.errors import CourseError
from course.stamps import BUILD, ROOT, Stamp

PAGE = BUILD / "html" / "index.html"
INPUTS = ("book", "sepconv", "_config.yml", "_toc.yml", "requirements.txt")


def build() -> None:
    """Build the book with every warning an error; nothing is done if nothing has changed.

    Raises
    ------
    CourseError
        If the build gave a warning or an error.
    """
    stamp = Stamp("book", INPUTS, [BUILD / "html"])
    if stamp.is_done():
        return
    stamp.undo()
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-n", "-W", "--keep-going"]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    if subprocess.run(command, cwd=ROOT, env=os.environ | quiet, check=False).returncode:
        # Sphinx would not warn again of pages that it has read.
        shutil.rmtree(BUILD / ".doctrees", ignore_errors=True)
        raise CourseError("the book has warnings or errors, see above (a failed cell: _build/html/reports/)")
    stamp.done()
