"""Calls that a task forbids, because they already do its work."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

from autograder.checks.failure import shown_lines

# Modules that the current `on_your_own` block forbids; the judge tells the worker.
forbidden: ContextVar[tuple[str, ...]] = ContextVar("forbidden", default=())


class ShortcutRefused(AssertionError):  # noqa: N818 - a refusal, not an error of the program
    """A task was answered by calling code that already does what the task asks for."""

    def _render_traceback_(self) -> list[str]:
        return shown_lines(self)


@contextmanager
def on_your_own(*modules: str) -> Iterator[None]:
    """Refuse the student's calls into modules that already do what the task asks for.

    Compute what you expect before the block: a call of the test's own would be refused as well.

    Parameters
    ----------
    *modules : str
        Module names such as ``"sepconv"``; their submodules are meant as well.

    Raises
    ------
    ShortcutRefused
        If a function of these modules is called within the block.
    """
    token = forbidden.set(modules)
    try:
        with refusing(modules):
            yield
    finally:
        forbidden.reset(token)


@contextmanager
def refusing(modules: Sequence[str]) -> Iterator[None]:
    """Refuse calls into modules in this thread, without setting `forbidden` as `on_your_own` does.

    Parameters
    ----------
    modules : sequence of str
        Module names; their submodules are meant as well. Importing them is allowed.

    Raises
    ------
    ShortcutRefused
        At the call, and once more at the end of the block if the student's code swallowed it.
    """
    if not modules:  # what the student's code does with the profiler stays
        yield
        return
    refused: list[ShortcutRefused] = []

    def inside(frame: FrameType | None) -> bool:
        name = frame.f_globals.get("__name__", "") if frame else ""
        return any(name == module or name.startswith(module + ".") for module in modules)

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call" or frame.f_code.co_name == "<module>":
            return
        if inside(frame) and not inside(frame.f_back):
            name = f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"
            refused.append(
                ShortcutRefused(
                    f"Your answer calls {name}, which already does this task's work. "
                    "Write it yourself; you may use what the task's text allows."
                )
            )
            raise refused[0]

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(before)
        if refused:
            raise refused[0] from None
