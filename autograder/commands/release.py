"""``autograder release ASSIGNMENT``: nbgrader's `generate_assignment`, and its exchange."""

from __future__ import annotations

from pathlib import Path

import nbformat
from rich.console import Console

from autograder.batch.errors import GradeError
from autograder.batch.preflight import check_writable
from autograder.commands import check as check_
from autograder.commands.course import Refused, folder_of, locked, open_course, raise_on_failure, say
from autograder.plugin.gradebook import version_in_process
from autograder.plugin.taken_out import words_of_taken

MAX_FILES = 10


def release(
    assignment: str, *, exchange: bool = False, check: bool = True, console: Console | None = None
) -> None:
    """Generate an assignment's release from its source, hidden tests and solutions left out.

    Parameters
    ----------
    assignment : str
        Its name in the source directory.
    exchange : bool
        Whether to put it into nbgrader's exchange as well.
    check : bool
        Whether to try it first, and say what is found; it is released all the same.
    console : rich.console.Console, optional
        Where to say what is done.
    """
    console = console or Console()
    with open_course(assignment, known=False) as api:
        source = folder_of(api.coursedir, api.coursedir.source_directory, ".", assignment)
        if not source.is_dir():
            raise GradeError(f"no assignment {assignment!r}: expected its source in {source}")
        check_writable(api.coursedir)
        if check:
            try:
                check_.check(assignment, console=console)
            except Refused as refused:  # as where there is no sandbox: it is released all the same
                say(console, f"not checked: {refused.message}")
        releasing = console.status(f"releasing {assignment}")
        with locked(api.coursedir, assignment), version_in_process(), releasing:
            raise_on_failure(api.generate_assignment(assignment), f"{assignment} was not released")
            if exchange:
                raise_on_failure(
                    api.release_assignment(assignment), f"{assignment} was not put into the exchange"
                )
        folder = folder_of(api.coursedir, api.coursedir.release_directory, ".", assignment)
        say_what_is_left_out(console, source, folder)
        say(console, f"{assignment}: {folder}" + (", and in the exchange" if exchange else ""))


def say_what_is_left_out(console: Console, source: Path, release: Path) -> None:
    """Say what of the instructor's folder is not in a release, and which files are, unchanged."""
    for path in sorted(release.glob("*.ipynb")):
        own, given = (nbformat.read(folder / path.name, as_version=4) for folder in (source, release))
        say(console, f"{path.name}, left out:")
        for line in words_of_taken(own, given):
            say(console, f"  {line}")
    files = [path.relative_to(release) for path in sorted(release.rglob("*")) if path.is_file()]
    if others := [str(path) for path in files if path.suffix != ".ipynb"]:
        more = f" and {len(others) - MAX_FILES} more" if len(others) > MAX_FILES else ""
        say(console, f"released as they are: {', '.join(others[:MAX_FILES])}{more}")
