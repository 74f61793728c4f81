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

from tests.children import PYTHONPATH

TESTS = Path(nbgrader.__file__).parent / "tests"  # those of its pages need Galata, which is not here
LEFT_OUT = TESTS / "test_auth.py"  # it needs requests_mock, which is not among our dependencies
DIFFERENCES = Path(__file__).with_name("differences.json")
CONFIGURATION = "import autograder.plugin\n\nautograder.plugin.configure(get_config())\n"


@dataclass(frozen=True)
class Outcomes:
    """Tests by what became of them, each as ``module.Class::name``, with its parameters."""

    passed: frozenset[str]
    failed: frozenset[str]


def names(tests: frozenset[str]) -> list[str]:
    """Return the tests' bare names, in order; one that two modules have stands there twice."""
    return sorted(test.partition("::")[2] for test in tests)


def differences() -> list[dict[str, Any]]:
    """Return which tests differ: name, what nbgrader does, what is done here, where it is said."""
    found: list[dict[str, Any]] = json.loads(DIFFERENCES.read_text(encoding="utf-8"))
    return found


def run(folder: Path, *, plugin: bool, only: frozenset[str] = frozenset()) -> Outcomes:
    """Run nbgrader's tests, all that are written in Python.

    Parameters
    ----------
    folder : Path
        Where they work.
    plugin : bool
        Whether every process of nbgrader reads the plugin, by a folder of settings of its own, and
        the tests' own processes have it, by `in_process`.
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
    command += ["-p", f"{__package__}.in_process", "-c", os.devnull]
    command += [f"--rootdir={TESTS.parents[1]}", f"--junitxml={report}"]
    command += [f"--ignore={LEFT_OUT}", str(TESTS)]
    if only:
        command += ["-k", " or ".join(sorted(only))]
    environment = {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": PYTHONPATH,
        "JUPYTER_CONFIG_PATH": str(settings),
        "AUTOGRADER_SUITE": "plugin" if plugin else "stock",
    }
    ended = subprocess.run(
        command,
        cwd=work,
        env=environment,
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
            outcomes["failed" if kinds & {"error", "failure"} else "passed"].add(_name(case))
    return Outcomes(frozenset(outcomes["passed"]), frozenset(outcomes["failed"]))


def _name(case: ElementTree.Element) -> str:
    return f"{case.get('classname', '')}::{case.get('name', '')}".removeprefix("nbgrader.tests.")
