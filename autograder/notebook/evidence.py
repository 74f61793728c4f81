"""One test cell as the rules look at it, and what it says of the sizes of values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from autograder.notebook.origins import Origins, called_name, core

# Calls that look at shapes themselves.
_LOOKS = re.compile(r"equals?$|^agrees$|assert|check|verify|shape", re.IGNORECASE)


class Scope:
    """One cell or function, with whose its values are.

    Parameters
    ----------
    tree
        The cell or function.
    origins
        Whose values its expressions hold.
    """

    def __init__(self, tree: ast.AST, origins: Origins) -> None:
        self.tree, self.origins = tree, origins
        self.nodes = list(ast.walk(tree))

    @property
    def asserts(self) -> Iterator[ast.Assert]:
        """The assertions."""
        return (node for node in self.nodes if isinstance(node, ast.Assert))

    @cached_property
    def measured(self) -> frozenset[str]:
        """The values, as code, of which the cell looks at the size, or that it compares whole."""
        return frozenset(ast.unparse(core(value)) for node in self.nodes for value in self._measured_by(node))

    def open_sizes(self, *values: ast.expr) -> list[str]:
        """Return the student's values in expressions of which nothing says how large they are.

        Of the arguments of a function that judges, one may be the result and another what is
        expected: it is enough that the function looks at the size of one of them.
        """
        sizes = [code for value in values for code in self.origins.sizes(value)]
        unknown = [code for code in sizes if code not in self.measured]
        arguments = self.origins.parameters
        return [] if len(unknown) < len(sizes) and arguments >= {*unknown} else unknown

    def _measured_by(self, node: ast.AST) -> Iterator[ast.expr]:
        match node:
            case ast.Compare():
                for part in (node.left, *node.comparators):
                    yield from _size_of(part)
                if isinstance(node.ops[0], ast.Eq | ast.Is | ast.IsNot | ast.NotEq):
                    displays = (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp)
                    sides = (node.left, *node.comparators)
                    if any(isinstance(side, displays) for side in sides):
                        yield from sides
            case ast.Call() if _LOOKS.search(called_name(node)) and called_name(node) not in _SHAPELESS:
                for argument in node.args:
                    yield from [*_size_of(argument)] or [argument]
            case ast.Assign():
                yield from _size_of(node.value)
            case ast.Assert():
                if isinstance(node.test, ast.Name | ast.Call):
                    yield node.test
            case ast.Subscript() if isinstance(node.slice, ast.Constant | ast.UnaryOp):
                yield node.value


_SHAPELESS = frozenset("""
    assert_allclose assert_almost_equal assert_array_almost_equal assert_array_equal assert_equal
    assert_array_less
""".split())  # fmt: skip  # noqa: SIM905 - these stretch a number to every shape


def _size_of(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the values whose size an expression asks for, such as ``x`` in ``len(x) - 1``."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and part.attr in ("shape", "size", "columns", "index"):
            yield part.value
        elif isinstance(part, ast.Call) and called_name(part) in ("len", "shape", "size") and part.args:
            yield part.args[0]
