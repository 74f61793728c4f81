"""Files that cross between two working folders as copies: which may, and how one is laid.

Only regular files with plain names and the suffixes of data and text. What Python or a library
could load as code, by an import or by unpickling, never crosses, nor what a library reads as its
settings.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from autograder.protocol.bounds import SerializationError

MAX_FILES = 200  # of one folder that are looked at, folders among them
MAX_BYTES = 4 * 2**20  # of one file
MAX_TOTAL = 16 * 2**20  # of one message
MAX_KEPT = 4 * 2**20  # of what stays of a run
MAX_NAME = 200
MAX_DEPTH = 6
SUFFIXES = frozenset(
    [
        "csv",
        "dat",
        "gif",
        "html",
        "jpeg",
        "jpg",
        "json",
        "jsonl",
        "log",
        "markdown",
        "md",
        "npy",
        "npz",
        "out",
        "pdf",
        "png",
        "svg",
        "tex",
        "text",
        "tsv",
        "txt",
        "wav",
        "xml",
        "yaml",
        "yml",
    ]
)
SETTINGS = frozenset(["matplotlibrc", "keras.json", "package.json"])  # that a library would read
Signature = tuple[int, int, int]
Copies = dict[str, bytes | bool | None]  # None: it is gone; False: it is there and does not cross


def may_cross(name: str) -> bool:
    """Return whether a file, or with a slash at its end a folder, may cross under this name."""
    path = name.removesuffix("/")
    parts = path.split("/")
    if not path or len(path) > MAX_NAME or len(parts) > MAX_DEPTH or not all(map(_is_plain, parts)):
        return False
    last = PurePosixPath(path)
    if name.endswith("/"):
        return True
    suffix = last.suffix[1:].lower()
    return last.name.lower() not in SETTINGS and (suffix in SUFFIXES if "." in last.name else True)


def _is_plain(part: str) -> bool:
    return (
        part.isprintable()
        and part[:1] not in ("", ".", "-", " ")
        and part[-1] not in ". "
        and not part.startswith("__")
        and all(char.isalnum() or char in " _-.+()" for char in part)
    )


def scan(folder: Path) -> tuple[dict[str, Signature], bool]:
    """Return the regular files and the folders below one, and whether there are too many."""
    found: dict[str, Signature] = {}
    for name, status in _walk(folder, "", 1):
        if len(found) >= MAX_FILES:
            return found, True
        is_folder = stat.S_ISDIR(status.st_mode)
        found[name] = (0, 0, 0) if is_folder else (status.st_mtime_ns, status.st_size, status.st_ino)
    return found, False


def _walk(folder: Path, before: str, depth: int) -> Iterator[tuple[str, os.stat_result]]:
    with contextlib.suppress(OSError), os.scandir(folder / before) as entries:
        for entry in entries:
            name = before + entry.name
            if entry.name.startswith((".", "__")):
                continue
            with contextlib.suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    yield name, status
                elif stat.S_ISDIR(status.st_mode):
                    yield f"{name}/", status
                    if depth < MAX_DEPTH:
                        yield from _walk(folder, f"{name}/", depth + 1)


def read(folder: Path, name: str) -> bytes | bool | None:
    """Return the content of a file; False where it does not cross, None where it is gone."""
    if not may_cross(name):
        return False
    if name.endswith("/"):
        return b""
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError:
        return False
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return False
        with open(handle, "rb", closefd=False) as file:
            content = file.read(MAX_BYTES + 1)
    finally:
        os.close(handle)
    return content if len(content) <= MAX_BYTES else False


def copies(folder: Path, names: Mapping[str, object], most: int = MAX_TOTAL) -> Copies:
    """Return the contents of files, as far as they are within the bound of a message."""
    made: Copies = {}
    left = most
    for name in names:
        content = read(folder, name)
        if isinstance(content, bytes):
            left -= len(content)
            content = content if left >= 0 else False
        made[name] = content
    return made


def checked(plain: object) -> Copies:
    """Read files from a message of a process that is not trusted.

    Raises
    ------
    SerializationError
        If they are none, or one's name or size is not allowed.
    """
    if type(plain) is not dict or len(plain) > 2 * MAX_FILES:
        raise SerializationError("a message is damaged: it has too many files or none")
    total = 0
    for name, content in plain.items():
        if type(name) is not str or not (content is None or content is False or type(content) is bytes):
            raise SerializationError("a message is damaged: a file must have a name and a content")
        if content is not False and not may_cross(name):
            raise SerializationError("a message is damaged: a file's name is not allowed")
        total += len(content) if type(content) is bytes else 0
    if total > MAX_TOTAL:
        raise SerializationError("a message is damaged: its files are too large")
    return plain


def lay(folder: Path, name: str, content: bytes | None) -> bool:  # noqa: PLR0911 - one a rule
    """Write a file as a new one, make a folder, or remove one; return whether that was possible.

    No link is followed, and nothing but a regular file is replaced.
    """
    if not may_cross(name):
        return False
    path = folder / name
    try:
        for parent in [*path.relative_to(folder).parents][-2::-1]:
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder / parent)
            if not stat.S_ISDIR((folder / parent).lstat().st_mode):
                return False
        if name.endswith("/"):
            return _lay_folder(path, is_there=content is not None)
        if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
            return False
        if content is None:
            path.unlink(missing_ok=True)
            return True
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        return False
    return True


def _lay_folder(path: Path, *, is_there: bool) -> bool:
    if is_there:
        path.mkdir(exist_ok=True)
        return stat.S_ISDIR(path.lstat().st_mode)
    with contextlib.suppress(FileNotFoundError):
        path.rmdir()
    return True
