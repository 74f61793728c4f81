"""Traps in loops over a student's result: it may be shorter than expected, or empty."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.notebook.evidence import Scope
from autograder.notebook.findings import Cause
from autograder.notebook.origins import called_name, core

Place = tuple[ast.expr | ast.stmt, Cause]


def zipped(scope: Scope) -> Iterator[Place]:
    """Yield each ``zip`` over a student's result and what is expected, to compare them."""
    for node, iterable, body in _loops(scope):
        both = _inner(iterable)
        if isinstance(both, ast.Call) and called_name(both) == "zip" and not _is_strict(both):
            sides = {ast.unparse(core(side)) for side in both.args}
            if _compares(body) and scope.open_sizes(*both.args) and not sides & scope.measured:
                yield node, Cause.ZIP


def empty(scope: Scope) -> Iterator[Place]:
    """Yield each loop over a student's result alone in which something is asserted of its items."""
    for node, iterable, body in _loops(scope):
        several = called_name(_inner(iterable)) in ("zip", "map")
        if several or not _compares(body) or scope.origins.has_parameters(iterable):
            continue
        if scope.open_sizes(iterable):
            yield node, Cause.EMPTY


def _inner(iterable: ast.expr) -> ast.expr:
    """Return what is looped over, without ``enumerate``."""
    if isinstance(iterable, ast.Call) and called_name(iterable) == "enumerate" and iterable.args:
        return iterable.args[0]
    return iterable


def _loops(scope: Scope) -> Iterator[tuple[ast.expr | ast.stmt, ast.expr, list[ast.AST]]]:
    """Yield each loop that judges: what it loops over, and what is done with each item."""
    for node in scope.nodes:
        if isinstance(node, ast.For):
            asserts = [part for line in node.body for part in ast.walk(line) if isinstance(part, ast.Assert)]
            if asserts:
                yield node, node.iter, [part for each in asserts for part in ast.walk(each.test)]
        elif isinstance(node, ast.Call) and called_name(node) == "all" and isinstance(node.func, ast.Name):
            for argument in node.args:
                if isinstance(argument, ast.GeneratorExp | ast.ListComp):
                    yield node, argument.generators[0].iter, [*ast.walk(argument.elt)]


def _compares(parts: list[ast.AST]) -> bool:
    return any(isinstance(part, ast.Compare | ast.Call) for part in parts)


def _is_strict(call: ast.Call) -> bool:
    return any(keyword.arg == "strict" for keyword in call.keywords)
