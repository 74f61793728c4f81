"""Warnings to the instructor about a notebook, before its submissions are graded."""

import ast

from nbformat import NotebookNode

from autograder.notebook.code import names_bound, names_read, parse_cell, parse_python
from autograder.notebook.findings import Cause, Finding
from autograder.notebook.ownership import Marks, Owner
from autograder.notebook.prompts import first_prompt
from autograder.notebook.traps import brief, find_traps


def findings(source: NotebookNode) -> list[Finding]:
    """Find where a notebook's tests do not test what they seem to.

    Parameters
    ----------
    source : NotebookNode
        The instructor's notebook, with or without solutions.

    Returns
    -------
    list of Finding
        In the order of the cells and lines.
    """
    changeable = {*changeable_names(source)}
    order: dict[str, int] = {}
    every = find_traps(source)
    for cell in source.cells:
        marks = Marks.of(cell)
        order.setdefault(marks.grade_id, len(order))
        if not marks.is_test:
            continue
        first: dict[str, int] = {}
        for node in ast.walk(parse_cell(cell.source)):
            if isinstance(node, ast.Name) and node.id in changeable:
                first[node.id] = min(node.lineno, first.get(node.id, node.lineno))
        if line := first_prompt(cell.source):
            code = brief(cell.source.splitlines()[line - 1].strip())
            every.append(Finding(marks.grade_id, line, Cause.PROMPT, code))
        every += [Finding(marks.grade_id, line, Cause.CHANGEABLE, name) for name, line in first.items()]
    return sorted(every, key=lambda finding: (order[finding.cell], finding.line, finding.cause))


def changeable_names(source: NotebookNode) -> list[str]:
    """Find the names that tests rely on although a submission can change them.

    A helper in a cell which is not locked belongs to the student's copy of the notebook, so its
    names come from the submission. (Imports in such cells are safe: the judge makes them itself.)

    Parameters
    ----------
    source : NotebookNode
        The instructor's notebook, with or without solutions.

    Returns
    -------
    list of str
        Names which tests use, and which only unlocked cells without an answer define; in
        alphabetical order.
    """
    free: set[str] = set()
    settled: set[str] = set()
    used: set[str] = set()
    for cell in source.cells:
        marks = Marks.of(cell)
        if not marks.code:
            continue
        tree = parse_python(cell.source)
        if marks.is_test:
            used |= names_read(tree)
        if marks.owner is Owner.FREE:
            free |= names_bound(tree).defined
        else:
            settled |= names_bound(tree).defined
    return sorted(used & free - settled)
