"""Traps in test cells: tests that give points for wrong answers, found by looking at their code.

The rules know nothing of what a function returns, so each names a habit, not a proof; where the
same cell also looks at the size of a value, what is said of its size is taken back.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from nbformat import NotebookNode

from autograder.notebook import assert_traps, loop_traps
from autograder.notebook.code import names_bound, names_read, parse_cell
from autograder.notebook.evidence import Scope
from autograder.notebook.findings import Cause, Finding
from autograder.notebook.main_module import reaching_main
from autograder.notebook.origins import Origins
from autograder.notebook.ownership import Marks, Owner

LONGEST = 80


def find_traps(notebook: NotebookNode) -> list[Finding]:
    """Find the traps in a notebook's test cells, and in the helpers that these call.

    Parameters
    ----------
    notebook : NotebookNode
        The instructor's notebook, with or without solutions.

    Returns
    -------
    list of Finding
        In the order of the cells and lines.
    """
    cells = [(Marks.of(cell), parse_cell(cell.source)) for cell in notebook.cells if cell.cell_type == "code"]
    tests = [tree for marks, tree in cells if marks.is_test]
    asked, helpers = _asked(cells), _helpers(cells)
    used = set().union(*map(names_read, tests)) if tests else set()
    compared = assert_traps.compared_with_known(tests, asked)
    findings: list[Finding] = []
    for marks, tree in cells:
        if marks.is_test:
            scope = Scope(tree, Origins(tree, asked, helpers))
            places = {*_everywhere(scope), *assert_traps.of_the_whole(scope, compared)}
            places |= {(node, Cause.MAIN) for node in reaching_main(tree)}
        elif marks.owner is Owner.INSTRUCTOR:
            places = {
                place
                for function in tree.body
                if isinstance(function, ast.FunctionDef) and function.name in used
                for place in _in_helper(Scope(function, Origins(function, (), helpers)))
            }
        else:
            continue
        ordered = sorted(places, key=lambda place: (place[0].lineno, place[1]))
        findings += [
            Finding(marks.grade_id, node.lineno, cause, brief(ast.unparse(node))) for node, cause in ordered
        ]
    return findings


def _everywhere(scope: Scope) -> Iterator[tuple[ast.expr | ast.stmt, Cause]]:
    yield from _in_helper(scope)
    yield from loop_traps.empty(scope)
    yield from assert_traps.everywhere(scope)


def _in_helper(scope: Scope) -> Iterator[tuple[ast.expr | ast.stmt, Cause]]:
    """Yield what is wrong wherever it stands, in a function that judges as well as in a test."""
    yield from loop_traps.zipped(scope)
    yield from assert_traps.in_helpers(scope)


def _asked(cells: list[tuple[Marks, ast.Module]]) -> frozenset[str]:
    """Return the names that answer cells define, and those that no cell does: the student's."""
    answers: set[str] = set()
    others: set[str] = set(vars(builtins)) | {"get_ipython", "display", "In", "Out"}
    read: set[str] = set()
    for marks, tree in cells:
        bound = names_bound(tree)
        if marks.owner is Owner.ANSWER:
            answers |= bound.defined
            others |= bound.imports
        else:
            others |= bound.all
        if marks.is_test:
            read |= names_read(tree)
    stars = any(
        alias.name == "*"
        for _, tree in cells
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
    settled = {
        name for marks, tree in cells if marks.owner is Owner.INSTRUCTOR for name in names_bound(tree).all
    }
    return frozenset((answers - settled) | (set() if stars else read - others))


def _helpers(cells: list[tuple[Marks, ast.Module]]) -> frozenset[str]:
    """Return the functions that the instructor defines."""
    return frozenset(
        node.name
        for marks, tree in cells
        if marks.owner is not Owner.ANSWER
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )


def brief(code: str) -> str:
    """Return the first line of code, in short."""
    code = code.splitlines()[0]
    return code if len(code) <= LONGEST else code[: LONGEST - 1] + "…"
