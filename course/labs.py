"""Release the labs: the students' notebooks from the instructor's, by nbgrader."""

import threading
from pathlib import Path

from course.errors import CourseError
from course.process import failure, run
from course.stamps import ROOT, Stamp

SOLUTIONS, RELEASED = ROOT / "solutions", ROOT / "labs"
RELEASING = threading.Lock()  # the labs share one gradebook, which nbgrader makes where there is none


def names() -> list[str]:
    """Names of the labs."""
    return sorted(path.parent.name for path in SOLUTIONS.glob("*/*.ipynb"))


def check(lab: str) -> str:
    """Return `lab`.

    Raises
    ------
    CourseError
        If there is no such lab.
    """
    if lab not in names():
        raise CourseError(f"no lab {lab!r} in solutions/, there are: {', '.join(names())}")
    return lab


def nbgrader(command: str, *arguments: str, log: str) -> None:
    """Run one nbgrader command under the project's nbgrader_config.py.

    Parameters
    ----------
    command : str
        As "generate_assignment".
    *arguments : str
    log : str
        See `course.process.run`.

    Raises
    ------
    CourseError
        If the command fails.
    """
    if not run(["nbgrader", command, *arguments], log):
        raise failure(f"nbgrader {command}", log)


def inputs(lab: str) -> list[Path | str]:
    """Files and folders that decide what a lab's release is."""
    return [SOLUTIONS / check(lab), "nbgrader_config.py", "requirements.txt"]


def release(lab: str) -> Path:
    """Generate a lab's release, unless that is done; return its folder.

    Raises
    ------
    CourseError
        If there is no such lab or nbgrader refuses it.
    """
    folder = RELEASED / check(lab)
    stamp = Stamp(f"lab-{lab}", inputs(lab), [folder])
    with RELEASING:
        if not stamp.is_done():
            stamp.undo()
            nbgrader("generate_assignment", lab, "--force", log=f"release-{lab}.log")
            stamp.done()
    return folder
