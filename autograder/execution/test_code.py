"""What a test asks about objects that Python answers by itself, such as `type` and `is`.

No object is asked for these, so a proxy would be answered for in the place of the student's object.
A test's code calls the functions here instead.
"""

from __future__ import annotations

import abc
import ast
from collections.abc import Callable
from typing import Any

from autograder.execution import derived_data
from autograder.execution.class_bodies import IN_CLASS, Body, in_class
from autograder.execution.patterns import PATTERN, Pattern, looked_up
from autograder.execution.proxies import remote_of
from autograder.execution.remote import Remote
from autograder.protocol.lineage import OWN, named_class, told_class
from autograder.protocol.operations import Operation
from autograder.protocol.serialization import Tagged
from autograder.protocol.values import Kind

TYPE, SAME, ISINSTANCE, NAMES = "__type_of__", "__is_same__", "__is_instance__", "__names__"
ISSUBCLASS, HASATTR, ASKING = "__is_subclass__", "__has_attribute__", "__asking__"
_ASKED = {
    ("type", 1): TYPE, ("isinstance", 2): ISINSTANCE, ("issubclass", 2): ISSUBCLASS, ("hasattr", 2): HASATTR,
    ("dir", 0): NAMES,
}  # fmt: skip


class Questions(ast.NodeTransformer):
    """Puts the functions of `answers` in the place of what Python answers by itself."""

    def __init__(self) -> None:
        self._own: set[str] = set()
        self._depth = self._matches = 0

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """Note the names that the cell binds: its own `type` is not Python's."""
        self._own = {
            part.id
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        } | {part.name for part in ast.walk(node) if isinstance(part, ast.FunctionDef | ast.ClassDef)}
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Know what is within a function, where `dir()` means its own names."""
        self._depth += 1
        try:
            return self.generic_visit(node)
        finally:
            self._depth -= 1

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Have the names in a class's body looked up."""
        self.generic_visit(node)
        Body(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Ask for the type of an object, or the names of the notebook."""
        self.generic_visit(node)
        plain = not node.keywords and not any(isinstance(part, ast.Starred) for part in node.args)
        if not plain or not isinstance(node.func, ast.Name) or node.func.id in self._own:
            return node
        if node.func.id in ("exec", "eval", "compile") and node.args:
            node.args[0] = ast.Call(ast.Name(ASKING, ast.Load()), [node.args[0]], [])
            return ast.fix_missing_locations(node)
        name = _ASKED.get((node.func.id, len(node.args)))
        if name and not (name == NAMES and self._depth):
            node.func = ast.copy_location(ast.Name(name, ast.Load()), node.func)
        return node

    def visit_Match(self, node: ast.Match) -> list[ast.stmt]:
        """Look up the classes of patterns."""
        self.generic_visit(node)
        self._matches += 1
        return looked_up(node, self._matches)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Ask whether two are one object."""
        self.generic_visit(node)
        sides = (node.left, *node.comparators)
        if len(node.ops) != 1 or any(isinstance(side, ast.Constant) for side in sides):
            return node
        if not isinstance(node.ops[0], ast.Is | ast.IsNot):
            return node
        call = ast.Call(ast.Name(SAME, ast.Load()), list(sides), [])
        new = ast.UnaryOp(ast.Not(), call) if isinstance(node.ops[0], ast.IsNot) else call
        return ast.fix_missing_locations(ast.copy_location(new, node))


def answers(names: Callable[[], list[str]], in_judge: Callable[[type], bool]) -> dict[str, Any]:
    """Return the functions that a test's code calls, by name.

    Parameters
    ----------
    names
        Returns the names that the notebook has bound.
    in_judge
        Returns whether a locked cell has defined a class, so that both processes have it.
    """

    def is_instance(value: Any, kind: Any) -> bool:
        remote = remote_of(value)
        if remote is None or remote.kind is not Kind.OBJECT:
            return isinstance(value, kind)
        if type(kind) is tuple:
            return any(is_instance(value, one) for one in kind)
        if type(kind) is type and in_judge(kind):
            return _is_there(remote, Operation.ISINSTANCE, value, kind)
        if remote.asked and isinstance(kind, type) and remote_of(kind) is None:  # made by the test
            return isinstance(value, kind) or _has_base(remote, kind)
        return isinstance(value, kind)

    def is_subclass(value: Any, kind: Any) -> bool:
        remote = remote_of(value)
        if remote is None or not remote.is_class or remote_of(kind) is not None:
            return issubclass(value, kind)
        if type(kind) is tuple:
            return any(is_subclass(value, one) for one in kind)
        if type(kind) is type and in_judge(kind):
            return _is_there(remote, Operation.ISSUBCLASS, value, kind)
        return kind is object or _is_of_library(remote, kind)

    return {
        TYPE: type_of, SAME: is_same, ISINSTANCE: is_instance, ISSUBCLASS: is_subclass,
        HASATTR: has_attribute, NAMES: names,
        IN_CLASS: in_class, ASKING: asking,
        PATTERN: lambda look_up: Pattern(look_up, is_instance, in_judge),
    }  # fmt: skip


def asking(source: Any) -> Any:
    """Return a test's text of code so that it asks as the test's own code does."""
    if not isinstance(source, str | bytes):
        return source
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    return ast.unparse(Questions().visit(tree))


def _is_there(remote: Remote, question: Operation, value: Any, kind: type) -> bool:
    """Ask the worker about a class of a locked cell, which it knows by its name."""
    there = remote.client.ask(Operation.NAME, (kind.__name__,), doing=f"`{kind.__name__}`")
    return remote.client.ask(question, (value, there)) is True


def _has_base(remote: Remote, kind: type) -> bool:
    """Return whether one of a library's classes that a class is derived from is this one."""
    told = (named_class(name) for name in remote.described.lineage if name != OWN)
    return any(base is not None and issubclass(base, kind) for base in told)


def _is_of_library(remote: Remote, kind: type) -> bool:
    """Return whether a class of the student's is derived from a library's, or has its methods."""
    if _has_base(remote, kind):
        return True
    if not isinstance(kind, abc.ABCMeta) or kind.__module__ == "__main__":
        return False
    return remote.client.ask(Operation.ISSUBCLASS, (remote.reference, kind)) is True


def has_attribute(value: Any, name: Any) -> bool:
    """Return whether a value has an attribute; of the student's, or a `Remote`, as it is there."""
    remote = value if isinstance(value, Remote) else remote_of(value)
    if remote is None or type(name) is not str or not name.startswith("__"):
        return hasattr(value, name)
    asked = Tagged(Kind.NAMED, "builtins:hasattr")
    return remote.client.ask(Operation.CALL, (asked, remote.reference, name), doing="`hasattr`") is True


def type_of(value: Any) -> Any:
    """Return the type of a value; of the student's object its class."""
    remote = remote_of(value)
    if remote is None:
        return type(value)
    if remote.kind is Kind.FUNCTION:
        return value.__class__
    if remote.kind is Kind.CLASS and remote.type == "type":
        return type
    told = () if remote.is_class else remote.described.lineage
    if told and told[0] != OWN and (known := told_class(told[0])) is not None:
        return known
    return remote.client.ask(
        Operation.CALL, (Tagged(Kind.NAMED, "builtins:type"), remote.reference), doing="`type`", way="type"
    )


def is_same(first: Any, second: Any) -> bool:
    """Return whether two values are one object; of the student's, whether they are one there."""
    one, other = remote_of(first), remote_of(second)
    if one is None and other is None:
        return first is second
    if one is None or other is None:
        known, kind = (one, second) if one is not None else (other, first)
        if known is None or not (known.is_class and isinstance(kind, type)):
            return False
        return derived_data.is_of(kind, known)
    return _number(one) == _number(other)


def _number(remote: Remote) -> int:
    return remote.described.reference
