"""All runs of the comparison by one command, with progress, tables and what is kept of them."""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table

from course.errors import CourseError
from course.mnist import training
from course.mnist.recipes import RECIPES, Recipe, decisive, named
from course.stamps import BUILD, ROOT
from sepconv import figures
from sepconv.data import DataError, Digits, digits
from sepconv.weights import FOLDER, seconds

RUNS = BUILD / "mnist"
PARTS = ("sources", "search", "teacher", "champion", "curve", "half_curve")
WIDTH = 160  # of the table, where no terminal has one
BUILT = ("sources", "champion")  # the parts whose networks `sepconv.models` builds with their weights


def mnist() -> Digits:
    """Load MNIST.

    Raises
    ------
    CourseError
        If it cannot be had: other digits would be another comparison.
    """
    try:
        data = digits()
    except DataError as error:
        raise CourseError(str(error)) from error
    if not data.is_mnist:
        raise CourseError(f"this comparison needs MNIST, got {data.source}; name mnist.npz in SEPCONV_MNIST")
    return data


def planned(parts: Sequence[str], seeds: Sequence[int] = (), network: str = "") -> list[tuple[Recipe, int]]:
    """List the runs of some parts, and before them those of teachers that they learn from.

    Parameters
    ----------
    parts : sequence of {"sources", "search", "teacher", "champion", "curve", "half_curve"}
        None of them means all.
    seeds : sequence of ints
        In place of the recipes' own, if there are any.
    network : str
        How the names of the recipes begin.

    Raises
    ------
    CourseError
        If that leaves none.
    """
    chosen = [r for r in RECIPES if r.part in (parts or PARTS) and r.name.startswith(network)]
    if not chosen:
        names = ", ".join(r.name for r in RECIPES if r.part in (parts or PARTS))
        raise CourseError(f"no network's name begins with {network!r}, there are: {names}")
    names = {recipe.name for recipe in chosen}
    taught_by = dict.fromkeys(r.teacher for r in chosen if r.teacher and r.teacher not in names)
    before = [(teacher, seed) for teacher in map(named, taught_by) for seed in teacher.seeds]
    return before + [(recipe, seed) for recipe in chosen for seed in (seeds or recipe.seeds)]


def train(runs: Sequence[tuple[Recipe, int]], data: Digits, folder: Path = RUNS) -> list[dict]:
    """Train what is not yet trained, showing how far it is, and return every run's result."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    results = []
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for i, (recipe, seed) in enumerate(runs):
            task = progress.add_task(
                f"{recipe.name}, seed {seed} ({i + 1} of {len(runs)})",
                total=training.total_epochs(recipe) * training.steps(recipe, data),
            )

            def tell(done: int, task=task):
                progress.update(task, completed=done)

            results.append(training.run(recipe, seed, data, folder, tell))
            progress.remove_task(task)
    return results


def table(results: Sequence[dict]) -> Table:
    """Lay out a row for each recipe: mean and spread of its runs' accuracy, and what it took."""
    laid = Table(
        Column("network", no_wrap=True),
        "parameters",
        "MACs",
        "epochs",
        "seeds",
        "judged by",
        "accuracy",
        "least",
        "most",
        "seconds",
    )
    by_name: dict[str, list[dict]] = {}
    for result in results:
        by_name.setdefault(result["recipe"]["name"], []).append(result)
    for name, runs in by_name.items():
        test = np.array([run.get("test", run.get("validation")) for run in runs])
        spread = f" ± {test.std(ddof=1):.2%}" if len(test) > 1 else ""
        laid.add_row(
            name,
            f"{runs[0]['parameters']:,}",
            f"{runs[0]['macs']:,}",
            str(len(runs[0]["epochs"])),
            str(len(runs)),
            "test" if "test" in runs[0] else "validation",
            f"{test.mean():.2%}{spread}",
            f"{test.min():.2%}",
            f"{test.max():.2%}",
            f"{sum(seconds(run) for run in runs):,.0f}",
        )
    return laid


def keep(data: Digits, folder: Path = RUNS, into: Path = FOLDER) -> list[Path]:
    """Copy finished runs into the project: their results, and weights of networks that it builds.

    A planned run that is not in `folder` keeps the row that it has in the project. Runs judged by
    images that were held back go into a table of their own.

    Returns
    -------
    list of Path
        The files written.
    """
    tables = {"test": into / "results.json", "validation": into / "validation.json"}
    before = {(run["recipe"]["name"], run["seed"]): run for path in tables.values() for run in _rows(path)}
    rows: dict[str, list[dict]] = {judged: [] for judged in tables}
    written = []
    for recipe, seed in planned(()):
        settings = json.loads(json.dumps(asdict(recipe)))
        found = rows[training.judged_by(recipe)]
        place = training.place(recipe, seed, data, folder)
        if not (place / training.RESULT).exists():
            old = before.get((recipe.name, seed))
            if old and decisive(old["recipe"]) == decisive(settings):
                found.append(old | {"recipe": settings})
            continue
        found.append(training.read_result(place) | {"recipe": settings})
        if recipe.part in BUILT and seed == recipe.seeds[0]:
            written.append(Path(shutil.copyfile(place / training.WEIGHTS, into / f"{recipe.name}.npz")))
    for judged, path in tables.items():
        lines = ",\n".join(json.dumps(run) for run in rows[judged])
        path.write_text(f"[\n{lines}\n]\n" if lines else "[]\n", encoding="utf-8")
    return [*written, *tables.values()]


def _rows(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def curve(results: Sequence[dict]) -> figures.Figure | None:
    """Draw the runs of the curve, errors over parameters, a line for each class of layers."""
    families: dict[str, list[tuple[int, float]]] = {}
    for run in results:
        if run["recipe"]["part"] == "curve":
            kind = run["recipe"]["arguments"]["convolution"]
            families.setdefault(kind, []).append((run["parameters"], 100 * (1 - run["test"])))
    if not families:
        return None
    return figures.tradeoff(
        families,
        {},
        alt="Errors of each family of networks over its parameters.",
        xlabel="parameters",
        ylabel="test images missed, per cent",
        yscale="log",
    )


def main(parts: Sequence[str], seeds: Sequence[int], network: str, kept: bool) -> None:
    """Train, show the table, draw the curve, and keep the results if asked to."""
    data = mnist()
    results = train(planned(parts, seeds, network), data)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(table(results))
    if drawn := curve(results):
        (RUNS / "curve.svg").write_text(drawn.svg, encoding="utf-8")
        console.print(f"the curve: {(RUNS / 'curve.svg').relative_to(ROOT)}")
    if kept:
        for path in keep(data):
            console.print(f"kept {path.relative_to(ROOT)}")
