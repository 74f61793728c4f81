"""On a machine that lacks a layer nothing is graded, until the configuration allows that."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox import REMEDIES, Layer
from tests.autograder.classroom import Classroom
from tests.autograder.corpus.case import HONEST, LEAKING, MACHINE, RESOURCES, cases
from tests.autograder.corpus.grade import grade, plain_lab
from tests.autograder.machines import Machine, cannot_be_made
from tests.timed import timed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(cannot_be_made()), reason=cannot_be_made() or "they can be made"),
]
POORER = [machine for machine in Machine if machine is not Machine.FULL]
LACKING = [machine for machine in POORER if machine.missing]


@pytest.fixture
def folder():
    """An empty folder that every user may enter."""
    with tempfile.TemporaryDirectory(prefix="machine-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def course(folder):
    """Return the course with plain asserts, its lab and one right submission."""
    lab, room = plain_lab(folder / "course")
    room.submit("ada", "series", {"series.ipynb": lab.right()})
    return lab, room


def on(machine, room, *command, code):
    """Run a command of the autograder in a course, on a machine; return what it says."""
    machine.hand_over(room.root)
    run = subprocess.run(
        [*machine.prefix, str(Path(sys.executable).with_name("autograder")), *command],
        cwd=room.root, env=room.environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == code, run.stdout + run.stderr
    return " ".join((run.stdout + run.stderr).split())


@pytest.mark.parametrize("machine", LACKING)
def test_grading_is_refused_once_and_says_what_to_write(course, machine):
    _, room = course
    machine.hand_over(room.root)
    room.prefix = machine.prefix
    log = room.autograde("series", code=1).log
    said = on(machine, room, "grade", "series", code=2)
    for text in (log, said):
        assert text.count(machine.setting) == 1
        assert all(f"{layer}: {REMEDIES[layer]}" in text for layer in machine.missing)
    assert not (room.root / "autograded").exists()
    assert room.scores("series") == {}


@pytest.mark.parametrize("machine", LACKING)
def test_what_it_says_is_enough(course, machine):
    lab, room = course
    room.configure(f"{room.config}\n{machine.setting}\n")
    said = on(machine, room, "grade", "series", code=0)
    assert f"missing of the sandbox, as allowed: {', '.join(sorted(machine.missing))}" in said
    assert room.scores("series") == {"ada": lab.full()}
    # A result without a layer is not one with it.
    room.configure(room.config)
    shutil.rmtree(room.root / "autograded")
    said = on(Machine.FULL, room, "grade", "series", code=0)
    assert "1 run" in said


# What comes through all the same, and for which the threat model answers.
COMES_THROUGH = {
    Machine.FULL: set(),
    Machine.NO_LANDLOCK: set(),
    Machine.UNPRIVILEGED: set(),
    Machine.NO_USER_NAMESPACES: {"see whether a file outside is there"},
    Machine.UNPRIVILEGED_CONTAINER: {"see whether a file outside is there"},
}


@pytest.mark.parametrize("machine", Machine)
def test_the_doctor_tries_the_machine_at_hand(folder, machine):
    room = Classroom(folder / "course")
    code = 1 if machine.missing else 0
    text = on(machine, room, "doctor", code=code)
    for layer in Layer:
        assert f"{'!!' if layer in machine.missing else 'ok'} layer: {layer} " in text
    assert (machine.setting in text) is bool(machine.missing)
    assert text.count("!! a submission can ") == len(COMES_THROUGH[machine])
    for name in COMES_THROUGH[machine]:
        assert f"!! a submission can {name.split(' outside')[0]} yes" in text  # the rest is the next line's


def test_a_worker_is_refused_where_it_is_started(folder):
    """As on a machine of a cluster: the refusal names it, and no line of the submission has run."""
    code = """
import json, pickle, platform
from nbformat.v4 import new_code_cell, new_notebook
from autograder.batch.job import JobRunner, packed_spec, packed_submission
from autograder.execution.engine import IsolationError
from autograder.execution.spec import GradingSpec
cell = new_code_cell("assert x == 1")
cell.metadata["nbgrader"] = {"grade_id": "t", "grade": True, "locked": True, "points": 1}
spec = packed_spec(GradingSpec(new_notebook(cells=[cell])))
handed_in = json.dumps(new_notebook(cells=[new_code_cell("x = 1")])).encode()
runner = JobRunner()
try:
    runner.run(spec, packed_submission(handed_in, None, b""))
except IsolationError as error:
    error = pickle.loads(pickle.dumps(error))
    print(platform.node() in str(error), "landlock" in str(error))
finally:
    runner.close()
"""
    environment = Classroom(folder / "course").environment
    command = [*Machine.NO_LANDLOCK.prefix, sys.executable, "-c", code]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.split() == ["True", "True"], run.stdout + run.stderr


SHORT = ("times-of-other-files", "numbers-with-a-high-bit", "the-files-around", "a-honest")


def _said_what_came_of_it(room, lab, name):
    """Return whether a submission that tries the machine ran to the end of its attempts."""
    path = room.folder(name, lab.assignment, "autograded") / f"{lab.notebook}.ipynb"
    cell = next(cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code")
    kinds = {output["output_type"] for output in cell["outputs"]}
    return kinds == {"stream"}


@timed
@pytest.mark.parametrize("machine", POORER)
@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=[pytest.mark.exhaustive, pytest.mark.timeout(5400)])]
)
def test_all_get_what_they_deserve_on_a_poorer_machine(folder, machine, whole):
    lab, room = plain_lab(folder / "course")
    groups = (HONEST, LEAKING, MACHINE, RESOURCES)
    chosen = [each for each in cases(lab) if (each.group in groups if whole else each.name in SHORT)]
    report = grade(lab, room, chosen, machine)
    assert not {row.name: row.differences() for row in report.rows if not row.is_right}, report.log[-3000:]
    assert not report.left_over
    tried = [each.name for each in chosen if each.group == MACHINE]
    assert tried
    assert all(_said_what_came_of_it(room, lab, name) for name in tried)
    for layer in machine.missing:
        assert layer in report.log.split("Missing of the sandbox")[1]
