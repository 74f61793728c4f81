"""A report as files: a page, a table, and everything as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from autograder.files import write_atomically
from autograder.report import html, lms_export, statistics
from autograder.report.data import Class
from autograder.report.similarity import Pair

PAGE, TABLE, DATA = "report.html", "scores.csv", "report.json"


def write(folder: Path, lab: Class, pairs: tuple[Pair, ...], made: datetime) -> list[Path]:
    """Write a report into a folder that only its owner can enter; each file appears when it is whole.

    Parameters
    ----------
    folder : Path
        Made where it is not there; files of earlier reports in it are replaced.
    lab : Class
        With at least one submission.
    pairs : tuple of Pair
        Of `likeness.pairs`.
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
        PAGE: html.render(lab, pairs, made),
        TABLE: lms_export.to_csv(scores(lab)),
        DATA: json.dumps(as_data(lab, pairs, made), ensure_ascii=False, indent=1),
    }
    for name, text in texts.items():
        write_atomically(folder / name, text.encode("utf-8", "replace"))
    return [folder / name for name in texts]


def scores(lab: Class) -> list[list[object]]:
    """Return the table of all submissions, headings first; what is not yet graded is empty."""
    counted = statistics.counted(lab)
    whys = {look.student: "; ".join(look.whys) for look in statistics.to_look_at(lab)}
    names = [question.name for question in lab.questions]
    rows: list[list[object]] = [
        ["student", "name", "handed in", "points", "of", *names, "seconds", "worth a look"],
        *(
            [
                one.student, one.name, one.timestamp, statistics.total(one, counted),
                sum(question.max_score for question in counted),
                *(one.scores.get(name) for name in names), round(one.seconds, 3), whys.get(one.student, ""),
            ]
            for one in sorted(lab.submissions, key=lambda one: one.student)
        ),
    ]  # fmt: skip
    return rows


def as_data(lab: Class, pairs: tuple[Pair, ...], made: datetime) -> dict:
    """Return all numbers of a report as what JSON can hold."""
    counted = statistics.counted(lab)
    totals = {one.student: statistics.total(one, counted) for one in lab.submissions}
    return {
        "lab": lab.lab,
        "course": lab.course,
        "made": made.isoformat(timespec="seconds"),
        "scores": asdict(
            statistics.distribution(list(totals.values()), sum(question.max_score for question in counted))
        ),
        "counted": [question.name for question in counted],
        "questions": [asdict(found) | {"pass_rate": found.pass_rate} for found in statistics.questions(lab)],
        "worth_a_look": [asdict(look) for look in statistics.to_look_at(lab)],
        "near_identical": [
            {"first": pair.first, "second": pair.second, "likeness": pair.likeness, "passages": pair.passages}
            for pair in pairs
        ],
        "changes": [asdict(change) for change in statistics.changes(lab)],
        "submissions": [
            {"student": one.student, "name": one.name, "total": totals[one.student], "scores": one.scores,
             "mistakes": {name: list(each.mistakes) for name, each in one.results.items() if each.mistakes},
             "reason": one.reason, "limits_hit": list(one.limits_hit), "missing": list(one.missing),
             "edited": list(one.edited), "handed_in": one.timestamp, "seconds": one.seconds}
            for one in sorted(lab.submissions, key=lambda one: one.student)
        ],
    }  # fmt: skip
