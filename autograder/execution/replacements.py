"""What a test has replaced in the judge's own modules, for the student's next call.

In one kernel a test that patches ``builtins.input`` or ``random.randint`` replaces it for the
student's functions as well. Here the worker gets what the test put there, for one request: plain
data as a copy, a function as one that calls the judge's. Looked at is only what the instructor's
code names as replaced, and what `unittest.mock` says that it replaces.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import importlib
import os
import re
import sys
import types
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from autograder.checks.replaced import binding, is_constant
from autograder.execution.logs import LogsHeard
from autograder.execution.mock_watch import MockWatch, may_cross
from autograder.execution.settings import Settings
from autograder.execution.test_objects import is_own
from autograder.notebook.code import globals_declared, names_bound, parse_cell
from autograder.protocol import values
from autograder.protocol.messages import RaisedException

_ABSENT = object()
_MISSING = re.compile(r"name '(\w+)' is not defined")
_OF_FUNCTION = re.compile(r"'function' object has no attribute '(\w+)'")
_SETTERS = frozenset(["setattr", "delattr", "patch"])
MAX_FILTERS = 50


class Replacements:
    """What tests have replaced, compared with what was there before the first of them.

    Parameters
    ----------
    names
        The names of the instructor's cells.
    asked
        Returns the names that the student is asked to bind.
    deleted
        Names of the student's that the test has deleted.

    Attributes
    ----------
    helpers
        Names of the student's that the student's functions find as a test has set them.
    given
        Those that they did find so.
    logs
        Where they listen to what is logged.
    kept
        Names that a test has patched with what cannot be given to the student's functions.
    """

    def __init__(
        self,
        names: dict[str, Any],
        asked: Callable[[], frozenset[str]],
        deleted: Collection[str] = frozenset(),
    ) -> None:
        self._names, self._asked, self._deleted = names, asked, deleted
        self.helpers: frozenset[str] = frozenset()
        self.given: set[str] = set()
        self.kept: set[str] = set()
        self._set: set[str] = set()
        self._helpers = _Named()
        self._before: dict[tuple[str, str], Any] = {}
        self._places: list[tuple[dict[str, Any], str, Any, str]] = []
        self._own: list[str] = []
        self._bound: set[str] = set()
        self._mock = MockWatch(names)
        self._settings, self.logs = Settings(), LogsHeard()
        self._variables: dict[Any, Any] = dict(vars(os.environ)["_data"])
        self._functions: dict[int, Callable[..., Any]] = {}  # of objects, by their ids
        self._called = False  # whether a function stands for an object in this test
        self._has_variables = False
        self._stdin, self._argv, self._filters = sys.stdin, list(sys.argv), warnings.filters
        self._input: tuple[Any, list[Any]] = (None, [])

    def learn(self, source: str) -> None:
        """Read a cell that is no test, which has run on both sides: what it replaced stays."""
        self._helpers.read(source)
        self._settings.learn(source)
        self.logs.learn(source)
        self._before.clear()
        self._variables = dict(vars(os.environ)["_data"])
        self._argv, self._stdin = list(sys.argv), sys.stdin

    @contextlib.contextmanager
    def replacing(self, values: dict[str, Any]) -> Iterator[None]:
        """Replace names of the notebook within this block."""
        outer, self._set = self._set, {*self._set, *values}
        try:
            with binding(self._names, values):
                yield
        finally:
            self._set = outer

    def begin_test(self, source: str, cells: Iterable[str] = ()) -> None:
        """Note what is there before a test, of all that its code and the helpers' may replace.

        Parameters
        ----------
        source
            The test.
        cells
            The code of the cells that have run before it.
        """
        self._filters = warnings.filters
        self._settings.begin_test(source)
        self.logs.begin_test(source)
        named = _Named(self._helpers)
        named.read(source)
        self._has_variables = self._has_variables or "env" in named.text
        for name in sorted(named.modules & set(sys.stdlib_module_names)):
            if name not in sys.modules:
                _import(name)
        for module in self._modules(named) if named.attributes else ():
            for attribute in named.attributes & set(vars(module)):
                if may_cross(module.__name__, attribute):
                    self._before.setdefault((module.__name__, attribute), vars(module)[attribute])
        self._places = [
            (vars(sys.modules[module]), attribute, value, f"{module} {attribute}")
            for (module, attribute), value in self._before.items()
            if module in sys.modules
        ]
        self.given.clear()
        self.kept.clear()
        self._called = False
        named_here = names_bound(parse_cell(source)).all
        self._set |= named_here & self.helpers
        if self._set:  # what a student's function sets itself it must not find set anew at each call
            self._set.difference_update(*(globals_declared(parse_cell(cell)) for cell in cells))
        bound = named_here - self._asked()
        self._bound |= bound
        own = bound & set(vars(builtins))
        self._own = sorted({*self._own, *own})

    def _modules(self, named: _Named) -> Iterator[types.ModuleType]:
        """Yield the modules that the code names, by whatever name."""
        for name, module in list(sys.modules.items()):
            if name.rpartition(".")[2] in named.words and isinstance(module, types.ModuleType):
                yield module
        for name in named.words:
            bound = dict.get(self._names, name)
            if isinstance(bound, types.ModuleType) and bound.__name__ in sys.modules:
                yield bound

    def missing(self, error: RaisedException) -> str:
        """Return in words what of the test's the student's code misses, "" where that is nothing.

        One kernel has it: the test's names are those of the student's functions there.
        """
        if error.base == "NameError" and (found := _MISSING.match(error.text)) and found[1] in self._bound:
            return (
                f"the code reads `{found[1]}`, which only a test sets: give it as an argument, or set it in "
                "a locked cell above the answer"
            )
        if error.base == "AttributeError" and self._called and (found := _OF_FUNCTION.match(error.text)):
            return (
                f"the code uses `.{found[1]}` of an object that a test puts in the place of another, of "
                "which it has the call alone: give the object as an argument"
            )
        return ""

    def current(self) -> dict[str, Any]:
        """Return what is replaced now; empty where nothing is."""
        found: dict[str, Any] = {}
        changed: dict[str, Any] = {}
        for place, attribute, before, name in self._places:
            value = place.get(attribute, before)
            if value is not before:
                changed[name] = value
        if not self._mock.is_idle:
            changed |= self._mock.replaced()
        changed.update(self._changed_names())
        if self._deleted:
            found["unset"] = sorted(self._deleted)
            self.given.update(self._deleted)
        if changed:
            found["set"] = {name: self._as_function(value) for name, value in changed.items()}
        if self._has_variables and vars(os.environ)["_data"] != self._variables:
            found["environ"] = self._changed_variables()
        if sys.argv != self._argv:
            found["set"] = {"sys argv": list(sys.argv)} | found.get("set", {})
        if sys.stdin is not self._stdin:
            found["stdin"] = self._read_functions()
        if warnings.filters is not self._filters:
            found["warnings"] = _filters()
        if settings := self._settings.current():
            found["settings"] = settings
        if logs := self.logs.current():
            found["logs"] = logs
        return found

    def _changed_names(self) -> Iterator[tuple[str, Any]]:
        """Yield what the test has put in the place of the notebook's names, and of built-ins."""
        for name in self._own:
            value = dict.get(self._names, name, _ABSENT)
            if callable(value) and value is not getattr(builtins, name):
                yield f"__main__ {name}", value
        patched = () if self._mock.is_idle else self._mock.names()
        for name in self._set.union(patched):
            value = dict.get(self._names, name, _ABSENT)
            if is_constant(value) or (callable(value) and not isinstance(value, type)):
                self.given.add(name)
                yield f"__main__ {name}", value
            elif name in patched:
                self.kept.add(name)

    def _as_function(self, value: Any) -> Any:
        """Return a function in the place of a callable object, whose answers are all it tells."""
        if not callable(value) or not is_own(value):
            return value
        self._called = True
        return self._functions.setdefault(id(value), functools.partial(value))  # which keeps it

    def _changed_variables(self) -> dict[str, str | None]:
        now, decode = vars(os.environ)["_data"], os.environ.decodevalue
        changed = {key for key in {*now, *self._variables} if now.get(key) != self._variables.get(key)}
        return {
            os.environ.decodekey(key): decode(now[key]) if key in now else None for key in sorted(changed)
        }

    def _read_functions(self) -> list[Any]:
        stream, functions = self._input
        if stream is not sys.stdin:
            stream = sys.stdin
            functions = [getattr(stream, name, _unreadable) for name in ("read", "readline")]
            self._input = stream, functions
        return functions


