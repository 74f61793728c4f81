"""Probe of this machine: a sandbox with nothing in it, to learn which layers are missing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.limits import Limits
from autograder.sandbox.guard import MISSING, run_in_sandbox
from autograder.sandbox.paths import python_paths
from autograder.sandbox.spec import Layer, SandboxSpec
from autograder.temporary import TemporaryFolder

_SECONDS = 60
_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from autograder.sandbox.probe import main; main(*sys.argv[2:])"
)


def missing_layers(readable: Iterable[Path] = ()) -> tuple[Layer, ...]:
    """Return the layers that a sandbox would lack on this machine, within a fraction of a second.

    Every worker reports its own again when it starts; this is for saying so before.

    Parameters
    ----------
    readable
        Files and directories that submissions may read, beside the Python installation.

    Raises
    ------
    OSError
        If no sandbox can be started at all.
    """
    path = json.dumps([os.path.abspath(entry) for entry in sys.path if entry])
    with TemporaryFolder("probe") as scratch:  # lies where a worker's does
        command = [sys.executable, "-I", "-c", _START, path, str(scratch), *map(str, readable)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
            lines = [line for line in done.stdout.splitlines() if line.startswith(f"{MISSING} ")]
        except subprocess.TimeoutExpired:
            raise OSError(f"no sandbox was ready within {_SECONDS} s") from None
    if not lines:
        errors = done.stderr.strip().splitlines() or done.stdout.strip().splitlines()
        raise OSError(f"no sandbox can be started: {errors[-1] if errors else 'its process ended'}")
    return parse_layers(lines[0].partition(" ")[2])


def parse_layers(names: str) -> tuple[Layer, ...]:
    """Read the layers in a guard's report.

    Raises
    ------
    ValueError
        If a name is none of a layer.
    """
    return tuple(Layer(name) for name in names.split(",") if name)


def main(scratch: str, *readable: str) -> None:
    """Start an empty sandbox and print its guard's report; in a process of its own."""
    ours, theirs = socket.socketpair()
    paths = (*python_paths(), *map(Path, readable))
    run_in_sandbox(theirs, SandboxSpec(Limits(), Path(scratch), paths), lambda: None)
    theirs.close()
    with ours:
        sys.stdout.write(b"".join(iter(lambda: ours.recv(4096), b"")).decode("utf-8", "replace"))
