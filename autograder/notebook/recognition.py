"""Which of an assignment's notebooks a submitted one is, by its cells, whatever its name."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.notebook.own_work import Release, is_part, lines_of
from autograder.notebook.submission import SubmittedCell

NAMED = 0.5  # of the tracked cells, with this part of the fixed texts …
TEXTS_BESIDE_NAMES = 0.2
TEXTS = 0.5  # … or, where the cells have lost their names, this part of the fixed texts


def likeness(submitted: Sequence[SubmittedCell], release: Release) -> float:
    """Say how much of a notebook of the instructor's a submitted one has.

    Parameters
    ----------
    submitted
        The submission's cells.
    release
        The texts of the instructor's notebook.

    Returns
    -------
    float
        Between 0 and 2: the part of its tracked cells that are there by name, and the part of its
        other texts that are there. 0 where that is too little to take one for the other, as where
        another assignment names its cells alike.
    """
    names = {cell.grade_id for cell in submitted if cell.grade_id}
    tracked = [marks.grade_id for marks in release.marks if marks.grade_id]
    named = _part(sum(name in names for name in tracked), len(tracked))
    texts = [lines_of(cell.source) for cell in submitted]
    whole = {tuple(lines) for lines in texts}
    fixed = [
        (lines, release.is_fixed(place))
        for place, lines in enumerate(release.lines)
        if lines and not release.marks[place].solution
    ]
    found = sum(
        tuple(lines) in whole or (hides and any(text and is_part(text, lines) for text in texts))
        for lines, hides in fixed
    )
    text = _part(found, len(fixed))
    if (named >= NAMED and (text >= TEXTS_BESIDE_NAMES or not fixed)) or text >= TEXTS:
        return named + text
    return 0.0


def _part(found: int, of: int) -> float:
    return found / of if of else 0.0
