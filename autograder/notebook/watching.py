"""Tests that watch the process in which a student's function runs: in a judge it runs elsewhere."""

from __future__ import annotations

import ast

# Names by which a test counts calls and lines, or measures memory.
_WATCHING = frozenset(["settrace", "setprofile", "tracemalloc"])


def watching(tree: ast.AST) -> str:
    """Return the name by which code watches what runs in its own process, else ""."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in _WATCHING:
                return name
    return ""
