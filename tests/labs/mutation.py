"""Mutants that a lab's hidden cases notice: python -m tests.labs.mutation LAB [FUNCTION …]."""

import contextlib
import importlib
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from autograder import checks
from autograder.checks import compare
from course import examples
from tests.labs.cases import recognised
from tests.labs.cells import Lab
from tests.labs.mutants import Mutant, mutants

# By lab and function: each mutant that is known to survive, and why: "equivalent: …" or "gap: …".
SURVIVORS = Path(__file__).with_name("survivors.json")


@dataclass
class Task:
    """What is known of one graded function."""

    function: str
    points: float
    forms: dict[str, bool] = field(default_factory=dict)
    killed: list[Mutant] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)
    recognised: dict[str, bool] = field(default_factory=dict)


class Bench:
    """One lab's functions, tried on its hidden cases.

    Parameters
    ----------
    lab : str
        A folder of solutions/.
    """

    def __init__(self, lab: str):
        self.lab, self.notebook, self.reference = lab, Lab(lab), examples.reference(lab)
        self.names = self.notebook.namespace(self.reference.FUNCTIONS)
        self._cases: dict = {}

    def cases(self, function: str) -> list:
        """The hidden cases of a function."""
        if function not in self._cases:
            self._cases[function] = self.reference.cases(function)
        return self._cases[function]

    def mutants(self, function: str) -> list[Mutant]:
        """The mutants of the instructor's answer."""
        return mutants(self.notebook.cells[function].source)

    def is_killed(self, function: str, mutant: Mutant) -> bool:
        """Whether the hidden cases tell a mutant from the right answer."""
        names = dict(self.names)
        try:
            exec(mutant.source, names)
        except Exception:
            return True
        return not self.passes(function, names[function])

    def passes(self, function: str, answer) -> bool:
        """Whether an answer passes all hidden cases."""
        with _without_advice(), contextlib.suppress(AssertionError):
            for case in self.cases(function):
                checks.agrees(answer, case)
            return True
        return False

    def recognises(self, function: str, name: str) -> bool:
        """Whether a known mistake fails, and the message names it."""
        return recognised(name, self.reference.mistakes_of(function)[name], self.cases(function))

    def task(self, function: str, every: int = 1, advance=lambda: None) -> Task:
        """Try all of a function's right forms and mistakes, and every so-manieth mutant."""
        right = importlib.import_module(f"course.sample_class.answers.{self.lab}").RIGHT
        task = Task(function, self.notebook.points(f"test_{function}"))
        task.forms = {name: self.passes(function, form) for name, form in right[function].items()}
        for mutant in self.mutants(function)[::every]:
            (task.killed if self.is_killed(function, mutant) else task.survived).append(mutant)
            advance()
        task.recognised = {
            name: self.recognises(function, name) for name in self.reference.mistakes_of(function)
        }
        return task


@contextlib.contextmanager
def _without_advice():
    """Leave out the comparison with known mistakes: most of the time of a wrong answer."""
    before, compare._looks_like = compare._looks_like, lambda case, came: []
    try:
        yield
    finally:
        compare._looks_like = before


def known(lab: str, function: str) -> dict[str, str]:
    """The survivors that are known, by their change, each with its reason."""
    return json.loads(SURVIVORS.read_text(encoding="utf-8")).get(lab, {}).get(function, {})


def score(lab: str, tasks: list[Task]) -> float:
    """The fraction of mutants killed, of those that are not equivalent to the right answer."""
    killed = sum(len(task.killed) for task in tasks)
    alive = [
        mutant
        for task in tasks
        for mutant in task.survived
        if not known(lab, task.function).get(mutant.change, "").startswith("equivalent: ")
    ]
    return killed / (killed + len(alive))


def main(lab: str, *functions: str) -> int:
    """Print a lab's table, or that of some functions.

    Returns 0 if 95 % of the mutants are killed and every survivor is known, else 1.
    """
    bench, tasks, console = Bench(lab), [], Console()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for function in functions or bench.reference.FUNCTIONS:
            bar = progress.add_task(function, total=len(bench.mutants(function)))
            tasks.append(bench.task(function, advance=lambda bar=bar: progress.advance(bar)))
    table = Table("task", "points", "right forms passed", "mutants killed", "mistakes recognised", title=lab)
    for task in tasks:
        table.add_row(
            task.function, f"{task.points:g}", _part(task.forms.values()),
            f"{len(task.killed)} of {len(task.killed) + len(task.survived)}", _part(task.recognised.values()),
        )  # fmt: skip
    console.print(table)
    unknown = 0
    for task in tasks:
        for mutant in task.survived:
            reason = known(lab, task.function).get(mutant.change, "not known")
            unknown += reason == "not known"
            console.print(f"survived  {task.function}, {mutant.change}  [{reason}]", markup=False)
    reached = score(lab, tasks)
    console.print(f"{reached:.1%} killed of those that are not equivalent")
    return 0 if reached >= 0.95 and not unknown else 1


def _part(passed) -> str:
    passed = list(passed)
    return f"{sum(passed)} of {len(passed)}"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.labs.mutation LAB [FUNCTION …]")
    sys.exit(main(*sys.argv[1:]))
