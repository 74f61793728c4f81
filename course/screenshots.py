"""The guides' pictures, taken by the tests of `tests/walks` (`python -m course screenshots`)."""

import os
import subprocess
import sys

from course.browser import chromium
from course.errors import CourseError
from course.stamps import ROOT

FOLDER = ROOT / "book" / "_static" / "walks"
VARIABLE = "COURSE_SCREENSHOTS"


def main(walks: tuple[str, ...] = ()) -> int:
    """
    Walk, and put the pictures that are taken on the way into the book.

    Parameters
    ----------
    walks : tuple of str
        Names of modules in ``tests/walks`` without their ``test_``, such as ``"student"``; all by
        default.

    Returns
    -------
    int
        The exit code of pytest.

    Raises
    ------
    CourseError
        If there is no Chromium, or no walk of such a name.
    """
    if not chromium():
        raise CourseError("the pictures need Chromium (Debian: apt install chromium-headless-shell)")
    there = {
        path.stem.removeprefix("test_"): path for path in sorted((ROOT / "tests/walks").glob("test_*.py"))
    }
    for name in walks:
        if name not in there:
            raise CourseError(f"there is no walk {name!r}; there are {', '.join(there)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    paths = [there[name] for name in walks or there]
    command = [sys.executable, "-m", "pytest", "-m", "browser", *paths]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {VARIABLE: str(FOLDER)}, check=False).returncode
