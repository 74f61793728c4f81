"""A submission and the instructor's notebook as one list of cells: whose each is, and when it runs."""

from __future__ import annotations

import ast
import json
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.protocol.serialization import json_depth

MAX_CELLS = 5_000
MAX_DEPTH = 100

HELPER, TEST, STUDENT = "helper", "test", "student"


class UnreadableError(ValueError):
    """A submission that is no notebook; the text says why, to the student."""


@dataclass(frozen=True)
class Cell:
    """One cell that runs.

    Parameters
    ----------
    id
        ``"s3"`` for the submission's cell number 3 (from 0), ``"i3"`` for the instructor's.
    role
        ``"helper"``: the instructor's, run by worker and judge. ``"test"``: the instructor's, run by the
        judge alone. ``"student"``: the student's, run by the worker alone.
    source
        Its code.
    grade_id, points
        Of a test.
    fresh
        Names that the instructor's notebook leaves to the student since its last cell: the judge forgets what
        it knew by them, so that they are the student's.
    """

    id: str
    role: str
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
        Import statements of the instructor's own unlocked cells, in order: the judge runs them, too, so
        that a test's ``np`` is never what a submission calls ``np``.
    asked
        Names that an answer cell of the instructor's notebook binds and no other cell of it imports or
        defines: they are the student's even where Python has a built-in function of that name.
    classes
        Names of classes that the student is asked to write.
    by_hand
        Grade id → points of what a person grades.
    unreadable
        Empty, or why the submission could not be read.
    """

    cells: tuple[Cell, ...]
    imports: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    by_hand: dict[str, float] = field(default_factory=dict)
    unreadable: str = ""

    @property
    def tests(self) -> tuple[Cell, ...]:
        """The test cells, in the instructor's order."""
        return tuple(cell for cell in self.cells if cell.role == TEST)


def align(
    submission: NotebookNode | bytes | None, source: NotebookNode, *, max_bytes: int = 32 * 2**20
) -> AlignedNotebook:
    """Lay a submission over the instructor's notebook.

    The instructor's cells are taken from ``source``, in its order. Of the submission only code is taken
    that is in cells which are not the instructor's, each between the same neighbours as in the submission;
    of its metadata, nothing but the grade ids is read.

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
        With ``unreadable`` set, and without cells of the student, if the submission is not a notebook.

    Raises
    ------
    ValueError
        If the instructor's notebook names two cells alike or gives points that are no number.
    """
    owned = _source_cells(source)
    try:
        handed_in = _student_cells(submission, max_bytes)
        unreadable = ""
    except UnreadableError as error:
        handed_in, unreadable = [], str(error)
    asked = _asked(owned)
    return AlignedNotebook(
        cells=tuple(_merge(owned, handed_in, asked)),
        imports=tuple(_imports(owned)),
        asked=frozenset().union(*asked.values()),
        classes=frozenset(
            name for cell in owned if cell.kind != "fixed" for name in names_bound(cell.source)["class"]
        ),
        by_hand={cell.grade_id: cell.points for cell in owned if cell.manual},
        unreadable=unreadable,
    )


@dataclass(frozen=True)
class SourceCell:
    """A cell of the instructor's notebook."""

    index: int
    kind: str  # "fixed": test or helper · "answer": the student's to fill · "free": neither
    code: bool
    source: str
    grade_id: str
    points: float
    test: bool
    manual: bool


@dataclass(frozen=True)
class SubmittedCell:
    """A cell of a submission, whatever shape it was in."""

    index: int
    code: bool
    source: str
    grade_id: str


def _source_cells(source: NotebookNode) -> list[SourceCell]:
    cells, seen = [], set()
    for index, cell in enumerate(source.cells):
        meta = cell.metadata.get("nbgrader") or {}
        grade_id = str(meta.get("grade_id") or "")
        grade, answer, locked, task = (bool(meta.get(key)) for key in ("grade", "solution", "locked", "task"))
        code = cell.cell_type == "code"
        fixed = bool(grade_id) and not answer and (grade or locked) and not task
        if grade_id and grade_id in seen:
            raise ValueError(f"source: two cells are named {grade_id!r}, expected different names")
        seen.add(grade_id)
        manual = task or (grade and (answer or not code))
        points = meta.get("points", 0) if grade or task else 0
        if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < float("inf"):
            raise ValueError(f"source: points of {grade_id!r} must be a number from 0, got {points!r}")
        kind = "fixed" if fixed or task else "answer" if answer else "free"
        test = fixed and grade and code
        cells.append(SourceCell(index, kind, code, cell.source, grade_id, float(points), test, manual))
    return cells


def _student_cells(submission: NotebookNode | bytes | None, max_bytes: int) -> list[SubmittedCell]:
    if submission is None:
        raise UnreadableError("no notebook of this name was handed in")
    if isinstance(submission, bytes | bytearray):
        submission = _parse(bytes(submission), max_bytes)
    cells = submission.get("cells") if isinstance(submission, dict) else None
    if not isinstance(cells, list):
        raise UnreadableError("the file is not a notebook: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(
            f"the notebook has {len(cells):,} cells, more than the {MAX_CELLS:,} that are read"
        )
    return [SubmittedCell(index, *_fields(cell)) for index, cell in enumerate(cells)]


