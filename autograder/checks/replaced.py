"""Another function in the place of one of the student's, while a test calls what is built on it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograder.checks.grader import current_grader

_ABSENT = object()


@contextmanager
def replaced(**functions: Any) -> Iterator[None]:
    """Replace functions of the notebook within this block, for the student's functions as well.

    What a student's function calls is then right, whatever the student made of it: a slip in a
    helper costs its points once. The student's code can call what stands there for as long as the
    block lasts, so replace only what has been tested before.

    Parameters
    ----------
    **functions : callable, or a number, text or another value that cannot be changed
        By the name in the notebook: what stands there within the block.

    Raises
    ------
    TypeError
        If a value could be changed, or is a class: the student's code gets a copy, and whoever
        changes it or asks for its instances would be misled.

    Examples
    --------
    ``with checks.replaced(insert_zeros=reference.insert_zeros): conv2d_transpose(x, kernel)``
    """
    for name, value in functions.items():
        if isinstance(value, type) or not (callable(value) or is_constant(value)):
            raise TypeError(
                f"{name}: expected a function, or a value that cannot be changed, came {type(value).__name__}"
            )
    replace = current_grader.get().replace
    if replace is not None:
        with replace(functions):
            yield
        return
    with binding(vars(sys.modules["__main__"]), functions):
        yield


@contextmanager
def binding(names: dict[str, Any], values: dict[str, Any]) -> Iterator[None]:
    """Bind names within this block, and have them as they were after it."""
    before = {name: dict.get(names, name, _ABSENT) for name in values}
    dict.update(names, values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is _ABSENT:
                dict.pop(names, name, None)
            else:
                dict.__setitem__(names, name, value)


def is_constant(value: Any) -> bool:
    """Return whether a value is plain data that nobody can change."""
    if isinstance(value, tuple | frozenset):
        return all(map(is_constant, value))
    return value is None or isinstance(value, bool | int | float | complex | str | bytes)
