"""A lab's cases, compared and tried: what goes in, and what the checks say of an answer."""

from collections.abc import Iterable, Iterator

import numpy as np

from autograder import checks


def inputs(case) -> tuple:
    """Give what a case hands to the student's function, in a form that can be compared."""
    return case.function, *(v.tobytes() if isinstance(v, np.ndarray) else repr(v) for v in _values(case))


def assert_same_inputs(one, other) -> None:
    """Compare what two cases hand to the student's function.

    Arrays may differ by rounding: what the processor offers decides how an exponential is computed.
    """
    assert one.function == other.function
    for a, b in zip(_values(one), _values(other), strict=True):
        assert type(a) is type(b)
        if isinstance(a, np.ndarray):
            rounding = {"rtol": 1e-5, "atol": 1e-7} if np.issubdtype(a.dtype, np.inexact) else {"rtol": 0}
            np.testing.assert_allclose(a, b, **rounding, strict=True)
        else:
            assert repr(a) == repr(b)


def _values(case) -> list:
    data = case.x if isinstance(case.x, tuple) else (case.x,)
    return [*case.args.values(), *case.kwargs.values(), *data]


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
