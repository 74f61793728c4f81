"""The notebook that graders and students see: all cells, with outputs and results."""

import copy
import hashlib
import re
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from autograder.notebook.ownership import Marks, grade_id_of
from autograder.notebook.submission import SubmittedCell, scrubbed
from autograder.plugin.notebook_context import GRADER, KEY, REPORT, NotebookContext
from autograder.plugin.pictures import attached_pictures
from autograder.plugin.sanitize import clean_outputs
from autograder.result import CellResult, Result, Status
from autograder.store.content import digest, files_digest

MAX_LEFT_OUT = 20  # lines that name files which are not there
BESIDE = (
    "**For the grader**, not shown to students: the cell above is as it was released. The student's own "
    "cells beside or below it may be the answer."
)
OWN_ANSWER = "**For the grader**, not shown to students: the instructor's answer."
_NEW = {
    "code": nbformat.v4.new_code_cell,
    "markdown": nbformat.v4.new_markdown_cell,
    "raw": nbformat.v4.new_raw_cell,
}


def merged_notebook(context: NotebookContext) -> NotebookNode:
    """Lay what a student wrote over the instructor's notebook.

    Tracked cells (locked, graded, answers) are the instructor's in source, points, kind and order.
    Of the student's notebook only the text of answers and of untracked cells is taken, with
    pictures attached to prose.

    Parameters
    ----------
    context : NotebookContext
        Of the submission. Where that is unreadable, all cells are the instructor's.

    Returns
    -------
    NotebookNode
        Valid, without outputs. Each cell's metadata keeps the engine's name of it for
        `show_result`.
    """
    if context.unreadable:
        cells = [_instructors(cell, f"i{index}") for index, cell in enumerate(context.source.cells)]
    else:
        cells = list(_Merge(context).cells())
    _name_cells(cells)
    if any(Marks.of(cell).task for cell in cells):
        context.answers = _answers_digest(cells, context)
    return nbformat.v4.new_notebook(cells=cells, metadata=context.source.metadata)


def _answers_digest(cells: list[NotebookNode], context: NotebookContext) -> str:
    """Return the digest of the student's cells and files: an answer to a task is any of them."""
    students = [
        [cell.cell_type, cell.source, cell.get("attachments")]
        for cell in cells
        if cell.metadata[KEY]["cell"].startswith("s")
    ]
    files = context.submission_files  # none is the same work as an empty folder
    return digest([students, digest({}) if files is None else files_digest(files)])


class _Merge:
    """The cells of both notebooks in one order.

    Cells that run stand as the engine runs them. Between them stand the instructor's cells that do
    not run, in the instructor's order, and the student's prose, each above the cell that it stood
    above.
    """

    def __init__(self, context: NotebookContext) -> None:
        self.source, self.keep_outputs = context.source, context.keep_outputs
        self.submitted = context.aligned.submitted
        self.order = [cell.id for cell in context.aligned.cells]
        self.tracked = {
            grade_id: index for index, cell in enumerate(self.source.cells) if (grade_id := grade_id_of(cell))
        }
        last = {cell.grade_id: cell.index for cell in self.submitted}
        self.answers = {
            self.tracked[grade_id]: number for grade_id, number in last.items() if grade_id in self.tracked
        }
        running = set(self.order)
        self.waiting = [index for index in sorted(self.tracked.values()) if f"i{index}" not in running]
        self.prose = self._prose_by_next_cell(running)

    def _prose_by_next_cell(self, running: set[str]) -> dict[int, list[NotebookNode]]:
        """Collect the untracked cells that do not run, by the number of the next with a place."""
        prose: dict[int, list[NotebookNode]] = {}
        pending: list[NotebookNode] = []
        for cell in self.submitted:
            if cell.grade_id in self.tracked or f"s{cell.index}" in running:
                prose[cell.index], pending = pending, []
            elif cell.raw.get("cell_type") in ("markdown", "raw", "code"):
                pending.append(_students(cell))
        prose[len(self.submitted)] = pending
        return prose

    def cells(self) -> Iterator[NotebookNode]:
        """Yield the cells."""
        for key in self.order:
            number = int(key[1:])
            if key.startswith("i"):
                yield from self._waiting_before(number)
                yield from self._tracked(number)
                continue
            index = self.tracked.get(self.submitted[number].grade_id)
            if index is not None and self.answers[index] == number:
                yield from self._waiting_before(index + 1)
            else:
                # The instructor's text that stood above this cell stays above it.
                above = [index for index, place in self.answers.items() if place < number]
                yield from self._waiting_before(max(above, default=-1) + 1)
                yield from self.prose.pop(number, ())
                yield _students(self.submitted[number], self.keep_outputs)
        yield from self._waiting_before(len(self.source.cells))
        for number in sorted(self.prose):
            yield from self.prose[number]

    def _waiting_before(self, index: int) -> Iterator[NotebookNode]:
        """Yield the instructor's cells before a place that do not run and have not been yielded."""
        while self.waiting and self.waiting[0] < index:
            yield from self._tracked(self.waiting.pop(0))

    def _tracked(self, index: int) -> Iterator[NotebookNode]:
        """Yield a tracked cell, below the student's prose that stood above it."""
        number = self.answers.get(index)
        if number is not None:
            yield from self.prose.pop(number, ())
        cell = self.source.cells[index]
        if number is not None and Marks.of(cell).solution:
            yield _answered(cell, self.submitted[number], self.keep_outputs)
        else:
            yield _instructors(cell, f"i{index}")


