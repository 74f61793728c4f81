"""Cells that a class was never given as they are now: the release was changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

SEVERAL = 2
_One = TypeVar("_One", bound=Hashable)


def newer_cells(
    missing: Iterable[Iterable[str]], edited: Iterable[Mapping[str, str]]
) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Tell what is the instructor's change from what a student did.

    What more than half of the submissions, and at least two, lack or have with the same other text,
    was added or changed after they were given the notebook.

    Parameters
    ----------
    missing
        Of each submission: the names of the cells that it has not.
    edited
        Of each submission: the names of the locked cells that it has otherwise → their texts.

    Returns
    -------
    frozenset of str
        Names of the cells that were added.
    frozenset of tuple
        Names of the cells that were changed, with the text that they had before.
    """
    lacking = [frozenset(names) for names in missing]
    texts = [frozenset(cells.items()) for cells in edited]
    return _usual(lacking), _usual(texts)


def _usual(sets: list[frozenset[_One]]) -> frozenset[_One]:
    counts = Counter(one for each in sets for one in each)
    return frozenset(one for one, count in counts.items() if count >= SEVERAL and count > len(sets) / 2)
