"""One page of HTML that holds all of a report and needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

import jinja2

from autograder.printable import printable, without_towers
from autograder.report import charts, similarity, statistics
from autograder.report.data import ClassData, SubmissionData
from autograder.report.similarity import Group

_HERE = Path(__file__).parent
SHOWN_GROUPS = 40
LONGEST_NAME = 300
STRENGTHS = ((0.4, "good"), (0.2, "fair"), (0.0, "weak"), (-1.0, "negative"))


def render(data: ClassData, groups: tuple[Group, ...], made: datetime) -> str:
    """Write the page.

    Parameters
    ----------
    data : ClassData
        With at least one submission.
    groups : tuple of Group
        Of `similarity.groups`.
    made : datetime
        When the report is made.

    Returns
    -------
    str
        HTML. Its policy lets the browser run the page's own script and nothing else, and load
        nothing.
    """
    counted = statistics.counted(data)
    totals = {submission.student: statistics.total(submission, counted) for submission in data.submissions}
    ordered = sorted(
        data.submissions, key=lambda submission: (-totals[submission.student], submission.student)
    )
    maximum = sum(question.max_score for question in counted)
    changes = statistics.changes(data)
    style, script = _text("page.css"), _text("page.js")
    return _template().render(
        data=data,
        made=made,
        spread=statistics.distribution(list(totals.values()), maximum),
        uncounted=[question.name for question in data.questions if question not in counted],
        questions=statistics.questions(data),
        ordered=ordered,
        totals=totals,
        looks=statistics.to_look_at(data, groups),
        groups=groups[:SHOWN_GROUPS],
        more_groups=len(groups) - SHOWN_GROUPS,
        changes=changes,
        turned={
            question.name: [change for change in changes if change.question == question.name]
            for question in data.questions
        },
        compared=sum(bool(submission.previous) for submission in data.submissions),
        names={submission.student: called(submission) for submission in data.submissions},
        similarity=similarity,
        fewest=statistics.FEWEST,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}",
    )


def called(submission: SubmissionData) -> str:
    """Return what a student is called on the page: the id, and the name where there is one."""
    words = f"{submission.student} ({submission.name})" if submission.name else submission.student
    return printable(without_towers(words), longest=LONGEST_NAME)


def strength(discrimination: float) -> str:
    """Put a corrected item–total correlation into a word, by Ebel's bounds."""
    return next(word for least, word in STRENGTHS if discrimination >= least)


def seconds(value: float | None) -> str:
    """Write a time."""
    if value is None:
        return "–"
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def percent(value: float | None) -> str:
    """Write a share."""
    return "–" if value is None else f"{value:.0%}".replace("%", " %")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    for name in ("number", "histogram", "outcomes", "share", "mosaic", "kind"):
        environment.globals[name] = getattr(charts, name)
    environment.filters.update(without_towers=without_towers)
    environment.filters.update(number=charts.number, seconds=seconds, percent=percent, strength=strength)
    return environment.get_template("page.html.jinja")


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    """Name a script or style in the page's policy: the browser takes no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
