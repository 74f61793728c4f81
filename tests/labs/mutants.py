"""Mutants of a piece of Python.

Each differs from it in one constant, operator, argument, name or statement.

The mutation tools that there are (mutmut, cosmic-ray) change modules on disk and start a test
command for each mutant. Here the code is a cell of a notebook and a check takes milliseconds, so
mutants are made and tried in one process.
"""

import ast
import copy
from collections.abc import Iterator
from typing import NamedTuple

OPERATORS = {
    ast.Add: [ast.Sub, ast.Mult],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Add, ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult, ast.Div],
    ast.Mod: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
}
WORDS = {
    "same": ["valid"], "valid": ["same"], "relu": ["tanh", None], "softmax": ["sigmoid"],
    "sigmoid": ["softmax"], "bilinear": ["nearest"], "nearest": ["bilinear"],
}  # fmt: skip
NAMES = {
    "argmax": "argmin", "mean": "sum", "sum": "mean", "max": "min", "min": "max", "sqrt": "square",
    "zeros": "ones", "ones": "zeros", "maximum": "minimum", "minimum": "maximum", "floor": "ceil",
    "ceil": "floor", "any": "all", "all": "any", "ravel": "copy",
    "Conv2D": "SeparableConv2D", "SeparableConv2D": "Conv2D",
    "SeparableConv2DKeras": "Conv2D", "GlobalAveragePooling2D": "GlobalMaxPooling2D", "Concatenate": "Add",
    "concatenate": "add", "Add": "Concatenate", "BatchNormalization": "LayerNormalization",
    "logical_and": "logical_or", "logical_or": "logical_and", "zeros_like": "ones_like",
}  # fmt: skip
# Arguments that a layer is given beside those in the source, or instead: each a slip of its own.
_OF_CONVOLUTION = {
    "strides": [2, (2, 1)], "padding": ["valid"], "activation": [None, "tanh", "relu6"],
    "use_bias": [False], "dilation_rate": [2],
}  # fmt: skip
LAYER_ARGUMENTS = {
    "Conv2D": _OF_CONVOLUTION,
    "SeparableConv2D": _OF_CONVOLUTION | {"depth_multiplier": [2]},
    "SeparableConv2DKeras": _OF_CONVOLUTION | {"depth_multiplier": [2]},
    "DepthwiseConv2D": _OF_CONVOLUTION | {"depth_multiplier": [2]},
    "BatchNormalization": {
        "momentum": [0.9, 0.1, 0.999], "epsilon": [1e-2, 1e-5], "axis": [1], "center": [False],
        "scale": [False], "trainable": [False],
    },
    "Dense": {"activation": ["relu", None], "use_bias": [False]},
}  # fmt: skip
# Arguments of a layer's call.
CALL_ARGUMENTS = {"BatchNormalization": {"training": [True]}}


