"""``autograder check ASSIGNMENT``: where its tests do not test what they seem to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
from rich.console import Console

from autograder.batch.errors import GradeError
from autograder.commands.course import folder_of, open_course, say
from autograder.notebook.findings import Finding
from autograder.plugin.lint import findings


class Located(NamedTuple):
    """One finding in a notebook of the assignment."""

    notebook: str
    finding: Finding


def check(assignment: str, *, console: Console | None = None) -> list[Located]:
    """Say where tests of an assignment's source give points for wrong answers, or take them.

    Parameters
    ----------
    assignment : str
        Its name in the source directory.
    console : rich.console.Console, optional
        Where to say it.

    Returns
    -------
    list of Located
        What was found, by notebook, cell and line.

    Raises
    ------
    Refused
        If there is no such assignment, or one of its notebooks cannot be read.
    """
    console = console or Console()
    with open_course(assignment, known=False) as api:
        source = folder_of(api.coursedir, api.coursedir.source_directory, ".", assignment)
        if not source.is_dir():
            raise GradeError(f"no assignment {assignment!r}: expected its source in {source}")
        located = list(_findings(source))
    for notebook, finding in located:
        say(console, f"{notebook}, cell {finding.cell}, line {finding.line}: {finding.code}")
        say(console, f"  {finding.cause.text}")
        say(console, f"  write: {finding.cause.instead}")
    if not located:
        say(console, f"{assignment}: nothing found")
    return located


def _findings(source: Path) -> Iterator[Located]:
    for path in sorted(source.glob("*.ipynb")):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception as error:
            raise GradeError(f"{path} is no notebook that can be read: {error}") from error
        yield from (Located(path.name, finding) for finding in findings(notebook))
