"""The instructor's side of one notebook, and one submission, as grading needs them."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.execution.server_settings import ServerSettings
from autograder.limits import Limits
from autograder.notebook.alignment import AlignedNotebook
from autograder.result import Changes
from autograder.sandbox import Layer, in_order
from autograder.store.content import digest, files_digest, stamps_digest, versions_digest

DEFAULTS = Limits()


@dataclass(frozen=True)
class Submission:
    """One submission of one notebook.

    Parameters
    ----------
    notebook
        The student's notebook: its bytes, or already read, or already aligned with the
        instructor's; None where nothing was handed in.
    files
        Directory with what the student handed in beside the notebook, of which the worker alone
        gets copies, up to half of ``limits.scratch_bytes``. The assignment's files replace those of
        the same name.
    seed_key
        What `autograder.checks.seeds.key_of` gives, for the judge alone; None for a course without
        a secret.
    """

    notebook: NotebookNode | AlignedNotebook | bytes | None
    files: Path | None = None
    seed_key: bytes | None = None


@dataclass(frozen=True)
class GradingSpec:
    """The instructor's side of one notebook, to grade with here or to send to another machine.

    Parameters
    ----------
    source
        The instructor's notebook, with the tests and solutions.
    limits
        What a submission may use.
    preload, environment, readable, data_types
        As in `ServerSettings`.
    released_files
        Directory whose files worker and judge find in their working directories, as copies.
    judge_files
        Directory of which the judge alone is told, by the variable ``AUTOGRADER_JUDGE``.
    preload_also
        Modules to preload for other notebooks that are graded at the same time: they share a fork
        server.
    changeable
        `Result.changeable` of an earlier submission, so that the solution is not run again to know
        it; None where there is none.
    allow_missing
        Layers of the sandbox without which submissions may be run. Part of the digest, so that a
        result that was got without them is not taken where they are asked for.
    """

    source: NotebookNode
    limits: Limits = DEFAULTS
    preload: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    readable: tuple[Path, ...] = ()
    released_files: Path | None = None
    judge_files: Path | None = None
    preload_also: tuple[str, ...] = ()
    changeable: Changes | None = None
    allow_missing: tuple[Layer, ...] = ()
    data_types: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Digest of all that a result depends on beside the submission, packages included."""
        return digest({
            **self._plain(),
            "released_files": files_digest(self.released_files),
            "judge_files": files_digest(self.judge_files),
            "data": stamps_digest(self.readable),
            "versions": versions_digest((*self.preload, *self._data_type_modules)),
        })  # fmt: skip

    @property
    def _data_type_modules(self) -> tuple[str, ...]:
        return tuple(name.partition(":")[0] for name in self.data_types)

    @property
    def server_settings(self) -> ServerSettings:
        """Settings of the fork server that its submissions are forked from."""
        preload = tuple(sorted({*self.preload, *self.preload_also}))
        readable = tuple(path.absolute() for path in self.readable)
        return ServerSettings(preload, self.environment, readable, self.data_types)

    def pack(self) -> bytes:
        """Return the spec as bytes, with its files; data sets in ``readable`` are only named."""
        folders = {"released": self.released_files, "judge": self.judge_files}
        more = {"also": self.preload_also, "changeable": self.changeable}
        return pack({"spec": json.dumps(self._plain() | more).encode()}, folders)

    @classmethod
    def unpack(cls, packed: bytes, folder: Path) -> GradingSpec:
        """Return the spec of `pack`, its files below ``folder``."""
        texts, folders = unpack(packed, lambda: folder)
        plain = json.loads(texts["spec"])
        return cls(
            nbformat.from_dict(plain["source"]),
            Limits(**plain["limits"]),
            tuple(plain["preload"]),
            tuple((name, value) for name, value in plain["environment"]),
            tuple(Path(path) for path in plain["readable"]),
            folders.get("released"),
            folders.get("judge"),
            tuple(plain["also"]),
            plain["changeable"] and {name: tuple(names) for name, names in plain["changeable"].items()},
            tuple(Layer(name) for name in plain["allow_missing"]),
            tuple(plain["data_types"]),
        )

    def _plain(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "limits": asdict(self.limits),
            "preload": self.preload,
            "environment": self.environment,
            "readable": [str(path) for path in self.readable],
            "allow_missing": in_order(set(self.allow_missing)),
            "data_types": self.data_types,
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


def unpack(packed: bytes, place: Callable[[], Path]) -> tuple[dict[str, bytes], dict[str, Path]]:
    """Return what `pack` was given: the bytes, and copies of the folders.

    Parameters
    ----------
    packed
        What `pack` has returned.
    place
        Returns the folder to lay the copies in, always the same; called where there are any.
    """
    texts: dict[str, bytes] = {}
    folders: dict[str, Path] = {}
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        for entry in archive.getmembers():
            if entry.isfile() and "/" not in entry.name and (file := archive.extractfile(entry)):
                texts[entry.name] = file.read()
            else:
                archive.extract(entry, place(), filter="data")
                if "/" not in entry.name:
                    folders[entry.name] = place() / entry.name
    return texts, folders


def _entry(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    # for the judge's own user, too; who unpacks puts them where no other user comes
    entry.type, entry.mode = kind, 0o755 if kind == tarfile.DIRTYPE else 0o644
    return entry


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = _entry(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
