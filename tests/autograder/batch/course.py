"""A course with the tiny lab, and a class of every kind for it."""

import io
import json
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell
from rich.console import Console

from autograder.batch.pools import LocalPool
from autograder.commands import grade as command
from autograder.execution.engine import Engine
from autograder.store import Store
from course.sample_class.notebooks import answered
from course.sample_class.tiny import LAB, QUESTIONS, RIGHT, source
from tests.autograder.classroom import ONE_LINE, Classroom

CONFIG = ONE_LINE + (
    "c.CourseDirectory.course_id = 'course'\n"
    "c.SandboxExecute.cell_seconds = 5\n"
    "c.AssignLatePenalties.plugin_class = 'lateness.Plugin'\n"
)
LATENESS = (
    "from nbgrader.plugins import BasePlugin\n"
    "class Plugin(BasePlugin):\n"
    "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
    "        return 1.0 if total_seconds_late > 0 else None\n"
)
CLASS = {
    "ada": RIGHT,
    "bob": ("def double(n):\n    return n ** 2 / 2", "def half(n):\n    return n // 2", "so"),
    "cyd": ("import os\nos._exit(3)", RIGHT[1], "x"),
    "dan": None,  # hands the release in
    "eve": b"{no notebook",
    "fay": b"",  # an empty folder
    "gus": RIGHT,  # late
    "hal": (RIGHT[0], "def half(n):\n    raise ValueError(n)", "y"),
}


def make(root: Path, students=CLASS) -> Classroom:
    """Release the lab, and let students hand in."""
    room = Classroom(root, CONFIG)
    (root / "lateness.py").write_text(LATENESS)
    room.source(LAB, LAB, source())
    room.release(LAB)
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate="2026-01-02 00:00:00 UTC")
    for student, answers in students.items():
        hand_in(room, student, answers, day=3 if student == "gus" else 1)
    return room


def hand_in(room: Classroom, student: str, answers, day: int = 1) -> None:
    stamp = f"2026-01-0{day} 00:00:00 UTC"
    if answers == b"":
        room.submit(student, LAB, {}, timestamp=stamp)
        return
    if isinstance(answers, bytes):
        room.submit(student, LAB, {f"{LAB}.ipynb": answers}, timestamp=stamp)
        return
    nb = answered(room.released(LAB, LAB), dict(zip(QUESTIONS, answers or (), strict=False)))
    room.submit(student, LAB, {f"{LAB}.ipynb": nb, "notes.txt": "mine"}, timestamp=stamp)


def add_cell(room: Classroom, student: str, code: str) -> None:
    path = room.folder(student, LAB) / f"{LAB}.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells.append(new_code_cell(code))
    nbformat.write(nb, path)


def copy_of(room: Classroom, root: Path) -> Classroom:
    shutil.copytree(room.root, root)
    return Classroom(root, room.config)


class Done:
    """What a `grade` command came to."""

    def __init__(self, code: int, shown: str, data: dict | None):
        self.code, self.shown = code, " ".join(shown.split())
        self.submissions = {each["student"]: each for each in (data or {}).get("submissions", [])}
        self.questions = {each["name"]: each for each in (data or {}).get("questions", [])}

    def of(self, key: str) -> dict:
        return {student: each[key] for student, each in self.submissions.items()}


def grade(room: Classroom, *students: str, lab: str = LAB, **order) -> Done:
    """Run `autograder grade` in this process; the working directory must be the course's."""
    shown, path = io.StringIO(), room.root / "out.json"
    path.unlink(missing_ok=True)
    options = command.GradeOptions(lab, students, json_file=path, **{"workers": 2} | order)
    code = command.grade(options, Console(file=shown, width=200))
    return Done(code, shown.getvalue(), json.loads(path.read_text()) if path.exists() else None)


def no_execution(monkeypatch):
    """Let a run of a submission's cells fail the test."""

    def refuse(*_, **__):
        raise AssertionError("a submission was run")

    monkeypatch.setattr(Engine, "grade", refuse)


def ends_of_pools(monkeypatch) -> list[str]:
    """Note, in a list, how pools of this machine are ended: "stop", "close"."""
    steps = []

    def noted(step):
        real = getattr(LocalPool, step)
        monkeypatch.setattr(LocalPool, step, lambda pool: steps.append(step) or real(pool))

    for step in ("stop", "close"):
        noted(step)
    return steps


def kept(room: Classroom) -> int:
    return len(list((room.root / ".autograder" / LAB / "results").glob("*.json")))


def store(room: Classroom) -> Store:
    return Store(room.root, LAB)
