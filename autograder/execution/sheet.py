"""Source of the student's functions and classes, found in the cells that were handed in.

The worker is not asked: what a test reads of an answer's code is the code that ran. It is parsed
and compiled, never executed.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograder.execution.proxies import remote_of
from autograder.notebook.code import parse_cell
from autograder.protocol.values import TransferError

# Decorators that leave a function's source what is written.
TRANSPARENT = frozenset([
    "staticmethod", "classmethod", "property", "abstractmethod", "wraps", "cache", "lru_cache", "setter",
    "contextmanager", "dataclass", "total_ordering", "cached_property", "override", "njit", "jit",
])  # fmt: skip
# Names by which code can bind others without being seen to.
HIDDEN = frozenset(["exec", "eval", "globals", "setattr", "__code__", "__main__", "run_cell", "user_ns"])
_CELL_MAGICS = ("%%time", "%%capture", "%%prun")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Sheet:
    """The cells of a submission that have run before a test.

    Parameters
    ----------
    sources
        Their code, in order.
    when_told
        Called where source is told.
    """

    def __init__(self, sources: Sequence[str] = (), when_told: Callable[[], None] = lambda: None) -> None:
        self.sources = [_without_cell_magic(source) for source in sources]
        self._bound: dict[str, tuple[int, ast.AST | None]] | None = None
        self._hidden = ""
        self.told = False  # whether the test has seen source
        self._when_told = when_told

    def names(self) -> list[str]:
        """Return the names that the cells bind."""
        return sorted(self._bindings())

    def find(self, way: str) -> tuple[list[str], int, ast.AST]:
        """Return the lines of a definition's cell, the number of its first line, and its tree.

        Parameters
        ----------
        way
            Such as ``"mean"`` or ``"Stack().push"``.

        Raises
        ------
        TransferError
            If the source cannot be told for certain.
        """
        path = [part.removesuffix("()") for part in way.split(".")]
        if path[-1] in ("__wrapped__", "__func__"):
            path.pop()
        self.told = True
        self._when_told()
        bindings = self._bindings()
        if self._hidden:
            raise TransferError(
                f"the source of `{way}` is not certain, as the submission uses `{self._hidden}`"
            )
        number, node = bindings.get(path[0], (0, None))
        for name in path[1:]:
            number, node = self._member(node, name, number)
        if node is None:
            raise TransferError(f"no cell of the submission defines `{way}` by `def`, `class` or `lambda`")
        if isinstance(node, Definition) and (odd := _odd_decorator(node)):
            raise TransferError(f"the source of `{way}` is not certain, as it is decorated by `{odd}`")
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])  # type: ignore[attr-defined]
        return [line + "\n" for line in self.sources[number].splitlines()], first - 1, node

    def _member(self, node: ast.AST | None, name: str, number: int) -> tuple[int, ast.AST | None]:
        """Return a method of a class or of the classes that it is derived from."""
        if not isinstance(node, ast.ClassDef):
            return number, None
        for part in reversed(node.body):
            if isinstance(part, Definition) and part.name == name:
                return number, part
        for base in node.bases:
            known = self._bindings().get(base.id) if isinstance(base, ast.Name) else None
            if known and known[1] is not node:
                found = self._member(known[1], name, known[0])
                if found[1] is not None:
                    return found
        return number, None

    def _bindings(self) -> dict[str, tuple[int, ast.AST | None]]:
        """Return where each name is bound last, with None where it is by no definition."""
        if self._bound is None:
            self._bound = {}
            for number, source in enumerate(self.sources):
                tree = parse_cell(source)
                used = {getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(tree)}
                self._hidden = self._hidden or next(iter(sorted(HIDDEN & used)), "")
                for name, node in _bound(tree.body):
                    self._bound[name] = number, node
        return self._bound

    def code(self, way: str) -> Any:
        """Return what the code of a function says of itself; it cannot be run."""
        _, _, node = self.find(way)
        statement = node if isinstance(node, ast.stmt) else ast.copy_location(ast.Expr(node), node)  # type: ignore[arg-type]
        module = ast.Module([statement], [])
        for part in ast.walk(module):
            if isinstance(part, Definition):
                part.decorator_list = []
        self._bound = None  # the trees were changed
        found = [one for one in compile(module, "<the submission>", "exec").co_consts if inspect.iscode(one)]
        if not found:
            raise TransferError(f"`{way}` is no function")
        return _Code(found[0])


class _Code:
    """A code object that can be read and not run."""

    def __init__(self, code: types.CodeType) -> None:
        self.__code = code

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("co_") or name == "co_positions":
            raise AttributeError(name)
        value = getattr(self.__code, name)
        if name == "co_consts":
            return tuple(_Code(one) if inspect.iscode(one) else one for one in value)
        return value if not callable(value) else list(value())


def _bound(body: Sequence[ast.AST]) -> Iterator[tuple[str, ast.AST | None]]:
    """Yield the names that statements bind, in order."""
    for node in body:
        if isinstance(node, Definition):
            yield node.name, node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (((alias.asname or alias.name).split(".")[0], None) for alias in node.names)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.Assign) and any(isinstance(one, ast.Attribute) for one in node.targets):
            yield from (
                (part.id, None)
                for one in node.targets
                for part in ast.walk(one)
                if isinstance(part, ast.Name)
            )
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node.id, None
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            yield from _bound(list(ast.iter_child_nodes(node)))


def _odd_decorator(node: Definition) -> str:
    for one in node.decorator_list:
        plain = one.func if isinstance(one, ast.Call) else one
        name = plain.attr if isinstance(plain, ast.Attribute) else getattr(plain, "id", "")
        if name not in TRANSPARENT:
            return ast.unparse(plain)
    return ""


def _without_cell_magic(source: str) -> str:
    first, _, rest = source.partition("\n")
    return "\n" + rest if first.startswith(_CELL_MAGICS) else source


def install(client: Callable[[], Any]) -> Callable[[], None]:
    """Let `inspect` find the source of proxies in their sheets.

    Parameters
    ----------
    client
        Returns the client of the worker.

    Returns
    -------
    callable
        To call when source is told: from then on no test runs what it found.
    """

    def watch(event: str, _: Any) -> None:
        if event == "exec" and client().sheet.told and type(sys._getframe(1).f_globals) is not dict:
            why = "the test runs code by `exec` or `eval` after it has read the source of the answer"
            client().fall_short(why)
            raise TransferError(why)

    @functools.cache
    def begin() -> None:
        sys.addaudithook(watch)  # which every call to the worker pays for, and most tests need not

    unwrap, findsource = inspect.unwrap, inspect.findsource

    def unwrap_too(func: Any, *, stop: Any = None) -> Any:
        return func if remote_of(func) is not None else unwrap(func, stop=stop)

    def find_too(object: Any) -> Any:
        remote = remote_of(object)
        if remote is not None:
            return remote.client.source_of(remote.way)[:2]
        if isinstance(object, type) and object.__module__ == "submission":  # made anew of its names
            return client().source_of(object.__name__)[:2]
        return findsource(object)

    inspect.unwrap, inspect.findsource = unwrap_too, find_too
    return begin
