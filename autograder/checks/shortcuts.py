"""Calls that a task forbids, because they already do its work: a reminder, not a border.

The calls are seen by a profile function in the process that the student's code runs in. An honest
student meets it; one who means to get around it can, by a copy of the source or in other ways. What
binds are hidden tests that the module cannot answer, and a person who reads the answer.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any, Literal

from autograder.checks.failure import shown_lines

# What a profile function is told of.
Event = Literal["call", "return", "c_call", "c_return", "c_exception"]

# Modules that the current `on_your_own` block forbids; the judge tells the worker.
forbidden: ContextVar[tuple[str, ...]] = ContextVar("forbidden", default=())


class ShortcutRefused(AssertionError):  # noqa: N818 - a refusal, not an error of the program
    """A task was answered by calling code that already does what the task asks for."""

    def _render_traceback_(self) -> list[str]:
        return shown_lines(self)


@contextmanager
def on_your_own(*modules: str) -> Iterator[None]:
    """Remind students not to call modules that already do what the task asks for.

    The call is refused, with words that say so. That is no proof that the answer is the student's
    own: the watch is in the process of the student's code, and a copy of the module's source is
    nobody's call. Ask in a hidden test for what the module cannot answer.

    Compute what you expect before the block: a call of the test's own would be refused as well.

    Parameters
    ----------
    *modules : str
        Module names such as ``"sepconv"``; their submodules are meant as well.

    Raises
    ------
    ShortcutRefused
        If a function of these modules is called within the block, or the student's code takes the
        watch away.
    """
    token = forbidden.set(modules)
    try:
        with refusing(modules):
            yield
    finally:
        forbidden.reset(token)


@contextmanager
def refusing(modules: Sequence[str]) -> Iterator[None]:
    """Refuse calls into modules, without setting `forbidden` as `on_your_own` does.

    Calls are seen in this thread and in those that begin within the block.

    Parameters
    ----------
    modules : sequence of str
        Module names; their submodules are meant as well. Importing them is allowed.

    Raises
    ------
    ShortcutRefused
        At the call, and once more at the end of the block if the student's code swallowed it; at
        the end as well if the student's code took the profile function away.
    """
    if not modules:  # what the student's code does with the profiler stays
        yield
        return
    watch = _Watch(tuple(modules))
    before, before_in_threads = sys.getprofile(), threading.getprofile()

    def begin(frame: FrameType, event: Event, argument: Any) -> None:
        if before_in_threads is not None:
            before_in_threads(frame, event, argument)
        sys.setprofile(watch)
        watch(frame, event, argument)

    sys.setprofile(watch)
    threading.setprofile(begin)
    try:
        yield
        watch.check_still_there(sys.getprofile() is watch and threading.getprofile() is begin)
    finally:
        watch.over = True
        sys.setprofile(before)
        threading.setprofile(before_in_threads)
        if watch.refused is not None:
            raise watch.refused from None


class _Watch:
    """A profile function that refuses calls into modules from outside of them."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self.modules, self.over = modules, False
        self.refused: ShortcutRefused | None = None

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        if self.over:  # in a thread that outlives the block
            sys.setprofile(None)
            return
        if event != "call" or frame.f_code.co_name == "<module>":
            return
        if self._inside(frame) and not self._inside(frame.f_back):
            name = f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"
            self.refused = ShortcutRefused(
                f"Your answer calls {name}, which already does this task's work. "
                "Write it yourself; you may use what the task's text allows."
            )
            raise self.refused

    def check_still_there(self, there: bool) -> None:
        """Refuse what has taken the profile function away (as Python does after a refusal)."""
        if not there and self.refused is None:
            self.refused = ShortcutRefused(
                "Your answer changes Python's profile function (sys.setprofile), by which this test sees "
                "whether you wrote it yourself. Leave it as it is."
            )

    def _inside(self, frame: FrameType | None) -> bool:
        name = frame.f_globals.get("__name__", "") if frame else ""
        return any(name == module or name.startswith(module + ".") for module in self.modules)
