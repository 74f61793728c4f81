"""Take a class of twelve from the release to the export, and print what came of each.

Run it as ``python -m tests.autograder.twelve``.
"""

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.autograder.twelve.semester import whole_semester
from tests.autograder.twelve.students import STUDENTS


def main() -> None:
    """Run the class, and print its table."""
    with tempfile.TemporaryDirectory() as folder:
        course = whole_semester(Path(folder) / "course")
        table = Table(
            "student", "handed in", "for a person", "first", "then", *course.exported, "said", show_lines=True
        )
        for student in STUDENTS:
            first, then = (course.outcomes[step][student.name] for step in ("grade", "grade again"))
            table.add_row(
                student.name,
                student.ways,
                " ".join(course.waited[student.name]),
                f"{first['score']:g}",
                f"{then['score']:g}",
                *(points.get(student.name, "none") for points in course.exported.values()),
                "\n".join(course.words(student.name)),
            )
        console = Console(width=None if sys.stdout.isatty() else 200)
        console.print(table)
        for step, said in course.said.items():
            console.print(f"{step}: {said[-1200:]}", markup=False, highlight=False)


if __name__ == "__main__":
    main()
