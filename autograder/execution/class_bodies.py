"""Names in the body of a class that a test defines.

Python looks them up in the class, then among a dictionary's own items: a name of the student's,
which is asked for when it is missed, is not found there. A function finds it.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable
from typing import Any

from autograder.notebook.code import names_bound

IN_CLASS = "__in_class__"
_WITH_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef
_NAMED = ast.MatchAs | ast.MatchStar | ast.ExceptHandler
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Body(ast.NodeTransformer):
    """Has the names that a class's body reads looked up by a function.

    Parameters
    ----------
    node
        The class.
    """

    def __init__(self, node: ast.ClassDef) -> None:
        parts = [part for statement in node.body for part in ast.walk(statement)]
        self._bound = names_bound(ast.Module(node.body, [])).all
        self._bound |= {part.name for part in parts if isinstance(part, _NAMED) and part.name}
        self._bound |= {part.rest for part in parts if isinstance(part, ast.MatchMapping) and part.rest}
        node.body = [self.visit(statement) for statement in node.body]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Look up a name."""
        is_own = node.id in self._bound
        if not isinstance(node.ctx, ast.Load) or node.id.startswith("__"):
            return node
        if not is_own and hasattr(builtins, node.id):
            return node
        look_up = ast.Lambda(ast.arguments([], [], None, [], [], None, []), node)
        call = ast.Call(look_up, [], [])
        if is_own:  # it may be there already, or not yet
            call = ast.Call(ast.Name(IN_CLASS, ast.Load()), [ast.Constant(node.id), look_up], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Look at what of a function is in the class: not its body."""
        return self._outside(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """Look at what of a function is in the class."""
        return self._outside(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Look at the parameters' defaults."""
        node.args = self.visit(node.args)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Look at the decorators and bases of a class: its body has been looked at."""
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        node.bases = [self.visit(one) for one in node.bases]
        node.keywords = [self.visit(one) for one in node.keywords]
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """Look at the first iterable, which alone is in the class."""
        return self._first(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        """Look at the first iterable."""
        return self._first(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        """Look at the first iterable."""
        return self._first(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        """Look at the first iterable."""
        return self._first(node)

    def _first(self, node: _COMPREHENSIONS) -> ast.AST:
        node.generators[0].iter = self.visit(node.generators[0].iter)
        return node

    def _outside(self, node: _WITH_SCOPES) -> ast.AST:
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        node.args = self.visit(node.args)
        if node.returns is not None:
            node.returns = self.visit(node.returns)
        return node


def in_class(name: str, look_up: Callable[[], Any]) -> Any:
    """Return what a name is in the body of the class that calls this, or outside of it."""
    names = sys._getframe(1).f_locals
    return names[name] if name in names else look_up()
