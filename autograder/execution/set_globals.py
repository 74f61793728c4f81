"""Global names of the student's that a test sets: the student's functions do not see it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable

from autograder.notebook.code import globals_read, names_bound, parse_cell


def set_by_test(source: str, changed: Iterable[str], cells: Iterable[str], given: Collection[str]) -> str:
    """Return the name that a test sets, deletes or changes and a student's function reads, else "".

    Parameters
    ----------
    source
        The test.
    changed
        Names of the student's values that the test has changed in place.
    cells
        The code of the submission's cells.
    given
        Names that the student's functions did find as the test had set or deleted them.
    """
    tree = parse_cell(source)
    deleted = {
        part.id for part in ast.walk(tree) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del)
    }
    trees = [parse_cell(cell) for cell in cells]
    theirs = set().union(*(names_bound(one).defined for one in trees))
    read = {name for one in trees for name in globals_read(one)}
    of_test = (names_bound(tree).defined | deleted).difference(given) | {*changed}
    return min(of_test & theirs & read, default="")
