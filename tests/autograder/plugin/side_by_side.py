"""The same honest work, graded by nbgrader alone and with the engine.

Run it as ``python -m tests.autograder.plugin.side_by_side [lab]``.

Both runs are nbgrader's own command on the same submissions; only the one line of configuration
differs.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.autograder.classroom import Classroom
from tests.autograder.corpus.case import HONEST, cases
from tests.autograder.corpus.grade import LABS
from tests.autograder.corpus.lab import Scores

STOCK = "c = get_config()\nc.CourseDirectory.ignore.append('judge')\nc.Execute.timeout = 120\n"

# Where the two differ, by submission; the reason holds for every cell that does.
REASONS = {
    "warnings-within-calls": "nbgrader gives 0 to a test in which anything is written to stderr",
    "progress-bars": "nbgrader gives 0 to a test in which anything is written to stderr",
    "logs-on-its-way": "nbgrader gives 0 to a test in which anything is written to stderr",
}


def compare(lab_name: str, root: Path) -> dict[str, tuple[Scores, Scores | None, Scores | None]]:
    """Grade the corpus's honest submissions twice.

    Returns
    -------
    dict
        Submission → what it deserves, what nbgrader alone gives, what the engine gives.
    """
    lab, ours = LABS[lab_name](root / "ours")
    shutil.copytree(root / "ours", root / "stock")
    # nbgrader alone has no judge to tell where its folder is.
    judge = root / "stock" / "source" / lab.assignment / "judge"
    stock = Classroom(root / "stock", f"import os\nos.environ['AUTOGRADER_JUDGE'] = {str(judge)!r}\n{STOCK}")
    made = {each.name: each.make(lab) for each in cases(lab) if each.group == HONEST}
    given = []
    for room in (stock, ours):
        for name, submission in made.items():
            submission.write(room.folder(name, lab.assignment), lab.notebook)
        room.autograde(lab.assignment, code=None)
        given.append(room.scores(lab.assignment))
    return {name: (made[name].deserved, given[0].get(name), given[1].get(name)) for name in made}


def differences(deserved: Scores, given: Scores | None) -> dict[str, float | None]:
    """The cells that got something else than they deserve."""
    given = given or {}
    return {cell: given.get(cell, -1) for cell, score in deserved.items() if given.get(cell, -1) != score}


def main() -> None:
    lab_name = sys.argv[1] if len(sys.argv) > 1 else "series"
    with tempfile.TemporaryDirectory() as folder:
        rows = compare(lab_name, Path(folder))
    table = Table("submission", "deserved", "nbgrader alone", "with the engine", "reason of a difference")
    for name, (deserved, *given) in rows.items():
        shown = [
            "the same"
            if not (wrong := differences(deserved, scores))
            else ", ".join(f"{k} {v}" for k, v in wrong.items())
            for scores in given
        ]
        total = sum(score or 0 for score in deserved.values())
        table.add_row(name, f"{total:g}", *shown, REASONS.get(name, "") if shown != ["the same"] * 2 else "")
    Console(width=None if sys.stdout.isatty() else 180).print(table)


if __name__ == "__main__":
    main()
