"""A lab's cases, compared and tried: what goes in, and what the checks say of an answer."""

from collections.abc import Iterable, Iterator

import numpy as np

from autograder import checks


def inputs(case) -> tuple:
    """Give what a case hands to the student's function, in a form that can be compared."""
    data = case.x if isinstance(case.x, tuple) else (case.x,)
    values = [*case.args.values(), *case.kwargs.values(), *data]
    return case.function, *(v.tobytes() if isinstance(v, np.ndarray) else repr(v) for v in values)


def messages(answer, cases: Iterable) -> Iterator[str]:
    """Give what the checks say of an answer, for each case that it fails, as running text."""
    for case in cases:
        try:
            checks.agrees(answer, case)
        except AssertionError as error:
            yield " ".join(str(error).split())


def recognised(name: str, mistake: tuple, cases: Iterable) -> bool:
    """Say whether a known mistake, a function and its hint, fails a case whose message names it."""
    mistaken, hint = mistake
    return any(f"{name}. {hint}" in message for message in messages(mistaken, cases))
