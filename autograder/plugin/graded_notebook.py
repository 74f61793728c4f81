"""The notebook that graders and students see: both's cells in one, with what came of them."""

import base64
import binascii
import re
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from autograder.notebook.alignment import _parse as parse
from autograder.notebook.alignment import align
from autograder.plugin.context import KEY, NotebookContext
from autograder.plugin.sanitize import clean_outputs
from autograder.result import CellResult, Result

GRADER = "grader"  # whom a cell is for that students are not to see
_NEW = {
    "code": nbformat.v4.new_code_cell,
    "markdown": nbformat.v4.new_markdown_cell,
    "raw": nbformat.v4.new_raw_cell,
}


def merged_notebook(context: NotebookContext) -> NotebookNode:
    """Lay what a student wrote over the instructor's notebook.

    Tracked cells (locked, graded, answers) are the instructor's in source, points, kind and order. Of
    the student's notebook only the text of answers and of untracked cells is taken, with pictures
    attached to prose.

    Parameters
    ----------
    context : NotebookContext
        With ``submission`` and ``source``. ``unreadable`` and ``reason`` are set where nothing can be read.

    Returns
    -------
    NotebookNode
        Valid, without outputs. Each cell's metadata keeps the engine's name of it for `show_result`.
    """
    aligned = align(context.submission, context.spec.source)
    if aligned.unreadable:
        context.unreadable = True
        context.reason = context.reason or aligned.unreadable
        cells = [_own(cell, f"i{index}") for index, cell in enumerate(context.source.cells)]
    else:
        cells = list(_merged(context, [cell.id for cell in aligned.cells], _handed_in(context.submission)))
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=context.source.metadata)
    _number_cells(notebook)
    return notebook


def _handed_in(submission: bytes | NotebookNode) -> list[dict]:
    notebook = parse(submission, len(submission)) if isinstance(submission, bytes) else submission
    return [cell if isinstance(cell, dict) else {} for cell in notebook["cells"]]


def _merged(context: NotebookContext, order: list[str], handed_in: list[dict]) -> Iterator[NotebookNode]:
    tracked = {
        _tracked_id(cell): index for index, cell in enumerate(context.source.cells) if _tracked_id(cell)
    }
    last = {_submitted_id(cell): number for number, cell in enumerate(handed_in)}
    answers = {tracked[grade_id]: number for grade_id, number in last.items() if grade_id in tracked}
    running = set(order)
    waiting = [index for index in sorted(tracked.values()) if f"i{index}" not in running]
    before = _prose_before(handed_in, running, tracked)

    def instructors(index: int) -> Iterator[NotebookNode]:
        number = answers.get(index)
        if number is not None:
            yield from before.pop(number, ())
        cell = context.source.cells[index]
        if number is not None and cell.metadata.nbgrader.solution:
            yield _answered(cell, handed_in[number], f"s{number}", context.keep_outputs)
        else:
            yield _own(cell, f"i{index}")

    def until(index: int) -> Iterator[NotebookNode]:
        while waiting and waiting[0] < index:
            yield from instructors(waiting.pop(0))

    for key in order:
        number = int(key[1:])
        if key.startswith("i"):
            yield from until(number)
            yield from instructors(number)
            continue
        index = tracked.get(_submitted_id(handed_in[number]))
        if index is not None and answers[index] == number:
            yield from until(index + 1)
        else:
            # The instructor's text that stood above this cell stays above it.
            above = [index for index, place in answers.items() if place < number]
            yield from until(max(above, default=-1) + 1)
            yield from before.pop(number, ())
            yield _students(handed_in[number], key, context.keep_outputs)
    yield from until(len(context.source.cells))
    for number in sorted(before):
        yield from before[number]


def _prose_before(
    handed_in: list[dict], running: set[str], tracked: dict[str, int]
) -> dict[int, list[NotebookNode]]:
    """Collect the untracked cells that do not run, by the number of the next cell that has a place."""
    before, pending = {}, []
    for number, cell in enumerate(handed_in):
        if _submitted_id(cell) in tracked or f"s{number}" in running:
            before[number], pending = pending, []
        elif cell.get("cell_type") in ("markdown", "raw", "code"):
            pending.append(_students(cell, f"s{number}"))
    before[len(handed_in)] = pending
    return before


