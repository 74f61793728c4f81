"""Which tests a run leaves out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest

def test_quick(): ...

@pytest.mark.slow
def test_slow(): ...

@pytest.mark.parametrize("size", [1, pytest.param(2, marks=[pytest.mark.slow, pytest.mark.exhaustive])])
def test_sized(size): ...
"""


@pytest.mark.parametrize(
    ("asked", "collected"),
    [
        ([], ["quick", "slow", "sized[1]"]),
        (["-m", "not slow"], ["quick", "sized[1]"]),
        (["-m", "slow"], ["slow"]),
        (["-m", "exhaustive"], ["sized[2]"]),
        (["-m", "slow or exhaustive"], ["slow", "sized[2]"]),
        (["-m", "not exhaustive"], ["quick", "slow", "sized[1]"]),
    ],
    ids=lambda value: value[-1] if value else "nothing asked",
)
def test_exhaustive_tests_are_left_out_unless_they_are_asked_for(asked, collected, tmp_path):
    (tmp_path / "test_small.py").write_text(TESTS)
    options = ["-c", ROOT / "pyproject.toml", "--rootdir", tmp_path, "-p", "tests.conftest"]
    command = [sys.executable, "-m", "pytest", *options, "--collect-only", "-q", *asked, tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert re.findall(r"::test_(\S+)$", done.stdout, re.MULTILINE) == collected, done.stdout + done.stderr
