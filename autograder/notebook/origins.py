"""Whose values the expressions of a test hold: the student's, or the instructor's own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

# What these give of a student's value is the judge's own: a size, a type, a text, a truth.
MEASURES = frozenset("""
    all any bool callable dir getattr getsource hasattr hash id isinstance issubclass len ndim repr shape
    signature size str type
""".split())  # fmt: skip  # noqa: SIM905 - easier to read
_ATTRIBUTES = frozenset("shape size ndim dtype __name__ __doc__ __class__ __module__ __annotations__".split())  # noqa: SIM905
# What these give is one number, whatever the shape of the value.
_SCALARS = frozenset("""
    complex count float index int item max mean median min norm prod round std sum var nunique
""".split())  # fmt: skip  # noqa: SIM905
# These give what they are given, for the question how large it is.
WRAPPERS = frozenset("""
    abs array asarray around copy flatten list numpy ravel reshape round sorted squeeze tolist tuple
    enumerate reversed to_numpy astype absolute
""".split())  # fmt: skip  # noqa: SIM905


def called_name(node: ast.AST) -> str:
    """Return the last part of a called function's name, such as "allclose"; "" for other nodes."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def core(node: ast.expr) -> ast.expr:
    """Return the expression without what leaves its size as it is, such as ``np.asarray(…)``."""
    while True:
        if isinstance(node, ast.Call) and called_name(node) in WRAPPERS:
            if node.args:
                node = node.args[0]
            elif isinstance(node.func, ast.Attribute):
                node = node.func.value
            else:
                return node
        elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
            node = node.operand
        elif _is_length_range(node):
            node = node.args[0].args[0]  # type: ignore[attr-defined] # as the line above saw
        else:
            return node


def _is_length_range(node: ast.expr) -> bool:
    """Return whether it is ``range(len(…))``."""
    return (
        isinstance(node, ast.Call)
        and called_name(node) == "range"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Call)
        and called_name(node.args[0]) == "len"
        and len(node.args[0].args) == 1
    )


def pairs(target: ast.expr, value: ast.expr, *, items: bool = False) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name in the target of an assignment or loop, with what it gets a part of."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Starred):
        yield from pairs(target.value, value, items=items)
    elif isinstance(target, ast.Tuple | ast.List):
        parts: list[ast.expr] = [value] * len(target.elts)
        name = called_name(value)
        if items and isinstance(value, ast.Call) and name in ("zip", "zip_longest"):
            parts = value.args if len(value.args) == len(parts) else parts
        elif items and isinstance(value, ast.Call) and name == "enumerate" and len(parts) == 2 and value.args:
            parts = [ast.Constant(0), value.args[0]]
        elif isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(parts) and not items:
            parts = value.elts
        for part, source in zip(target.elts, parts, strict=True):
            yield from pairs(part, source, items=items)


class Origins:
    """The names of one cell, by whose values they hold.

    Parameters
    ----------
    tree
        The cell.
    asked
        Names that the student defines.
    helpers
        Functions of the instructor: what they return is the instructor's.
    """

    def __init__(self, tree: ast.AST, asked: Iterable[str], helpers: Iterable[str] = ()) -> None:
        self.asked, self.helpers = frozenset(asked), frozenset(helpers)
        self.parameters = {
            node.arg
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function.args)
            if isinstance(node, ast.arg)
        }
        assigned = list(_assignments(tree))
        own = {name for name, _ in assigned} | self.parameters
        self._held: set[str] = (set(self.asked) - own) | self.parameters
        self._sized = {*self._held}
        for _ in assigned:  # as often as a value can be passed on
            before = len(self._held) + len(self._sized)
            self._held |= {name for name, value in assigned if self.is_students(value)}
            self._sized |= {name for name, value in assigned if self.is_sized_by_student(value)}
            if len(self._held) + len(self._sized) == before:
                break

    def is_students(self, node: ast.expr) -> bool:
        """Return whether a value is the student's, or computed from it."""
        return self._comes(node, self._held, MEASURES, elements=True)

    def is_sized_by_student(self, node: ast.expr) -> bool:
        """Return whether the student's code says how many entries a value has, or which shape."""
        return self._comes(node, self._sized, MEASURES | _SCALARS, elements=False)

    def student_function(self, node: ast.AST) -> str:
        """Return the name of the student's function that a node calls; "" for anything else."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.asked:
            return node.func.id
        return ""

    def sizes(self, node: ast.expr) -> Iterator[str]:
        """Yield the student's values in an expression whose size is open, as code."""
        node = core(node)
        if isinstance(node, ast.BinOp):
            yield from self.sizes(node.left)
            yield from self.sizes(node.right)
        elif isinstance(node, ast.Compare):
            for part in (node.left, *node.comparators):
                yield from self.sizes(part)
        elif self.is_sized_by_student(node):
            yield ast.unparse(node)

    def has_parameters(self, node: ast.expr) -> bool:
        """Return whether a value hangs on the arguments of a function, which may be anybody's."""
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        return bool(names & self.parameters)

    def _comes(self, node: ast.expr, names: set[str], ends: frozenset[str], *, elements: bool) -> bool:  # noqa: PLR0911 - one a kind
        def comes(part: ast.expr) -> bool:
            return self._comes(part, names, ends, elements=elements)

        match node:
            case ast.Name():
                return node.id in names
            case ast.Call():
                return self._call_comes(node, names, ends, elements=elements)
            case ast.Attribute():
                return node.attr not in _ATTRIBUTES and comes(node.value)
            case ast.Subscript() | ast.Starred() | ast.Await() | ast.NamedExpr():
                return comes(node.value)
            case ast.BinOp():
                return comes(node.left) or comes(node.right)
            case ast.UnaryOp():
                return comes(node.operand)
            case ast.IfExp():
                return comes(node.body) or comes(node.orelse)
            case ast.Compare():
                return any(map(comes, (node.left, *node.comparators)))
            case ast.List() | ast.Tuple() | ast.Set():
                return elements and any(map(comes, node.elts))
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return comes(node.elt if elements else node.generators[0].iter)
        return False

    def _call_comes(self, node: ast.Call, names: set[str], ends: frozenset[str], *, elements: bool) -> bool:
        name = called_name(node)
        if name in ends or (isinstance(node.func, ast.Name) and name in self.helpers):
            return False
        if self._comes(node.func, names, ends, elements=elements):
            return True
        if name == "map":
            return elements and self._comes(node.args[0], names, ends, elements=True) if node.args else False
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        return any(
            self._comes(value, names, ends, elements=elements)
            for value in values
            if not (isinstance(value, ast.Name) and value.id in self.asked)
        )


def _assignments(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name that a cell binds to a value, with that value."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign():
                for target in node.targets:
                    yield from pairs(target, node.value)
            case ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr() if node.value is not None:
                yield from pairs(node.target, node.value)
            case ast.For() | ast.comprehension():
                yield from pairs(node.target, node.iter, items=True)
            case ast.withitem() if node.optional_vars is not None:
                yield from pairs(node.optional_vars, node.context_expr)
