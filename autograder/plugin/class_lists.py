"""Lists for ``nbgrader db student import`` and its kin, as spreadsheets save them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import TextIO

DELIMITERS = ",;\t"


def open_list(path: str, mode: str = "r") -> TextIO:
    """Open a list for reading, whether it is in UTF-8, in UTF-16 or in Windows' own encoding.

    Parameters
    ----------
    path : str
        The file.
    mode : str
        As of `open`; a list is read as text.
    """
    data = Path(path).read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return io.StringIO(data.decode("utf-16", "replace"), newline="")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return io.StringIO(text, newline="")


def read_rows(file: TextIO) -> csv.DictReader[str]:
    """Return the rows of a list by its headings, which commas, semicolons or tabs part.

    Parameters
    ----------
    file : text file
        Of `open_list`.
    """
    start = file.tell()
    heading = file.readline()
    if named := re.fullmatch(r"sep=(.)\s*", heading):  # as Excel writes and reads it
        return csv.DictReader(file, delimiter=named[1])
    file.seek(start)
    rows = csv.DictReader(file, delimiter=max(DELIMITERS, key=heading.count))
    if rows.fieldnames is None:  # an empty file
        rows.fieldnames = []
    return rows


def read_lists_of_spreadsheets() -> None:
    """Let nbgrader's commands import such lists."""
    from nbgrader.apps import dbapp  # noqa: PLC0415 - as nbgrader is there when it is configured

    dbapp.open, dbapp.csv = open_list, SimpleNamespace(DictReader=read_rows)
