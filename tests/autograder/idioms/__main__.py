"""Grade idioms by one kernel and by the engine, and print the table.

Run it as ``python -m tests.autograder.idioms [--group G] [--name N] [--different] [--write]``.
"""

import argparse
import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from tests.autograder.idioms import marks
from tests.autograder.idioms.collection import idioms, missing
from tests.autograder.idioms.grading import Both, Graded, Outcome, both, fair
from tests.autograder.idioms.idiom import Idiom


def points(rows: list[Graded], which: str) -> str:
    """Return one side's scores: the solution's, those of right answers, of wrong ones."""

    def shown(outcome: Outcome) -> str:
        return "person" if outcome.score is None else f"{outcome.score:g}"

    parts = [
        " ".join(shown(getattr(row, which)) for row in rows if row.answer.startswith(start))
        for start in ("solution", "right", "wrong")
    ]
    return " / ".join(parts)


def difference(rows: list[Graded]) -> str:
    """Say where the engine differs, in its own words."""
    words = [f"{row.answer}: {row.verdict}: {row.engine.words}" for row in rows if not row.agrees]
    return "agrees" if not words else "\n".join(words)


def main() -> None:
    """Grade, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m tests.autograder.idioms", description=__doc__)
    parser.add_argument("--group", default="", help="only groups whose name contains this")
    parser.add_argument("--name", default="", help="only idioms whose name contains this")
    parser.add_argument("--different", action="store_true", help="show only what does not agree")
    parser.add_argument(
        "--write", action="store_true", help="write down what the engine does, for a person to review"
    )
    asked = parser.parse_args()
    chosen = idioms(asked.group, asked.name)
    absent = {idiom.name: missing(idiom) for _, idiom in chosen if missing(idiom)}
    console = Console(width=None if sys.stdout.isatty() else 200)
    table = Table(
        "group", "idiom", "one kernel: solution / right / wrong", "engine", "agrees, or the difference"
    )
    per_group: dict[str, Counter[str]] = {}
    unfair = []
    with both() as graders:
        for group, idiom in chosen:
            if idiom.name in absent:
                continue
            rows, mark = examine(graders, idiom)
            if asked.write:  # at once, so that what is done stays when the run is ended
                marks.write(marks.IDIOMS, {idiom.name: mark})
            unfair += [f"{idiom.name}: {answer}: {row.kernel}" for answer in fair(rows, idiom.points)
                       for row in rows if row.answer == answer]  # fmt: skip
            per_group.setdefault(group, Counter())[mark["verdict"] if mark else "agrees"] += 1
            if mark or not asked.different:
                table.add_row(
                    group, idiom.name, points(rows, "kernel"), points(rows, "engine"), difference(rows)
                )
    console.print(table)
    console.print(summary(per_group))
    for line in unfair:
        console.print(f"one kernel is not fair: {line}", style="red", highlight=False)
    for name, packages in absent.items():
        console.print(f"left out: {name}: {', '.join(packages)} is not installed")
    sys.exit(1 if unfair else 0)


def examine(graders: Both, idiom: Idiom) -> tuple[list[Graded], marks.Mark | None]:
    """Grade an idiom, and what to write instead where it does not work."""
    rows = graders.grade(idiom)
    if all(row.agrees for row in rows):
        return rows, None
    return rows, marks.mark(rows, graders.grade(idiom, instead=True) if idiom.instead else None, idiom.points)


def summary(per_group: dict[str, Counter[str]]) -> Table:
    """Return the table of each group's outcomes."""
    table = Table("group", "idioms", "agrees", *marks.VERDICTS)
    total: Counter[str] = Counter()
    for group, counts in [*per_group.items(), ("together", total)]:
        table.add_row(
            group, str(counts.total()), *(str(counts[k] or "") for k in ("agrees", *marks.VERDICTS))
        )
        if counts is not total:
            total += counts
    return table


if __name__ == "__main__":
    main()