def _fields(cell: Any) -> tuple[bool, str, str]:
    """Whether a submitted cell is code, its source and its grade id, whatever shape it is in."""
    if not isinstance(cell, dict):
        return False, "", ""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    meta = cell.get("metadata")
    meta = meta.get("nbgrader") if isinstance(meta, dict) else None
    grade_id = meta.get("grade_id") if isinstance(meta, dict) else None
    return (
        cell.get("cell_type") == "code",
        source.encode("utf-8", "replace").decode() if isinstance(source, str) else "",
        grade_id if isinstance(grade_id, str) else "",
    )


def _parse(data: bytes, max_bytes: int) -> dict:
    if not data.strip():
        raise UnreadableError("the file is empty")
    if len(data) > max_bytes:
        raise UnreadableError(
            f"the file has {len(data):,} bytes, more than the {max_bytes:,} that are read; "
            "clear the outputs and hand in again"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"the file is not UTF-8 text (byte {error.start})") from None
    if json_depth(data) > MAX_DEPTH:
        raise UnreadableError(f"the file is not a notebook: its JSON is nested deeper than {MAX_DEPTH}")
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the file is not JSON: {error}") from None
    if (
        isinstance(notebook, dict)
        and "cells" not in notebook
        and isinstance(notebook.get("worksheets"), list)
    ):
        try:
            notebook = nbformat.convert(nbformat.from_dict(notebook), 4)
        except Exception:
            raise UnreadableError(
                "the file is a notebook of an old format that cannot be converted"
            ) from None
    return notebook


def _merge(
    owned: list[SourceCell], handed_in: list[SubmittedCell], asked: dict[int, set[str]]
) -> Iterable[Cell]:
    """Yield the instructor's cells in order, with the student's between the neighbours they have now."""
    place = {cell.grade_id: cell.index for cell in owned if cell.grade_id}
    first: dict[str, int] = {}
    for cell in handed_in:
        if cell.grade_id in place:
            first.setdefault(cell.grade_id, cell.index)
    anchors = _longest_increasing([(index, place[grade_id]) for grade_id, index in first.items()])
    after: dict[int, list[Cell]] = {-1: []}
    position = -1
    for cell in handed_in:
        known = owned[place[cell.grade_id]] if cell.grade_id in place else None
        if cell.index in anchors:
            position = anchors[cell.index]
            after.setdefault(position, [])
        code = known.code if known else cell.code
        if code and (known is None or known.kind != "fixed") and cell.source.strip():
            after[position].append(Cell(f"s{cell.index}", STUDENT, cell.source))
    yield from after[-1]
    for cell in owned:
        if cell.kind == "fixed" and cell.code:
            role = TEST if cell.test else HELPER
            fresh = tuple(sorted(asked[cell.index]))
            yield Cell(f"i{cell.index}", role, cell.source, cell.grade_id, cell.points, fresh)
        yield from after.get(cell.index, ())


def _longest_increasing(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Return, as a dict, the longest run of pairs (in their order) whose second members increase."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for number, (_, value) in enumerate(pairs):
        length = bisect_left(tails, value)
        tails[length:] = [value, *tails[length + 1 :]]
        ends[length:] = [number, *ends[length + 1 :]]
        previous.append(ends[length - 1] if length else -1)
    chain, number = {}, ends[-1] if ends else -1
    while number >= 0:
        chain[pairs[number][0]] = pairs[number][1]
        number = previous[number]
    return chain


def parse_code(source: str) -> ast.Module:
    """Parse a cell, its magics and shell lines made into calls; empty where it is no Python."""
    from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415 - slow to import

    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _imports(owned: list[SourceCell]) -> Iterable[str]:
    for cell in owned:
        if cell.code and cell.kind != "fixed":
            for node in parse_code(cell.source).body:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield ast.unparse(node)


def names_bound(source: str) -> dict[str, set[str]]:
    """Names that a cell binds at its top level, by how: ``import``, ``def``, ``class`` or ``value``."""
    names: dict[str, set[str]] = {"import": set(), "def": set(), "class": set(), "value": set()}
    pending: list[ast.AST] = list(parse_code(source).body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            names["import"].update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names["def"].add(node.name)
        elif isinstance(node, ast.ClassDef):
            names["class"].add(node.name)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                names["value"].add(node.id)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            pending.extend(ast.iter_child_nodes(node))
    return names


def _asked(owned: list[SourceCell]) -> dict[int, set[str]]:
    """For each instructor's cell, the names that an answer cell binds between the one before and this one.

    Those that an instructor's cell imports or defines anywhere are never among them.
    """
    never: set[str] = set()
    for cell in owned:
        names = names_bound(cell.source) if cell.code else {}
        never |= names.get("import", set())
        if cell.kind == "fixed" and names:
            never |= names["def"] | names["class"]
    asked: dict[int, set[str]] = {}
    fresh: set[str] = set()
    for cell in owned:
        if cell.code and cell.kind == "answer":
            names = names_bound(cell.source)
            fresh |= (names["def"] | names["class"] | names["value"]) - never
        elif cell.code and cell.kind == "fixed":
            asked[cell.index], fresh = fresh, set()
    return asked