def _instructors(cell: NotebookNode, key: str) -> NotebookNode:
    cell = nbformat.from_dict(cell)
    cell.metadata[KEY] = {"cell": key}
    return cell


def _answered(cell: NotebookNode, submitted: SubmittedCell, keep_outputs: bool) -> NotebookNode:
    cell = _instructors(cell, f"s{submitted.index}")
    cell.source = submitted.source
    cell.pop("attachments", None)  # of an old release, which may have been the instructor's answer's
    _attach(cell, submitted, keep_outputs)
    return cell


def _students(submitted: SubmittedCell, keep_outputs: bool = False) -> NotebookNode:
    kind = submitted.raw.get("cell_type")
    new_cell = _NEW[kind if isinstance(kind, str) and kind in _NEW else "raw"]
    cell = new_cell(submitted.source, metadata={KEY: {"cell": f"s{submitted.index}"}})
    _attach(cell, submitted, keep_outputs)
    return cell


def _attach(cell: NotebookNode, submitted: SubmittedCell, keep_outputs: bool) -> None:
    """Keep pictures that the student pasted into prose, and outputs where they are asked for."""
    outputs = submitted.raw.get("outputs")
    if keep_outputs and cell.cell_type == "code" and isinstance(outputs, list):
        cell.outputs = clean_outputs(outputs)
    if cell.cell_type == "markdown" and (pictures := attached_pictures(submitted.raw.get("attachments"))):
        cell.attachments = pictures


def _name_cells(cells: list[NotebookNode]) -> None:
    """Give every cell an id of its own: the instructor's keep theirs."""
    seen: set[str] = set()
    for number, cell in enumerate(cells):
        name = cell.id
        if cell.metadata[KEY]["cell"].startswith("s") and not grade_id_of(cell):
            name = f"student-{number}"
        elif name in seen or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
            name = f"cell-{number}"
        while name in seen:
            name += "-"
        cell.id = name
        seen.add(name)


