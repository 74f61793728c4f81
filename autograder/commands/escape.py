"""A submission that tries to escape, graded by a real engine, for `autograder doctor`."""

from __future__ import annotations

import contextlib
import inspect
import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook

from autograder.commands import attempts
from autograder.commands.targets import Targets, open_targets
from autograder.execution.engine import Engine, ForkServerError
from autograder.execution.spec import GradingSpec, Submission
from autograder.limits import Limits
from autograder.sandbox import Layer

LIMITS = Limits(memory_bytes=256 * 2**20, processes=32, cell_seconds=20, submission_seconds=120)
CAME_THROUGH = "came through"
# Where the limits hold, each ends its worker.
EXCESSES = {
    "use more memory than its limit in several processes": f"""
import os, time
for _ in range(4):
    if os.fork() == 0:
        held = b"x" * {LIMITS.memory_bytes // 2}
        time.sleep(60)
time.sleep(3)
print({CAME_THROUGH!r})
""",
    "start more processes than its limit": f"""
import os, time
for _ in range({4 * LIMITS.processes}):
    if os.fork() == 0:
        time.sleep(60)
time.sleep(1)
print({CAME_THROUGH!r})
""",
}
WRITE = "write its scratch directory"
READ = "read the judge's files"  # as only the judge may
END = "end another process"
END_SECONDS = 0.5


class ExaminationError(RuntimeError):
    """Failure to examine this machine; the text says why."""


@dataclass(frozen=True)
class Escape:
    """What came of the attempts.

    Parameters
    ----------
    missing
        Layers that the worker's sandbox lacked.
    worker, judge
        By what was tried, whether it came through.
    """

    missing: tuple[Layer, ...]
    worker: dict[str, bool]
    judge: dict[str, bool]


def try_to_escape() -> Escape:
    """Run the attempts in a worker and in a judge, whatever their sandboxes lack.

    Raises
    ------
    ExaminationError
        If no worker can be started, or one does not report.
    """
    with open_targets() as (targets, process):
        code = attempts_code(targets)
        test = new_code_cell(code)
        test.metadata["nbgrader"] = {"grade_id": "attempts", "grade": True, "locked": True, "points": 1}
        cells = [new_code_cell(cell) for cell in (code, *EXCESSES.values())]
        spec = GradingSpec(
            new_notebook(cells=[test]), LIMITS, judge_files=Path(targets.judge), allow_missing=tuple(Layer)
        )
        try:
            with Engine() as engine:
                result = engine.grade(spec, Submission(new_notebook(cells=cells)))
        except (ForkServerError, OSError) as error:
            raise ExaminationError(f"no worker can be started: {error}") from error
        shown = [_text(result.outputs.get(f"s{number}", [])) for number in range(len(cells))]
        worker = _report(shown[0] or result.reason)
        worker |= {name: CAME_THROUGH in text for name, text in zip(EXCESSES, shown[1:], strict=True)}
        worker[END] = False  # whatever its number said: it is looked at from outside
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
            worker[END] = True
        judge = _report(_text(result.cells["attempts"].outputs) or result.cells["attempts"].message)
    return Escape(tuple(map(Layer, result.missing_layers)), worker, judge)


def attempts_code(targets: Targets) -> str:
    """Return code that tries to reach the targets, and prints as JSON what came through."""
    return f"""{inspect.getsource(attempts)}
import json
{targets.code()}
came_through = try_all(targets)
open("scratch", "w").close()
came_through[{WRITE!r}] = os.path.exists("scratch")
print(json.dumps(came_through))
"""


def _text(outputs: Iterable[dict[str, Any]]) -> str:
    return "".join(output.get("text", "") or output.get("evalue", "") for output in outputs)


def _report(text: str) -> dict[str, bool]:
    """Read a report.

    Raises
    ------
    ExaminationError
        If it is none.
    """
    try:
        return {str(name): done is True for name, done in json.loads(text).items()}
    except (ValueError, AttributeError):
        raise ExaminationError(f"the attempts were not reported: {text[-500:] or 'no output'}") from None
