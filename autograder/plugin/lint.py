"""Warnings to the instructor about a notebook, before its submissions are graded."""

from nbformat import NotebookNode

from autograder.notebook.code import names_bound, names_read, parse_python
from autograder.notebook.ownership import Marks, Owner


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
