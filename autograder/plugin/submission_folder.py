"""A submission's folder, read without trusting what lies in it."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from autograder.files import open_without_following
from autograder.limits import Limits
from autograder.plugin.file_types import is_inert
from autograder.plugin.still_drawings import is_still_drawing
from autograder.printable import printable

MAX_DEPTH = 40  # folders in each other
MAX_PATH = 1_000  # bytes, from the submission's folder
NOTEBOOKS, NOTEBOOK_DEPTH = 20, 6  # that are looked at where one has another name or place


@dataclass
class SubmissionFolder:
    """The folder that one student handed in for one assignment.

    Parameters
    ----------
    folder : Path
        The submission's folder, ``submitted/<student>/<assignment>``.
    notebook_bytes, file_count, total_bytes : int
        Bounds on one notebook, on the number of other files (and of the folders that they are in),
        and on their size together.
    ignore : tuple of str
        Patterns of names of files and folders that are passed over, as in
        ``CourseDirectory.ignore``.
    expected : tuple of str
        The names of the assignment's notebooks: none of them is there in the place of another.
    base : Path
        The folder in it that the notebooks lie in: its files are copied as if they lay at the top.
    unpacked : SubmissionFolder, optional
        What an archive in it holds that belongs to the submission.
    """

    folder: Path
    notebook_bytes: int = Limits().notebook_bytes
    file_count: int = 1_000
    total_bytes: int = 200_000_000
    ignore: tuple[str, ...] = (".ipynb_checkpoints", "__pycache__")
    expected: tuple[str, ...] = ()
    base: Path = Path()
    refused: list[str] = field(default_factory=list)
    unpacked: SubmissionFolder | None = None

    def notebook(self, name: str) -> tuple[bytes | None, str]:
        """Return the bytes of ``<name>.ipynb`` and ``""``, or None and the reason in words."""
        content, reason = self.read(Path(f"{name}.ipynb"))
        return content, reason or ("" if content is not None else self._missing(name))

    def read(self, name: Path) -> tuple[bytes | None, str]:
        """Return the bytes of a notebook and "", or None and the reason; "" where there is none."""
        path, shown = self.folder / name, printable(str(name))
        try:
            status = path.lstat()
        except OSError:
            return None, ""
        if not stat.S_ISREG(status.st_mode):
            return None, f"{shown} is not a regular file but a {_kind(status.st_mode)}"
        if status.st_size > self.notebook_bytes:
            return None, (
                f"{shown} has {status.st_size:,} bytes, more than the {self.notebook_bytes:,} "
                "that are read; clear the outputs and hand in again"
            )
        try:
            with open_without_following(path) as file:
                return file.read(self.notebook_bytes), ""
        except OSError as error:
            return None, f"{shown} cannot be read ({error.strerror})"

    def other_notebooks(self, names: Sequence[str]) -> list[Path]:
        """Return the files that are called like notebooks, but not as one of these at the top.

        Of folders in each other and of files, no more than a few are looked at.
        """
        expected = {Path(f"{name}.ipynb") for name in names}
        found: list[Path] = []
        looked_at = 0
        for parent, folders, files in os.walk(self.folder, followlinks=False):
            place = Path(parent).relative_to(self.folder)
            looked_at += len(files) + len(folders)
            folders[:] = sorted(name for name in folders if not self._matches(name, self.ignore))
            if len(place.parts) >= NOTEBOOK_DEPTH:
                folders.clear()
            found += [
                place / name
                for name in sorted(files)
                if ".ipynb" in name.casefold()
                and not self._matches(name, self.ignore)
                and place / name not in expected
                and stat.S_ISREG((Path(parent) / name).lstat().st_mode)
            ]
            if len(found) >= NOTEBOOKS or looked_at > self.file_count:
                break
        return found[:NOTEBOOKS]

    def _missing(self, name: str) -> str:
        expected = {f"{notebook}.ipynb" for notebook in (*self.expected, name)}
        others = [
            printable(path.name)
            for path in sorted(self.folder.glob("*"))[: self.file_count]
            if path.suffix.lower() == ".ipynb" and path.name not in expected
        ]
        instead = f"; found {', '.join(others[:5])} instead" if others else ""
        return f"{name}.ipynb was not handed in{instead}"

    def files(self) -> list[Path]:
        """Return the paths of the regular files beside the notebooks, relative to the folder.

        What is left out (links, devices, pipes, too many, too large, too deep) is named in
        ``refused``.
        """
        self.refused.clear()
        files, total, parents = [], 0, set()
        for parent, folders, names in os.walk(self.folder, followlinks=False):
            inside = Path(parent)
            place = inside.relative_to(self.folder)
            within = {place, *place.parents}
            for folder in [name for name in folders if (inside / name).is_symlink()]:
                self.refused.append(f"{self._shown(inside / folder)} is a link")
            folders[:] = sorted(name for name in folders if not self._is_ignored(name))
            if folders and len(within) > MAX_DEPTH:
                self.refused.append(f"{self._shown(inside)} holds folders that are nested too deep")
                folders.clear()
            for name in sorted(names):
                path = inside / name
                if self._is_ignored(name):
                    continue
                if len(os.fsencode(place / name)) > MAX_PATH:
                    self.refused.append(f"{self._shown(path)} has too long a path")
                    continue
                status = path.lstat()
                if not stat.S_ISREG(status.st_mode):
                    self.refused.append(f"{self._shown(path)} is a {_kind(status.st_mode)}")
                elif (
                    total + status.st_size > self.total_bytes
                    or len(files) >= self.file_count
                    or len(parents) + len(within - parents) > self.file_count
                ):
                    self.refused.append(f"{self._shown(path)} is beyond what one submission may have")
                else:
                    total += status.st_size
                    files.append(place / name)
                    parents |= within
                if len(self.refused) >= 20:
                    self.refused.append("and more")
                    return files
        return files

    def has_files(self, keep: set[Path] = frozenset()) -> bool:
        """Tell whether there are such files, beside those that are not to be copied."""
        return bool(self._places().keys() - keep) or (
            self.unpacked is not None and self.unpacked.has_files(keep)
        )

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each of those files by its path, in hexadecimal digits."""
        found = self.unpacked.digests() if self.unpacked is not None else {}
        for path, original in self._places().items():
            with suppress(OSError), open_without_following(self.folder / original) as file:
                found[str(path)] = hashlib.file_digest(file, "sha256").hexdigest()
        return found

    def copy_to(self, target: Path, *, keep: set[Path] = frozenset(), inert: bool = False) -> None:
        """Copy those files to another folder.

        Parameters
        ----------
        target : Path
            The folder.
        keep : set of Path
            The instructor's files there, which stay as they are.
        inert : bool
            Whether what a browser may run is left out: where a page links to the copies.
        """
        folders = {folder for path in keep for folder in path.parents}
        for path, original in self._places().items():
            if path in keep:
                continue
            if inert and not self._is_inert(original):
                self.refused.append(
                    f"{printable(str(path))} may run in a browser, so it stays in submitted/ only"
                )
                continue
            if path in folders or keep.intersection(path.parents):
                self.refused.append(
                    f"{printable(str(path))} has the name of a file or folder of the assignment"
                )
                continue
            try:
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                with open_without_following(self.folder / original) as old, open(target / path, "wb") as new:
                    shutil.copyfileobj(old, new)
            except (NotADirectoryError, FileExistsError, IsADirectoryError, PermissionError) as error:
                self.refused.append(f"{printable(str(path))} cannot be copied ({error.strerror})")
        if self.unpacked is not None:  # what lies beside the archive counts
            self.unpacked.copy_to(target, keep={*keep, *self._places()}, inert=inert)
            self.refused += self.unpacked.refused

    def _places(self) -> dict[Path, Path]:
        """Return where each file is laid, from the folder of the notebooks, and where it lies."""
        files = self.files()
        inside = {path.relative_to(self.base): path for path in files if path.is_relative_to(self.base)}
        return {path: path for path in files if not path.is_relative_to(self.base)} | inside

    def _is_ignored(self, name: str) -> bool:
        # what is named like a notebook is one, or stands where a graded one will
        return self._matches(name, (*self.ignore, "*.[iI][pP][yY][nN][bB]"))

    @staticmethod
    def _matches(name: str, patterns: Sequence[str]) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)

    def _is_inert(self, path: Path) -> bool:
        return is_inert(path.name) or is_still_drawing(self.folder / path)

    def _shown(self, path: Path) -> str:
        return printable(str(path.relative_to(self.folder)))


def _kind(mode: int) -> str:
    names = {stat.S_IFLNK: "link", stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
    return names.get(stat.S_IFMT(mode), "device")
