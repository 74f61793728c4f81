"""What an instructor should know of a notebook before its submissions are graded."""

import ast
from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution


def changeable_names(source: NotebookNode) -> list[str]:
    """Find the names that tests rely on although a submission can change them.

    A helper in a cell which is not locked belongs to the student's copy of the notebook, so its names come
    from the submission. (Imports in such cells are safe: the judge makes them itself.)

    Parameters
    ----------
    source : NotebookNode
        The instructor's notebook, with or without solutions.

    Returns
    -------
    list of str
        Names which tests use, and which only unlocked cells without an answer define; in alphabetical order.
    """
    free, settled, used = set(), set(), set()
    for cell in source.cells:
        if cell.cell_type != "code":
            continue
        tree = _parsed(cell.source)
        if is_grade(cell) and not is_solution(cell):
            used.update(_asked(tree))
        if is_locked(cell) or is_solution(cell):
            settled.update(_bound(tree))
        else:
            free.update(_bound(tree))
    return sorted(used & free - settled)


def _parsed(code: str) -> ast.Module:
    try:
        return ast.parse(code)
    except SyntaxError:  # a magic, or an answer yet to be written
        return ast.Module(body=[], type_ignores=[])


def _asked(tree: ast.Module) -> set[str]:
    """Return the names that a cell reads and binds nowhere in itself."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return {node.id for node in names} - own


def _bound(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a cell defines at its top level, without its imports."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
        else:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id