def show_result(notebook: NotebookNode, context: NotebookContext) -> None:
    """Put the result of a submission into the notebook that `merged_notebook` made."""
    result: Result = context.result
    count = 0
    for cell in notebook.cells:
        key = cell.metadata.pop(KEY, {}).get("cell", "")
        judged = result.cells.get(grade_id_of(cell))
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        if judged is not None and (judged.status is not Status.BY_HAND or judged.message):
            cell.outputs = clean_outputs([*judged.outputs, *_report(judged)])
            cell.metadata[KEY] = _record(judged)
        else:
            cell.outputs = clean_outputs(result.outputs.get(key, []))
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    _point_at_work_beside(notebook, context)
    _show_own_answers(notebook, context)
    reason = context.reason
    if context.time_unclear:
        notebook.cells.insert(0, _time_note(context.time_unclear))
    if context.left_out:
        notebook.cells.insert(0, _left_out_note(context.left_out))
    if context.remark:
        text = f"**About this notebook:** {scrubbed(context.remark)}"
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(text, id="remark"))
    if reason:
        note = nbformat.v4.new_markdown_cell(f"**About this submission:** {scrubbed(reason)}", id="reason")
        notebook.cells.insert(0, note)
    notebook.metadata[KEY] = {
        "reason": scrubbed(reason),
        "limits_hit": list(result.limits_hit),
        "missing_layers": list(result.missing_layers),
        "seconds": round(result.seconds, 3),
    } | ({"answers": context.answers} if context.answers else {})


def _time_note(unclear: str) -> NotebookNode:
    """Return the cell that says that nobody knows whether the submission was late."""
    text = (
        "**About the time of handing in:** it is not known, so nothing was taken off for being late. "
        f"A person decides about that. (`{scrubbed(unclear).replace('`', '?')}`)"
    )
    return nbformat.v4.new_markdown_cell(text, id="time-unclear")


def _left_out_note(left_out: tuple[str, ...]) -> NotebookNode:
    """Return the cell that says which files do not lie beside the graded notebook."""
    lines = [f"- `{scrubbed(line).replace('`', '?')}`" for line in left_out[:MAX_LEFT_OUT]]
    if len(left_out) > MAX_LEFT_OUT:
        lines.append("- and more")
    text = "\n".join(["**About the files of this submission:** these are not shown.", "", *lines])
    return nbformat.v4.new_markdown_cell(text, id="left-out")


def _show_own_answers(notebook: NotebookNode, context: NotebookContext) -> None:
    """Put the instructor's answer, which may hold the rubric, below each that a person grades."""
    for number, cell in reversed(list(enumerate(notebook.cells))):
        if (own := context.own_answers.get(grade_id_of(cell))) is not None:
            note = copy.deepcopy(own)
            note.source = (
                f"**For the grader**, not shown to students: the instructor's answer.\n\n{own.source}"
            )
            note.metadata, note.id = nbformat.from_dict({KEY: {"for": GRADER}}), f"own-answer-{number}"
            notebook.cells.insert(number + 1, note)


def _point_at_work_beside(notebook: NotebookNode, context: NotebookContext) -> None:
    """Tell the grader of answers whose cells are as released while others may hold them."""
    released = {grade_id_of(cell): cell.source for cell in context.source.cells if grade_id_of(cell)}
    for number, cell in reversed(list(enumerate(notebook.cells))):
        grade_id = grade_id_of(cell)
        if grade_id in context.beside and cell.source == released[grade_id]:
            beside = "\n".join(own.source for own in context.beside[grade_id])
            digest = hashlib.sha256(beside.encode()).hexdigest()
            cell.metadata[KEY] = {**cell.metadata.get(KEY, {}), "beside": digest}
            metadata = {KEY: {"for": GRADER}}
            note = nbformat.v4.new_markdown_cell(BESIDE, id=f"beside-{number}", metadata=metadata)
            notebook.cells.insert(number + 1, note)


def _report(judged: CellResult) -> Iterator[dict]:
    """Yield the output with the whole report of a failure, which `HideTests` takes out again."""
    if judged.detail:
        lines = ["For the grader, not shown to students: the whole report", *judged.detail.splitlines()]
        yield {"output_type": "error", "ename": REPORT, "evalue": "", "traceback": lines}


def _record(judged: CellResult) -> dict:
    return {
        "score": judged.score,
        "status": judged.status,
        "message": scrubbed(judged.message),
        "detail": scrubbed(judged.detail),
        "seconds": round(judged.seconds, 3),
        "mistakes": [scrubbed(mistake) for mistake in judged.mistakes],
        "looks": [scrubbed(why) for why in judged.looks],
    }
