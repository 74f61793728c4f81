"""The rooms of the packages import downwards only, and nothing in a circle."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.stamps import ROOT
from tests.structure import measure


def lint(config: Path, **variables: str) -> subprocess.CompletedProcess:
    """Hold the imports against the contracts of a file."""
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache", "--no-logo", "--config", config],
        cwd=config.parent,
        env=os.environ | {"COLUMNS": "200"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_on_imports_are_kept():
    done = lint(ROOT / "pyproject.toml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("package", ["autograder", "sepconv"])
def test_no_modules_import_each_other_in_a_circle(package):
    circles = measure(package).circles
    assert not circles, "\n".join(", ".join(circle) for circle in circles)


@pytest.mark.parametrize(
    "source",
    [
        "from small import above",
        "def late():\n    from small import above",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from small import above",
    ],
    ids=["at the top", "in a function", "for types alone"],
)
def test_an_import_upwards_is_noticed_wherever_it_stands(tmp_path, source):
    (tmp_path / "small").mkdir()
    for name, text in {"__init__": "", "above": "", "below": source}.items():
        (tmp_path / "small" / f"{name}.py").write_text(text)
    contract = 'name = "floors"\ntype = "layers"\nlayers = ["small.above", "small.below"]\n'
    config = tmp_path / "pyproject.toml"
    config.write_text(
        f'[tool.importlinter]\nroot_package = "small"\n[[tool.importlinter.contracts]]\n{contract}'
    )
    done = lint(config, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "small.below is not allowed to import small.above" in done.stdout
