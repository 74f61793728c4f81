"""A zip archive of a submission, unpacked within bounds and without trusting what it says."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.files import open_without_following
from autograder.printable import printable

MAX_DIRECTORY = 2**20  # bytes of the list of files, which is read as a whole
MAX_DEPTH = 40  # folders in each other
MAX_PATH = 1_000  # bytes
_CHUNK = 2**16
_END, _END_SIZE, _END_64, _LONGEST_COMMENT = b"PK\x05\x06", 22, b"PK\x06\x07", 2**16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those that need little memory
_ENCRYPTED = 0x1


class ArchiveError(ValueError):
    """An archive that is not unpacked; the text says why."""


@dataclass(frozen=True)
class ZipBounds:
    """What one archive may hold.

    Parameters
    ----------
    file_count
        The most files.
    total_bytes
        The most bytes of the archive, and of its files together.
    """

    file_count: int
    total_bytes: int


def unpack(path: Path, target: Path, bounds: ZipBounds) -> None:
    """Unpack a zip archive into an empty folder.

    Parameters
    ----------
    path : Path
        The archive.
    target : Path
        The folder, which exists. Where the archive is refused, some of its files may lie there.
    bounds : ZipBounds
        What it may hold.

    Raises
    ------
    ArchiveError
        If it is damaged, locked by a password, beyond the bounds, or holds what is no regular file
        or leads out of the folder.
    """
    try:
        with open_without_following(path) as file:
            _look_at_the_end(file, bounds)
            with zipfile.ZipFile(file) as archive:
                _unpack(archive, target, bounds)
    except ArchiveError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ArchiveError(f"damaged, or no zip archive ({printable(str(error))[:200]})") from None
    except OSError as error:
        raise ArchiveError(f"cannot be unpacked ({error.strerror or error})") from None


def _look_at_the_end(file: BinaryIO, bounds: ZipBounds) -> None:
    """Refuse an archive whose list of files is long, before it is read."""
    size = file.seek(0, os.SEEK_END)
    if size > bounds.total_bytes:
        raise ArchiveError(f"it has {size:,} bytes, more than the {bounds.total_bytes:,} that are read")
    file.seek(max(0, size - _LONGEST_COMMENT - _END_SIZE - len(_END_64) - 16))
    tail = file.read()
    place = len(tail) - _END_SIZE
    if place < 0 or not (tail[place:].startswith(_END) and tail.endswith(b"\0\0")):
        place = tail.rfind(_END)
    if place < 0 or len(tail) < place + _END_SIZE:
        raise ArchiveError("damaged, or no zip archive")
    if tail[max(0, place - 20) :].startswith(_END_64):
        raise ArchiveError("it is in the format for archives beyond four gigabytes")
    (directory,) = struct.unpack_from("<L", tail, place + 12)
    if directory > MAX_DIRECTORY:
        raise ArchiveError(f"its list of files has {directory:,} bytes, more than {MAX_DIRECTORY:,}")


def _unpack(archive: zipfile.ZipFile, target: Path, bounds: ZipBounds) -> None:
    members = archive.infolist()
    if len(members) > bounds.file_count:
        raise ArchiveError(f"it holds {len(members):,} files, more than {bounds.file_count:,}")
    left = bounds.total_bytes
    for member in members:
        place = _place(member)
        if member.is_dir() or place is None:
            continue
        path = target / place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=False)
        except (FileExistsError, NotADirectoryError):
            raise ArchiveError(f"{_shown(member)} is in it twice") from None
        with open(path, "wb") as new, archive.open(member) as old:
            while chunk := old.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise ArchiveError(f"its files have more than {bounds.total_bytes:,} bytes together")
                new.write(chunk)


def _place(member: zipfile.ZipInfo) -> PurePosixPath | None:
    """Return where in the folder a file of an archive lies; None where it is the folder itself."""
    name = member.filename.replace("\\", "/")  # as some programs on Windows write it
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or ":" in name[:2]:
        raise ArchiveError(f"{_shown(member)} leads out of the archive")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveError(f"{_shown(member)} is {'a link' if kind == stat.S_IFLNK else 'no regular file'}")
    if member.flag_bits & _ENCRYPTED:
        raise ArchiveError(f"{_shown(member)} is locked by a password")
    if member.compress_type not in _METHODS:
        raise ArchiveError(f"{_shown(member)} is compressed in another way than deflate")
    if len(place.parts) > MAX_DEPTH or len(os.fsencode(name)) > MAX_PATH:
        raise ArchiveError(f"{_shown(member)} lies in too many folders, or has too long a path")
    return place if place.parts else None


def _shown(member: zipfile.ZipInfo) -> str:
    return printable(member.filename)[:200]
