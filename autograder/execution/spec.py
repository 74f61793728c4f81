"""The instructor's side of one notebook: what grading a submission needs, to run here or to be sent."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.execution import engine
from autograder.limits import Limits
from autograder.notebook.alignment import AlignedNotebook
from autograder.result import Result
from autograder.store.content import digest, files_digest, stamps_digest, versions_digest


@dataclass(frozen=True)
class GradingSpec:
    """One notebook of a lab, with its tests.

    Parameters
    ----------
    source
        The instructor's notebook, with the tests and solutions.
    limits
        What a submission may use.
    preload, environment, readable
        As for `autograder.execution.engine.warm`.
    lab_files, judge_files
        As for `autograder.execution.engine.grade`.
    beside
        Modules to preload for other notebooks that are graded at the same time: they share a warm process.
    """

    source: NotebookNode
    limits: Limits = engine.DEFAULTS
    preload: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    readable: tuple[Path, ...] = ()
    lab_files: Path | None = None
    judge_files: Path | None = None
    beside: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Digest of all that a result depends on, the submission aside: this, and the packages' versions."""
        return digest({
            **self._plain(),
            "lab_files": files_digest(self.lab_files),
            "judge_files": files_digest(self.judge_files),
            "data": stamps_digest(self.readable),
            "versions": versions_digest(self.preload),
        })  # fmt: skip

    def grade(
        self,
        notebook: AlignedNotebook | bytes | NotebookNode | None,
        files: Path | None = None,
        variant_key: bytes | None = None,
    ) -> Result:
        """Grade one submission.

        Parameters
        ----------
        notebook, files
            What was handed in: the notebook, aligned or not, and the folder with what lay beside it.
        variant_key
            As for `autograder.execution.engine.grade`.

        Raises
        ------
        ValueError
            If the instructor's notebook itself is wrong.
        autograder.execution.engine.ForkServerError
            If no worker can be started.
        """
        engine.warm(tuple(sorted({*self.preload, *self.beside})), dict(self.environment), self.readable)
        return engine.grade(
            notebook,
            self.source,
            limits=self.limits,
            lab_files=self.lab_files,
            judge_files=self.judge_files,
            submission_files=files,
            variant_key=variant_key,
        )

    def pack(self) -> bytes:
        """Return the spec as bytes, its files with it; the data sets in ``readable`` are named only."""
        folders = {"lab": self.lab_files, "judge": self.judge_files}
        return pack({"spec": json.dumps({**self._plain(), "beside": self.beside}).encode()}, folders)

    @classmethod
    def unpack(cls, packed: bytes, folder: Path) -> GradingSpec:
        """Make the spec of `pack`, its files below ``folder``."""
        plain = json.loads(unpack(packed, folder)["spec"])
        source = nbformat.from_dict(plain["source"])
        found = {name: folder / name if (folder / name).is_dir() else None for name in ("lab", "judge")}
        return cls(
            source,
            Limits(**plain["limits"]),
            tuple(plain["preload"]),
            tuple((name, value) for name, value in plain["environment"]),
            tuple(Path(path) for path in plain["readable"]),
            found["lab"],
            found["judge"],
            tuple(plain["beside"]),
        )

    def _plain(self) -> dict:
        return {
            "source": self.source,
            "limits": asdict(self.limits),
            "preload": self.preload,
            "environment": self.environment,
            "readable": [str(path) for path in self.readable],
        }


def submission_digest(notebook: bytes | NotebookNode | None, files: Path | None) -> str:
    """Return the digest of one submission's notebook and files."""
    content = None if notebook is None else notebook.hex() if isinstance(notebook, bytes) else notebook
    return digest([content, files_digest(files)])


def pack(texts: dict[str, bytes], folders: dict[str, Path | None]) -> bytes:
    """Put named bytes and the regular files of named folders into a compressed archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        for name, content in texts.items():
            _add(archive, name, content)
        for name, folder in folders.items():
            if folder is not None:
                archive.addfile(_entry(name, tarfile.DIRTYPE))
                for path in sorted(folder.rglob("*")):
                    if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                        _add(archive, f"{name}/{path.relative_to(folder)}", path.read_bytes())
    return packed.getvalue()


def unpack(packed: bytes, folder: Path) -> dict[str, bytes]:
    """Return the bytes that `pack` was given, and lay its folders below ``folder``."""
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        texts = {}
        for entry in archive.getmembers():
            if entry.isfile() and "/" not in entry.name:
                texts[entry.name] = archive.extractfile(entry).read()
            else:
                archive.extract(entry, folder, filter="data")
        return texts


def _entry(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = kind, 0o700 if kind == tarfile.DIRTYPE else 0o600
    return entry


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = _entry(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
