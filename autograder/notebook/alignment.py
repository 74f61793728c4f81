"""A submission and the instructor's notebook as one list of cells, as they run."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from nbformat import NotebookNode

from autograder.notebook.code import (
    BoundNames,
    globals_declared,
    globals_read,
    import_statements,
    names_bound,
    parse_cell,
)
from autograder.notebook.ownership import Marks, Owner, nbgrader_details
from autograder.notebook.submission import SubmittedCell, UnreadableError, read_submission


class Role(StrEnum):
    """The processes that run a cell."""

    HELPER = "helper"  # the instructor's, run by worker and judge
    TEST = "test"  # the instructor's, run by the judge alone
    STUDENT = "student"  # the student's, run by the worker alone


@dataclass(frozen=True)
class Cell:
    """One cell that runs.

    Parameters
    ----------
    id
        ``"s3"`` for the submission's cell number 3 (from 0), ``"i3"`` for the instructor's.
    role
        Whose it is, and who runs it.
    source
        Its code.
    grade_id, points
        Of a test.
    fresh
        Names that the instructor's notebook leaves to the student since its last cell: the judge
        forgets its values of them, so that they are the student's.
    """

    id: str
    role: Role
    source: str
    grade_id: str = ""
    points: float = 0.0
    fresh: tuple[str, ...] = ()


@dataclass(frozen=True)
class AlignedNotebook:
    """All cells of one submission in the order in which they run.

    Parameters
    ----------
    cells
        The cells.
    imports
        Import statements of the instructor's own unlocked cells, in order: the judge runs them,
        too, so that a test's ``np`` is never what a submission calls ``np``.
    asked
        Names that an answer cell of the instructor's notebook binds and no other cell of it imports
        or defines: they are the student's even where Python has a built-in function of that name.
    classes
        Names of classes that the student is asked to write.
    helpers
        Names that answer cells of the instructor's notebook bind, and that functions in them read
        and none of them sets: what a test puts there is meant for the student's functions.
    by_hand
        Grade id → points of what a person grades.
    unreadable
        Empty, or why the submission could not be read.
    submitted
        The submission's cells as they were read, those that do not run included.
    """

    cells: tuple[Cell, ...]
    imports: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    helpers: frozenset[str] = frozenset()
    by_hand: dict[str, float] = field(default_factory=dict)
    unreadable: str = ""
    submitted: tuple[SubmittedCell, ...] = ()

    @property
    def tests(self) -> tuple[Cell, ...]:
        """The test cells, in the instructor's order."""
        return tuple(cell for cell in self.cells if cell.role is Role.TEST)


def align(
    submission: NotebookNode | bytes | None, source: NotebookNode, *, max_bytes: int = 32 * 2**20
) -> AlignedNotebook:
    """Lay a submission over the instructor's notebook.

    The instructor's cells are taken from ``source``, in its order. Of the submission only code is
    taken that is in cells which are not the instructor's, each between the same neighbours as in
    the submission; of its metadata, nothing but the grade ids is read.

    Parameters
    ----------
    submission
        The student's notebook: its bytes, or already read, or None where nothing was handed in.
    source
        The instructor's notebook.
    max_bytes
        Larger submissions are not opened.

    Returns
    -------
    AlignedNotebook
        With ``unreadable`` set, and without cells of the student, if the submission is not a
        notebook.

    Raises
    ------
    ValueError
        If the instructor's notebook names two cells alike or gives points that are no number.
    """
    instructors = _instructors_cells(source)
    submitted: tuple[SubmittedCell, ...] = ()
    unreadable = ""
    try:
        submitted = read_submission(submission, max_bytes)
    except UnreadableError as error:
        unreadable = str(error)
    asked = _names_asked(instructors)
    return AlignedNotebook(
        cells=tuple(_merge(instructors, submitted, asked)),
        imports=tuple(_imports(instructors)),
        asked=frozenset().union(*asked.values()),
        helpers=_names_shared(instructors),
        classes=frozenset(
            name for cell in instructors if cell.owner is not Owner.INSTRUCTOR for name in cell.names.classes
        ),
        by_hand={cell.grade_id: cell.points for cell in instructors if cell.marks.is_by_hand},
        unreadable=unreadable,
        submitted=submitted,
    )


