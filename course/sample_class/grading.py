"""Grade the sample class with nbgrader and hold each score against the one that it deserves."""

import json
import os
import shutil
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from course import labs, sample_class
from course.errors import CourseError
from course.process import EndedError, end_commands, ended_together, failure, refuse_when_ended, run
from course.stamps import BUILD, ROOT, Stamp

FOLDER = BUILD / "class"
SETTINGS = """c = get_config()
load_subconfig("nbgrader_config.py", path={root!r})
c.CourseDirectory.source_directory = {source!r}
c.CourseDirectory.release_directory = "release"
"""
# The engine needs Linux; elsewhere nbgrader grades alone.
COMMAND = ("autograder", "grade") if sys.platform == "linux" else ("nbgrader", "autograde")


@dataclass(frozen=True)
class Row:
    """A student of the sample class: points by graded cell, deserved and given (None: by hand)."""

    student: str
    deserved: dict[str, float | None]
    given: dict[str, float | None]

    @property
    def differences(self) -> dict[str, tuple[str, str]]:
        """Return what the cells deserve and what they got, in words, where the two differ."""
        return {
            cell: (_said(self.deserved, cell), _said(self.given, cell))
            for cell in self.deserved | self.given
            if _said(self.deserved, cell) != _said(self.given, cell)
        }


def check(lab: str) -> str:
    """Return `lab`.

    Raises
    ------
    CourseError
        If it has no sample class.
    """
    if lab not in sample_class.LABS:
        raise CourseError(
            f"the lab {lab!r} has no sample class: write course/sample_class/{lab}.py "
            "and name it in LABS of course/sample_class/__init__.py"
        )
    return lab


def grade(lab: str) -> list[Row]:
    """Make the sample class of a lab, grade it, and read the gradebook.

    Nothing is graded again while neither the lab, nor the class, nor the packages have changed.

    Parameters
    ----------
    lab : str

    Returns
    -------
    list of Row
        In the class' order.

    Raises
    ------
    CourseError
        If there is no such lab, it has no sample class, or a command fails.
    """
    release = labs.release(check(lab))
    results = FOLDER / f"{lab}.json"
    inputs = [*labs.inputs(lab), release, "course/sample_class", "sepconv", "autograder"]
    stamp = Stamp(f"class-{lab}", inputs, [results])
    if not stamp.is_done():
        stamp.undo()
        given = _grade(lab)
        results.write_text(json.dumps(given, indent=1), encoding="utf-8")
        stamp.done()
    given = json.loads(results.read_text(encoding="utf-8"))
    return [Row(name, deserved, given[name]) for name, deserved in sample_class.deserved(lab).items()]


def grade_side_by_side(chosen: Iterable[str]) -> dict[str, list[Row]]:
    """Make and grade the sample classes of several labs, as many at once as there are cores.

    Parameters
    ----------
    chosen : iterable of str
        Names of labs.

    Returns
    -------
    dict of str to list of Row
        By lab, as `grade` returns them, in the order of the names.

    Raises
    ------
    CourseError
        As `grade`, for a class that failed. Those that are being graded then are stopped,
        and no further one is begun; so it is where this process is interrupted.
    """

    def next_one(lab: str) -> list[Row]:
        refuse_when_ended()
        try:
            return grade(lab)
        except BaseException:
            end_commands()  # before this thread can take the next class
            raise

    console = Console(stderr=True)
    # A status leaves an empty line where there is no terminal.
    status = console.status("grading the sample classes") if console.is_terminal else nullcontext()
    pool = ThreadPoolExecutor(os.cpu_count())
    with status, ended_together(pool):
        try:
            begun = {lab: pool.submit(next_one, lab) for lab in chosen}
            wait(begun.values())
        except BaseException:
            end_commands()
            raise
        if errors := [error for rows in begun.values() if (error := rows.exception())]:
            raise min(errors, key=lambda error: isinstance(error, EndedError))
        return {lab: rows.result() for lab, rows in begun.items()}


def _grade(lab: str) -> dict[str, dict[str, float | None]]:
    """Points given, by student and graded cell, in a course folder made anew."""
    root = FOLDER / lab
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(SETTINGS.format(root=str(ROOT), source=str(labs.SOLUTIONS)))
    _run(["nbgrader", "generate_assignment", lab], root, f"class-{lab}-release.log")
    students = sample_class.make(root / "submitted", lab, labs.RELEASED / lab, labs.SOLUTIONS / lab)
    Console(stderr=True).print(f"grading {len(students)} submissions of {lab}", highlight=False)
    _run([*COMMAND, lab], root, f"class-{lab}.log")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {student: _points(gradebook, lab, student) for student in students}


def _run(command: list[str], root: Path, log: str) -> None:
    if not run(command, log, folder=root):
        raise failure(" ".join(command), log)


def _points(gradebook: Gradebook, lab: str, student: str) -> dict[str, float | None]:
    submission = gradebook.find_submission(lab, student)
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    return {grade.name: None if grade.needs_manual_grade else grade.score for grade in grades}


def show(graded: dict[str, list[Row]]) -> None:
    """Print what each student deserved and was given, a table for each lab.

    Parameters
    ----------
    graded : dict of str to list of Row
        By lab, as `grade_side_by_side` returns them.

    Raises
    ------
    CourseError
        If somebody was given what they did not deserve, after all tables: lab, student and cells.
    """
    unfair = []
    for lab, rows in graded.items():
        table = Table(title=f"Sample class, lab {lab}: points by {' '.join(COMMAND)}", title_justify="left")
        for heading in ("submission", "deserved", "given", ""):
            table.add_column(heading, justify="right" if heading in ("deserved", "given") else "left")
        for row in rows:
            unlike = row.differences
            verdict = f"differ in {', '.join(unlike)}" if unlike else "equal"
            table.add_row(row.student, _sum(row.deserved), _sum(row.given), verdict)
            unfair += [
                f"{lab}, {row.student}, {cell}: deserved {deserved}, given {given}"
                for cell, (deserved, given) in unlike.items()
            ]
        Console().print(table)
    if unfair:
        folder = FOLDER.relative_to(ROOT)
        raise CourseError(f"not all were given what they deserve (see {folder}/): {'; '.join(unfair)}")


def _said(points: dict[str, float | None], cell: str) -> str:
    """Say what a cell got."""
    if cell not in points:
        return "no such cell"
    return "by hand" if points[cell] is None else repr(float(points[cell])).removesuffix(".0")


def _sum(points: dict[str, float | None]) -> str:
    by_hand = sum(score is None for score in points.values())
    return f"{sum(score or 0 for score in points.values()):g}" + (f" + {by_hand} by hand" if by_hand else "")