class _Named:
    """What the instructor's code names: words, modules, and attributes that it replaces."""

    def __init__(self, other: _Named | None = None) -> None:
        self.words: set[str] = set(other.words) if other else set()
        self.modules: set[str] = set(other.modules) if other else set()
        self.attributes: set[str] = set(other.attributes) if other else set()
        self.text: str = other.text if other else ""

    def read(self, source: str) -> None:
        """Read a cell."""
        self.text += source + "\n"
        for node in ast.walk(parse_cell(source)):
            if isinstance(node, ast.Name):
                self.words.add("builtins" if node.id == "__builtins__" else node.id)
            elif isinstance(node, ast.Attribute):
                self.words.add(node.attr)
                if isinstance(node.ctx, ast.Store | ast.Del):
                    self.attributes.add(node.attr)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None) or ""
                self.modules |= {module, *(alias.name for alias in node.names)}
            elif isinstance(node, ast.Call) and _called(node) in _SETTERS:
                for part in node.args:
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        path, _, attribute = part.value.rpartition(".")
                        self.attributes.add(attribute)
                        self.words.add(path.rpartition(".")[2])
                        self.modules.add(path)


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except Exception:  # the test meets it itself
        return


def _unreadable(*_: object) -> str:
    raise OSError("the test's sys.stdin cannot be read")


def _filters() -> list[list[Any]]:
    """Return the filters of warnings as plain values, those that the worker has as well."""
    described = []
    for action, message, category, module, line in warnings.filters[:MAX_FILTERS]:
        if name := values.shared_name(category):
            patterns = [getattr(part, "pattern", part) for part in (message, module)]
            described.append([action, patterns[0], name, patterns[1], line])
    return described
