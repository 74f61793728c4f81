"""An environment with what grading needs and nothing else: ``python -m tests.autograder.bare``."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course.environment import NO_INDEX

ROOT = Path(__file__).resolve().parents[2]
DISTRIBUTION = ("autograder", "sepconv", "pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT")
PINNED = re.compile(r"^[\w.\[\]-]+==\S+$", re.MULTILINE)


class NoIndexError(Exception):
    """No package index answers on this machine."""


@dataclass(frozen=True)
class Bare:
    """An environment of its own.

    Parameters
    ----------
    folder : Path
        Where it lies.
    seconds : float
        How long pip took.
    """

    folder: Path
    seconds: float

    @cached_property
    def megabytes(self) -> int:
        """Size on disk as ``du -sm`` says it."""
        done = subprocess.run(["du", "-sm", self.folder], capture_output=True, text=True, check=True)
        return int(done.stdout.split()[0])

    @cached_property
    def packages(self) -> int:
        """How many distributions are installed."""
        return len([*self.folder.glob("lib/python*/site-packages/*.dist-info")])

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess:
        """Run a command of the environment."""
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        # nbgrader looks up its database tool on PATH
        path = os.pathsep.join([str(self.folder / "bin"), os.environ["PATH"]])
        return subprocess.run(
            [self.folder / "bin" / command[0], *command[1:]],
            cwd=cwd,
            env=inherited | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )


def make(folder: Path, extras: Sequence[str] = ("grading",)) -> Bare:
    """Make an environment and install this project into it, in the versions that tests run on.

    Raises
    ------
    NoIndexError
        If there is no index to install from.
    RuntimeError
        If pip fails for another reason.
    """
    source, pins = folder / "project", folder / "pins.txt"
    for name in DISTRIBUTION:  # a copy, as building leaves files in the project's folder
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        source.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, source / name)
    pins.write_text("\n".join(re.sub(r"\[.*\]", "", pin) for pin in PINNED.findall(_requirements())))
    environment = folder / "environment"
    venv.create(environment, symlinks=True)
    start = time.monotonic()
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install"]
    options = ["--quiet", "--no-compile", "--progress-bar", "off", "--constraint", str(pins)]
    done = subprocess.run(
        [*pip, *options, f"{source}[{','.join(extras)}]"], capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    if done.returncode:
        error = NoIndexError if any(sign in said for sign in NO_INDEX) else RuntimeError
        raise error(said[-3000:])
    return Bare(environment, time.monotonic() - start)


def _requirements() -> str:
    return (ROOT / "requirements.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ["grading"]:
        with tempfile.TemporaryDirectory() as place:
            made = make(Path(place), wanted.split(","))
            print(f"[{wanted}]: {made.packages} packages, {made.megabytes} MB, {made.seconds:.0f} s")
