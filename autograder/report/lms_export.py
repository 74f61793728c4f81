"""Tables of a class as CSV, for a spreadsheet and as learning platforms import them.

Who has no points to hand over has no row for a platform: an empty cell would erase what the
platform has.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FORMULA_INSIDE = re.compile(r"([;,\t\r\n][\s\"']*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # full width, too


# a spreadsheet may show another text for it, but does nothing
_CALLS_NOTHING = re.compile(r"[\w.@=+-]*")


class Key(str):
    """A text by which a platform finds a student, so that it has to stay as it is."""

    __slots__ = ()


@dataclass(frozen=True)
class Grade:
    """One student's points, for a platform.

    Parameters
    ----------
    student
        nbgrader's id, which is to be the login on the platform.
    first_name, last_name, email
        As in the gradebook; "" where it has none.
    platform_id
        The student's number on the platform (nbgrader's ``lms_user_id``); "" where the gradebook
        has none.
    points
        None where there is nothing to hand over: no submission, or not all of it graded.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    platform_id: str = ""
    points: float | None = None

    @property
    def name(self) -> str:
        """Last and first name, as platforms sort them; the id where there is none."""
        return ", ".join(part for part in (self.last_name, self.first_name) if part) or self.student


def to_csv(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV (RFC 4180), so that no spreadsheet takes a text for a formula.

    A `Key` that calls nothing stays as it is. Another text that begins as formulas do gets an
    apostrophe in front, and so does what stands in it after a sign that some spreadsheets part
    columns at. None becomes an empty cell; numbers stay numbers.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Key) and _CALLS_NOTHING.fullmatch(value):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        words = str(value).encode("utf-8", "replace").decode().replace("\0", "")
        if words.lstrip(" ").startswith(FORMULA) or words.lstrip().startswith(FORMULA):
            words = f"'{words}"
        return _FORMULA_INSIDE.sub(r"\1'\2", words)
    return _points(value)


def _points(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def canvas(grades: Iterable[Grade], column: str, maximum: float) -> str:
    """Return a CSV for Canvas' "Import Grades".

    Canvas finds students by ID (its own number), else by SIS Login ID, else by name; and the
    assignment by a heading like ``Encoder (1234)`` with its number, else by its name, else it
    offers to make a new one. It takes points above the maximum as they are.

    Parameters
    ----------
    grades : iterable of Grade
    column : str
        The assignment's heading.
    maximum : float
        Points possible.

    References
    ----------
    ``lib/gradebook_importer.rb`` in github.com/instructure/canvas-lms.
    """
    points_possible = "Points Possible"  # in the first cell it makes the row that of the maximum
    rows: list[list[object]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column],
        [f"    {points_possible}", "", "", "", "", maximum],
    ]
    for grade in _with_points(grades):
        name = grade.name.replace(points_possible, points_possible.replace(" ", "\N{NO-BREAK SPACE}"))
        rows.append([name, Key(grade.platform_id), "", Key(grade.student), "", grade.points])
    return to_csv(rows)


def moodle(grades: Iterable[Grade], column: str, maximum: float) -> str:
    """Return a CSV for Moodle's "Import > CSV file".

    Moodle asks which column names the user: map ``Username`` to username, ``ID number`` to ID
    number or ``Email address`` to email, and the last column to the grade item.

    Moodle refuses the whole file, or cuts the points, where somebody has more than the maximum. The
    last column has no more than that, and what is above stands in a column before it, which may be
    mapped to an item of extra credit.

    Parameters
    ----------
    grades : iterable of Grade
    column : str
        The grade item's name.
    maximum : float
        That of the grade item.

    References
    ----------
    ``grade/import/csv/classes/load_data.php``, and ``bounded_grade`` in
    ``lib/grade/grade_item.php``, in github.com/moodle/moodle.
    """
    given = [*_with_points(grades)]
    extra = any_above(given, maximum)
    above = [f"{column} (above the maximum)"] if extra else []
    rows: list[list[object]] = [
        ["First name", "Last name", "Username", "ID number", "Email address", *above, column]
    ]
    for grade in given:
        points = grade.points or 0.0
        rest = [max(0.0, points - maximum)] if extra else []
        keys = (Key(text) for text in (grade.student, grade.platform_id, grade.email))
        rows.append([grade.first_name, grade.last_name, *keys, *rest, min(points, maximum)])
    return to_csv(rows)


def any_above(grades: Iterable[Grade], maximum: float) -> bool:
    """Tell whether somebody has more points than the maximum, by extra credit."""
    return any(_points(grade.points or 0.0) != _points(min(grade.points or 0.0, maximum)) for grade in grades)


def _with_points(grades: Iterable[Grade]) -> Iterable[Grade]:
    return (grade for grade in grades if grade.points is not None)


PLATFORMS = {"canvas": canvas, "moodle": moodle}
