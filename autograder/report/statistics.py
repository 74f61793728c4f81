"""The numbers of a report, computed from a class alone."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.checks.outcome import NO_ANSWER_YET
from autograder.report.data import ClassData, Question, SubmissionData
from autograder.result import CellResult, Status

if TYPE_CHECKING:
    from autograder.report.similarity import Group

BINS = 10
_LAYERS = re.compile(r"^Your layers:.*(\n    .*)*", re.MULTILINE)
_UNANSWERED = (NO_ANSWER_YET, "your code raised NotImplementedError")
SEVERAL = 2  # submissions with the same unrecognised result, from which on it is shown
MOST_UNRECOGNISED = 5  # results shown of a question
MOST_NAMED = 6  # students that a reason names
FEWEST = 5  # answers below which a correlation says nothing


@dataclass(frozen=True)
class Distribution:
    """The spread of a class' totals.

    Parameters
    ----------
    maximum
        Points of the questions that count.
    edges, counts
        Of the histogram; all bins are half open but the last, which holds the maximum and what is
        above.
    mean, median, deviation, lower, upper
        Of the totals; ``deviation`` is that of a sample, ``lower`` and ``upper`` are quartiles.
    """

    maximum: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    mean: float
    median: float
    deviation: float
    lower: float
    upper: float


@dataclass(frozen=True)
class QuestionStatistics:
    """The points, times and mistakes of a class on one question.

    Parameters
    ----------
    question
        The question.
    full, partly, none
        How many have all points, some, none. ``waiting``: how many a person has yet to grade.
    mean
        Mean share of the points, between 0 and 1; None where nobody has points yet.
    discrimination
        The corrected item–total correlation: Pearson's, between the points on this question and the
        sum of those on all others that count. None where it is not defined or fewer than `FEWEST`
        tell.
    median_seconds, longest_seconds
        Of the time that its test took; None where no test ran.
    mistakes
        Recognised mistakes and how many submissions made each, the most frequent first.
    recognised
        How many submissions made any of them.
    unrecognised
        What the tests said where they recognised no mistake, and to how many submissions; what they
        said to one alone is left out. The most frequent first.
    statuses
        How many tests ended how, by `autograder.result.Status`.
    """

    question: Question
    full: int
    partly: int
    none: int
    waiting: int
    mean: float | None
    discrimination: float | None
    median_seconds: float | None
    longest_seconds: float | None
    mistakes: tuple[tuple[str, int], ...]
    recognised: int
    unrecognised: tuple[tuple[str, int], ...]
    statuses: dict[str, int]

    @property
    def answered(self) -> int:
        """Number of submissions with points on it."""
        return self.full + self.partly + self.none

    @property
    def pass_rate(self) -> float | None:
        """Share of the submissions that have all points."""
        return self.full / self.answered if self.answered else None


@dataclass(frozen=True)
class Look:
    """A submission that a person should look at, and why."""

    student: str
    whys: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Points of one student on one question, under the tests before and under these."""

    student: str
    question: str
    before: float
    after: float
    differs: bool = False  # something else was handed in as well

    @property
    def gain(self) -> bool:
        """Return whether there are more points now."""
        return self.after > self.before


def counted(data: ClassData) -> tuple[Question, ...]:
    """Return the questions that count: those graded by hand once all submissions have points."""

    def is_done(question: Question) -> bool:
        return all(submission.scores.get(question.name) is not None for submission in data.submissions)

    return tuple(question for question in data.questions if not question.by_hand or is_done(question))


def total(submission: SubmissionData, questions: Iterable[Question]) -> float:
    """Return a submission's points on some questions; what has none counts as 0."""
    return math.fsum(submission.scores.get(question.name) or 0.0 for question in questions)


def distribution(totals: Sequence[float], maximum: float) -> Distribution:
    """Say how totals are spread.

    Raises
    ------
    ValueError
        If there are no totals, or one is below 0.
    """
    if not totals:
        raise ValueError("totals must hold at least one number, got none")
    counts = [0] * BINS
    for value in totals:
        if not value >= 0:
            raise ValueError(f"totals must be at least 0, got {value!r}")
        place = int(value / maximum * BINS + 1e-9) if maximum else 0
        counts[min(place, BINS - 1)] += 1
    several = len(totals) > 1
    quartiles = statistics.quantiles(totals, n=4, method="inclusive") if several else [totals[0]] * 3
    return Distribution(
        maximum=maximum,
        edges=tuple(maximum * place / BINS for place in range(BINS + 1)),
        counts=tuple(counts),
        mean=statistics.fmean(totals),
        median=statistics.median(totals),
        deviation=statistics.stdev(totals) if several else 0.0,
        lower=quartiles[0],
        upper=quartiles[2],
    )


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Pearson's correlation; None if a side is constant or pairs are below `FEWEST`."""
    if len(first) < FEWEST or len(set(first)) < 2 or len(set(second)) < 2:
        return None
    try:
        return max(-1.0, min(1.0, statistics.correlation(first, second)))
    except statistics.StatisticsError:  # differences below what numbers can hold
        return None


def questions(data: ClassData) -> tuple[QuestionStatistics, ...]:
    """Say how the class did on each question, in the assignment's order."""
    return tuple(_question(data, question) for question in data.questions)


