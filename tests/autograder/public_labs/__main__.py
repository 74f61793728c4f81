"""Grade the three labs by one kernel and by the engine, and print the table.

Run it as ``python -m tests.autograder.public_labs``.
"""

import importlib
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.autograder.idioms.grading import both
from tests.autograder.public_labs.lab import grade

LABS = ("semester", "analysis", "plotting")
DIFFERENCES = Path(__file__).with_name("differences.json")


def main() -> None:
    """Grade, print, and write down with ``--write``."""
    table = Table("lab", "submission", "cell", "one kernel", "engine", "difference")
    written = {}
    with both() as graders:
        for name in LABS:
            lab = importlib.import_module(f"tests.autograder.public_labs.{name}").LAB
            for submission, rows in grade(graders, lab).items():
                for row in rows:
                    shown = "person" if row.engine.score is None else f"{row.engine.score:g}"
                    words = "" if row.agrees else f"{row.verdict}: {row.engine.words}"
                    table.add_row(lab.name, submission, row.answer, f"{row.kernel.score:g}", shown, words)
                    if not row.agrees:
                        written.setdefault(name, {}).setdefault(submission, {})[row.answer] = row.plain()
    Console(width=None if sys.stdout.isatty() else 180).print(table)
    if "--write" in sys.argv:
        DIFFERENCES.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
