"""Grade classes of forty: python -m tests.labs.students [LAB …]."""

import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
import nbformat
from rich.console import Console
from rich.table import Table

from course.sample_class.notebooks import answered
from course.stamps import ROOT
from tests.autograder.classroom import Classroom
from tests.labs.cells import Lab
from tests.labs.students import LABS, Student, networks, read


@dataclass
class Row:
    """What one student deserved and was given, by test, and what a failed test said."""

    student: Student
    deserved: dict[str, float]
    given: dict[str, float | None]
    said: dict[str, str]

    @property
    def is_right(self) -> bool:
        """Whether each test gave what is deserved."""
        return self.deserved == self.given

    def differences(self) -> list[str]:
        """Say where the points differ, and the words that the student reads there."""
        return [
            f"{test}: deserved {points:g}, given {self.given.get(test)}: {self.said.get(test, '')}"
            for test, points in self.deserved.items()
            if self.given.get(test) != points
        ]


def points(lab: str) -> dict[str, float]:
    """All points of each autograded test of a lab."""
    instructors = Lab(lab)
    return {
        test: float(instructors.points(test))
        for test in instructors.named("grade")
        if not instructors.cells[test].metadata.nbgrader.solution
    }


def grade(lab: str, students: list[Student], folder: Path) -> list[Row]:
    """Hand in what the students wrote, grade all of it with one command, and read the gradebook.

    Parameters
    ----------
    lab : str
        A folder of solutions/.
    students : list of Student
    folder : Path
        An empty folder, for the course.

    Returns
    -------
    list of Row
        In the students' order.
    """
    shutil.copytree(ROOT / "solutions" / lab, folder / "source" / lab)
    room = Classroom(folder)
    room.release(lab)
    for student in students:
        _hand_in(student, lab, room)
    done = room.autograder("grade", lab, code=None)
    scores, worth = room.scores(lab), points(lab)
    if len(scores) < len(students):
        raise RuntimeError(f"graded {len(scores)} of {len(students)}:\n{done.log[-4000:]}")
    return [
        Row(
            student, student.deserves(worth), {test: scores[student.name].get(test) for test in worth},
            _said(room.folder(student.name, lab, "autograded") / f"{lab}.ipynb"),
        )
        for student in students
    ]  # fmt: skip


def _hand_in(student: Student, lab: str, room: Classroom) -> None:
    folder = room.folder(student.name, lab)
    shutil.copytree(room.root / "release" / lab, folder)
    notebook = folder / f"{lab}.ipynb"
    nbformat.write(answered(nbformat.read(notebook, as_version=4), dict(student.answers)), notebook)
    for name in networks.HANDED_IN.get(lab, ()):
        networks.make(student.files.get(name, networks.RIGHT), folder / name)


def _said(notebook: Path) -> dict[str, str]:
    """By test, what stands below it in the graded notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: " ".join(map(_text, cell.get("outputs", ())))
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }


def _text(output: dict) -> str:
    text = output.get("text") or output.get("evalue") or output.get("data", {}).get("text/plain", "")
    return " ".join("".join(text).split())


def table(lab: str, rows: list[Row]) -> Table:
    """Draw what each student deserved and was given."""
    drawn = Table("student", "does", "deserved", "given", "", title=f"A class of {len(rows)}: {lab}")
    for row in rows:
        given = sum(value or 0 for value in row.given.values())
        drawn.add_row(
            row.student.name, row.student.does, f"{sum(row.deserved.values()):g}", f"{given:g}",
            "✓" if row.is_right else f"[red]{', '.join(map(_before_colon, row.differences()))}[/red]",
        )  # fmt: skip
    return drawn


def _before_colon(difference: str) -> str:
    return difference.partition(":")[0]


@click.command(help=__doc__)
@click.argument("labs", nargs=-1, type=click.Choice(LABS))
@click.option("--name", "names", multiple=True, help="Only this student (may be repeated).")
@click.option("--folder", type=click.Path(path_type=Path), help="A new folder for the courses, to keep.")
@click.option("--why/--no-why", default=True, help="Print the words below tests that differ.")
def main(labs: tuple[str, ...], names: tuple[str, ...], folder: Path | None, why: bool) -> None:
    """Print a table for each lab; end with 1 if somebody was given what they do not deserve."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    unfair = 0
    with tempfile.TemporaryDirectory(prefix="class-") as temporary:
        for lab in labs or LABS:
            chosen = [student for student in read(lab) if not names or student.name in names]
            start = time.monotonic()
            rows = grade(lab, chosen, (folder or Path(temporary)) / lab)
            console.print(table(lab, rows))
            for row in rows if why else ():
                for difference in row.differences():
                    console.print(f"{row.student.name}, {difference[:1500]}\n", markup=False)
            right = sum(row.is_right for row in rows)
            unfair += len(rows) - right
            console.print(f"{right} of {len(rows)} as deserved, in {time.monotonic() - start:.0f} s")
    sys.exit(1 if unfair else 0)
