"""Code of the instructor's that reaches for the module ``__main__``.

In one kernel that module is the student's namespace. A judge has none of the student's: what is
asked of such a module there, and what is changed in it, would be the judge's own. What
`unittest.mock` replaces in it is known, and given to the student's functions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

MAIN = "__main__"
_TAKE_A_NAME = {"import_module", "__import__", "patch", "setattr", "delattr"}


def reaching_main(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield what imports ``__main__``, looks it up among the modules, or patches a name of it.

    To compare ``__name__`` with it is none of these; neither is ``patch("__main__.name")``, and
    ``patch.object(sys.modules["__main__"], "name")``.
    """
    patched: set[ast.AST] = set()
    for node in ast.walk(tree):  # what holds a node comes before it
        if node in patched:
            continue
        if isinstance(node, ast.Call) and node.args:
            if _patches_name(node):
                continue
            if _patches_object(node):
                patched.add(node.args[0])
        if isinstance(node, ast.Import):
            found = any(alias.name == MAIN for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found = node.module == MAIN and not node.level
        elif isinstance(node, ast.Subscript):
            found = _names_main(node.slice)
        elif isinstance(node, ast.Call):
            found = _takes_a_name(node.func) and any(map(_names_main, node.args[:1]))
        else:
            continue
        if found:
            yield node


def _names_main(node: ast.expr) -> bool:
    """Return whether an expression is the name of the module, or of something in it."""
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and text.partition(".")[0] == MAIN


def _patches_name(call: ast.Call) -> bool:
    """Return whether a call is `mock.patch` of a name of the module, and of nothing within that."""
    text = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
    if _last_name(call.func) != "patch" or not isinstance(text, str):
        return False
    main, _, name = text.partition(".")
    return main == MAIN and name.isidentifier() and not name.startswith("__")


def _patches_object(call: ast.Call) -> bool:
    """Return whether a call is `mock.patch.object`."""
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "object"
        and _last_name(function.value) == "patch"
    )


def _takes_a_name(function: ast.expr) -> bool:
    """Return whether a function, such as ``mock.patch``, takes the name of a module, or in one."""
    if isinstance(function, ast.Attribute) and function.attr == "get":
        return _last_name(function.value) == "modules"  # of sys
    return _last_name(function) in _TAKE_A_NAME


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
