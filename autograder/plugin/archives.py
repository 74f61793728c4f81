"""Notebooks that were handed in inside an archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode

from autograder.notebook.own_work import Release, own_cells
from autograder.notebook.submission import UnreadableError, read_submission
from autograder.plugin.handed_in import HandedInNotebook, find_notebooks
from autograder.plugin.submission_folder import SubmissionFolder
from autograder.plugin.zip_files import ArchiveError, ZipBounds, unpack
from autograder.printable import printable
from autograder.temporary import TemporaryFolder

ARCHIVES = (".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".txz", ".xz", ".zip", ".zst")
MOST = 5  # that are opened


def find_work(
    folder: SubmissionFolder,
    names: Sequence[str],
    source: Callable[[str], NotebookNode],
    owner: ExitStack,
) -> dict[str, HandedInNotebook]:
    """Find an assignment's notebooks in a submission's folder, and else in the archives in it.

    Archives are opened only where a notebook is missing, cannot be read or is as it was released.
    The files of one whose notebook counts belong to the submission.

    Parameters
    ----------
    folder
        What was handed in. Its ``unpacked`` is set to the archive whose files belong to it.
    names
        Of the assignment's notebooks.
    source
        Returns the instructor's notebook of a name.
    owner
        Removes what is unpacked when it closes.

    Returns
    -------
    dict
        Each of the names → what was handed in. Where an archive cannot be opened and may hold the
        notebook, a person has to look.
    """
    found = find_notebooks(folder, names, source)
    open_ones = [
        name for name in names if not found[name].undecided and not _has_work(found[name], source(name))
    ]
    if not open_ones or not (archives := _archives(folder)):
        return found
    inside: dict[Path, tuple[SubmissionFolder, Mapping[str, HandedInNotebook]]] = {}
    closed: dict[Path, str] = {}
    for path in archives[:MOST]:
        try:
            unpacked = _unpacked(folder, path, owner)
        except ArchiveError as error:
            closed[path] = str(error)
            continue
        inside[path] = unpacked, find_notebooks(unpacked, names, source)
        closed |= {path / nested: "an archive in an archive is not opened" for nested in _archives(unpacked)}
    closed |= dict.fromkeys(archives[MOST:], f"more than {MOST} archives are not opened")
    for name in open_ones:
        found[name] = _chosen(name, found[name], source(name), inside, closed)
    used = {one.path for one in found.values()} & set(inside)
    if len(used) == 1:
        folder.unpacked = inside[used.pop()][0]
    return found


def _archives(folder: SubmissionFolder) -> list[Path]:
    return [path for path in folder.files() if path.suffix.casefold() in ARCHIVES]


def _unpacked(folder: SubmissionFolder, path: Path, owner: ExitStack) -> SubmissionFolder:
    if path.suffix.casefold() != ".zip":
        raise ArchiveError("only zip archives are opened")
    target = owner.enter_context(TemporaryFolder("unpacked"))
    unpack(folder.folder / path, target, ZipBounds(folder.file_count, folder.total_bytes))
    return replace(folder, folder=target, base=Path(), refused=[], unpacked=None)


def _has_work(one: HandedInNotebook, source: NotebookNode) -> bool:
    """Tell whether a notebook holds anything of the student's own."""
    if one.content is None:
        return False
    try:
        return bool(own_cells(read_submission(one.content, len(one.content)), Release(source)))
    except UnreadableError:
        return False


def _chosen(
    name: str,
    outside: HandedInNotebook,
    source: NotebookNode,
    inside: Mapping[Path, tuple[SubmissionFolder, Mapping[str, HandedInNotebook]]],
    closed: Mapping[Path, str],
) -> HandedInNotebook:
    """Choose between what lies beside the archives and what lies in them."""
    undecided = [(path, found[name]) for path, (_, found) in inside.items() if found[name].undecided]
    best = [(path, found[name]) for path, (_, found) in inside.items() if _has_work(found[name], source)]
    if not best and outside.content is None:
        best = [(path, found[name]) for path, (_, found) in inside.items() if found[name].content is not None]
    why = outside.reason or f"{name}.ipynb is as it was released, or cannot be read"
    if undecided:
        path, one = undecided[0]
        return replace(one, reason=f"in {_shown(path)}: {one.reason}")
    if len({one.content for _, one in best}) > 1:
        shown = ", ".join(_shown(path) for path, _ in best)
        return HandedInNotebook(
            reason=f"{why}; archives that differ have it ({shown}), so a person has to say which counts",
            undecided=True,
        )
    if best:
        path, one = best[0]
        place = f"graded in its place: {_shown(one.path)} in {_shown(path)}"
        return replace(one, remark="; ".join(part for part in (why, place, one.remark) if part), path=path)
    if closed:
        said = "; ".join(f"{_shown(path)}: {reason}" for path, reason in list(closed.items())[:MOST])
        return HandedInNotebook(reason=f"{why}; {said}; a person has to look", undecided=True)
    return outside


def _shown(path: Path) -> str:
    return printable(str(path))
