"""Comparison of a function's result with the expected one, in messages that teach."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.checks.case import Case, ComputedMistakes, How, Mistake
from autograder.checks.difference import difference
from autograder.checks.failure import failure
from autograder.checks.grader import current_grader
from autograder.checks.keras_behaviour import PARAMETERS, SHAPE
from autograder.checks.outcome import in_words, outcome_of
from autograder.checks.shortcuts import ShortcutRefused

LAYER_TOLERANCE = 20  # layers compute in float32, on every machine a little differently


def agrees(
    function: Callable[..., Any],
    case: Case,
    *,
    aspects: Sequence[str] | None = None,
    or_like: Callable[..., Any] | None = None,
    with_right: Sequence[str] = (SHAPE, PARAMETERS),
    but_for: Collection[str] = (),
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
        `MOVED` count; for several results: which of the case's labels. All by default.
    or_like : callable, optional
        For layers and models: another function of the student's. What does the same as that one is
        right as well, so that one slip does not cost points twice.
    with_right : sequence of str
        Aspects of which one must be the expected one, where ``or_like`` is to count: layers that do
        nothing would earn points else. Give none where `nearly_right` has been asked about each
        layer that the other function is made of, as two layers may have a slip each.
    but_for : collection of str
        Names of known mistakes that another part of the test has taken points for, as `slips` finds
        them: what they give is right here.

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
    if problem is None or (or_like is not None and _alike(or_like, case, result, aspects, with_right)):
        return
    if any(_gives(name, case, result, aspects) for name in but_for):
        return
    lines = [in_words(case), problem[0].upper() + problem[1:]]
    if layers:
        lines.append(f"Your layers: {layers}.")
    raise failure(*lines, *_looks_like(case, result))


def slips(function: Callable[..., Any], cases: Iterable[Case], known: Iterable[str]) -> frozenset[str]:
    """Find the one known mistake that explains all that a function gets wrong.

    Give what comes to `agrees` as its `but_for`, in another part of the same task.

    Parameters
    ----------
    function : callable
        The student's function.
    cases : iterable of Case
        Calls of the function.
    known : iterable of str
        Names of the cases' mistakes that may be found: small ones, with which the rest of an answer
        is still worth something.

    Returns
    -------
    frozenset of str
        Names of mistakes each of which gives what the function gives in every case; none where all
        is right, or where no mistake explains it.
    """
    found, is_right = frozenset(known), True
    for case in cases:
        try:
            result, _ = outcome_of(function, case)
        except ShortcutRefused:  # whose watch is over then: what is called next would pass
            raise
        except AssertionError:
            return frozenset()
        case_is_right = _difference(case, case.expected, result, None) is None
        is_right &= case_is_right
        # A mistake that a case does not list gives the right result there.
        found &= {
            name for name in found
            if (_gives(name, case, result) if name in case.mistakes else case_is_right)
        }  # fmt: skip
    return frozenset() if is_right else found


def nearly_right(function: Callable[..., Any], cases: Sequence[Case], known: Iterable[str]) -> bool:
    """Return whether what follows from a layer of the student's own may count as right.

    Where a later layer is made of it, give it to `agrees` as its `or_like` only then: layers that
    do nothing, or something else altogether, earn nothing there.

    Parameters
    ----------
    function : callable
        The student's function, which makes a layer or model.
    cases : sequence of Case
        Calls of it.
    known : iterable of str
        Names of the cases' mistakes that are small ones.

    Returns
    -------
    bool
        Whether it has the right number of parameters in every case, or one small mistake explains
        all that is wrong with it.
    """
    try:
        outcomes = [(case, outcome_of(function, case).result) for case in cases]
    except ShortcutRefused:
        raise
    except AssertionError:
        return False
    if not any(_difference(case, case.expected, result, (PARAMETERS,)) for case, result in outcomes):
        return True
    return bool(slips(function, cases, known))


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

    def compute(name: str) -> Mistake | None:
        mistaken, hint = mistakes[name]
        try:
            result, _ = outcome_of(mistaken, case)
        except AssertionError:  # such as shapes that only fit where two sizes happen to be equal
            return None
        is_right = _difference(case, case.expected, result, None) is None
        return None if is_right else Mistake(result, hint)

    return replace(case, mistakes=ComputedMistakes(compute, tuple(mistakes)))


def _difference(
    case: Case, expected: Any, result: Any, aspects: Sequence[str] | None, *, show_expected: bool = True
) -> str | None:
    """Say how a result differs, as the case's kind of result wants it; None if it does not."""
    if case.how is How.CALL:
        labels = case.labels
        several = isinstance(result, tuple | list) and isinstance(expected, tuple)
        if aspects and several and len(result) == len(expected) == len(labels):
            chosen_ones = [number for number, label in enumerate(labels) if label in aspects]
            labels, expected, result = (
                tuple(each[number] for number in chosen_ones) for each in (labels, expected, result)
            )
        return difference(expected, result, labels=labels, show_expected=show_expected)
    chosen = {name: expected[name] for name in aspects or expected}
    return difference(chosen, result, show_expected=show_expected, tolerance=LAYER_TOLERANCE)


def _gives(name: str, case: Case, result: Any, aspects: Sequence[str] | None = None) -> bool:
    """Return whether a known mistake gives this result in a case."""
    mistake = case.mistakes.get(name)
    return mistake is not None and _difference(case, mistake.result, result, aspects) is None


def _alike(
    other: Callable[..., Any],
    case: Case,
    result: Any,
    aspects: Sequence[str] | None,
    with_right: Sequence[str],
) -> bool:
    """Return whether a layer, with one of some aspects right, does what another function's does."""
    if with_right and all(_difference(case, case.expected, result, (aspect,)) for aspect in with_right):
        return False
    try:
        like, _ = outcome_of(other, case)
    except AssertionError:
        return False
    return _difference(case, like, result, aspects) is None


def _looks_like(case: Case, result: Any) -> list[str]:
    """Name the known mistakes that give this result, each with what to look at."""
    names = [name for name in case.mistakes if _gives(name, case, result)]
    # Where several would give this result, nobody knows which of them was made.
    current_grader.get().record([" or ".join(names)] if names else [])
    sentences = [f"{name}. {case.mistakes[name].hint}" for name in names]
    if len(sentences) > 1:
        return ["This looks like one of these known mistakes:", *(f"- {sentence}" for sentence in sentences)]
    return [f"This looks like a known mistake: {sentence}" for sentence in sentences]
