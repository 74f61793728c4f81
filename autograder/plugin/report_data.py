"""The data of a report, from nbgrader's gradebook, the store and the folders of submissions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import select

from autograder.limits import Limits
from autograder.notebook.ownership import Marks, Owner
from autograder.notebook.submission import UnreadableError, read_submission
from autograder.plugin import assignment as instructor
from autograder.plugin.archives import find_work
from autograder.plugin.course_config import config_of
from autograder.plugin.gradebook import ReadGradebook, totals
from autograder.plugin.older_release import newer_cells
from autograder.plugin.submission_folder import SubmissionFolder
from autograder.plugin.timestamps import time_of_handing_in
from autograder.report import similarity
from autograder.report.data import ClassData, Code, Question, SubmissionData
from autograder.report.lms_export import Grade as Exported
from autograder.result import CellResult, Status
from autograder.store import Record, Store


def gather(
    coursedir: CourseDirectory,
    assignment: str,
    on_submission: Callable[[int, int], None] = lambda done, total: None,
) -> ClassData:
    """Collect the submissions of a class.

    Parameters
    ----------
    coursedir : CourseDirectory
        Of the course.
    assignment : str
        Its name in the gradebook.
    on_submission : callable
        Called with how many submissions are read, and how many there are.

    Returns
    -------
    ClassData
        With all submissions that have points in the gradebook.
    """
    with ReadGradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        entry = gradebook.find_assignment(assignment)
        notebooks = instructor.instructors_notebooks(gradebook, coursedir, assignment)
        scores = _scores(gradebook, assignment)
        students = _students(gradebook, assignment)
        due = entry.duedate is not None
    layout = _Layout(
        notebooks,
        {name: _release(coursedir, assignment, name) for name in notebooks},
        SubmissionFolder(_released(coursedir, assignment)).digests(),
    )
    store = Store(Path(coursedir.root), assignment)
    submissions, waiting = [], []
    before: list[dict[str, str]] = []  # of each submission: what its locked cells have otherwise
    for done, (student, (name, timestamp)) in enumerate(students.items(), 1):
        points = {layout.called(book, cell): score for (book, cell), score in scores[student].items()}
        if all(score is None for score in points.values()):
            waiting.append(student)
        else:
            graded = _graded(store, layout, student)
            with ExitStack() as unpacked:
                handed_in = _handed_in(coursedir, assignment, layout, student, unpacked)
            before.append(handed_in.pop("otherwise"))
            handed_in["time_unclear"] = _time_unclear(coursedir, assignment, student) if due else ""
            submissions.append(
                SubmissionData(student, name, points, timestamp=timestamp, **graded, **handed_in)
            )
        on_submission(done, len(students))
    added, changed = newer_cells((each.missing for each in submissions), before)
    return ClassData(
        assignment,
        layout.questions(),
        tuple(
            replace(
                each,
                missing=tuple(name for name in each.missing if name not in added),
                edited=tuple(name for name, text in otherwise.items() if (name, text) not in changed),
            )
            for each, otherwise in zip(submissions, before, strict=True)
        ),
        coursedir.course_id,
        tuple(layout.released()),
        tuple(waiting),
        newer=tuple(sorted(added | {name for name, _ in changed})),
    )


def _scores(gradebook: Gradebook, assignment: str) -> dict[str, dict[tuple[str, str], float | None]]:
    """Student → (notebook, cell) → points; extra credit is no part of them."""
    query = (
        select(
            SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Grade.auto_score, Grade.manual_score
        )
        .select_from(Grade)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .where(Assignment.name == assignment)
    )
    scores: dict[str, dict[tuple[str, str], float | None]] = defaultdict(dict)
    for student, notebook, cell, auto, manual in gradebook.db.execute(query):
        scores[student][notebook, cell] = auto if manual is None else manual
    return scores


def _students(gradebook: Gradebook, assignment: str) -> dict[str, tuple[str, str]]:
    """Student → name and time of handing in, in the order of ids."""
    query = (
        select(Student.id, Student.last_name, Student.first_name, SubmittedAssignment.timestamp)
        .join(SubmittedAssignment, SubmittedAssignment.student_id == Student.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == assignment).order_by(Student.id)
    )  # fmt: skip
    return {
        student: (
            ", ".join(part for part in (last, first) if part),
            timestamp.replace(tzinfo=UTC).isoformat() if timestamp else "",
        )
        for student, last, first, timestamp in gradebook.db.execute(query)
    }


class _Layout:
    """The instructor's notebooks: questions, cells of a complete submission, released files."""

    def __init__(
        self,
        notebooks: dict[str, NotebookNode],
        releases: dict[str, NotebookNode],
        files: dict[str, str],
    ) -> None:
        self.notebooks, self.releases, self.files = notebooks, releases, files

    def called(self, notebook: str, cell: str) -> str:
        """Return a cell's name in the report."""
        return cell if len(self.notebooks) == 1 else f"{notebook}/{cell}"

    def questions(self) -> tuple[Question, ...]:
        return tuple(
            Question(
                self.called(name, marks.grade_id),
                float(cell.metadata.nbgrader.points),
                by_hand=marks.is_by_hand,
            )
            for name, notebook in self.notebooks.items()
            for cell in notebook.cells
            if (marks := Marks.of(cell)).has_points
        )

    def released(self) -> Iterator[Code]:
        for notebook in self.releases.values():
            yield from (Code("", cell.source) for cell in notebook.cells if cell.cell_type == "code")


