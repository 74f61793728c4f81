"""The notebooks of a submission: by their names, else by their cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.notebook.own_work import Release, own_cells
from autograder.notebook.recognition import likeness
from autograder.notebook.submission import UnreadableError, as_utf8, read_submission
from autograder.plugin.submission_folder import SubmissionFolder
from autograder.printable import printable


@dataclass(frozen=True)
class HandedInNotebook:
    """What was handed in as one notebook of an assignment.

    Parameters
    ----------
    content
        Its bytes, in UTF-8; None where there is nothing to read.
    reason
        Why there is nothing to read, in words.
    remark
        What is odd about it, though it is graded; "" for nothing.
    undecided
        Whether a person has to say which of several files it is.
    path
        Where it lies in the submission's folder.
    """

    content: bytes | None = None
    reason: str = ""
    remark: str = ""
    undecided: bool = False
    path: Path = Path()


@dataclass(frozen=True)
class _Candidate:
    path: Path
    content: bytes
    remark: str
    worked_on: frozenset[str]  # notebooks of which it has the cells, with work of the student's own
    likeness: Mapping[str, float]

    def could_be(self, name: str) -> bool:
        """Tell whether it has this notebook's cells, and no more of another's."""
        return self.likeness.get(name, 0.0) > 0 and self.likeness[name] == max(self.likeness.values())

    def is_called(self, name: str) -> bool:
        """Tell whether it has a notebook's name, but for what systems and browsers do to names."""
        return _plain(self.path.name) == _plain(f"{name}.ipynb")


def find_notebooks(
    folder: SubmissionFolder, names: Sequence[str], source: Callable[[str], NotebookNode]
) -> dict[str, HandedInNotebook]:
    """Find an assignment's notebooks in a submission's folder.

    A file of the right name counts, unless it cannot be read or holds nothing of the student's own
    while another one does. In its place counts the one that has the same cells.

    Parameters
    ----------
    folder
        What was handed in. Its ``base`` is set to the folder that the notebooks lie in.
    names
        Of the assignment's notebooks.
    source
        Returns the instructor's notebook of a name.

    Returns
    -------
    dict
        Each of the names → what was handed in.
    """
    exact = {name: _exact(folder, name) for name in names}
    others = folder.other_notebooks(names)
    if not others:
        return exact
    releases = {name: Release(source(name)) for name in names}
    candidates = [
        candidate
        for path in others
        if (candidate := _candidate(folder, path, releases)) is not None and any(candidate.likeness.values())
    ]
    found = {
        name: _chosen(
            name, exact[name], releases[name], [one for one in candidates if one.could_be(name)], folder
        )
        for name in names
    }
    places = {one.path.parent for one in found.values() if one.content is not None}
    if len(places) == 1:
        folder.base = places.pop()
    return found


def _exact(folder: SubmissionFolder, name: str) -> HandedInNotebook:
    content, reason = folder.notebook(name)
    remark = ""
    if content is not None:
        content, remark = as_utf8(content)
    return HandedInNotebook(content, reason, remark and f"{name}.ipynb: {remark}", path=Path(f"{name}.ipynb"))


def _candidate(folder: SubmissionFolder, path: Path, releases: Mapping[str, Release]) -> _Candidate | None:
    content, _ = folder.read(path)
    if content is None:
        return None
    content, remark = as_utf8(content)
    try:
        cells = read_submission(content, folder.notebook_bytes)
    except UnreadableError:
        return None
    alike = {name: likeness(cells, release) for name, release in releases.items()}
    if len(called := [name for name in releases if _plain(path.stem).startswith(_plain(name))]) == 1:
        alike |= {name: 0.0 for name in releases if name not in called and alike[name] <= alike[called[0]]}
    worked_on = frozenset(name for name, release in releases.items() if own_cells(cells, release))
    return _Candidate(path, content, remark, worked_on, alike)


def _chosen(
    name: str,
    exact: HandedInNotebook,
    release: Release,
    candidates: Sequence[_Candidate],
    folder: SubmissionFolder,
) -> HandedInNotebook:
    """Choose what counts as one notebook."""
    why = exact.reason
    if exact.content is not None:
        try:
            if own_cells(read_submission(exact.content, folder.notebook_bytes), release):
                return exact
            why = f"{name}.ipynb is as it was released"
            candidates = [one for one in candidates if name in one.worked_on]
        except UnreadableError as error:
            why = f"{name}.ipynb: {error}"
    best = [one for one in candidates if name in one.worked_on] or candidates
    best = [one for one in best if one.is_called(name) and one.path.parent == Path()] or best
    contents = {one.content: one for one in reversed(best)}
    if not contents:
        return exact
    if len(contents) == 1:
        (one,) = contents.values()
        remark = f"{why}; graded in its place: {_shown(one)}" if not one.is_called(name) else ""
        if one.is_called(name) and one.path.parent != Path():
            remark = f"{name}.ipynb lies in the folder {printable(str(one.path.parent))}"
        said = "; ".join(part for part in (remark, one.remark) if part)
        return HandedInNotebook(one.content, remark=said, path=one.path)
    shown = ", ".join(_shown(one) for one in sorted(contents.values(), key=lambda one: one.path)[:5])
    return HandedInNotebook(
        reason=f"{why}; files that differ have its cells ({shown}), so a person has to say which counts",
        undecided=True,
    )


def _shown(candidate: _Candidate) -> str:
    return printable(str(candidate.path))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
