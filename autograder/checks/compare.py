"""Comparison of a function's result with the expected one, in messages that teach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.checks.case import Case, ComputedMistakes, How, Mistake
from autograder.checks.difference import difference
from autograder.checks.failure import failure
from autograder.checks.grader import current_grader
from autograder.checks.keras_behaviour import SHAPE
from autograder.checks.outcome import in_words, outcome_of

LAYER_TOLERANCE = 20  # layers compute in float32, on every machine a little differently


def agrees(
    function: Callable[..., Any],
    case: Case,
    *,
    aspects: Sequence[str] | None = None,
    or_like: Callable[..., Any] | None = None,
) -> None:
    """Call a student's function as a case says and compare what comes with what is expected.

    Parameters
    ----------
    function : callable
        The student's function.
    case : Case
        What to call it with, what should come, and what known mistakes give.
    aspects : sequence of str, optional
        For layers and models: which of `PARAMETERS`, `SHAPE`, `INFERENCE`, `TRAINING`, `UNTOLD`,
        `MOVED` count; all by default.
    or_like : callable, optional
        For layers and models: another function of the student's. What does the same as that one,
        and has the expected shape, is right as well, so that one slip does not cost points twice.

    Raises
    ------
    AssertionError
        If the function raises or its result differs. The message says what was called, what was
        expected, what came, and which known mistake it looks like.
    ShortcutRefused
        If the function calls a module that `on_your_own` names.
    """
    result, layers = outcome_of(function, case)
    problem = _difference(case, case.expected, result, aspects, show_expected=not case.hidden)
    if problem is None or (or_like is not None and _alike(or_like, case, result, aspects)):
        return
    lines = [in_words(case), problem[0].upper() + problem[1:]]
    if layers:
        lines.append(f"Your layers: {layers}.")
    raise failure(*lines, *_looks_like(case, result))


def with_mistakes(case: Case, mistakes: Mapping[str, tuple[Callable[..., Any], str]]) -> Case:
    """Give a case the results of known mistakes, to be computed when an answer is wrong.

    Mistakes that are right in this case, or raise in it, are left out.

    Parameters
    ----------
    case : Case
        A case without mistakes.
    mistakes : dict of str to pair of callable and str
        By name: the mistaken function, and one sentence on what to look at.

    Returns
    -------
    Case
        The same case, recognising these mistakes.
    """

    def compute() -> dict[str, Mistake]:
        results: dict[str, Mistake] = {}
        for name, (mistaken, hint) in mistakes.items():
            try:
                result, _ = outcome_of(mistaken, case)
            except AssertionError:  # such as shapes that only fit where two sizes happen to be equal
                continue
            if _difference(case, case.expected, result, None) is not None:
                results[name] = Mistake(result, hint)
        return results

    return replace(case, mistakes=ComputedMistakes(compute))


def _difference(
    case: Case, expected: Any, result: Any, aspects: Sequence[str] | None, *, show_expected: bool = True
) -> str | None:
    """Say how a result differs, as the case's kind of result wants it; None if it does not."""
    if case.how is How.CALL:
        return difference(expected, result, labels=case.labels, show_expected=show_expected)
    chosen = {name: expected[name] for name in aspects or expected}
    return difference(chosen, result, show_expected=show_expected, tolerance=LAYER_TOLERANCE)


def _alike(other: Callable[..., Any], case: Case, result: Any, aspects: Sequence[str] | None) -> bool:
    """Return whether a layer has the expected shape and does what another function's does."""
    if _difference(case, case.expected, result, (SHAPE,)) is not None:
        return False
    try:
        like, _ = outcome_of(other, case)
    except AssertionError:
        return False
    return _difference(case, like, result, aspects) is None


def _looks_like(case: Case, result: Any) -> list[str]:
    """Name the known mistakes that give this result, each with what to look at."""
    names = [
        name
        for name, mistake in case.mistakes.items()
        if _difference(case, mistake.result, result, None) is None
    ]
    # Where several would give this result, nobody knows which of them was made.
    current_grader.get().record([" or ".join(names)] if names else [])
    sentences = [f"{name}. {case.mistakes[name].hint}" for name in names]
    if len(sentences) > 1:
        return ["This looks like one of these known mistakes:", *(f"- {sentence}" for sentence in sentences)]
    return [f"This looks like a known mistake: {sentence}" for sentence in sentences]
