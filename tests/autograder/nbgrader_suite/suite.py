"""Run nbgrader's own tests, in stock nbgrader or with the plugin in every process."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbgrader

APPS = Path(nbgrader.__file__).parent / "tests" / "apps"
MODULES = tuple(
    f"test_nbgrader_{name}.py"
    for name in ("autograde", "generate_assignment", "generate_feedback", "validate", "export")
)
DIFFERENCES = Path(__file__).with_name("differences.json")
CONFIGURATION = "import autograder.plugin\n\nautograder.plugin.configure(get_config())\n"


@dataclass(frozen=True)
class Outcomes:
    """Names of tests by what became of them."""

    passed: frozenset[str]
    failed: frozenset[str]


def differences() -> list[dict[str, Any]]:
    """Return which tests differ: name, what nbgrader does, what is done here, where it is said."""
    found: list[dict[str, Any]] = json.loads(DIFFERENCES.read_text(encoding="utf-8"))
    return found


def run(folder: Path, *, plugin: bool, only: frozenset[str] = frozenset()) -> Outcomes:
    """Run nbgrader's tests of the commands that grade.

    Parameters
    ----------
    folder : Path
        Where they work.
    plugin : bool
        Whether every process of nbgrader reads the plugin, by a folder of settings of its own.
    only : frozenset of str
        Names of tests; all of them if there is none.

    Raises
    ------
    RuntimeError
        If they did not run.
    """
    settings, work, report = folder / "settings", folder / "work", folder / "report.xml"
    settings.mkdir(parents=True)
    work.mkdir()
    if plugin:
        (settings / "nbgrader_config.py").write_text(CONFIGURATION)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2"]
    command += ["-c", os.devnull, f"--rootdir={APPS.parents[2]}", f"--junitxml={report}"]
    command += [str(APPS / module) for module in MODULES]
    if only:
        command += ["-k", " or ".join(sorted(only))]
    ended = subprocess.run(
        command,
        cwd=work,
        env={**os.environ, "PATH": path, "JUPYTER_CONFIG_PATH": str(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode not in (0, 1):
        raise RuntimeError(f"nbgrader's tests did not run: {ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    outcomes: dict[str, set[str]] = {"passed": set(), "failed": set()}
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {part.tag for part in case}
        if "skipped" not in kinds:
            outcomes["failed" if kinds & {"error", "failure"} else "passed"].add(case.get("name", ""))
    return Outcomes(frozenset(outcomes["passed"]), frozenset(outcomes["failed"]))
