"""Traps in single comparisons: what is asserted holds of wrong answers as well."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import suppress

from autograder.notebook.evidence import Scope
from autograder.notebook.findings import Cause
from autograder.notebook.origins import called_name

Place = tuple[ast.expr | ast.stmt, Cause]

_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_STRETCHED = frozenset("""
    assert_allclose assert_almost_equal assert_array_almost_equal assert_array_equal assert_equal
""".split())  # fmt: skip  # noqa: SIM905 - a number is stretched to every shape, the empty one too
_TOLERANCES = frozenset("tol eps epsilon atol rtol tolerance delta".split())  # noqa: SIM905
_CAUGHT = frozenset(["Exception", "BaseException", "AssertionError"])


def in_helpers(scope: Scope) -> Iterator[Place]:
    """Yield the traps that stand in functions which judge as well as in tests."""
    for node in scope.nodes:
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Tuple):
            yield node, Cause.TUPLE
        elif isinstance(node, ast.Call) and _is_stretched(scope, node):
            yield node, Cause.BROADCAST
        elif isinstance(node, ast.If) and _fails(node.body) and _nan_passes(scope, node.test):
            yield node.test, Cause.NAN
        elif isinstance(node, ast.Compare) and _cancels(scope, node):
            yield node, Cause.CANCEL
        elif isinstance(node, ast.Compare) and _is_stretched_norm(scope, node):
            yield node, Cause.BROADCAST


def everywhere(scope: Scope) -> Iterator[Place]:
    """Yield the traps that are looked for in tests alone."""
    for node in scope.asserts:
        test = node.test
        if (
            isinstance(test, ast.UnaryOp)
            and isinstance(test.op, ast.Not)
            and _nan_passes(scope, test.operand)
        ):
            yield node, Cause.NAN
        if isinstance(test, ast.Call) and _any_is_right(scope, test):
            yield node, Cause.ANY
        if isinstance(test, ast.Compare) and _has_no_sign(scope, test):
            yield node, Cause.SIGN
        for part in ast.walk(test):
            if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.In) and _is_a_part(scope, part):
                yield part, Cause.SUBSTRING
    for place in scope.nodes:
        if isinstance(place, ast.Compare):
            yield from _equality(scope, place)
        elif isinstance(place, ast.Try):
            yield from _attempt(scope, place)


def _is_a_part(scope: Scope, node: ast.Compare) -> bool:
    """Return whether a student's text is sought in another, or a number in a student's text."""
    left, right = node.left, node.comparators[0]
    if isinstance(right, ast.Constant) and isinstance(right.value, str):
        return not isinstance(left, ast.Subscript) and scope.origins.is_students(left)
    return isinstance(left, ast.Constant) and _is_number(left.value) and scope.origins.is_students(right)


def _equality(scope: Scope, node: ast.Compare) -> Iterator[Place]:
    left, operator, right = node.left, node.ops[0], node.comparators[0]
    if isinstance(operator, ast.Eq):
        for one, other in ((left, right), (right, left)):
            if scope.origins.student_function(one) and _has_inexact(other):
                yield node, Cause.FLOAT
            if isinstance(one, ast.Call) and called_name(one) == "sorted" and _is_sort(scope, one.args):
                yield node, Cause.SORTED


def _is_sort(scope: Scope, args: list[ast.expr]) -> bool:
    return any("sort" in scope.origins.student_function(argument).lower() for argument in args)


def of_the_whole(scope: Scope, compared: frozenset[str]) -> Iterator[Place]:
    """Yield the traps of a function's use in all tests, and what a cell computes in vain.

    Parameters
    ----------
    scope
        The cell.
    compared
        Functions of the student that some test compares with what the instructor knows.
    """
    for node in scope.asserts:
        function = scope.origins.student_function(node.test)
        if function and function not in compared:
            yield node, Cause.TRUTH
        if isinstance(node.test, ast.Compare) and isinstance(node.test.ops[0], ast.Eq):
            sides = {
                scope.origins.student_function(side) for side in (node.test.left, *node.test.comparators)
            }
            if len(sides) == 2 and all(sides) and not sides & compared:
                yield node, Cause.OWN_WORD
    last = scope.tree.body[-1:] if isinstance(scope.tree, ast.Module) else []
    for line in scope.nodes:
        if isinstance(line, ast.Expr) and line not in last and _is_comparison(scope, line.value):
            yield line, Cause.UNUSED


def compared_with_known(tests: Iterable[ast.Module], asked: frozenset[str]) -> frozenset[str]:
    """Return the student's functions that some test asks for another answer than a plain yes.

    That is a comparison with a value of the test's own, a refusal by ``not``, or a call as an
    argument of a check.
    """
    known: set[str] = set()
    for tree in tests:
        for node in ast.walk(tree):
            parts: list[ast.expr] = []
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                if not all(_called(side, asked) for side in sides):
                    parts = sides
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
                parts = [node.operand]
            elif isinstance(node, ast.Call):
                parts = [*node.args, *(keyword.value for keyword in node.keywords)]
            elif isinstance(node, ast.Assign):
                parts = [node.value]
            known.update(name for part in parts for name in _called(part, asked))
            known.update(part.id for part in parts if isinstance(part, ast.Name))
    return frozenset(known)


def _called(node: ast.expr, asked: frozenset[str]) -> set[str]:
    return {
        part.func.id
        for part in ast.walk(node)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in asked
    }


def _is_stretched(scope: Scope, node: ast.Call) -> bool:
    """Return whether values of any shapes are compared that fit each other by broadcasting."""
    name = called_name(node)
    if name == "allclose":
        return bool(scope.open_sizes(*node.args[:2]))
    if name in _STRETCHED and not (isinstance(node.func, ast.Name) and name == "assert_equal"):
        strict = any(keyword.arg == "strict" for keyword in node.keywords)
        sides = node.args[:2]
        return not strict and any(map(_is_literal_number, sides)) and bool(scope.open_sizes(*sides))
    if name == "all":
        value = node.args[0] if node.args else getattr(node.func, "value", None)
        if isinstance(value, ast.Compare):
            sides = [value.left, *value.comparators]
            return not all(map(_is_column, sides)) and bool(scope.open_sizes(*sides))
        if isinstance(value, ast.Call) and called_name(value) == "isclose":
            return bool(scope.open_sizes(*value.args[:2]))
    return False


def _is_stretched_norm(scope: Scope, node: ast.Compare) -> bool:
    """Return whether a norm of a difference is compared: it is zero for an empty array."""
    call = node.left
    if not (isinstance(node.ops[0], ast.Lt | ast.LtE) and isinstance(call, ast.Call)):
        return False
    if called_name(call) != "norm" or not call.args or not isinstance(call.args[0], ast.BinOp):
        return False
    return bool(scope.open_sizes(call.args[0]))


def _cancels(scope: Scope, node: ast.Compare) -> bool:
    """Return whether a sum of differences is held to be small, without their signs taken off."""
    call = node.left
    while called_name(call) in ("abs", "absolute", "fabs") and isinstance(call, ast.Call) and call.args:
        call = call.args[0]
    if not isinstance(call, ast.Call) or called_name(call) not in ("sum", "mean"):
        return False
    value = call.args[0] if call.args else getattr(call.func, "value", None)
    if isinstance(value, ast.GeneratorExp | ast.ListComp):
        value = value.elt
    if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub)):
        return False
    return isinstance(node.ops[0], (*_ORDER, ast.Eq)) and scope.origins.is_students(value)


def _nan_passes(scope: Scope, test: ast.expr) -> bool:
    """Return whether a condition for failing is false of NaN."""
    if isinstance(test, ast.BoolOp):
        return any(_nan_passes(scope, value) for value in test.values)
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], _ORDER):
        return False
    sides = [test.left, *test.comparators]
    values = [side for side in sides if scope.origins.is_students(side)]
    differences = [side for side in values if _is_difference(side)]
    return bool(differences or [side for side in values if not scope.origins.has_parameters(side)])


def _is_difference(node: ast.expr) -> bool:
    return any(
        (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub))
        or called_name(part) in ("abs", "absolute", "fabs", "norm")
        for part in ast.walk(node)
    )


def _fails(body: list[ast.stmt]) -> bool:
    """Return whether these statements take points away."""
    for node in body:
        match node:
            case ast.Raise() | ast.AugAssign(op=ast.Sub()):
                return True
            case ast.Assert(test=ast.Constant(value=False)):
                return True
            case ast.Return(value=ast.Constant(value=False)) | ast.Assign(value=ast.Constant(value=False)):
                return True
    return False


def _any_is_right(scope: Scope, test: ast.Call) -> bool:
    if called_name(test) != "any":
        return False
    value = test.args[0] if test.args else getattr(test.func, "value", None)
    equal = isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq)
    close = isinstance(value, ast.Call) and called_name(value) == "isclose"
    return (equal or close) and bool([*scope.origins.sizes(value)] or scope.origins.is_students(value))  # type: ignore[arg-type]


def _has_no_sign(scope: Scope, test: ast.Compare) -> bool:
    """Return whether a bare difference is held to be below a tolerance."""
    difference, bound = test.left, test.comparators[0]
    if not isinstance(test.ops[0], ast.Lt | ast.LtE) or not isinstance(difference, ast.BinOp):
        return False
    number = bound.value if isinstance(bound, ast.Constant) else None
    small = isinstance(number, float) and 0 < number < 1
    named = isinstance(bound, ast.Name) and bound.id.lower() in _TOLERANCES
    return (small or named) and isinstance(difference.op, ast.Sub) and scope.origins.is_students(difference)


def _attempt(scope: Scope, node: ast.Try) -> Iterator[Place]:
    """Yield a caught assertion, and an expected error that need not come."""
    silent = all(isinstance(line, ast.Pass | ast.Expr) for handler in node.handlers for line in handler.body)
    if not silent or not node.handlers:
        return
    body = [part for line in (*node.body, *node.orelse) for part in ast.walk(line)]
    if any(isinstance(part, ast.Assign | ast.AugAssign | ast.Return) for part in body):
        return
    caught = {_exception_name(handler) for handler in node.handlers}
    if any(isinstance(line, ast.Assert) for line in node.body) and caught & {*_CAUGHT, ""}:
        yield node, Cause.SWALLOWED
    elif not node.orelse and not caught & {*_CAUGHT, ""}:
        line = node.body[-1]
        if len(node.body) == 1 and isinstance(line, ast.Expr) and scope.origins.is_students(line.value):
            yield node, Cause.NO_ERROR


def _exception_name(handler: ast.ExceptHandler) -> str:
    kind = handler.type
    return "" if kind is None else kind.id if isinstance(kind, ast.Name) else ast.unparse(kind)


def _is_comparison(scope: Scope, node: ast.expr) -> bool:
    if isinstance(node, ast.Compare):
        return any(map(scope.origins.is_students, (node.left, *node.comparators)))
    is_check = called_name(node) in ("allclose", "isclose", "array_equal", "array_equiv")
    return is_check and any(map(scope.origins.is_students, node.args))  # type: ignore[attr-defined]


def _is_column(node: ast.expr) -> bool:
    """Return whether it looks like a column of a table: pandas compares equal indices only."""
    return isinstance(node, ast.Subscript) and isinstance(getattr(node.slice, "value", None), str)


def _is_literal_number(node: ast.expr) -> bool:
    with suppress(ValueError, TypeError, SyntaxError, RecursionError):
        return isinstance(ast.literal_eval(node), int | float)
    return False


def _has_inexact(node: ast.expr) -> bool:
    """Return whether a number, or one in a display, has no exact form with few binary places."""
    if isinstance(node, ast.List | ast.Tuple):
        return any(map(_has_inexact, node.elts))
    if isinstance(node, ast.UnaryOp):
        return _has_inexact(node.operand)
    number = node.value if isinstance(node, ast.Constant) else None
    return isinstance(number, float) and abs(number) < 2**40 and not (number * 1024).is_integer()


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.strip().lstrip("+-").replace(".", "", 1).isdigit()
