"""Classes in the patterns of a test's `match`, which Python itself looks at.

A pattern needs a type, and a class of the student's is a proxy. Each class in a pattern is looked
up here instead, where Python would look it up, and one that only the worker can answer for gets a
type in its place.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable
from typing import Any

from autograder.execution import derived_data
from autograder.execution.proxies import remote_of

PATTERN = "__pattern_of__"
_DATA = (int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset)
_MATCH_SELF = 1 << 22  # the flag of types of which `case float(x)` binds the whole value


def looked_up(node: ast.Match, number: int) -> list[ast.stmt]:
    """Return a `match` statement whose patterns' classes are looked up by `answers`.

    Parameters
    ----------
    node
        The statement.
    number
        Its number within the cell, for names that no other has.
    """
    before: list[ast.stmt] = []
    for part in [part for case in node.cases for part in ast.walk(case.pattern)]:
        if isinstance(part, ast.MatchClass):
            name = f"__pattern_{number}_{len(before)}__"
            # not before Python would: an earlier case may match, and this name be unknown
            look_up = ast.Lambda(ast.arguments([], [], None, [], [], None, []), part.cls)
            call = ast.Call(ast.Name(PATTERN, ast.Load()), [look_up], [])
            before.append(ast.Assign([ast.Name(name, ast.Store())], call))
            part.cls = ast.Attribute(ast.Name(name, ast.Load()), "kind", ast.Load())
            ast.copy_location(before[-1], node)
            ast.copy_location(part.cls, part)
    return [ast.fix_missing_locations(one) for one in (*before, node)]


class Pattern:
    """A class in a pattern.

    Parameters
    ----------
    look_up
        Returns what the pattern names.
    is_instance
        Answers `isinstance`.
    in_judge
        Returns whether a locked cell has defined a class, so that both processes have it.
    """

    def __init__(
        self,
        look_up: Callable[[], Any],
        is_instance: Callable[[Any, Any], bool],
        in_judge: Callable[[type], bool],
    ) -> None:
        self._look_up, self._is_instance, self._in_judge = look_up, is_instance, in_judge

    @property
    def kind(self) -> Any:
        """What the pattern names; where the worker is to be asked, a type that asks it."""
        kind = self._look_up()
        remote = remote_of(kind)
        if remote is None:
            is_asked = type(kind) is type and (kind in _DATA or self._in_judge(kind))
            return self._asking(kind, kind) if is_asked else kind
        if not remote.is_class:
            raise TypeError(
                f"called match pattern must be a type, and `{remote.name or remote.type}` is none"
            )
        return self._asking(kind, derived_data.data_of(remote) or object)

    def _asking(self, kind: Any, built_in: type) -> type:
        """Return a type with the name, the parts and the instances of a class."""
        members: dict[str, Any] = {"kind": kind, "is_instance": staticmethod(self._is_instance)}
        with contextlib.suppress(AttributeError):
            members["__match_args__"] = kind.__match_args__
        base = next((one for one in built_in.__mro__ if one.__module__ == "builtins"), object)
        whole = (base,) if base.__flags__ & _MATCH_SELF else ()
        return _Asking(kind.__name__, whole, members)


class _Asking(type):
    def __instancecheck__(cls, value: Any) -> bool:
        own = vars(cls)
        return own["is_instance"].__func__(value, own["kind"]) is True
