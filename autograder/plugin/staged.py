"""Folders that nbgrader makes anew: the old one stays until the new one is whole."""

import os
from pathlib import Path

from nbgrader.utils import rmtree


class Staged:
    """In front of one of nbgrader's converters: a folder appears in one piece, or not at all.

    nbgrader removes what is there, then makes the new one, and removes that as well where it fails.
    """

    # Always, so that what nbgrader removes after a failure is the new folder.
    _is_staging = True

    def finished_folder(self, assignment_id: str, student_id: str) -> Path:
        """Return the folder that is made."""
        return Path(os.path.normpath(super()._format_dest(assignment_id, student_id)))  # type: ignore[misc]

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        path = super()._format_dest(assignment_id, student_id, escape=escape)  # type: ignore[misc]
        return str(_beside(Path(os.path.normpath(path)), "unfinished")) if self._is_staging else path

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Tell whether the folder is to be made; what is there stays."""
        finished = self.finished_folder(assignment_id, student_id)
        replaced = _beside(finished, "replaced")
        if replaced.is_dir() and not finished.exists():  # a run was killed between two steps
            replaced.rename(finished)
        if not (finished.exists() and self._is_to_be_replaced(assignment_id, student_id)):
            if not self._is_to_be_made(assignment_id, student_id):
                return False
        elif student_id in self.coursedir.student_id_exclude.split(","):  # type: ignore[attr-defined]
            return False
        else:
            self.log.warning("Making anew: %s", finished)  # type: ignore[attr-defined]
        for left in (_beside(finished, "unfinished"), replaced):
            if left.exists():
                rmtree(str(left))
        return True

    def _is_to_be_made(self, assignment_id: str, student_id: str) -> bool:
        """Let nbgrader tell whether a folder that is not to be replaced is to be made."""
        self._is_staging = False
        try:
            return super().init_destination(assignment_id, student_id)  # type: ignore[misc]
        finally:
            self._is_staging = True

    def _is_to_be_replaced(self, assignment_id: str, student_id: str) -> bool:
        """Tell whether it is forced, or what the folder is made from has a later time than it."""
        if self.force:  # type: ignore[attr-defined]
            return True
        source = self._format_source(assignment_id, student_id)  # type: ignore[attr-defined]
        finished = str(self.finished_folder(assignment_id, student_id))
        new, old = map(self.coursedir.get_existing_timestamp, (source, finished))  # type: ignore[attr-defined]
        return new is not None and old is not None and new > old

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Set the permissions of the new folder, and put it in the place of the old one."""
        super().set_permissions(assignment_id, student_id)  # type: ignore[misc]
        unfinished = Path(self._format_dest(assignment_id, student_id))
        finished = self.finished_folder(assignment_id, student_id)
        if self.coursedir.notebook_id != "*" and finished.exists():  # type: ignore[attr-defined]
            put_into(unfinished, finished)
        else:
            replace(unfinished, finished)


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.{what}")


def replace(new: Path, old: Path) -> None:
    """Put a folder in the place of another, which goes once the new one is there."""
    aside = _beside(old, "replaced")
    if old.exists():
        old.rename(aside)
    try:
        new.rename(old)
    except BaseException:  # an interrupt as well
        if aside.exists() and not old.exists():
            aside.rename(old)
        raise
    if aside.exists():
        rmtree(str(aside))


def put_into(new: Path, old: Path) -> None:
    """Move a folder's files into another, notebooks last; the folder goes."""
    for path in sorted(new.rglob("*"), key=lambda path: path.suffix == ".ipynb"):
        target = old / path.relative_to(new)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            path.replace(target)
    rmtree(str(new))