def _question(data: ClassData, question: Question) -> QuestionStatistics:
    name, most = question.name, question.max_score
    scored = [submission for submission in data.submissions if submission.scores.get(name) is not None]
    points = [submission.scores[name] for submission in scored]
    others = [other for other in counted(data) if other.name != name]
    # what could not be read says nothing of the question
    telling = [submission for submission in scored if not submission.reason]
    results = [submission.results[name] for submission in data.submissions if name in submission.results]
    seconds = [result.seconds for result in results if result.status not in (Status.NOT_RUN, Status.BY_HAND)]
    mistakes = Counter(mistake for result in results for mistake in dict.fromkeys(result.mistakes))
    full = sum(value >= most for value in points)
    none = sum(value <= 0 < most for value in points)
    return QuestionStatistics(
        question=question,
        full=full,
        partly=len(points) - full - none,
        none=none,
        waiting=len(data.submissions) - len(scored),
        mean=statistics.fmean(points) / most if points and most else None,
        discrimination=correlation(
            [submission.scores[name] for submission in telling],
            [total(submission, others) for submission in telling],
        ),
        median_seconds=statistics.median(seconds) if seconds else None,
        longest_seconds=max(seconds, default=None),
        mistakes=tuple(sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))),
        recognised=sum(bool(result.mistakes) for result in results),
        unrecognised=_unrecognised(results),
        statuses=dict(Counter(result.status for result in results)),
    )


def _unrecognised(results: Iterable[CellResult]) -> tuple[tuple[str, int], ...]:
    """Count the messages that several submissions got and that name no known mistake."""
    said = Counter(
        _without_layers(result.message)
        for result in results
        if result.status in (Status.FAILED, Status.PARTIAL)
        and not result.mistakes
        and not any(words in result.message for words in _UNANSWERED)
    )
    several = [(message, count) for message, count in said.items() if message and count >= SEVERAL]
    return tuple(sorted(several, key=lambda item: (-item[1], item[0]))[:MOST_UNRECOGNISED])


def _without_layers(message: str) -> str:
    """Put a test's message on one line, without the layers of the one that it was said to."""
    return " ".join(_LAYERS.sub("", message).split())


def to_look_at(data: ClassData, groups: Iterable[Group] = ()) -> tuple[Look, ...]:
    """Name the submissions that need a person, those with the most reasons first.

    Parameters
    ----------
    data : ClassData
        The class.
    groups : iterable of Group
        Of `similarity.groups`: who is in one needs a person, too.
    """
    same = _same_files(data)
    alike = {student: _alike_to(student, group) for group in groups for student in group.students}
    looks = [
        Look(
            submission.student,
            (
                *_whys(submission),
                *alike.get(submission.student, ()),
                *same.get(submission.student, ()),
            ),
        )
        for submission in data.submissions
    ]
    return tuple(
        sorted((look for look in looks if look.whys), key=lambda look: (-len(look.whys), look.student))
    )


def _whys(submission: SubmissionData) -> Iterable[str]:
    if submission.reason:
        yield submission.reason
    else:
        words = {
            Status.TIMEOUT: "took too long",
            Status.LIMIT: "reached a limit",
            Status.NOT_RUN: "was not run",
            Status.BY_HAND: "is for a person",
        }
        for name, result in submission.results.items():
            if result.status in words:
                yield f"{name} {words[result.status]}: {result.message}"
        if submission.missing:
            yield f"cells are missing: {', '.join(submission.missing)}"
    if submission.time_unclear:
        yield f"late or not? {submission.time_unclear}"
    for name, result in submission.results.items():
        yield from (f"{name}: {why}" for why in result.looks)
    if submission.edited:
        yield f"locked cells were changed: {', '.join(submission.edited)}"
    yield from submission.remarks
    if not submission.all_compared:
        yield "more code than is compared with others'"
    times = {"question_seconds", "call_seconds"}  # said above, with the question
    limits = [limit for limit in submission.limits_hit if limit not in times or not submission.results]
    if limits:
        yield f"limits reached: {', '.join(limits)}"


def _alike_to(student: str, group: Group) -> tuple[str]:
    others = [other for other in group.students if other != student]
    more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
    return (f"nearly identical to that of {', '.join(others[:MOST_NAMED])}{more}",)


def _same_files(data: ClassData) -> dict[str, list[str]]:
    """Say by student which files are, byte for byte, those of others.

    What more than half of the class has is what the notebook writes.
    """
    holders: dict[tuple[str, str], list[str]] = {}
    for submission in data.submissions:
        for name, digest in submission.files.items():
            holders.setdefault((name, digest), []).append(submission.student)
    said: dict[str, list[str]] = {}
    for (name, _), students in sorted(holders.items()):
        if SEVERAL <= len(students) <= max(SEVERAL, len(data.submissions) // 2):
            for student in students:
                others = ", ".join(other for other in sorted(students) if other != student)
                said.setdefault(student, []).append(f"{name} is byte for byte the file of {others}")
    return said


def changes(data: ClassData) -> tuple[Change, ...]:
    """Say whose points changed since the tests before these, the largest loss first."""
    possible = [
        Change(submission.student, name, before, submission.results[name].score, submission.previous_differs)
        for submission in data.submissions
        for name, before in submission.previous.items()
        if name in submission.results and None not in (before, submission.results[name].score)
    ]
    changed = [change for change in possible if change.before != change.after]
    return tuple(
        sorted(changed, key=lambda change: (change.after - change.before, change.student, change.question))
    )
