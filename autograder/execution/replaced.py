"""What a test has replaced, in the worker: set for one request, and as it was after it."""

from __future__ import annotations

import builtins
import contextlib
import importlib
import io
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder.execution.logs import listening
from autograder.execution.settings import having
from autograder.protocol import exceptions, values
from autograder.protocol.log_lines import LogLine

MAX_WARNINGS = 200
_ABSENT = object()
_input = builtins.input


class TestInput(io.TextIOBase):
    """Standard input that the test has put in the place of its own."""

    __test__ = False

    def __init__(self, read: Callable[[int], Any], readline: Callable[[int], Any]) -> None:
        self._read, self._readline = read, readline

    def read(self, size: int | None = -1, /) -> str:
        """Read from the test's."""
        return str(self._read(-1 if size is None else size))

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """Read a line from the test's."""
        return str(self._readline(size))

    def readable(self) -> bool:
        """Return True."""
        return True


def no_input(prompt: object = "") -> str:
    """Read a line where the test has given an input; nobody else is there to answer."""
    if isinstance(sys.stdin, TestInput):
        return _input(prompt)
    raise RuntimeError("input() cannot be used in a graded notebook: nobody is there to answer")


class Replaced:
    """The replacements of the requests under way.

    Parameters
    ----------
    names
        The names of the student's notebook.
    folder
        The working directory.
    """

    def __init__(self, names: dict[str, Any], folder: Path) -> None:
        self._names, self._folder = names, folder
        self._now: list[tuple[Any, str, Any, Any]] = []  # place, name, before, instead
        self.warned: list[tuple[str, str, int]] = []
        self.logged: list[LogLine] = []

    @contextlib.contextmanager
    def during(self, world: dict[str, Any]) -> Iterator[None]:
        """Replace what a request says within this block."""
        outer, self._now = self._now, [*self._changes(world)]
        before = dict(os.environ)
        stdin, here = sys.stdin, world.get("folder")
        try:
            if here is not None:
                Path(here).mkdir(parents=True, exist_ok=True)
                os.chdir(here)
            self._set(3)
            for name, value in world.get("environ", {}).items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            if "stdin" in world:
                sys.stdin = TestInput(*world["stdin"])
            logs = listening(world["logs"], self.logged) if "logs" in world else contextlib.nullcontext()
            with having(world.get("settings", {})), self._recording(world.get("warnings")), logs:
                yield
        finally:
            self._set(2)
            self._now, sys.stdin = outer, stdin
            if here is not None:
                os.chdir(self._folder)
            for name in world.get("environ", {}):
                if name in before:
                    os.environ[name] = before[name]
                else:
                    os.environ.pop(name, None)

    @contextlib.contextmanager
    def suspended(self) -> Iterator[None]:
        """Have everything as it was within this block, in which the worker itself is at work."""
        self._set(2)
        try:
            yield
        finally:
            self._set(3)

    def _changes(self, world: dict[str, Any]) -> Iterator[tuple[Any, str, Any, Any]]:
        for name in world.get("unset", ()):
            yield self._names, name, _get(self._names, name), _ABSENT
        for place, instead in world.get("set", {}).items():
            path, _, name = place.partition(" ")
            target = self._target(path)
            if target is not None:
                yield target, name, _get(target, name), instead

    def _target(self, path: str) -> Any:
        if path == "__main__":
            return self._names
        if ":" in path:
            return values.by_name(path)
        with contextlib.suppress(Exception):
            return sys.modules.get(path) or importlib.import_module(path)
        return None

    def _set(self, which: int) -> None:
        for change in self._now if which == 3 else reversed(self._now):
            target, name, value = change[0], change[1], change[which]
            if isinstance(target, dict):
                if value is _ABSENT:
                    target.pop(name, None)
                else:
                    target[name] = value
            elif value is not _ABSENT:
                setattr(target, name, value)
            elif hasattr(target, name):
                delattr(target, name)

    @contextlib.contextmanager
    def _recording(self, filters: list[list[Any]] | None) -> Iterator[None]:
        """Record warnings, by the test's filters, where the test does."""
        if filters is None:
            yield
            return
        with warnings.catch_warnings(record=True) as log:
            warnings.filters[:] = [  # type: ignore[index]
                (action, _pattern(message), values.by_name(category), _pattern(module), line)
                for action, message, category, module, line in filters
            ]
            try:
                yield
            finally:
                self.warned = [
                    (_category(one.category), values.text_of(one.message), int(one.lineno))
                    for one in log[:MAX_WARNINGS]
                ]


def _get(target: Any, name: str) -> Any:
    if isinstance(target, dict):
        return target.get(name, _ABSENT)
    return vars(target).get(name, _ABSENT)


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text, re.IGNORECASE) if text else None


def _category(kind: type) -> str:
    """Return the name of the nearest class of warnings that the judge has as well."""
    for base in kind.__mro__:
        name: str = base.__name__
        if vars(builtins).get(name) is base:
            return name
        name = f"{base.__module__}:{name}"
        if exceptions.library_class(name) is base:
            return name
    return "UserWarning"
