"""Whether the points in the gradebook are what grading would write there now.

Beside what was handed in, a grade depends on the tests, on settings, and on what the gradebook
holds: due date, extension, points by hand. The late penalty follows from these, so it is asked
again of the plugin that gave it.
"""

from __future__ import annotations

import importlib.util
import logging
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.plugin.course_config import config_of
from autograder.plugin.gradebook import ReadGradebook, times_of_handing_in
from autograder.plugin.timestamps import time_of_handing_in
from autograder.store import Record, Store
from autograder.store.content import digest

_SAME = 1e-6  # points
_KNOWN = ("nbgrader", "nbconvert", "autograder")  # packages: their versions are part of a result
_LATE = AssignLatePenalties.__name__
_STEPS = ("sanitize_preprocessors", "autograde_preprocessors", "exclude_overwriting")
_QUIET = logging.getLogger(f"{__name__}.quiet")
_QUIET.disabled = True


def basis_digest(gradebook: Gradebook, assignment: str, config: Config) -> str:
    """Return the digest of what all grades of an assignment depend on: its cells, and the settings.

    The late plugin is no part of it: `changed_penalties` asks it. Nor are installed packages, which
    part results of each other.

    Parameters
    ----------
    gradebook : Gradebook
        Open gradebook.
    assignment : str
        Its name.
    config : Config
        Of the course.
    """
    cells = []
    for book in sorted(gradebook.find_assignment(assignment).notebooks, key=lambda book: book.name):
        points: defaultdict[str, list[float]] = defaultdict(list)
        for known in (*book.grade_cells, *book.task_cells):
            points[known.name].append(float(known.max_score))
        cells += [
            [[cell.name, cell.source, cell.cell_type, cell.locked], points[cell.name]]
            for cell in sorted(book.source_cells, key=lambda cell: cell.name)
        ]
    steps = _section(config, "Autograde")
    names = {_name(step) for name in _STEPS[:2] for step in steps.get(name) or ()} - {_LATE}
    sections = {name: _section(config, name) for name in ("SandboxAutograde", "Execute", *names)}
    own = {_module(step) for name in _STEPS[:2] for step in steps.get(name) or ()}
    return digest(
        [
            cells,
            _plain({name: steps.get(name) for name in _STEPS}),
            _plain(sections),
            {module: _source(module) for module in own if module.partition(".")[0] not in _KNOWN},
        ]
    )


def changed_penalties(gradebook: Gradebook, assignment: str, config: Config) -> dict[str, str]:
    """Return whose late penalty grading would change now, and how, in words.

    Parameters
    ----------
    gradebook : Gradebook
        Open gradebook.
    assignment : str
        Its name.
    config : Config
        Of the course, with nbgrader's steps of grading.
    """
    step = _late_step(config)
    if step is None:
        return {}
    rows = (
        gradebook.db.query(SubmittedNotebook, SubmittedAssignment)
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == assignment)
        .order_by(Notebook.name)
    )
    changed, plugin = {}, None
    for notebook, submission in rows:
        given = notebook.late_submission_penalty or 0.0
        if not given and not submission.total_seconds_late:
            continue
        try:
            plugin = plugin or _with_plugin(step, config)
            now = _penalty(plugin, submission, notebook)
        except Exception as error:  # the plugin is the course's own: grading says it with its place
            changed[submission.student_id] = f"the late plugin failed ({type(error).__name__}: {error})"
            continue
        if abs(now - given) > _SAME:
            changed[submission.student_id] = f"{given:g} off for being late, now {now:g}"
    return changed