@dataclass(frozen=True)
class _InstructorsCell:
    index: int
    source: str
    points: float
    marks: Marks
    tree: ast.Module
    names: BoundNames

    @property
    def grade_id(self) -> str:
        return self.marks.grade_id

    @property
    def owner(self) -> Owner:
        return self.marks.owner

    @property
    def runs(self) -> bool:
        """Return whether it is the instructor's and code."""
        return self.owner is Owner.INSTRUCTOR and self.marks.code

    @property
    def role(self) -> Role:
        return Role.TEST if self.marks.is_test else Role.HELPER


def _instructors_cells(source: NotebookNode) -> list[_InstructorsCell]:
    cells: list[_InstructorsCell] = []
    seen: set[str] = set()
    for index, cell in enumerate(source.cells):
        marks = Marks.of(cell)
        grade_id = marks.grade_id
        if grade_id and grade_id in seen:
            raise ValueError(f"source: two cells are named {grade_id!r}, expected different names")
        seen.add(grade_id)
        points = nbgrader_details(cell).get("points", 0) if marks.has_points else 0
        if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < float("inf"):
            raise ValueError(f"source: points of {grade_id!r} must be a number from 0, got {points!r}")
        tree = parse_cell(cell.source if marks.code else "")
        names = names_bound(tree)
        cells.append(_InstructorsCell(index, cell.source, float(points), marks, tree, names))
    return cells


def _imports(instructors: Iterable[_InstructorsCell]) -> Iterator[str]:
    for cell in instructors:
        if cell.owner is not Owner.INSTRUCTOR:
            yield from map(ast.unparse, import_statements(cell.tree))


def _names_asked(instructors: Sequence[_InstructorsCell]) -> dict[int, set[str]]:
    """Return, by instructor's cell, the names that answer cells bind since the one before.

    Those that an instructor's cell imports or defines anywhere are never among them.
    """
    never: set[str] = set()
    for cell in instructors:
        never |= cell.names.imports
        if cell.owner is Owner.INSTRUCTOR:
            never |= cell.names.functions | cell.names.classes
    asked: dict[int, set[str]] = {}
    fresh: set[str] = set()
    for cell in instructors:
        if cell.owner is Owner.ANSWER:
            fresh |= cell.names.defined - never
        elif cell.runs:
            asked[cell.index], fresh = fresh, set()
    return asked


def _names_shared(instructors: Iterable[_InstructorsCell]) -> frozenset[str]:
    """Return the solution's global names that its functions read, and none of them sets."""
    answers = [cell for cell in instructors if cell.owner is Owner.ANSWER]
    bound = {name for cell in answers for name in cell.names.defined}
    read = {name for cell in answers for name in globals_read(cell.tree)}
    return frozenset((bound & read).difference(*(globals_declared(cell.tree) for cell in answers)))


def _merge(
    instructors: Sequence[_InstructorsCell], submitted: Sequence[SubmittedCell], asked: dict[int, set[str]]
) -> Iterator[Cell]:
    """Yield the instructor's cells in order, the student's between their present neighbours."""
    known = {cell.grade_id: cell for cell in instructors if cell.grade_id}
    first: dict[str, int] = {}
    for cell in submitted:
        if cell.grade_id in known:
            first.setdefault(cell.grade_id, cell.index)
    anchors = _longest_increasing([(index, known[grade_id].index) for grade_id, index in first.items()])
    after: dict[int, list[Cell]] = {-1: []}
    position = -1
    for cell in submitted:
        if cell.index in anchors:
            position = anchors[cell.index]
            after.setdefault(position, [])
        original = known.get(cell.grade_id)
        code = original.marks.code if original else cell.code
        is_students = original is None or original.owner is not Owner.INSTRUCTOR
        if code and is_students and cell.source.strip():
            after[position].append(Cell(f"s{cell.index}", Role.STUDENT, cell.source))
    yield from after[-1]
    for own in instructors:
        if own.runs:
            fresh = tuple(sorted(asked[own.index]))
            yield Cell(f"i{own.index}", own.role, own.source, own.grade_id, own.points, fresh)
        yield from after.get(own.index, ())


def _longest_increasing(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Return the longest run of pairs, in order, whose second members increase, as a dict."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for number, (_, value) in enumerate(pairs):
        length = bisect_left(tails, value)
        tails[length:] = [value, *tails[length + 1 :]]
        ends[length:] = [number, *ends[length + 1 :]]
        previous.append(ends[length - 1] if length else -1)
    chain: dict[int, int] = {}
    number = ends[-1] if ends else -1
    while number >= 0:
        chain[pairs[number][0]] = pairs[number][1]
        number = previous[number]
    return chain
