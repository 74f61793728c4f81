"""Tests that look at a process, or start one: the student's functions and files are elsewhere."""

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


# Magics and functions by which a test runs a file or a command, such as one that an answer wrote.
_MAGICS = frozenset(["run", "load", "bash", "sh", "script", "sx", "system"])
_RUNNING = frozenset(["run_path", "Popen", "check_output", "check_call", "getoutput", "popen", "system"])


def running(tree: ast.AST) -> str:
    """Return how code runs a file or a command, such as ``%run``, else ""."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("run_line_magic", "run_cell_magic"):
            magic = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
            if magic in _MAGICS:
                return f"%{magic}"
        elif name in _RUNNING or ast.unparse(node.func) == "subprocess.run":
            return "!" if ast.unparse(node.func).startswith("get_ipython()") else ast.unparse(node.func)
    return ""
