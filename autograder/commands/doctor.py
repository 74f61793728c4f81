"""What this machine can enforce: a worker is started and tries what it must not be able to do."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console
from rich.table import Table

from autograder.checks import seeds
from autograder.execution import engine
from autograder.sandbox import Layer

LIBRARIES = ("IPython", "landlockpy", "nbformat", "nbgrader", "numpy", "pyseccomp", "tensorflow")
REMEDIES = {
    "namespaces": "allow user namespaces (sysctl user.max_user_namespaces), or run as root",
    "own user": "make the Python installation readable for all users, or grade as an ordinary user",
    "file system view": "needs the layer 'namespaces' and the right to mount in it",
    "scratch limit": "needs the layer 'file system view'",
    "landlock": "needs Linux 5.13 with Landlock enabled, and the package landlockpy",
    "seccomp": "needs the system's libseccomp.so.2, and the package pyseccomp",
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
    """One thing that was looked at: its name, whether it is as it should be, and words for a person."""

    name: str
    ok: bool
    text: str


def examine() -> list[Finding]:
    """Look at this machine.

    Returns
    -------
    list of Finding
        The system and the libraries, each layer of the sandbox, and each attempt of a real worker.
    """
    linux = sys.platform == "linux"
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    findings = [
        Finding(
            "system",
            linux,
            system if linux else f"{system}: grade with stock nbgrader; the engine needs Linux",
        )
    ]
    findings += [_library(name) for name in LIBRARIES]
    findings += _secret()
    if not linux:
        return findings
    try:
        missing, seen = _try()
    except (engine.ForkServerError, ValueError, OSError) as error:
        return [*findings, Finding("worker", False, f"no worker can be started: {error}")]
    for layer in Layer:
        given = layer not in missing
        findings.append(
            Finding(f"layer: {layer}", given, layer.description if given else f"missing; {REMEDIES[layer]}")
        )
    for name, done in seen.items():
        ok = done is (name == WANTED)
        findings.append(Finding(f"a submission can {name}", ok, "yes" if done else "no"))
    return findings


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


def _try() -> tuple[tuple[str, ...], dict[str, bool]]:
    """Run the attempts in a worker; return the missing layers, and what it could do."""
    with tempfile.NamedTemporaryFile(prefix="secret-") as secret:
        setting = f"SECRET = {secret.name!r}\nGRADER = {os.getpid()}\n"
        cell = new_code_cell("assert seen")
        cell.metadata["nbgrader"] = {"grade_id": "attempts", "grade": True, "locked": True, "points": 1}
        source = new_notebook(cells=[cell])
        submission = new_notebook(cells=[new_code_cell(setting + ATTEMPTS)])
        result = engine.grade(submission, source)
    shown = "".join(output.get("text", "") for output in result.outputs.get("s0", []))
    try:
        return result.missing_layers, {str(name): done is True for name, done in json.loads(shown).items()}
    except ValueError:
        raise ValueError(f"the worker said nothing: {shown[-500:] or result.reason or 'no output'}") from None


def main(console: Console | None = None) -> int:
    """Print what was found; return 0 if all is as it should be, else 1."""
    console = console or Console()
    findings = examine()
    table = Table("", "what", "found", box=None)
    for finding in findings:
        table.add_row("ok" if finding.ok else "!!", finding.name, finding.text)
    console.print(table)
    wrong = [finding for finding in findings if not finding.ok]
    engine.close()
    if wrong:
        console.print(f"{len(wrong)} of {len(findings)} are not as they should be: see the lines marked !!")
    return 1 if wrong else 0