class Mutant(NamedTuple):
    """A change in words, and the changed source."""

    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Make every mutant of a source, its strings of documentation left alone, each once."""
    tree = ast.parse(source)
    found: dict[str, Mutant] = {}
    nodes = [node for node in ast.walk(tree) if hasattr(node, "lineno")]
    own = ast.unparse(tree)
    for number, node in enumerate(nodes):
        for words, changed in _changes(node):
            new = _replaced(tree, number, changed)
            if new is not None and new != own and new not in found:
                found[new] = Mutant(f"line {node.lineno}: {words}", new)
    return list(found.values())


def _replaced(tree: ast.Module, number: int, changed: ast.AST | None) -> str | None:
    """Return the source with one node replaced, None where that is no Python."""
    target = [node for node in ast.walk(tree) if hasattr(node, "lineno")][number]

    class Replace(ast.NodeTransformer):
        def visit(self, node):
            return changed if node is target else self.generic_visit(node)

    kept = copy.deepcopy  # the tree is changed in a copy that shares no node but the target
    memo = {id(target): target}
    new = Replace().visit(kept(tree, memo))
    try:
        text = ast.unparse(ast.fix_missing_locations(new))
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return None
    return text


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    before = ast.unparse(node)
    short = before.splitlines()[0][:60]
    for changed in _alternatives(node):
        yield getattr(changed, "words", f"{short} → {ast.unparse(changed).splitlines()[0][:60]}"), changed


def _alternatives(node: ast.AST) -> Iterator[ast.AST]:  # noqa: PLR0912 - one for each kind
    if isinstance(node, ast.Constant):
        yield from map(ast.Constant, _constants(node.value))
    elif isinstance(node, ast.BinOp):
        yield from (ast.BinOp(node.left, op(), node.right) for op in OPERATORS.get(type(node.op), ()))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from (
            ast.Compare(node.left, [op()], node.comparators) for op in OPERATORS.get(type(node.ops[0]), ())
        )
    elif isinstance(node, ast.BoolOp):
        yield from (ast.BoolOp(op(), node.values) for op in OPERATORS[type(node.op)])
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield ast.Attribute(node.value, NAMES[node.attr], node.ctx)
    elif isinstance(node, ast.Name) and node.id in NAMES and isinstance(node.ctx, ast.Load):
        yield ast.parse(f"keras.layers.{NAMES[node.id]}", mode="eval").body
    elif isinstance(node, ast.Tuple | ast.List):
        for first in range(len(node.elts) - 1):
            elements = list(node.elts)
            elements[first : first + 2] = elements[first + 1], elements[first]
            yield type(node)(elements, node.ctx)
    elif isinstance(node, ast.Slice) and node.step is not None:
        yield ast.Slice(node.lower, node.upper, None)
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr) and not _is_text(node):
        yield ast.Pass()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _constants(value):
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value * 1.5, value + 1]
    if isinstance(value, str) and "->" in value:  # einsum: two letters of the result exchanged
        rule, result = value.split("->")
        pairs = range(len(result) - 1)
        return [f"{rule}->{result[:i]}{result[i + 1]}{result[i]}{result[i + 2 :]}" for i in pairs]
    return WORDS.get(value, []) if isinstance(value, str) else []


def _calls(node: ast.Call) -> Iterator[ast.Call]:
    for first in range(len(node.args) - 1):
        args = list(node.args)
        args[first : first + 2] = args[first + 1], args[first]
        yield ast.Call(node.func, args, node.keywords)
    for left_out in range(len(node.keywords)):
        keywords = [keyword for number, keyword in enumerate(node.keywords) if number != left_out]
        yield ast.Call(node.func, node.args, keywords)
    for left_out in range(1, len(node.args)):
        yield ast.Call(node.func, node.args[:left_out] + node.args[left_out + 1 :], node.keywords)
    if isinstance(node.func, ast.Call) and len(node.args) == 1 and not node.keywords:
        yield node.args[0]  # a layer left out
        yield from _with_arguments(node, CALL_ARGUMENTS.get(_name(node.func.func), {}))
    yield from _with_arguments(node, LAYER_ARGUMENTS.get(_name(node.func), {}))


def _name(function: ast.expr) -> str:
    """Return the last part of a function's name, such as Conv2D of keras.layers.Conv2D."""
    return getattr(function, "attr", getattr(function, "id", ""))


def _with_arguments(node: ast.Call, arguments: dict[str, list]) -> Iterator[ast.Call]:
    """Give a call one argument more, or another value to one that it has by keyword."""
    by_place = ("filters", "kernel_size", "strides", "padding", "activation")[: len(node.args)]
    for name, values in arguments.items():
        there = any(keyword.arg == name for keyword in node.keywords)
        for value in values if name not in by_place else ():
            added = ast.keyword(name, ast.parse(repr(value), mode="eval").body)
            keywords = [added if keyword.arg == name else keyword for keyword in node.keywords]
            call = ast.Call(node.func, node.args, keywords if there else [*keywords, added])
            called = node.func.func if isinstance(node.func, ast.Call) else node.func
            call.words = f"{_name(called)}(…, {name}={value!r})"  # type: ignore[attr-defined]
            yield call
