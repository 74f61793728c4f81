"""Examination of this machine: a worker is started and tries what it must not be able to do."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.checks import seeds
from autograder.sandbox import REMEDIES, IsolationError, Layer, require_layers, unsupported_reason

LIBRARIES = ("IPython", "landlockpy", "nbformat", "nbgrader", "numpy", "pyseccomp", "tensorflow")

MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """One thing that was examined.

    Parameters
    ----------
    name
        Its name.
    ok
        Whether it is as it should be.
    text
        What it is, in words for the instructor.
    """

    name: str
    ok: bool
    text: str


def examine() -> list[Finding]:
    """Examine this machine.

    Returns
    -------
    list of Finding
        The system, the libraries and the course's secret; on Linux, also each layer of the sandbox
        and each attempt of a real worker.
    """
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    unsupported = unsupported_reason()
    findings = [
        Finding("system", not unsupported, f"{system}: {unsupported}" if unsupported else system),
        *(_library(name) for name in LIBRARIES),
        *_secret(),
    ]
    return findings if unsupported else [*findings, *_examine_worker()]


def _examine_worker() -> list[Finding]:
    from autograder.commands import escape as tried  # noqa: PLC0415 - only Linux has it

    try:
        escape = tried.try_to_escape()
    except tried.ExaminationError as error:
        return [Finding("worker", False, str(error))]
    allowed, wrong = _allowed_layers()
    layers = [_layer(layer, layer in escape.missing, layer in allowed) for layer in Layer]
    attempts = [
        Finding(f"a submission can {name}", done is (name == tried.WRITE), "yes" if done else "no")
        for name, done in escape.worker.items()
    ]
    reached = [name for name, done in escape.judge.items() if done is not (name in (tried.WRITE, tried.READ))]
    judge = Finding(
        "the judge is confined",
        not reached,
        f"not as it should be: {'; '.join(reached)}" if reached else "it reaches nothing but its own files",
    )
    return [*wrong, *layers, *attempts, judge]


def _layer(layer: Layer, missing: bool, allowed: bool) -> Finding:
    if not missing:
        return Finding(f"layer: {layer}", True, layer.description)
    text = f"{MISSING}, as allow_missing allows" if allowed else f"{MISSING}; {REMEDIES[layer]}"
    return Finding(f"layer: {layer}", allowed, text)


def _allowed_layers() -> tuple[set[Layer], list[Finding]]:
    """Return the layers that the settings allow to be missing, and what is wrong with these."""
    try:
        from autograder.batch.errors import GradeError  # noqa: PLC0415
        from autograder.commands.course import read_config  # noqa: PLC0415 - nbgrader is slow to import
        from autograder.plugin.execute import SandboxExecute  # noqa: PLC0415
    except ImportError:  # which is said among the libraries
        return set(), []
    try:
        return set(map(Layer, SandboxExecute(parent=read_config()).allow_missing)), []
    except GradeError as error:
        return set(), [Finding("settings", False, str(error))]


def _secret() -> list[Finding]:
    """Look at the secret of the course in this folder, if it is a course."""
    path = Path(os.environ.get(seeds.VARIABLE) or seeds.FILE)
    if path.exists():
        try:
            seeds.read(path)
        except seeds.SecretError as error:
            return [Finding("course secret", False, str(error))]
        return [Finding("course secret", True, f"{path} is what hidden tests draw their numbers from")]
    if not Path("nbgrader_config.py").exists():
        return []
    return [Finding("course secret", True, f"in this folder {seeds.NO_SECRET}")]


def _library(name: str) -> Finding:
    try:
        return Finding(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        needed = name not in ("tensorflow",)
        text = f"not installed; pip install {name}" if needed else "not installed; tests of networks need it"
        return Finding(name, not needed, text)


def main(console: Console | None = None) -> int:
    """Print the findings; return 0 if all is as it should be, else 1."""
    console = console or Console()
    findings = examine()
    table = Table("", "what", "found", box=None)
    for finding in findings:
        table.add_row("ok" if finding.ok else "!!", finding.name, finding.text)
    console.print(table)
    wrong = [finding for finding in findings if not finding.ok]
    layers = {layer: finding for layer in Layer for finding in findings if finding.name == f"layer: {layer}"}
    missing = [layer for layer, finding in layers.items() if finding.text.startswith(MISSING)]
    try:
        require_layers(missing, [layer for layer in missing if layers[layer].ok])
    except IsolationError as error:
        console.print(str(error), highlight=False, markup=False, soft_wrap=True)
    if wrong:
        console.print(f"{len(wrong)} of {len(findings)} are not as they should be: see the lines marked !!")
    return 1 if wrong else 0
