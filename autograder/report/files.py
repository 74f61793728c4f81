"""A report as files: a page, a table, and everything as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from autograder.files import write_atomically
from autograder.report import html, lms_export, statistics
from autograder.report.data import ClassData, SubmissionData
from autograder.report.similarity import Group

PAGE, TABLE, DATA = "report.html", "scores.csv", "report.json"


def write(folder: Path, data: ClassData, groups: tuple[Group, ...], made: datetime) -> list[Path]:
    """Write a report into a folder of its owner's alone; each file appears when it is whole.

    Parameters
    ----------
    folder : Path
        Made where it is not there; files of earlier reports in it are replaced.
    data : ClassData
        With at least one submission.
    groups : tuple of Group
        Of `similarity.groups`.
    made : datetime
        When the report is made.

    Returns
    -------
    list of Path
        The files, the page first.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    texts = {
        PAGE: html.render(data, groups, made),
        TABLE: lms_export.to_csv(scores(data, groups)),
        DATA: json.dumps(as_data(data, groups, made), ensure_ascii=False, indent=1),
    }
    for name, text in texts.items():
        write_atomically(folder / name, text.encode("utf-8", "replace"))
    return [folder / name for name in texts]


def scores(data: ClassData, groups: tuple[Group, ...] = ()) -> list[list[object]]:
    """Return the table of all submissions, headings first; what is not yet graded is empty."""
    counted = statistics.counted(data)
    reasons = {look.student: "; ".join(look.whys) for look in statistics.to_look_at(data, groups)}
    names = [question.name for question in data.questions]
    maximum = sum(question.max_score for question in counted)
    rows: list[list[object]] = [
        ["student", "name", "handed in", "points", "of", *names, "seconds", "worth a look"]
    ]
    for submission in sorted(data.submissions, key=lambda submission: submission.student):
        rows.append([
            submission.student, submission.name, submission.timestamp,
            statistics.total(submission, counted), maximum,
            *(submission.scores.get(name) for name in names),
            round(submission.seconds, 3), reasons.get(submission.student, ""),
        ])  # fmt: skip
    return rows


def as_data(data: ClassData, groups: tuple[Group, ...], made: datetime) -> dict:
    """Return all numbers of a report as what JSON can hold."""
    counted = statistics.counted(data)
    totals = {submission.student: statistics.total(submission, counted) for submission in data.submissions}
    return {
        "lab": data.assignment,
        "course": data.course,
        "made": made.isoformat(timespec="seconds"),
        "scores": asdict(
            statistics.distribution(list(totals.values()), sum(question.max_score for question in counted))
        ),
        "counted": [question.name for question in counted],
        "questions": [
            asdict(question) | {"pass_rate": question.pass_rate} for question in statistics.questions(data)
        ],
        "worth_a_look": [asdict(look) for look in statistics.to_look_at(data, groups)],
        "near_identical": [
            {
                "students": list(group.students),
                "least": group.least,
                "most": group.most,
                "pairs": [
                    {
                        "first": pair.first,
                        "second": pair.second,
                        "likeness": pair.likeness,
                        "passages": pair.passages,
                    }
                    for pair in group.pairs
                ],
            }
            for group in groups
        ],
        "changes": [asdict(change) for change in statistics.changes(data)],
        "submissions": [
            _as_data(submission, totals[submission.student])
            for submission in sorted(data.submissions, key=lambda submission: submission.student)
        ],
    }


def _as_data(submission: SubmissionData, total: float) -> dict:
    mistakes = {name: list(result.mistakes) for name, result in submission.results.items() if result.mistakes}
    return {
        "student": submission.student,
        "name": submission.name,
        "total": total,
        "scores": submission.scores,
        "mistakes": mistakes,
        "reason": submission.reason,
        "limits_hit": list(submission.limits_hit),
        "missing": list(submission.missing),
        "edited": list(submission.edited),
        "handed_in": submission.timestamp,
        "seconds": submission.seconds,
    }
