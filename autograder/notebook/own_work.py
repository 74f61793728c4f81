"""What of a submission is the student's own, and what stands beside an answer left as released."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from nbformat import NotebookNode

from autograder.notebook.ownership import Marks, Owner, grade_id_of
from autograder.notebook.submission import SubmittedCell, text_of

PROSE = ("markdown", "raw")


class Release:
    """The texts of an instructor's notebook, to tell them from what a student wrote.

    Parameters
    ----------
    source
        The notebook, with its hidden tests: a released cell may have fewer lines.
    """

    def __init__(self, source: NotebookNode) -> None:
        self.lines = [lines_of(text_of(cell.get("source"))) for cell in source.cells]
        self.marks = [Marks.of(cell) for cell in source.cells]
        self._whole = {tuple(lines) for lines in self.lines}
        self._places = {marks.grade_id: place for place, marks in enumerate(self.marks) if marks.grade_id}

    def place(self, grade_id: str) -> int | None:
        """Return the number of the cell of that name; None where there is none."""
        return self._places.get(grade_id)

    def is_fixed(self, place: int) -> bool:
        """Return whether a cell is the instructor's, so that its text stays as it was released."""
        return self.marks[place].owner is Owner.INSTRUCTOR

    def holds(self, source: str) -> bool:
        """Return whether a text is that of one of the cells, hidden tests left out or not."""
        lines = lines_of(source)
        return tuple(lines) in self._whole or any(
            self.is_fixed(place) and is_part(lines, whole) for place, whole in enumerate(self.lines)
        )


def lines_of(source: str) -> list[str]:
    """Return the lines of a text, as they compare: one Unicode form, no space at their ends."""
    return [line.rstrip() for line in unicodedata.normalize("NFC", source).strip().splitlines()]


def is_part(lines: Sequence[str], whole: Sequence[str]) -> bool:
    """Return whether some lines stand in others in the same order."""
    rest = iter(whole)
    return all(line in rest for line in lines)


def own_cells(submitted: Sequence[SubmittedCell], release: Release) -> tuple[SubmittedCell, ...]:
    """Return the cells of a submission that the student wrote or changed.

    Cells under the name of an instructor's cell are not among them, whatever they hold.
    """
    return tuple(
        cell
        for cell in submitted
        if cell.source.strip()
        and ((place := release.place(cell.grade_id)) is None or not release.is_fixed(place))
        and not release.holds(cell.source)
    )


def work_beside(
    submitted: Sequence[SubmittedCell], source: NotebookNode
) -> dict[str, tuple[SubmittedCell, ...]]:
    """Find what may be the answer where an answer's own cell holds none.

    That are the student's own cells between the tracked cells above and below it and, for an answer
    in words, the student's own prose further below.

    Parameters
    ----------
    submitted
        The submission's cells.
    source
        The instructor's notebook.

    Returns
    -------
    dict
        Name of a cell that a person grades → those cells; only where there are any.
    """
    release = Release(source)
    order = [grade_id for cell in source.cells if (grade_id := grade_id_of(cell))]
    last = {cell.grade_id: cell.index for cell in submitted if release.place(cell.grade_id) is not None}
    own = [cell for cell in own_cells(submitted, release) if last.get(cell.grade_id) != cell.index]
    taken = sorted(last.values())
    beside = {}
    for number, grade_id in enumerate(order):
        marks = release.marks[release.place(grade_id) or 0]
        if not (marks.is_by_hand and marks.solution):
            continue
        above = [last[name] for name in order[:number] if name in last]
        place = last.get(grade_id, above[-1] if above else -1)
        start = max((index for index in taken if index < place), default=-1) if grade_id in last else place
        end = min((index for index in taken if index > place), default=len(submitted))
        found = tuple(
            cell
            for cell in own
            if start < cell.index < end
            or (not marks.code and cell.index > place and cell.raw.get("cell_type") in PROSE)
        )
        if found:
            beside[grade_id] = found
    return beside
