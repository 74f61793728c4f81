"""What `unittest.mock` replaces in a judge, for as long as it does."""

from __future__ import annotations

import sys
import types
from typing import Any
from unittest import mock

from autograder.protocol import values

# Of `sys`: what a test prints is captured in the judge, and the rest is Python's own machinery.
_OF_SYS = frozenset(["argv", "exit", "platform", "maxsize", "version", "version_info", "getrecursionlimit"])
_NOT_OURS = frozenset(["autograder", "unittest", "IPython", "pytest", "_pytest", "__main__", "warnings"])


class MockWatch:
    """Watch over the patches of `unittest.mock`.

    Parameters
    ----------
    names
        The names of the notebook: in a judge those of the module ``__main__``.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._patches: dict[int, tuple[Any, str, str]] = {}  # target, attribute, the worker's name
        self._of_notebook: dict[int, tuple[str, bool]] = {}  # name, and whether the judge has bound it
        self._follow()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is replaced now."""
        return not (self._patches or self._of_notebook)

    def names(self) -> set[str]:
        """Return the names of the notebook that are replaced now."""
        return {name for name, _ in self._of_notebook.values()}

    def replaced(self) -> dict[str, Any]:
        """Return what stands now in modules and classes, by its name in the worker."""
        return {
            name: vars(target).get(attribute)
            if isinstance(target, type)
            else getattr(target, attribute, None)
            for target, attribute, name in self._patches.values()
        }

    def _follow(self) -> None:
        """Have `unittest.mock` say what it replaces."""
        kind: Any = mock._patch
        enter, leave = getattr(kind, "own_enter", kind.__enter__), getattr(kind, "own_exit", kind.__exit__)

        def watched_enter(patch: Any) -> Any:
            is_bound = dict.__contains__(self._names, patch.attribute)
            result = enter(patch)
            if patch.target is sys.modules.get("__main__"):
                self._of_notebook[id(patch)] = patch.attribute, is_bound
            name = _target_name(patch.target)
            if name and may_cross(name.partition(":")[0], patch.attribute):
                self._patches[id(patch)] = patch.target, patch.attribute, f"{name} {patch.attribute}"
            return result

        def watched_exit(patch: Any, *error: Any) -> Any:
            self._patches.pop(id(patch), None)
            result = leave(patch, *error)
            name, is_bound = self._of_notebook.pop(id(patch), ("", True))
            if not is_bound:  # it is the student's own again, of which a copy would be left
                dict.pop(self._names, name, None)
            return result

        kind.own_enter, kind.own_exit = enter, leave
        kind.__enter__, kind.__exit__ = watched_enter, watched_exit


def may_cross(module: str, attribute: str) -> bool:
    """Return whether what a test puts in the place of a module's attribute reaches the worker."""
    if module == "sys":
        return attribute in _OF_SYS
    return module.partition(".")[0] not in _NOT_OURS and not attribute.startswith("__")


def _target_name(target: Any) -> str:
    """Return how the worker finds what a test patches, "" for what it has not."""
    if isinstance(target, types.ModuleType):
        return target.__name__
    return (values.shared_name(target) or "") if isinstance(target, type) else ""
