"""The cells of a submitted notebook, read without trusting its shape."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.notebook.ownership import grade_id_of
from autograder.protocol.serialization import json_depth

MAX_CELLS = 5_000
MAX_DEPTH = 100


class UnreadableError(ValueError):
    """A submission that is no notebook; the text says why, to the student."""


@dataclass(frozen=True)
class SubmittedCell:
    """A cell of a submission, whatever shape it was in.

    Parameters
    ----------
    index
        Its number in the submission, from 0.
    code
        Whether it is a code cell.
    source
        Its source, which can be written as UTF-8.
    grade_id
        nbgrader's name of the cell; "" where it has none.
    raw
        The cell as it was handed in.
    """

    index: int
    code: bool
    source: str
    grade_id: str
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, index: int, cell: object) -> SubmittedCell:
        """Read one cell."""
        raw: Mapping[str, Any] = cell if isinstance(cell, dict) else {}
        source = text_of(raw.get("source"))
        return cls(index, raw.get("cell_type") == "code", source, grade_id_of(raw), raw)


def read_submission(submission: NotebookNode | bytes | None, max_bytes: int) -> tuple[SubmittedCell, ...]:
    """Read the cells of a submission.

    Parameters
    ----------
    submission
        The notebook: its bytes, or already read, or None where nothing was handed in.
    max_bytes
        Larger submissions are not opened.

    Raises
    ------
    UnreadableError
        If it is no notebook.
    """
    if submission is None:
        raise UnreadableError("no notebook of this name was handed in")
    notebook: Any = submission
    if isinstance(submission, bytes | bytearray):
        notebook = _parse(bytes(submission), max_bytes)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise UnreadableError("the file is not a notebook: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(
            f"the notebook has {len(cells):,} cells, more than the {MAX_CELLS:,} that are read"
        )
    return tuple(SubmittedCell.of(index, cell) for index, cell in enumerate(cells))


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """Return a notebook's bytes in UTF-8, and what they were in otherwise, in words.

    What is no JSON in any of the encodings in which systems store text comes back as it is.

    Parameters
    ----------
    data
        The bytes of a file.
    """
    try:
        data.decode("utf-8-sig")
        return data, ""
    except UnicodeDecodeError:
        pass
    for encoding in _encodings(data):
        with suppress(ValueError, RecursionError):
            text = data.decode(encoding)
            if json_depth(converted := text.encode()) <= MAX_DEPTH and isinstance(json.loads(text), dict):
                return converted, f"not stored as UTF-8, so it was read as {_ENCODINGS[encoding]}"
    return data, ""


_ENCODINGS = {
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252 (Latin-1)",
    "latin-1": "Latin-1",
}


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ("utf-32",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("cp1252", "latin-1")


def text_of(value: object) -> str:
    """Return a text, or a list of its lines, as valid UTF-8; "" for anything else."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return scrubbed(value) if isinstance(value, str) else ""


def scrubbed(text: str) -> str:
    """Replace the parts of characters in a text, so that it can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _parse(data: bytes, max_bytes: int) -> Any:
    if not data.strip():
        raise UnreadableError("the file is empty")
    if len(data) > max_bytes:
        raise UnreadableError(
            f"the file has {len(data):,} bytes, more than the {max_bytes:,} that are read; "
            "clear the outputs and hand in again"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"the file is not UTF-8 text (byte {error.start})") from None
    if json_depth(data) > MAX_DEPTH:
        raise UnreadableError(f"the file is not a notebook: its JSON is nested deeper than {MAX_DEPTH}")
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the file is not JSON: {error}") from None
    is_old = isinstance(notebook, dict) and "cells" not in notebook
    if is_old and isinstance(notebook.get("worksheets"), list):
        try:
            return nbformat.convert(nbformat.from_dict(notebook), 4)
        except Exception:
            raise UnreadableError(
                "the file is a notebook of an old format that cannot be converted"
            ) from None
    return notebook
