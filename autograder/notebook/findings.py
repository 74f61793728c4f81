"""Findings on an instructor's notebook: where a test does not test what it seems to, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a test gives points for a wrong answer, or none for a right one."""

    BROADCAST = "broadcast"
    NAN = "NaN"
    ZIP = "zip"
    EMPTY = "empty"
    TUPLE = "tuple"
    TRUTH = "truth"
    ANY = "any"
    SUBSTRING = "substring"
    FLOAT = "float"
    SIGN = "sign"
    CANCEL = "cancel"
    SWALLOWED = "swallowed"
    NO_ERROR = "no error"
    UNUSED = "unused"
    OWN_WORD = "own word"
    SORTED = "sorted"
    CHANGEABLE = "changeable"
    MAIN = "main"
    PROMPT = "prompt"

    @property
    def text(self) -> str:
        """Say what goes wrong, in words for the instructor."""
        return _TEXTS[self][0]

    @property
    def instead(self) -> str:
        """Say what to write instead."""
        return _TEXTS[self][1]


_TEXTS = {
    Cause.BROADCAST: (
        "an empty array, or one of another shape, passes: shapes are stretched to fit each other",
        "checks.equals(result, expected); or compare the shape first",
    ),
    Cause.NAN: (
        "NaN passes: every comparison with it is false, so the failure is not reached",
        "the condition that must hold: assert abs(result - expected) <= tolerance",
    ),
    Cause.ZIP: (
        "a result that is too short passes: zip ends with the shorter of the two",
        "checks.equals(result, expected); or zip(…, strict=True)",
    ),
    Cause.EMPTY: (
        "an empty result passes: there is nothing in it to look at",
        "its length first: assert len(result) == …; or checks.equals(result, expected)",
    ),
    Cause.TUPLE: (
        "it always passes: a condition and a message in brackets are a tuple, and that counts as true",
        "assert condition, message (without brackets)",
    ),
    Cause.TRUTH: (
        "the function is only ever asked to say yes: one that always returns a number, or text, passes",
        "assert f(x) is True, and a case in which it must be False",
    ),
    Cause.ANY: (
        "one right value among wrong ones passes",
        "checks.equals(result, expected); or .all(), with the shape compared first",
    ),
    Cause.SUBSTRING: (
        "`in` looks for a part of a text: the empty text is in every text, and 15 has a 5 in it",
        "== for the whole text, or a list of the texts that are allowed",
    ),
    Cause.FLOAT: (
        "a right answer that is rounded in another order fails: such a number is not exact in a computer",
        "checks.equals(result, expected); or math.isclose",
    ),
    Cause.SIGN: (
        "a result that is far too small passes: a difference below zero is below every tolerance",
        "assert abs(result - expected) <= tolerance",
    ),
    Cause.CANCEL: (
        "errors of opposite signs cancel in the sum; an empty array has the sum 0",
        "checks.equals(result, expected)",
    ),
    Cause.SWALLOWED: (
        "it always passes: the failed assertion is caught",
        "the assert without try",
    ),
    Cause.NO_ERROR: (
        "it passes where nothing is raised",
        "else: raise AssertionError(…) after the except",
    ),
    Cause.UNUSED: (
        "nothing comes of this comparison",
        "assert before it",
    ),
    Cause.OWN_WORD: (
        "both sides are the student's, and nothing else is said of them: two wrong answers can agree",
        "a value that you know, at least once",
    ),
    Cause.SORTED: (
        "the order is lost: a function that sorts nothing passes",
        "assert result == expected",
    ),
    Cause.CHANGEABLE: (
        "an unlocked cell defines this, so a submission can change it",
        "the definition in a locked cell",
    ),
    Cause.MAIN: (
        "`__main__` is not the student's module here, so a person has to grade this",
        "the name itself, without a module: f(3), and `'f' in globals()` to ask whether it is there",
    ),
    Cause.PROMPT: (
        "IPython takes `>>>` away before a cell runs, from a text as well: no example is left to compare",
        "assert f(3) == 9; examples for doctest in a docstring, whose quotes begin a line",
    ),
}


@dataclass(frozen=True, order=True)
class Finding:
    """One place in an instructor's notebook.

    Parameters
    ----------
    cell
        nbgrader's name of the cell.
    line
        The line within the cell, from 1.
    cause
        What is wrong.
    code
        The code in question, in short.
    """

    cell: str
    line: int
    cause: Cause
    code: str
