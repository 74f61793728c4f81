"""Settings of Python and its libraries that a test changes around the student's call.

In one kernel they hold for the student's code as well. Each is plain data: the judge reads it, and
the worker has it for one request.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks.replaced import is_constant
from autograder.protocol.libraries import imported

_DECIMAL = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")


@dataclass(frozen=True)
class _Setting:
    """One of them: the words by which code changes it, how it is read, and how it is set."""

    words: re.Pattern[str]
    read: Callable[[], Any]
    put: Callable[[Any], Any]


def _decimal() -> list[Any]:
    module = imported("decimal")
    if module is None:
        return []
    context = module.getcontext()
    traps = sorted(kind.__name__ for kind, is_on in context.traps.items() if is_on)
    return [*(getattr(context, name) for name in _DECIMAL), traps]


def _put_decimal(values: list[Any]) -> None:
    if values:
        context = importlib.import_module("decimal").getcontext()
        for name, value in zip(_DECIMAL, values, strict=False):
            setattr(context, name, value)
        context.traps = {kind: kind.__name__ in values[-1] for kind in context.traps}


def _display() -> dict[str, Any]:
    pandas = imported("pandas")
    if pandas is None:
        return {}
    options = pandas.options.display
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of options that are to go
        found = {f"display.{name}": getattr(options, name) for name in dir(options)}
    return {name: value for name, value in found.items() if callable(value) or is_constant(value)}


def _put_display(options: dict[str, Any]) -> None:
    if options:
        pandas = importlib.import_module("pandas")  # the test has it
        now = _display()
        for name, value in options.items():
            if now.get(name, value) != value:
                pandas.set_option(name, value)


_SETTINGS = {
    "recursion": _Setting(re.compile("setrecursionlimit"), sys.getrecursionlimit, sys.setrecursionlimit),
    "decimal": _Setting(re.compile("getcontext|setcontext|localcontext"), _decimal, _put_decimal),
    "numpy errors": _Setting(re.compile("errstate|seterr"), np.geterr, lambda modes: np.seterr(**modes)),
    "numpy printing": _Setting(
        re.compile("printoptions"), np.get_printoptions, lambda options: np.set_printoptions(**options)
    ),
    "pandas display": _Setting(
        re.compile("set_option|option_context|options.display"), _display, _put_display
    ),
}


class Settings:
    """What the tests of a judge have set, compared with what both processes had before."""

    def __init__(self) -> None:
        self._before = {name: setting.read() for name, setting in _SETTINGS.items()}
        self._named: list[str] = []  # in the code of the tests so far
        self._text = ""

    def learn(self, source: str) -> None:
        """Read a cell that is no test, which has run on both sides: what it set is set in both."""
        self._text += source
        if any(setting.words.search(source) for setting in _SETTINGS.values()):
            self._before = {name: setting.read() for name, setting in _SETTINGS.items()}

    def begin_test(self, source: str) -> None:
        """Note which settings the code of a test, or of a helper that it calls, may change."""
        self._text += source
        self._named = [name for name, setting in _SETTINGS.items() if setting.words.search(self._text)]
        for name in self._named:  # of a library that was imported since
            self._before[name] = self._before[name] or _SETTINGS[name].read()

    def current(self) -> dict[str, Any]:
        """Return what is set now and was not before."""
        now = {name: _SETTINGS[name].read() for name in self._named}
        return {name: value for name, value in now.items() if value != self._before[name]}


@contextlib.contextmanager
def having(settings: dict[str, Any]) -> Iterator[None]:
    """Have a test's settings within this block: the worker's side."""
    known = {name: value for name, value in settings.items() if name in _SETTINGS}
    before = {name: _SETTINGS[name].read() for name in known}
    try:
        for name, value in known.items():
            _SETTINGS[name].put(value)
        yield
    finally:
        for name, value in before.items():
            _SETTINGS[name].put(value)