def _tracked_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _submitted_id(cell: dict) -> str:
    metadata = cell.get("metadata")
    details = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = details.get("grade_id") if isinstance(details, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


def _own(cell: NotebookNode, key: str) -> NotebookNode:
    cell = nbformat.from_dict(cell)
    cell.metadata[KEY] = {"cell": key}
    return cell


def _answered(cell: NotebookNode, submitted: dict, key: str, keep_outputs: bool) -> NotebookNode:
    cell = _own(cell, key)
    cell.source = _source(submitted)
    _attach(cell, submitted, keep_outputs)
    return cell


def _students(submitted: dict, key: str, keep_outputs: bool = False) -> NotebookNode:
    kind = submitted.get("cell_type")
    cell = _NEW[kind if kind in _NEW else "raw"](_source(submitted), metadata={KEY: {"cell": key}})
    _attach(cell, submitted, keep_outputs)
    return cell


def _source(submitted: dict) -> str:
    source = submitted.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return scrubbed(source) if isinstance(source, str) else ""


def scrubbed(text: str) -> str:
    """Text that can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _attach(cell: NotebookNode, submitted: dict, keep_outputs: bool) -> None:
    """Keep pictures that the student pasted into prose, and outputs where they are asked for."""
    outputs = submitted.get("outputs")
    if keep_outputs and cell.cell_type == "code" and isinstance(outputs, list):
        cell.outputs = clean_outputs(outputs)
    attached = submitted.get("attachments")
    if cell.cell_type != "markdown" or not isinstance(attached, dict):
        return
    pictures = {}
    for name, found in attached.items():
        kinds = found if isinstance(found, dict) else {}
        kept = {kind: data for kind, data in kinds.items() if _is_picture(kind, data)}
        if kept:
            pictures[scrubbed(name)] = kept
    if pictures:
        cell.attachments = pictures


def _is_picture(kind: str, data: object) -> bool:
    if kind not in ("image/png", "image/jpeg", "image/gif") or not isinstance(data, str):
        return False
    try:
        base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _number_cells(notebook: NotebookNode) -> None:
    """Give every cell an id of its own: the instructor's keep theirs."""
    seen = set()
    for number, cell in enumerate(notebook.cells):
        if cell.id in seen or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell.id):
            cell.id = f"cell-{number}"
        seen.add(cell.id)
        if cell.metadata[KEY]["cell"].startswith("s") and not _tracked_id(cell):
            cell.id = f"student-{number}"


def show_result(notebook: NotebookNode, context: NotebookContext) -> None:
    """Put what came of a submission into the notebook that `merged_notebook` made."""
    result: Result = context.result
    count = 0
    for cell in notebook.cells:
        key = cell.metadata.pop(KEY, {}).get("cell", "")
        judged = result.cells.get(_tracked_id(cell))
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        if judged is not None and judged.status != "by hand":
            cell.outputs = clean_outputs(judged.outputs)
            cell.metadata[KEY] = _record(judged)
        else:
            cell.outputs = clean_outputs(result.outputs.get(key, []))
    _show_what_to_look_for(notebook, context)
    reason = context.reason or result.reason
    if reason:
        note = nbformat.v4.new_markdown_cell(f"**About this submission:** {scrubbed(reason)}", id="reason")
        notebook.cells.insert(0, note)
    notebook.metadata[KEY] = {
        "reason": scrubbed(reason),
        "limits_hit": list(result.limits_hit),
        "missing_layers": list(result.missing_layers),
        "seconds": round(result.seconds, 3),
    }


def _show_what_to_look_for(notebook: NotebookNode, context: NotebookContext) -> None:
    """Put the instructor's own answer, which may hold the rubric, below each answer that a person grades."""
    for number, cell in reversed(list(enumerate(notebook.cells))):
        if (text := context.own_answers.get(_tracked_id(cell))) is not None:
            text = f"**For the grader**, not shown to students: the instructor's answer.\n\n{text}"
            metadata = {KEY: {"for": GRADER}}
            note = nbformat.v4.new_markdown_cell(text, id=f"own-answer-{number}", metadata=metadata)
            notebook.cells.insert(number + 1, note)


def _record(judged: CellResult) -> dict:
    return {
        "score": judged.score,
        "status": judged.status,
        "message": scrubbed(judged.message),
        "detail": scrubbed(judged.detail),
        "seconds": round(judged.seconds, 3),
        "mistakes": [scrubbed(mistake) for mistake in judged.mistakes],
    }
