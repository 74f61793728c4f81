"""The outcomes of a class: by submission and by question, as numbers, a table and JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rich.table import Table

from autograder.result import Result


class State(StrEnum):
    """The end of one submission's grading."""

    GRADED = "graded"  # its scores were written now
    UNCHANGED = "unchanged"  # they had been, and nothing of what they depend on has changed
    FAILED = "failed"  # it has no row, or not the new one


@dataclass
class GradingOutcome:
    """One submission.

    Parameters
    ----------
    student
        nbgrader's id.
    state
        How its grading ended.
    executed
        Whether its cells were run, rather than a kept result taken.
    error
        Where it failed: why.
    results
        By notebook.
    score, max_score
        Of the gradebook, penalties included; None where there is no row.
    by_hand
        Whether a person has to grade something of it.
    penalty
        What lateness took off.
    time_unclear
        Why nobody knows whether it was late; "" where that is known.
    """

    student: str
    state: State
    executed: bool = False
    error: str = ""
    results: dict[str, Result] = field(default_factory=dict)
    score: float | None = None
    max_score: float | None = None
    by_hand: bool = False
    penalty: float = 0.0
    time_unclear: str = ""

    @property
    def seconds(self) -> float:
        """Wall time of its execution, now or when the kept result was made."""
        return sum(result.seconds for result in self.results.values())

    def to_plain(self) -> dict:
        """Return it as what JSON can hold."""
        return {
            "student": self.student,
            "state": self.state,
            "executed": self.executed,
            "error": self.error,
            "score": self.score,
            "max_score": self.max_score,
            "by_hand": self.by_hand,
            "penalty": self.penalty,
            "time_unclear": self.time_unclear,
            "seconds": round(self.seconds, 3),
            "notebooks": {name: _plain(result) for name, result in self.results.items()},
        }


def _plain(result: Result) -> dict:
    return {
        "reason": result.reason,
        "limits_hit": list(result.limits_hit),
        "seconds": round(result.seconds, 3),
        "cells": {
            name: {
                "score": cell.score,
                "max_score": cell.max_score,
                "status": cell.status,
                "seconds": round(cell.seconds, 3),
                "mistakes": list(cell.mistakes),
                "looks": list(cell.looks),
            }
            for name, cell in result.cells.items()
        },
    }


@dataclass
class QuestionSummary:
    """The scores and times of a class in one graded cell.

    Parameters
    ----------
    notebook, name
        Where it is.
    max_score
        Its points.
    scores, seconds
        Of each submission; those that a person grades have no score, those that were not run no
        time.
    """

    notebook: str
    name: str
    max_score: float
    scores: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def to_plain(self) -> dict:
        """Return it as what JSON can hold."""
        return {
            "notebook": self.notebook,
            "name": self.name,
            "max_score": self.max_score,
            "mean_score": statistics.fmean(self.scores) if self.scores else None,
            "passed": sum(score == self.max_score for score in self.scores),
            "graded": len(self.scores),
            "median_seconds": statistics.median(self.seconds) if self.seconds else None,
            "largest_seconds": max(self.seconds, default=None),
        }


def questions(outcomes: Iterable[GradingOutcome]) -> list[QuestionSummary]:
    """Collect the scores and times of each question, in the order of the notebooks."""
    summaries: dict[tuple[str, str], QuestionSummary] = {}
    for outcome in outcomes:
        for notebook, result in sorted(outcome.results.items()):
            for name, cell in result.cells.items():
                new = QuestionSummary(notebook, name, cell.max_score)
                question = summaries.setdefault((notebook, name), new)
                if cell.score is not None:
                    question.scores.append(cell.score)
                if cell.seconds:
                    question.seconds.append(cell.seconds)
    return list(summaries.values())


def table(summaries: list[QuestionSummary]) -> Table:
    """Make a table of the class' points and times by question."""
    shown = Table(box=None, header_style="bold")
    shown.add_column("question", overflow="fold")  # a narrow terminal must not cut its name
    for heading in ("points", "mean", "passed", "median s", "longest s"):
        shown.add_column(heading, justify="right")
    several = len({question.notebook for question in summaries}) > 1
    for question in summaries:
        plain = question.to_plain()
        name = f"{question.notebook}: {question.name}" if several else question.name
        passed = f"{plain['passed']} of {plain['graded']}" if question.scores else "by hand"
        cells = [_number(plain[key], ".2f") for key in ("mean_score", "median_seconds", "largest_seconds")]
        shown.add_row(name, f"{question.max_score:g}", cells[0], passed, *cells[1:])
    return shown


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def write_json(path: Path, assignment: str, outcomes: list[GradingOutcome], seconds: float) -> None:
    """Write the outcomes of a class, and of each question, to a file."""
    data = {
        "assignment": assignment,
        "seconds": round(seconds, 3),
        "submissions": [outcome.to_plain() for outcome in outcomes],
        "questions": [question.to_plain() for question in questions(outcomes)],
    }
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
