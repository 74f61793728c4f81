"""What the engine does otherwise than one kernel, as it is written down and reviewed by a person.

A mark says how the engine's result stands to one kernel's, answer by answer, in the engine's words.
A person adds the reason; without one, the tests do not pass.
"""

import json
from pathlib import Path
from typing import Any

from tests.autograder.idioms.grading import Graded

IDIOMS = Path(__file__).with_name("differences.json")
VERDICTS = ("for a person", "points lost", "points given")  # from the best to the worst
Mark = dict[str, Any]


def mark(rows: list[Graded], instead: list[Graded] | None, points: float) -> Mark:
    """Return the mark of graded answers that do not all agree."""
    different = {row.answer: row.plain() for row in rows if not row.agrees}
    worst = max((row["verdict"] for row in different.values()), key=VERDICTS.index)
    made: Mark = {"verdict": worst, "answers": different}
    if instead is not None:
        made["instead works"] = works(instead, points)
    return made


def works(rows: list[Graded], points: float) -> bool:
    """Return whether both give all points to right answers, and the same fewer to wrong ones."""
    return all(row.agrees and (row.kernel.score == points) is row.right for row in rows)


def read(path: Path) -> dict[str, Mark | None]:
    """Return the marks that are written down; None for what agrees."""
    return json.loads(path.read_text()) if path.exists() else {}


def write(path: Path, found: dict[str, Mark | None]) -> None:
    """Write marks down in the place of those of the same idioms; a reason that is there stays."""
    marks = read(path)
    for name, each in found.items():
        reason = (marks.get(name) or {}).get("reason", "")
        marks[name] = each and {**each, "reason": reason}
    path.write_text(json.dumps(marks, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def same(one: Mark, other: Mark) -> bool:
    """Return whether two marks say the same, whatever reason stands beside."""
    return {k: v for k, v in one.items() if k != "reason"} == {
        k: v for k, v in other.items() if k != "reason"
    }
