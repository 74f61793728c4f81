"""Run one nbgrader command, then write down what it left running."""

import json
import sys
import time
from pathlib import Path

import psutil

from tests.autograder.classroom import Classroom
from tests.autograder.corpus.grade import leftovers
from tests.autograder.machines import Machine

PATIENCE = 5.0  # the fork server may need a moment to see that its owner has ended


def main(root: str, outcome: str, machine: str, *command: str) -> None:
    """Run ``nbgrader command`` in the course ``root``, and write the outcome as JSON.

    ``machine`` names one of `tests.autograder.machines`, which the command sees.
    """
    before = set(psutil.pids())
    room = Classroom.existing(Path(root))
    room.prefix = Machine(machine).prefix or ("env",)  # a process of its own, so that what it leaves is seen
    run = room.nbgrader(*command, code=None, timeout=3000)
    until = time.monotonic() + PATIENCE
    while (left := leftovers(before))["processes"] and time.monotonic() < until:
        time.sleep(0.1)
    Path(outcome).write_text(json.dumps({**left, "code": run.code, "log": run.log}))


if __name__ == "__main__":
    main(*sys.argv[1:])
