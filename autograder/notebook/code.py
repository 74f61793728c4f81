"""The code of cells as syntax trees, and the names in it."""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

# CPython up to 3.11 counts the depth of a syntax tree that it builds once for all threads: two that
# parse at the same time end with "SystemError: AST constructor recursion depth mismatch"
# (github.com/python/cpython, issue 106905).
_parsing = threading.Lock()
_MAGIC = re.compile(
    r"^[^\S\n]*+[%!?]|=[^\S\n]*+[%!]|\?[^\S\n]*+$", re.MULTILINE
)  # lines that IPython transforms
MAX_MAGICS = 60
MAX_READ = 100_000  # characters, all readings of a cell together
_NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def parse_python(source: str) -> ast.Module:
    """Parse plain Python; empty where it is none, such as with a magic."""
    try:
        return _parse(source)
    except _NO_PYTHON:
        return ast.Module(body=[], type_ignores=[])


def parse_cell(source: str) -> ast.Module:
    """Parse a cell, its magics and shell lines made into calls; empty where it is no Python."""
    try:
        return _parse(source)
    except _NO_PYTHON:
        return parse_python(_without_magics(source))


def _parse(source: str) -> ast.Module:
    with _parsing:
        return ast.parse(source)


def _without_magics(source: str) -> str:
    """Make magics and shell lines into calls, as IPython does; "" where even that fails."""
    from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415 - slow to import

    magics = len(_MAGIC.findall(source))
    if magics > MAX_MAGICS or magics * len(source) > MAX_READ:
        return ""  # IPython reads the whole cell anew for each
    try:
        return TransformerManager().transform_cell(source)
    except (*_NO_PYTHON, RuntimeError):  # the latter from more magics than IPython transforms
        return ""


@dataclass(frozen=True)
class BoundNames:
    """The names that a cell binds at its top level, by what binds them.

    Parameters
    ----------
    imports, functions, classes, values
        Names bound by imports, by ``def``, by ``class``, and by anything else.
    """

    imports: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)

    @property
    def defined(self) -> set[str]:
        """All of them but the imports."""
        return self.functions | self.classes | self.values

    @property
    def all(self) -> set[str]:
        """All of them."""
        return self.imports | self.defined


def names_bound(tree: ast.Module) -> BoundNames:
    """Return the names that a cell binds at its top level, in blocks such as ``if`` as well."""
    names = BoundNames()
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.imports.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.functions.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names.classes.add(node.name)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                names.values.add(node.id)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            pending.extend(ast.iter_child_nodes(node))
    return names


def names_read(tree: ast.Module) -> set[str]:
    """Return the names that a cell reads and binds nowhere in itself."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return {node.id for node in names} - own


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def globals_read(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a cell's functions read and do not bind themselves."""
    for function in ast.walk(tree):
        if isinstance(function, _FUNCTIONS):
            parts = [*ast.walk(function)]
            declared = globals_declared(function)
            own = {part.arg for part in parts if isinstance(part, ast.arg)}
            own |= {
                part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            }
            for part in parts:
                if isinstance(part, ast.Name) and (part.id not in own or part.id in declared):
                    yield part.id


def globals_declared(tree: ast.AST) -> set[str]:
    """Return the names that functions declare as global, most likely to set them."""
    return {name for part in ast.walk(tree) if isinstance(part, ast.Global) for name in part.names}


def import_statements(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports at a cell's top level, in order."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def modules_imported(tree: ast.Module) -> Iterator[str]:
    """Yield the full names of the modules that a cell imports at its top level."""
    for node in import_statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif node.module and not node.level:
            yield node.module
