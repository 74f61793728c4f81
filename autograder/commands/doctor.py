"""Examination of this machine: a worker is started and tries what it must not be able to do."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console
from rich.table import Table

from autograder.checks import seeds
from autograder.sandbox import Layer, unsupported_reason

LIBRARIES = ("IPython", "landlockpy", "nbformat", "nbgrader", "numpy", "pyseccomp", "tensorflow")
REMEDIES = {
    Layer.NAMESPACES: "allow user namespaces (sysctl user.max_user_namespaces), or run as root",
    Layer.OWN_USER: "make the Python installation readable for all users, or grade as an ordinary user",
    Layer.FILE_SYSTEM_VIEW: "needs the layer 'namespaces' and the right to mount in it",
    Layer.SCRATCH_LIMIT: "needs the layer 'file system view'",
    Layer.LANDLOCK: "needs Linux 5.13 with Landlock enabled, and the package landlockpy",
    Layer.SECCOMP: "needs the system's libseccomp.so.2, and the package pyseccomp",
}
ATTEMPTS = """
import json, os, socket
seen = {}
def attempt(name, action):
    try:
        action()
        seen[name] = True
    except BaseException:
        seen[name] = False
def reach(path):
    with open(path) as file:
        file.read()
def network():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(("192.0.2.1", 9))
attempt("read a file outside", lambda: reach(SECRET))
attempt("write a file outside", lambda: open(SECRET, "a").close())
attempt("open the network", network)
attempt("signal the grader", lambda: os.kill(GRADER, 0))
attempt("see the grader's processes", lambda: reach(f"/proc/{GRADER}/status"))
attempt("write its scratch directory", lambda: open("x", "w").close())
print(json.dumps(seen))
"""
WANTED = "write its scratch directory"


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
    from autograder.execution.engine import ForkServerError  # noqa: PLC0415 - only Linux has it

    try:
        missing, came_through = _try_to_escape()
    except (ForkServerError, ValueError, OSError) as error:
        return [Finding("worker", False, f"no worker can be started: {error}")]
    layers = [
        Finding(
            f"layer: {layer}",
            layer not in missing,
            f"missing; {REMEDIES[layer]}" if layer in missing else layer.description,
        )
        for layer in Layer
    ]
    attempts = [
        Finding(f"a submission can {name}", done is (name == WANTED), "yes" if done else "no")
        for name, done in came_through.items()
    ]
    return layers + attempts


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
        return Finding(name, not needed, f"not installed; pip install {name}" if needed else "not installed")


def _try_to_escape() -> tuple[tuple[str, ...], dict[str, bool]]:
    """Run the attempts in a worker; return the missing layers, and which attempts came through.

    Raises
    ------
    ForkServerError, OSError
        If no worker can be started.
    ValueError
        If the worker did not report.
    """
    from autograder.execution.engine import Engine  # noqa: PLC0415 - only Linux has it
    from autograder.execution.spec import GradingSpec, Submission  # noqa: PLC0415

    with Engine() as engine, tempfile.NamedTemporaryFile(prefix="secret-") as secret:
        setting = f"SECRET = {secret.name!r}\nGRADER = {os.getpid()}\n"
        cell = new_code_cell("assert seen")
        cell.metadata["nbgrader"] = {"grade_id": "attempts", "grade": True, "locked": True, "points": 1}
        source = new_notebook(cells=[cell])
        submission = new_notebook(cells=[new_code_cell(setting + ATTEMPTS)])
        result = engine.grade(GradingSpec(source), Submission(submission))
    printed = "".join(output.get("text", "") for output in result.outputs.get("s0", []))
    try:
        report = json.loads(printed)
        return result.missing_layers, {str(name): done is True for name, done in report.items()}
    except ValueError:
        reason = printed[-500:] or result.reason or "no output"
        raise ValueError(f"the worker said nothing: {reason}") from None


def main(console: Console | None = None) -> int:
    """Print the findings; return 0 if all is as it should be, else 1."""
    console = console or Console()
    findings = examine()
    table = Table("", "what", "found", box=None)
    for finding in findings:
        table.add_row("ok" if finding.ok else "!!", finding.name, finding.text)
    console.print(table)
    wrong = [finding for finding in findings if not finding.ok]
    if wrong:
        console.print(f"{len(wrong)} of {len(findings)} are not as they should be: see the lines marked !!")
    return 1 if wrong else 0
