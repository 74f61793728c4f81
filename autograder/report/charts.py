"""The plots of a report: small SVGs in the page's colours, each with a text alternative."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from markupsafe import Markup

from autograder.report.data import Question, SubmissionData
from autograder.report.statistics import Distribution, QuestionStatistics

WIDTH = 400  # of the large plots, in their own units
KINDS = ("full", "partly", "none", "waiting")
_IMAGE = Markup('<svg viewBox="0 0 {} {}" class="{}" role="img" aria-label="{}">{}</svg>')
_STRIP = Markup('<svg viewBox="0 0 100 12" preserveAspectRatio="none" class="{}" {}>{}</svg>')
_RECT = Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>')
_TEXT = Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>')
_LINE = Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>')


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def number(value: float, digits: int = 2) -> str:
    """Write a number with at most so many decimals."""
    return f"{round(value, digits) + 0.0:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def histogram(spread: Distribution) -> Markup:
    """Draw how the totals are spread, with the median."""
    height, floor, left, right = 190, 150, 8, WIDTH - 8
    most = max(spread.counts)
    step = (right - left) / len(spread.counts)
    x = left + (right - left) * (spread.median / spread.maximum if spread.maximum else 0)
    anchor, shift = ("end", -4) if x > WIDTH / 2 else ("start", 4)
    label = _TEXT.format(f"{x + shift:.1f}", 14, anchor, "", f"median {number(spread.median)}")
    median = _LINE.format(f"{x:.1f}", 4, f"{x:.1f}", floor, "median")
    parts, numbers = [_LINE.format(left, floor, right, floor, "axis")], [label]
    for place, count in enumerate(spread.counts):
        x, tall = left + place * step, (floor - 44) * count / most
        parts.append(
            _RECT.format(f"{x + 1.5:.1f}", f"{floor - tall:.1f}", f"{step - 3:.1f}", f"{tall:.1f}", "bar")
        )
        if count:
            numbers.append(
                _TEXT.format(f"{x + step / 2:.1f}", f"{floor - tall - 4:.1f}", "middle", "", count)
            )
    for place, edge in enumerate(spread.edges):
        if place % 2 == 0:
            x, anchor = left + place * step, {0: "start", len(spread.counts): "end"}.get(place, "middle")
            parts.append(_TEXT.format(f"{x:.1f}", floor + 15, anchor, "", number(edge)))
    parts.append(_TEXT.format(WIDTH / 2, floor + 34, "middle", "", "points"))
    parts += [median, *numbers]  # numbers above the line, which stops around them
    bins = "; ".join(
        f"{number(low)} to {number(high)}: {count}"
        for low, high, count in zip(spread.edges, spread.edges[1:], spread.counts, strict=False)
    )
    words = f"Histogram of points. Submissions by points, {bins}. The median is {number(spread.median)}."
    return _IMAGE.format(WIDTH, height, "plot", words, _joined(parts))


def outcomes(question: QuestionStatistics) -> Markup:
    """Draw how many have all, some and no points on one question, as one bar."""
    counts = {
        "full": question.full,
        "partly": question.partly,
        "none": question.none,
        "waiting": question.waiting,
    }
    everybody, x, parts = sum(counts.values()) or 1, 0.0, []
    for kind, count in counts.items():
        wide = 100 * count / everybody
        if count:
            parts.append(_RECT.format(f"{x:.2f}", 0, f"{wide:.2f}", 12, kind))
        x += wide
    words = (
        f"all points {question.full}, some {question.partly}, none {question.none}, "
        f"not yet graded {question.waiting}"
    )
    named = Markup('role="img" aria-label="{}"').format(words)
    return _STRIP.format("outcomes", named, _joined(parts))


def share(count: int, everybody: int) -> Markup:
    """Draw a count as a part of everybody, as one bar; the number itself stands beside it."""
    wide = 100 * count / everybody if everybody else 0
    bar = _RECT.format(0, 0, 100, 12, "ground") + _RECT.format(0, 0, f"{wide:.2f}", 12, "bar")
    return _STRIP.format("share", Markup('aria-hidden="true"'), bar)


def kind(score: float | None, question: Question) -> str:
    """Return in which of `KINDS` points on a question are."""
    if score is None:
        return "waiting"
    if score >= question.max_score:
        return "full"
    return "partly" if score > 0 else "none"


def mosaic(questions: Sequence[Question], submissions: Sequence[SubmissionData]) -> Markup:
    """Draw every submission as a row and every question as a column, in the order given."""
    top, row = 18, max(0.3, min(7.0, 300 / max(1, len(submissions))))
    column = WIDTH / max(1, len(questions))
    parts = []
    for place, question in enumerate(questions):
        x = place * column
        parts.append(_TEXT.format(f"{x + column / 2:.1f}", 12, "middle", "", place + 1))
        y = float(top)
        for which, run in groupby(
            kind(submission.scores.get(question.name), question) for submission in submissions
        ):
            tall = row * len(list(run))
            parts.append(_RECT.format(f"{x + 1:.1f}", f"{y:.1f}", f"{column - 2:.1f}", f"{tall:.1f}", which))
            y += tall
    words = (
        f"Every submission as a row, the one with the most points on top, every question as a column: "
        f"{len(submissions)} submissions, {len(questions)} questions. "
        "The table of all submissions has the same in numbers."
    )
    return _IMAGE.format(WIDTH, f"{top + row * len(submissions):.0f}", "plot mosaic", words, _joined(parts))
