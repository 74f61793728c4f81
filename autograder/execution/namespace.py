"""Namespace of the instructor's cells in a judge; names that they do not bind are the student's."""

from __future__ import annotations

import builtins
import importlib
from typing import Any

from autograder.execution.client import WorkerClient
from autograder.protocol.operations import Operation

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
    failed
        Names that a cell of the instructor failed to bind, and why.
    """

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self.asked: frozenset[str] = frozenset()
        self.borrowed: dict[str, Any] = {}
        self.failed: dict[str, str] = {}

    def __missing__(self, name: str) -> Any:
        if type(name) is not str or name.startswith("__") or not self._client.open:
            raise KeyError(name)
        if name in self.borrowed:
            return self.borrowed[name]
        if name in self.failed:
            raise NameError(self.failed[name])
        if hasattr(builtins, name) and name not in self.asked:
            raise KeyError(name)
        if name in USUAL and name not in self.asked and (module := _import(USUAL[name])) is not None:
            self[name] = module
            return module
        try:
            value = self._client.look_up(name)
        except KeyError:
            raise KeyError(name) from None
        self.borrowed[name] = value
        return value

    def __contains__(self, name: object) -> bool:
        if self.binds(name):
            return True
        if type(name) is not str or not self._client.open:
            return False
        if hasattr(builtins, name) or name in self.failed:
            return False
        return self._client.ask(Operation.HAS, (name,)) is True

    def binds(self, name: object) -> bool:
        """Return whether a cell of the instructor has bound a name."""
        return dict.__contains__(self, name)

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
            self.failed.pop(name, None)


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
