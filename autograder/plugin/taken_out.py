"""What a release leaves out of the instructor's notebook: nothing of an answer goes to students."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from nbformat import NotebookNode

from autograder.notebook.ownership import Marks, grade_id_of

KEPT_METADATA = frozenset({
    "nbgrader", "collapsed", "deletable", "editable", "format", "id", "jupyter", "name", "scrolled",
    "slideshow", "tags", "vscode",
})  # fmt: skip
_OF_A_RUN = frozenset({"execution", "ExecuteTime", "executionInfo", "outputId"})  # go without a word
_OF_THE_NOTEBOOK = ("widgets",)  # what widgets showed, those of answers among them
_SLIP = re.compile(
    r"[\W_]*(?:begin|end)[\W_]*(?:solutions?|hidden[\W_]*tests?|mark(?:ing)?[\W_]*schemes?)[\W_]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mark:
    """A pair of marks around what students do not get, as the configuration has them."""

    begin: str
    end: str


def take_out(released: NotebookNode, source: NotebookNode, keep: Iterable[str] = ()) -> None:
    """Take out of a release what belongs to an answer beside its text.

    Parameters
    ----------
    released : NotebookNode
        As nbgrader makes it, with the text of answers, hidden tests and mark schemes left out.
        Changed in place.
    source : NotebookNode
        The instructor's.
    keep : iterable of str
        Names of metadata of answers that students need, beside `KEPT_METADATA`.
    """
    kept = KEPT_METADATA.union(keep)
    for own, cell in _pairs(source, released):
        _take_out_pictures(cell)
        if not _is_answer(own, cell):
            continue
        for name in set(cell.metadata) - kept:
            del cell.metadata[name]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for name in _OF_THE_NOTEBOOK:
        released.metadata.pop(name, None)


def words_of_taken(source: NotebookNode, released: NotebookNode) -> Iterator[str]:
    """Yield what a release leaves out, a line for each cell, then one for the notebook."""
    with_outputs = 0
    numbers = {id(cell): number for number, cell in enumerate(source.cells, 1)}
    for own, cell in _pairs(source, released):
        if own is None:
            continue
        with_outputs += bool(own.get("outputs")) and not cell.get("outputs")
        parts = [*_taken_text(own, cell)]
        pictures = sorted(set(own.get("attachments") or {}) - set(cell.get("attachments") or {}))
        if pictures:
            parts.append(f"{'picture' if len(pictures) == 1 else 'pictures'} {', '.join(pictures)}")
        if metadata := sorted(set(own.metadata) - set(cell.metadata) - _OF_A_RUN):
            parts.append(f"metadata {', '.join(metadata)}")
        if parts:
            yield f"{grade_id_of(own) or f'cell {numbers[id(own)]}'}: {', '.join(parts)}"
    whole = [f"outputs of {_count(with_outputs, 'cell')}"] if with_outputs else []
    whole += [f"metadata {name}" for name in _OF_THE_NOTEBOOK if source.metadata.get(name)]
    if whole:
        yield ", ".join(whole)


def slip_of_marks(source: NotebookNode, marks: Iterable[Mark]) -> str:
    """Say which mark is no mark, so that what it should hide would stay; "" for none.

    Parameters
    ----------
    source : NotebookNode
        The instructor's.
    marks : iterable of Mark
        Those of the configuration.
    """
    marks = tuple(marks)
    for number, cell in enumerate(source.cells, 1):
        name, lines = f"cell {grade_id_of(cell) or number}", cell.source.splitlines()
        is_replaced = Marks.of(cell).solution and not any(m.begin in line for m in marks for line in lines)
        if is_replaced:  # nbgrader leaves out the whole text
            continue
        for mark in marks:
            is_open = False
            for line in lines:
                if mark.begin in line:
                    is_open = True
                elif mark.end in line:
                    if not is_open:
                        return f"{name}: {line.strip()!r} ends what no {mark.begin!r} begins"
                    is_open = False
            if is_open:
                return f"{name}: no {mark.end!r} ends what {mark.begin!r} begins"
        for line in lines:
            if _SLIP.fullmatch(line) and not any(word in line for m in marks for word in (m.begin, m.end)):
                known = ", ".join(repr(mark.begin) for mark in marks)
                return f"{name}: {line.strip()!r} is no mark; the marks are {known}, to the letter"
    return ""


def _pairs(
    source: NotebookNode, released: NotebookNode
) -> Iterator[tuple[NotebookNode | None, NotebookNode]]:
    """Yield each cell of a release with the instructor's, None where a step has added it."""
    by_name = {grade_id_of(cell): cell for cell in source.cells if grade_id_of(cell)}
    by_id = {cell["id"]: cell for cell in source.cells if "id" in cell}
    for cell in released.cells:
        yield by_name.get(grade_id_of(cell)) or by_id.get(cell.get("id", "")), cell


def _is_answer(own: NotebookNode | None, cell: NotebookNode) -> bool:
    return Marks.of(cell).solution or (own is not None and own.source.rstrip() != cell.source.rstrip())


def _take_out_pictures(cell: NotebookNode) -> None:
    """Drop attachments that the text no longer names."""
    attached = cell.get("attachments")
    if not isinstance(attached, Mapping):
        return
    text = unescape(cell.source)
    texts = (text, unquote(text))
    shown = {name: data for name, data in attached.items() if any(_names(name, text) for text in texts)}
    if shown:
        cell["attachments"] = shown
    else:
        del cell["attachments"]


def _names(picture: str, text: str) -> bool:
    return any(
        re.search(rf"attachment:{re.escape(name)}(?=[\s)>\]\"']|$)", text)
        for name in {picture, unquote(picture)}
    )


def _taken_text(own: NotebookNode, cell: NotebookNode) -> Iterator[str]:
    lines = Counter(own.source.splitlines()) - Counter(cell.source.splitlines())
    count = sum(number for line, number in lines.items() if line.strip())
    if count:
        marks = Marks.of(own)
        kind = "its answer" if marks.solution else "hidden tests" if marks.grade else "its mark scheme"
        yield f"{_count(count, 'line')} of {kind}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
