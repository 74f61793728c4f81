"""Checks by which a test makes sure that its arguments are as they were.

A change that the student's function makes to its argument does not reach the test. So a check of
the argument alone would hold whatever the function does: it is made once more, on what the function
left of the argument.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.notebook.code import parse_cell

COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Assert)  # whose parts bind names


@dataclass(frozen=True)
class Withheld:
    """A change of an argument that did not reach the test.

    Parameters
    ----------
    target, value
        The test's object, and what the student's function made of its copy.
    """

    target: Any
    value: Any


def breaks_check(source: str, names: Mapping[str, Any], students: set[str], withheld: list[Withheld]) -> bool:
    """Return whether a change does not stand a check of the test's own argument.

    Parameters
    ----------
    source
        The test, which has passed.
    names
        The names of the instructor's cells, after the test.
    students
        Names of the student's that the test has used.
    withheld
        Changes that did not reach the test, in order.
    """
    left = {id(change.target): change for change in withheld}
    tree = parse_cell(source)
    derived = _derived(tree, students)
    first = _first_uses(tree, derived)
    for check, has_value in _checks(tree):
        used = {node.id for node in ast.walk(check) if isinstance(node, ast.Name)}
        changed = {
            name: left[id(names[name])]
            for name in used
            if name in names and id(names[name]) in left and first.get(name, check.lineno) < check.lineno
        }
        if changed and not used & derived and not _holds(check, has_value, names, changed):
            return True
    return False


def _derived(tree: ast.Module, students: set[str]) -> set[str]:
    """Return the student's names, and those that the test binds to what comes of them."""
    derived = set(students)
    while True:
        more = {
            name
            for node in ast.walk(tree)
            for source, target in _bindings(node)
            if _used(source, ast.Load) & derived
            for name in _bound(target)
        }
        if more <= derived:
            return derived
        derived |= more


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield what a node takes values from, and where it binds them."""
    if isinstance(node, ast.For | ast.comprehension):
        yield node.iter, node.target
    elif isinstance(node, ast.withitem):
        yield node.context_expr, node.optional_vars or ast.Pass()
    elif isinstance(node, ast.stmt | ast.NamedExpr) and not isinstance(node, COMPOUND):
        yield node, node


def _used(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {
        part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, context)
    }


def _bound(node: ast.AST) -> set[str]:
    own = {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()
    return own | _used(node, ast.Store)


def _first_uses(tree: ast.Module, derived: set[str]) -> dict[str, int]:
    """Return the line in which each name is first an argument of a call of the student's."""
    first: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _used(node.func, ast.Load) & derived:
            for part in (*node.args, *(keyword.value for keyword in node.keywords)):
                for name in _used(part, ast.Load):
                    first[name] = min(first.get(name, node.lineno), node.lineno)
    return first


def _checks(tree: ast.Module | ast.For | ast.With | ast.Try) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what the test asserts outside of functions, and whether the value says so.

    Each operand of ``and`` is yielded by itself. A function that asserts raises instead.
    """
    for node in tree.body:
        if isinstance(node, ast.For | ast.With | ast.Try):  # of a loop, the last round is looked at
            yield from _checks(node)
        elif isinstance(node, ast.Assert):
            yield from ((operand, True) for operand in _operands(node.test))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            words = ast.unparse(node.value.func)
            if "assert" in words or "equal" in words:
                yield node.value, False


def _operands(test: ast.expr) -> Iterator[ast.expr]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for value in test.values:
            yield from _operands(value)
    else:
        yield test


def _holds(
    check: ast.expr, has_value: bool, names: Mapping[str, Any], changed: Mapping[str, Withheld]
) -> bool:
    """Return whether a check holds of what the student's function left of the arguments."""
    scope = {**names, **{name: change.value for name, change in changed.items()}}
    try:
        result = eval(compile(ast.Expression(check), "<the test>", "eval"), scope)
        return bool(result) or not has_value
    except Exception:
        return False