def _release(coursedir: CourseDirectory, assignment: str, name: str) -> NotebookNode:
    path = _released(coursedir, assignment) / f"{name}.ipynb"
    return nbformat.read(path, as_version=4) if path.is_file() else nbformat.v4.new_notebook()


def _released(coursedir: CourseDirectory, assignment: str) -> Path:
    return Path(coursedir.format_path(coursedir.release_directory, ".", assignment))


def _graded(store: Store, layout: _Layout, student: str) -> dict:
    """Return a student's last grading, and the points of the last one under other tests."""
    history = store.history(student)
    if not history:
        return {}
    last = history[-1]
    results = {name: store.result(key) for name, key in last.notebooks.items()}
    known = [result for result in results.values() if result is not None]
    reasons = (
        result.reason if len(layout.notebooks) == 1 else f"{name}.ipynb: {result.reason}"
        for name, result in results.items()
        if result is not None and result.reason
    )
    graded = {
        "results": _cells(store, layout, last),
        "reason": "; ".join(dict.fromkeys(reasons)),
        "limits_hit": tuple(dict.fromkeys(limit for result in known for limit in result.limits_hit)),
        "seconds": sum(result.seconds for result in known),
    }
    before = next((record for record in reversed(history) if record.tests != last.tests), None)
    if before is not None:
        earlier = _cells(store, layout, before)
        graded["previous"] = {name: result.score for name, result in earlier.items()}
        graded["previous_differs"] = before.timestamp != last.timestamp
    return graded


def _cells(store: Store, layout: _Layout, record: Record) -> dict[str, CellResult]:
    cells = {}
    for name, key in record.notebooks.items():
        result = store.result(key)
        for grade_id, cell in result.cells.items() if result is not None else ():
            if cell.status is not Status.BY_HAND or cell.message:  # a test that the engine cannot judge
                cells[layout.called(name, grade_id)] = cell
    return cells


def _handed_in(
    coursedir: CourseDirectory, assignment: str, layout: _Layout, student: str, unpacked: ExitStack
) -> dict:
    """Return the student's own code, and how the submission's cells differ from the release's."""
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    code, missing, otherwise = [], [], {}
    handed_in = SubmissionFolder(folder, ignore=tuple(coursedir.ignore))
    found = find_work(handed_in, list(layout.notebooks), layout.notebooks.__getitem__, unpacked)
    for name, release in layout.releases.items():
        try:
            cells = read_submission(found[name].content, int(Limits().notebook_bytes))
        except UnreadableError:
            continue
        tracked = {marks.grade_id: cell for cell in release.cells if _is_tracked(marks := Marks.of(cell))}
        sources = {cell.grade_id: cell.source for cell in cells}
        for grade_id, cell in tracked.items():
            if grade_id not in sources:
                missing.append(layout.called(name, grade_id))
            elif _is_fixed(cell) and _lines(sources[grade_id]) != _lines(cell.source):
                otherwise[layout.called(name, grade_id)] = "\n".join(_lines(sources[grade_id]))
        for cell in cells:
            known = tracked.get(cell.grade_id)
            if cell.code and (known is None or not _is_fixed(known)):
                code.append(Code(layout.called(name, cell.grade_id) if cell.grade_id else "", cell.source))
    compared, all_compared = similarity.compared(code)
    return {
        "code": compared,
        "all_compared": all_compared,
        "missing": tuple(missing),
        "otherwise": otherwise,
        "remarks": tuple(one.remark for one in found.values() if one.remark),
        "files": {
            name: digest
            for name, digest in handed_in.digests().items()
            if layout.files.get(name) != digest and name != "timestamp.txt"
        },
    }


def _time_unclear(coursedir: CourseDirectory, assignment: str, student: str) -> str:
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    return time_of_handing_in(folder, config_of(coursedir))[1]


def _is_tracked(marks: Marks) -> bool:
    """Tell whether a submission should have this cell of the release."""
    return marks.grade or marks.solution or (marks.owner is Owner.INSTRUCTOR and marks.code)


def _is_fixed(cell: NotebookNode) -> bool:
    marks = Marks.of(cell)
    return marks.owner is Owner.INSTRUCTOR and marks.code


def _lines(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip().splitlines()]


def grades(coursedir: CourseDirectory, assignment: str) -> tuple[list[Exported], float, list[str]]:
    """Return all students' points for a learning platform, the maximum, and who still waits.

    Points are the gradebook's, after late penalties. Who has not handed in or is not graded to the
    end has none.
    """
    with ReadGradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        maximum = float(gradebook.find_assignment(assignment).max_score)
        reached = totals(gradebook, assignment)
        rows, waiting = [], []
        for student in sorted(gradebook.students, key=lambda student: student.id):
            total = reached.get(student.id)
            if total is not None and total.by_hand:
                waiting.append(student.id)
            points = None if total is None or total.by_hand else total.score
            details = (student.first_name, student.last_name, student.email, student.lms_user_id)
            rows.append(Exported(student.id, *(detail or "" for detail in details), points=points))
    return rows, maximum, waiting
