"""Runs of the coverage-guided fuzzer, where it is installed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_atheris(script: Path, folder: Path, *, seconds: int, fewest: int) -> None:
    """Let a script fuzz in an empty folder; fail for a finding, or for too few tries to tell."""
    pytest.importorskip("atheris", reason="atheris is not installed")
    done = subprocess.run(
        [sys.executable, str(script), f"-max_total_time={seconds}"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds + 120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    runs = re.search(r"number_of_executed_units:\s+(\d+)", done.stderr)
    assert runs is not None
    assert int(runs[1]) > fewest
