"""Namespace of the instructor's cells in a judge; names that they do not bind are the student's."""

from __future__ import annotations

import builtins
import importlib
import types
from typing import Any

from autograder.execution.borrowed import Borrowed
from autograder.execution.client import WorkerClient
from autograder.execution.proxies import remote_of
from autograder.protocol.operations import Operation
from autograder.protocol.serialization import Tagged
from autograder.protocol.values import Kind

PYPLOT = "matplotlib.pyplot"

# The modules that tests most likely mean by names that the instructor's notebook does not bind.
USUAL = {
    "np": "numpy", "numpy": "numpy", "pd": "pandas", "pandas": "pandas", "plt": "matplotlib.pyplot",
    "matplotlib": "matplotlib", "scipy": "scipy", "tf": "tensorflow", "tensorflow": "tensorflow",
    "keras": "keras", "math": "math", "os": "os", "sys": "sys", "inspect": "inspect",
}  # fmt: skip


class Namespace(dict[str, Any]):
    """Names of the instructor's cells; others are requested of the worker while a test runs.

    Parameters
    ----------
    client
        The client of the worker.

    Attributes
    ----------
    asked
        Names that the student is asked to bind, even where a built-in function has that name.
    borrowed
        The student's values in this test.
    deleted
        Names of the student's that this test has deleted.
    failed
        Names that an earlier test failed to bind, and why.
    broken
        Names that another cell of the instructor failed to bind, and why: no student is to blame.
    """

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self.asked: frozenset[str] = frozenset()
        self.borrowed = Borrowed(client)
        self.deleted: set[str] = set()
        self._pyplot: dict[str, Any] = {}
        self.failed: dict[str, str] = {}
        self.broken: dict[str, str] = {}

    def __setitem__(self, name: str, value: Any) -> None:
        """Bind a name; pyplot in a test is the student's."""
        self.deleted.discard(name)
        if isinstance(value, types.ModuleType) and value.__name__ == PYPLOT:
            self._pyplot[name] = value
            self.pop(name, None)
            return
        self._pyplot.pop(name, None)
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        """Unbind a name; one of the student's is as good as deleted for the rest of the test."""
        is_theirs = name in self.asked or not self.binds(name)
        if is_theirs and self._client.open and self._client.ask(Operation.HAS, (name,)) is True:
            if name in self.deleted:
                raise KeyError(name)
            self.deleted.add(name)
            self.pop(name, None)
        else:
            super().__delitem__(name)

    def all_names(self) -> list[str]:
        """Return the names that the notebook has bound, the student's as its cells say."""
        return sorted({*self, *self._pyplot, *self._client.sheet.names()})

    def _students_pyplot(self, name: str) -> Any:
        """Return the worker's pyplot while a test runs: the figures are the student's."""
        if not self._client.open:
            return self._pyplot[name]
        if PYPLOT not in self.borrowed:
            load = Tagged(Kind.NAMED, "importlib:import_module")
            self.borrowed[PYPLOT] = self._client.ask(
                Operation.CALL, (load, PYPLOT), doing=f"`{name}`", way=name
            )
        return self.borrowed[PYPLOT]

    def __missing__(self, name: str) -> Any:
        if type(name) is str and name in self._pyplot:
            return self._students_pyplot(name)
        if type(name) is not str or name.startswith("__") or not self._client.open or name in self.deleted:
            raise KeyError(name)
        if name in self.borrowed:
            return self._borrow(name)
        if name in self.broken:
            self._client.shortfall = self.broken[name]
            raise NameError(self.broken[name])
        if name in self.failed:
            raise NameError(self.failed[name])
        if hasattr(builtins, name) and name not in self.asked:
            raise KeyError(name)
        if name in USUAL and name not in self.asked and (module := _import(USUAL[name])) is not None:
            self[name] = module
            return self._students_pyplot(name) if name in self._pyplot else module
        return self._borrow(name)

    def _borrow(self, name: str) -> Any:
        try:
            return self.borrowed.look_up(name)
        except KeyError:
            raise KeyError(name) from None

    def give_back(self) -> None:
        """Forget the student's values of a test, what the test has bound to one of them as well."""
        self.borrowed = Borrowed(self._client)
        self.deleted.clear()
        for name in self.asked:
            if remote_of(dict.get(self, name)) is not None:
                self.pop(name)

    def __contains__(self, name: object) -> bool:
        if self.binds(name):
            return True
        if type(name) is not str or name.startswith("__") or not self._client.open:
            return False
        if hasattr(builtins, name) or name in self.failed or name in self.broken or name in self.deleted:
            return False
        return self._client.ask(Operation.HAS, (name,)) is True

    def binds(self, name: object) -> bool:
        """Return whether a cell of the instructor has bound a name."""
        return dict.__contains__(self, name) or name in self._pyplot

    def get(self, name: str, default: Any = None) -> Any:
        """Return a name's value, the worker's where the judge has none."""
        try:
            return self[name]
        except KeyError:
            return default

    def forget(self, names: tuple[str, ...]) -> None:
        """Forget names that are the student's from here on."""
        for name in names:
            self.pop(name, None)
            self._pyplot.pop(name, None)
            self.failed.pop(name, None)
            self.broken.pop(name, None)


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
