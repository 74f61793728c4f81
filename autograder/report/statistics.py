"""The numbers of a report, from a class alone."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.report.data import Class, Question, Submission

BINS = 10
FEWEST = 5  # answers below which a correlation says nothing


@dataclass(frozen=True)
class Distribution:
    """How the totals of a class are spread.

    Parameters
    ----------
    maximum
        Points of the questions that count.
    edges, counts
        Of the histogram; all bins are half open but the last, which holds the maximum and what is above.
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
class QuestionNumbers:
    """How a class did on one question.

    Parameters
    ----------
    question
        Which.
    full, partly, none
        How many have all points, some, none. ``waiting``: how many a person has yet to grade.
    mean
        Mean share of the points, between 0 and 1; None where nobody has points yet.
    discrimination
        The corrected item–total correlation: Pearson's, between the points on this question and the sum
        of those on all others that count. None where it is not defined or fewer than `FEWEST` tell.
    median_seconds, longest_seconds
        Of the time that its test took; None where no test ran.
    mistakes
        Recognised mistakes and how many submissions made each, the most frequent first.
    recognised
        How many submissions made any of them.
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
    statuses: dict[str, int]

    @property
    def answered(self) -> int:
        """How many have points on it."""
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
        """Whether there are more points now."""
        return self.after > self.before


def counted(lab: Class) -> tuple[Question, ...]:
    """Return the questions that count in totals: those graded by hand once every submission has points."""

    def is_done(question: Question) -> bool:
        return all(one.scores.get(question.name) is not None for one in lab.submissions)

    return tuple(question for question in lab.questions if not question.by_hand or is_done(question))


def total(submission: Submission, questions: Iterable[Question]) -> float:
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
    """Return Pearson's correlation; None where a side does not vary or pairs are fewer than `FEWEST`."""
    if len(first) < FEWEST or len(set(first)) < 2 or len(set(second)) < 2:
        return None
    try:
        return max(-1.0, min(1.0, statistics.correlation(first, second)))
    except statistics.StatisticsError:  # differences below what numbers can hold
        return None


def questions(lab: Class) -> tuple[QuestionNumbers, ...]:
    """Say how the class did on each question, in the lab's order."""
    return tuple(_question(lab, question) for question in lab.questions)


def _question(lab: Class, question: Question) -> QuestionNumbers:
    name, most = question.name, question.max_score
    scored = [one for one in lab.submissions if one.scores.get(name) is not None]
    points = [one.scores[name] for one in scored]
    others = [other for other in counted(lab) if other.name != name]
    telling = [one for one in scored if not one.reason]  # what could not be read says nothing of the question
    results = [one.results[name] for one in lab.submissions if name in one.results]
    seconds = [result.seconds for result in results if result.status not in ("not run", "by hand")]
    mistakes = Counter(mistake for result in results for mistake in dict.fromkeys(result.mistakes))
    full = sum(value >= most for value in points)
    none = sum(value <= 0 < most for value in points)
    return QuestionNumbers(
        question=question,
        full=full,
        partly=len(points) - full - none,
        none=none,
        waiting=len(lab.submissions) - len(scored),
        mean=statistics.fmean(points) / most if points and most else None,
        discrimination=correlation(
            [one.scores[name] for one in telling], [total(one, others) for one in telling]
        ),
        median_seconds=statistics.median(seconds) if seconds else None,
        longest_seconds=max(seconds, default=None),
        mistakes=tuple(sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))),
        recognised=sum(bool(result.mistakes) for result in results),
        statuses=dict(Counter(result.status for result in results)),
    )


def to_look_at(lab: Class) -> tuple[Look, ...]:
    """Name the submissions that need a person, those with the most reasons first."""
    found = [Look(one.student, tuple(_whys(one))) for one in lab.submissions]
    return tuple(
        sorted((look for look in found if look.whys), key=lambda look: (-len(look.whys), look.student))
    )


def _whys(one: Submission) -> Iterable[str]:
    if one.reason:
        yield one.reason
    else:
        words = {"timeout": "took too long", "limit": "reached a limit", "not run": "was not run"}
        for name, result in one.results.items():
            if result.status in words:
                yield f"{name} {words[result.status]}: {result.message}"
        if one.missing:
            yield f"cells are missing: {', '.join(one.missing)}"
    if one.edited:
        yield f"locked cells were changed: {', '.join(one.edited)}"
    times = {"question_seconds", "call_seconds"}  # said above, with the question
    limits = [limit for limit in one.limits_hit if limit not in times or not one.results]
    if limits:
        yield f"limits reached: {', '.join(limits)}"


def changes(lab: Class) -> tuple[Change, ...]:
    """Say whose points changed since the tests before these, the largest loss first."""
    found = [
        Change(one.student, name, before, one.results[name].score, one.previous_differs)
        for one in lab.submissions
        for name, before in one.previous.items()
        if name in one.results and None not in (before, one.results[name].score)
    ]
    found = [change for change in found if change.before != change.after]
    return tuple(
        sorted(found, key=lambda change: (change.after - change.before, change.student, change.question))
    )
