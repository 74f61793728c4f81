"""Arguments that a test lets the student's functions change."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.checks.failure import failure

if TYPE_CHECKING:
    from autograder.checks.case import Case

_EVERYTHING = object()
_changeable: ContextVar[tuple[Any, ...]] = ContextVar("changeable", default=())


@contextmanager
def in_place(*arguments: Any) -> Iterator[None]:
    """Let the student's functions change their arguments within this block.

    A function gets copies of its arguments. What it does to them reaches the test's own objects
    where the instructor's solution does the same to the same argument in the same test; this says
    it by hand, for a test that the solution does not reach, say, or where a change is one of
    several right answers. In one kernel it changes nothing.

    Parameters
    ----------
    *arguments
        The test's objects that may change: lists, dictionaries, sets, byte arrays, NumPy arrays and
        generators, Keras models. Without any, all may.

    Examples
    --------
    >>> with in_place(numbers):  # doctest: +SKIP
    ...     assert push(numbers, 2) is numbers
    """
    token = _changeable.set((*_changeable.get(), *(arguments or (_EVERYTHING,))))
    try:
        yield
    finally:
        _changeable.reset(token)


def changes_wanted(argument: Any) -> bool:
    """Return whether the current test has said that this object may change."""
    return any(value is argument or value is _EVERYTHING for value in _changeable.get())


def leaves_alone(function: Callable[..., Any], case: Case) -> None:
    """Call a student's function as a case says and look at what has become of its arrays.

    Parameters
    ----------
    function : callable
        The student's function.
    case : Case
        What to call it with; what should come is not looked at.

    Raises
    ------
    AssertionError
        If an array among the arguments is not what it was.
    """
    given = copy.deepcopy(dict(case.args))
    arrays = {name: value for name, value in given.items() if isinstance(value, np.ndarray)}
    with in_place(*arrays.values()):
        function(*given.values(), **copy.deepcopy(dict(case.kwargs)))
    for name, after in arrays.items():
        if not np.array_equal(case.args[name], after, equal_nan=after.dtype.kind in "fc"):
            raise failure(
                f"{case.function} changes `{name}`, an array of whoever calls it, who may still need it. "
                "Where does your code write into it?"
            )
