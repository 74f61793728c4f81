"""The class from the release to what platforms import, by the commands of an instructor."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from click.testing import CliRunner

from autograder.cli import main
from autograder.report.lms_export import PLATFORMS
from course.sample_class.notebooks import index
from tests.autograder.batch.course import LATENESS
from tests.autograder.classroom import ONE_LINE, PLAIN_COURSE, Classroom
from tests.autograder.twelve.students import LAB, SECOND, SERIES, STUDENTS, Files, added_test, second_source

CONFIG = ONE_LINE + (
    "c.CourseDirectory.course_id = 'twelve'\n"
    "c.AssignLatePenalties.plugin_class = 'lateness.Plugin'\n"
    "c.FileNameCollectorPlugin.named_regexp = "
    r"r'.*/(?P<student_id>\w+)_(?P<timestamp>2026-[0-9-]+)_(?P<file_id>\w+)'"
    "\n"
)
COLLECTED = "ada"  # whose files come in a platform's archive
EXTRA = "jon"
EXTENDED = "=1+1"


@dataclass
class Course:
    """What the class came to.

    Parameters
    ----------
    room
        The course's folder.
    said
        Each command → what it said.
    outcomes
        Each run of grading → student → what it came to.
    exported
        Each platform → student → the points that it imports.
    report
        The report's numbers.
    waited
        Student → the questions that a person had to grade after the first run.
    logged
        The lines of the logs of grading.
    """

    room: Classroom
    said: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, dict[str, dict]] = field(default_factory=dict)
    exported: dict[str, dict[str, str]] = field(default_factory=dict)
    report: dict = field(default_factory=dict)
    waited: dict[str, list[str]] = field(default_factory=dict)
    logged: list[str] = field(default_factory=list)

    def command(self, step: str, *arguments: str, code: int = 0) -> str:
        """Run a command in the course's folder; keep and return what it says."""
        done = CliRunner().invoke(main, arguments, env={"COLUMNS": "300"})
        assert done.exit_code == code, f"{step}: {done.output}"
        assert done.exception is None or isinstance(done.exception, SystemExit), step
        self.said[step] = " ".join(done.output.split())
        return self.said[step]

    def grade(self, step: str) -> None:
        """Grade, and keep each student's outcome."""
        self.command(step, "grade", LAB, "--json", f"{step}.json", "--workers", "2")
        data = json.loads((self.room.root / f"{step}.json").read_text())
        self.logged += (self.room.root / ".autograder" / LAB / "grade.log").read_text().splitlines()
        self.outcomes[step] = {each["student"]: each for each in data["submissions"]}

    def words(self, student: str) -> list[str]:
        """Return what was said of a student: by the log, and by the report."""
        start = f"{student}, {LAB}: "
        lines = [line.partition(start)[2] for line in self.logged if f" WARNING {start}" in line]
        whys = [look["whys"] for look in self.report["worth_a_look"] if look["student"] == student]
        return list(dict.fromkeys([*lines, *(why for each in whys for why in each)]))

    def waiting(self, student: str) -> list[str]:
        """Return the questions of a student that a person has to grade."""
        with self.room.gradebook() as gradebook:
            return sorted(
                grade.name
                for notebook in gradebook.find_submission(LAB, student).notebooks
                for grade in notebook.grades
                if grade.needs_manual_grade
            )


def whole_semester(root: Path) -> Course:
    """Take the class from the release to the export."""
    room = Classroom(root, CONFIG)
    shutil.copytree(PLAIN_COURSE / "source", root / "source")
    room.source(LAB, SECOND, second_source())
    (root / "lateness.py").write_text(LATENESS)
    course = Course(room)
    with _as_working_directory(root):
        course.command("release", "release", LAB, "--no-check")
        _hand_in(course)
        _due(room, "2026-01-02 00:00:00 UTC")
        path = root / "source" / LAB / f"{SERIES}.ipynb"
        nb = nbformat.read(path, as_version=4)
        nb.cells.insert(index(nb, "test_mean") + 1, added_test())
        nbformat.write(nb, path)
        course.command("release again", "release", LAB, "--no-check")
        course.grade("grade")
        course.waited = {student.name: course.waiting(student.name) for student in STUDENTS}
        _by_hand(room)
        _due(room, "2026-01-04 00:00:00 UTC")
        with room.gradebook() as gradebook:
            gradebook.grant_extension(LAB, EXTENDED, days=3)
        course.command("export refused", "export", LAB, "--for", "moodle", code=2)
        course.grade("grade again")
        course.command("feedback", "feedback", LAB)
        course.command("report", "report", LAB)
        course.report = json.loads((root / "reports" / LAB / "report.json").read_text())
        for platform in PLATFORMS:
            course.command(f"export {platform}", "export", LAB, "--for", platform)
            course.exported[platform] = _imported(root / "reports" / LAB / f"{platform}.csv", platform)
    return course


@contextmanager
def _as_working_directory(root: Path) -> Iterator[None]:
    before, path = os.getcwd(), list(sys.path)
    os.chdir(root)
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
        sys.modules.pop("lateness", None)


def _hand_in(course: Course) -> None:
    room = course.room
    released = [room.released(LAB, name) for name in (SERIES, SECOND)]
    for student in STUDENTS:
        files = student.files(*released)
        if student.name == COLLECTED:
            _upload(room, student.name, files)
        else:
            room.submit(student.name, LAB, dict(files), timestamp=student.timestamp or "")
    course.said["zip_collect"] = room.nbgrader("zip_collect", LAB).log


def _upload(room: Classroom, student: str, files: Files) -> None:
    """Lay files as a platform's archive of a class has them."""
    folder = room.root / "downloaded" / LAB / "archive"
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / f"{student}_2026-01-01-12-00-00_{name}").write_bytes(content)


def _due(room: Classroom, when: str) -> None:
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=when)


def _by_hand(room: Classroom) -> None:
    """Give all points for what waits, as the formgrader does, and extra credit to one."""
    with room.gradebook() as gradebook:
        for submission in gradebook.find_assignment(LAB).submissions:
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.needs_manual_grade:
                        grade.manual_score = grade.auto_score if grade.auto_score else grade.max_score
                        grade.needs_manual_grade = False
        gradebook.find_grade("explain", SERIES, LAB, EXTRA).extra_credit = 1.5
        gradebook.db.commit()


def _imported(path: Path, platform: str) -> dict[str, str]:
    """Read a file as the platform does: the login → the points."""
    key = {"canvas": "SIS Login ID", "moodle": "Username"}[platform]
    with open(path, encoding="utf-8", newline="") as file:
        return {row[key]: list(row.values())[-1] for row in csv.DictReader(file) if row[key]}