def stale_students(coursedir: CourseDirectory, assignment: str) -> dict[str, str]:
    """Return whose points in the gradebook are no longer what grading would write, and why.

    Who waits for a person, or has no row, is not looked at.
    """
    config = config_of(coursedir)
    with ReadGradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        basis = basis_digest(gradebook, assignment, config)
        entry = gradebook.find_assignment(assignment)
        rows = gradebook.submission_dicts(assignment)
        waiting = {row["student"] for row in rows if row["needs_manual_grade"]}
        stale = changed_penalties(gradebook, assignment, config)
        times = times_of_handing_in(gradebook, assignment)
        due = entry.duedate is not None
    records = {record.student: record for record in Store(Path(coursedir.root), assignment).records()}
    for student, graded in times.items():
        folder = coursedir.format_path(coursedir.submitted_directory, student, assignment)
        now, unclear = time_of_handing_in(Path(folder), config)
        record = records.get(student)
        there = Path(folder).is_dir()
        if now is not None and now != graded:
            stale[student] = "handed in at another time than what was graded"
        elif now is not None and _is_unfinished(now, record, coursedir, assignment, student, config):
            stale[student] = "the grading of what was handed in last did not come to its end"
        elif there and record is not None and record.time_unclear != (unclear if due else ""):
            stale[student] = f"late or not? {unclear}" if unclear else "the time of handing in is clear now"
        elif record is not None and record.basis and record.basis != basis:
            stale.setdefault(student, "tests or settings were changed")
    return {student: why for student, why in sorted(stale.items()) if student in times.keys() - waiting}


def _is_unfinished(
    now: datetime,
    record: Record | None,
    coursedir: CourseDirectory,
    assignment: str,
    student: str,
    config: Config,
) -> bool:
    """Tell whether what was handed in has its row, but not its points.

    The row gets the time when grading begins, as the late penalty follows from it. At the end the
    folder of the graded notebooks appears, then the record is written, unless no results are kept.
    """
    if record is not None and record.timestamp == now.replace(tzinfo=UTC).isoformat():
        return False
    folder = coursedir.format_path(coursedir.autograded_directory, student, assignment)
    graded, _ = time_of_handing_in(Path(folder), config)
    return graded != now and (graded is not None or record is not None)


def _late_step(config: Config) -> type[AssignLatePenalties] | None:
    """Return the step that takes points off; None for none, or one that does so its own way."""
    for step in _section(config, "Autograde").get("autograde_preprocessors") or ():
        if _module(step).partition(".")[0] in _KNOWN and _name(step) != _LATE:
            continue
        with suppress(ImportError):
            found = import_item(step) if isinstance(step, str) else step
            if issubclass(found, AssignLatePenalties):
                return found if found.preprocess is AssignLatePenalties.preprocess else None
    return None


def _with_plugin(step: type[AssignLatePenalties], config: Config) -> AssignLatePenalties:
    penalties = step(config=config, log=_QUIET)
    penalties.init_plugin()
    return penalties


def _penalty(
    penalties: AssignLatePenalties, submission: SubmittedAssignment, notebook: SubmittedNotebook
) -> float:
    """Return what nbgrader's step would take off, by the same calls."""
    seconds = submission.total_seconds_late
    if not seconds > 0:
        return 0.0
    penalty = penalties.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, seconds)
    return 0.0 if penalty is None else float(penalties._check_late_penalty(notebook, penalty))


def _section(config: Config, name: str) -> dict[str, Any]:
    return config[name] if name in config else {}  # noqa: SIM401  (`get` would make a section)


def _name(step: str | type) -> str:
    return step.rpartition(".")[2] if isinstance(step, str) else step.__name__


def _module(step: str | type) -> str:
    return step.rpartition(".")[0] if isinstance(step, str) else step.__module__


def _source(module: str) -> str:
    """Return the digest of the course's own module, "" where it has no file."""
    with suppress(ImportError, ValueError, OSError):
        spec = importlib.util.find_spec(module)
        if spec is not None and spec.origin is not None:
            return digest(Path(spec.origin).read_bytes().hex())
    return ""


def _plain(value: object) -> object:
    """Return a setting as a plain value that is the same in each process."""
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, set | frozenset):
        return [_plain(part) for part in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__qualname__)}"
