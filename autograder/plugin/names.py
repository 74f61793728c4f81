"""Names of folders and students, taken as they are; ids that may be one student's."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Iterable
from types import SimpleNamespace

from autograder.printable import printable


def literal_glob(pattern: str) -> list[str]:
    """Find files as `glob.glob` does, but take what exists by its name.

    A course in the folder ``Course [2027]`` has no folders ``Course 2``, and a student ``a[1]`` is
    no other one.

    Parameters
    ----------
    pattern : str
        A path; each of its parts is a pattern where nothing is called so, and ``*`` always is one.
    """
    first, *parts = pattern.split(os.sep)
    found = [first or os.sep] if not first or os.path.lexists(first) else glob.glob(first)
    for part in parts:
        found = [path for folder in found for path in _in_folder(folder, part)]
    return found


def _in_folder(folder: str, part: str) -> list[str]:
    path = f"{folder.rstrip(os.sep)}{os.sep}{part}"
    if set(part) != {"*"} and os.path.lexists(path):
        return [path]
    return glob.glob(f"{glob.escape(folder.rstrip(os.sep))}{os.sep}{part}")


def take_names_literally() -> None:
    """Let nbgrader find folders whose names look like patterns."""
    from nbgrader import utils  # noqa: PLC0415 - as nbgrader is there when it is configured
    from nbgrader.apps import api  # noqa: PLC0415
    from nbgrader.converters import base  # noqa: PLC0415
    from nbgrader.exchange.default import collect, exchange, release_feedback  # noqa: PLC0415
    from nbgrader.exchange.default import list as list_  # noqa: PLC0415

    for module in (utils, api, base, collect, exchange, list_, release_feedback):
        if hasattr(module, "glob"):
            module.glob = SimpleNamespace(glob=literal_glob, escape=glob.escape)  # type: ignore[attr-defined]


def exactly(student: str) -> str:
    """Return a pattern of one student's id that nbgrader does not strip of its spaces."""
    if student == student.strip():
        return student
    return "".join(f"[{sign}]" if sign.isspace() else glob.escape(sign) for sign in student)


def why_no_student(path: str) -> str:
    """Return why a folder, by its path in the course, can be no student's; "" where it can."""
    for name in path.split(os.sep):
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            guess = name.encode("utf-8", "surrogateescape").decode("latin-1")
            return f"the folder's name is not in UTF-8, so rename it, perhaps to {printable(guess)!r}"
    return "a line break is in the folder's name, so rename it" if "\n" in path else ""


def alike_ids(students: Iterable[str]) -> list[list[str]]:
    """Return the ids that differ only in case, in spaces or in their Unicode form, in groups."""
    groups: dict[str, list[str]] = {}
    for student in sorted(set(students)):
        plain = "".join(unicodedata.normalize("NFKC", student).casefold().split())
        groups.setdefault(plain, []).append(student)
    return [group for group in groups.values() if len(group) > 1]


def say_alike(group: Iterable[str]) -> str:
    """Say of ids that are alike that they may be one student's, in a line."""
    return f"{' and '.join(map(repr, group))} may be one student: the ids differ in case, spaces or accents"
