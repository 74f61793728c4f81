"""`autograder check` tries an assignment before a class does; its exit code says what it found."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from autograder.batch.scheduler import ClassGrading
from autograder.cli import main
from autograder.commands.check import ADVICE
from autograder.notebook.findings import Cause
from course.sample_class.notebooks import answer, graded, notebook, plain
from tests.autograder.batch.course import ends_of_pools
from tests.autograder.classroom import ONE_LINE, PLAIN_COURSE


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Check an assignment of the course with plain asserts, in a folder of its own."""
    shutil.copytree(PLAIN_COURSE / "source", tmp_path / "source")
    (tmp_path / "nbgrader_config.py").write_text(ONE_LINE)
    monkeypatch.chdir(tmp_path)

    def run(assignment, *cells, options=("--static",)):
        if cells:
            (tmp_path / "source" / assignment).mkdir()
            nbformat.write(notebook(*cells), tmp_path / "source" / assignment / "one.ipynb")
        return CliRunner().invoke(main, ["check", assignment, *options])

    return run


def test_a_sound_assignment_has_nothing(check):
    done = check("series")
    assert (done.exit_code, done.output) == (0, "series: nothing found\n")


def test_each_place_is_named_with_its_cause_and_what_to_write(check):
    done = check(
        "traps",
        plain("def near(a, b): return a == b"),
        answer("f", "def f(x): ..."),
        graded("test_f", 1, "x = 3\nassert near(f(x), 1)\nassert (f(x) == 1, '[bold]one[/]')"),
    )
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[::3] == [
        "one.ipynb, cell test_f, line 2: near",
        "one.ipynb, cell test_f, line 3: assert (f(x) == 1, '[bold]one[/]')",
    ]
    assert [line.strip() for line in lines[1::3]] == [Cause.CHANGEABLE.text, Cause.TUPLE.text]
    assert [line.strip() for line in lines[2::3]] == [
        f"write: {cause.instead}" for cause in (Cause.CHANGEABLE, Cause.TUPLE)
    ]


def test_a_test_that_reaches_for_main_is_named_with_what_to_write(check):
    done = check(
        "main",
        answer("f", "def f(x): ..."),
        graded("test_f", 1, "import sys, __main__\nassert __main__.f(3) == 3\nassert f(3) == 3"),
    )
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "one.ipynb, cell test_f, line 1: import sys, __main__",
        f"  {Cause.MAIN.text}",
        f"  write: {Cause.MAIN.instead}",
    ]


@pytest.mark.slow
def test_the_command_itself_tries_such_a_test_to_the_end(check, tmp_path):
    """Run as a script, whose own `__main__` has no spec."""
    source = tmp_path / "source" / "main"
    source.mkdir()
    test = graded("test_f", 1, "import __main__\nassert __main__.f(3) == 3")
    nbformat.write(notebook(answer("f", SOLUTION), test), source / "one.ipynb")
    command = Path(sys.executable).with_name("autograder")
    path = os.pathsep.join([str(command.parent), os.environ["PATH"]])
    done = subprocess.run(
        [command, "check", "main"],
        env=os.environ | {"PATH": path, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (1, False)
    assert "the source's own solution gets no points: a person has to grade it" in done.stdout
    assert "the test reaches for `__main__`" in done.stdout


def test_what_cannot_be_read_is_refused_in_one_line(check, tmp_path):
    done = check("none")
    assert done.exit_code == 2
    assert "no assignment 'none': expected its source in" in done.output
    (tmp_path / "source" / "series" / "series.ipynb").write_text("{")
    done = check("series")
    assert done.exit_code == 2
    assert "is no notebook that can be read" in done.output


SOLUTION = """### BEGIN SOLUTION
def f(x): return x
def ask(): return input("How many? ")
### END SOLUTION"""


@pytest.mark.slow
def test_a_sound_assignment_gives_the_solution_all_points_and_the_release_none(check, tmp_path):
    done = check("series", options=("--json", "said.json"))
    assert done.exit_code == 0, done.output
    assert "series: nothing found in 5 tests" in done.output
    said = json.loads((tmp_path / "said.json").read_text())
    assert said["traps"] == []
    assert [(test["cell"], test["solution"], test["release"]) for test in said["tests"]] == [
        ("test_mean", 2, 0), ("test_smooth", 3, 0), ("test_largest", 1, 0), ("test_words", 4, 0),
        ("test_counter", 2, 0),
    ]  # fmt: skip
    assert all(test["seconds"] > 0 and not test["message"] for test in said["tests"])
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")) == [
        "nbgrader_config.py", "said.json", "source"]  # fmt: skip


@pytest.mark.slow
def test_what_the_engine_gives_otherwise_is_named_with_its_line_and_what_to_write(check, tmp_path):
    with (tmp_path / "nbgrader_config.py").open("a") as config:
        config.write("c.SandboxExecute.check_stock = True\n")
    done = check(
        "idioms",
        answer("f", SOLUTION),
        graded("test_nothing", 1, "assert True"),
        graded("test_lock", 2, "import threading\nx = threading.Lock()\nassert f(x) is x"),
        graded("test_wrong", 1, "assert f(3) == 4, 'f(3) is 4'"),
        graded("test_right", 1, "assert f(3) == 3"),
        options=(),
    )
    assert done.exit_code == 1
    assert done.output.splitlines()[done.output.splitlines().index(next(
        line for line in done.output.splitlines() if line.startswith("idioms") or line.startswith("one.ipynb")
    )):] == [
        "one.ipynb, cell test_nothing: the untouched release gets 1 of 1 points",
        "one.ipynb, cell test_lock, line 3: the source's own solution gets no points: a person has to "
        "grade it",
        "one.ipynb, cell test_lock, line 3: in one kernel, the solution gets 2 of 2 points",
        "  the grader, not this answer, fell short here, so a person grades it: the test cannot pass this to "
        "the student's code: an object of type lock; pass numbers, text, lists, dictionaries, arrays, "
        "functions or Keras models",
        f"  write: {next(advice for words, advice in ADVICE if 'cannot pass this' in words)}",
        "one.ipynb, cell test_wrong, line 1: the source's own solution gets 0 of 1 points",
        "  f(3) is 4",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_release_says_what_was_found_and_is_made_all_the_same(check, tmp_path):
    check("free", answer("f", SOLUTION), graded("test_nothing", 1, "assert True"))
    done = CliRunner().invoke(main, ["release", "free"])
    assert done.exit_code == 0, done.output
    assert "cell test_nothing: the untouched release gets 1 of 1 points" in done.output
    assert (tmp_path / "release" / "free" / "one.ipynb").is_file()
    quiet = CliRunner().invoke(main, ["release", "free", "--no-check"])
    assert "test_nothing" not in quiet.output


def test_a_source_that_cannot_be_released_is_refused_in_one_line(check, tmp_path):
    twice = (answer("f", SOLUTION), graded("test_f", 1, "assert f(1)"), graded("test_f", 1, "assert f(2)"))
    done = check("twice", *twice, options=())
    assert done.exit_code == 2
    assert "no release of twice can be generated" in done.output
    assert "test_f" in done.output


def test_arguments_that_the_solution_changes_are_listed_test_by_test(check, tmp_path):
    done = check(
        "changes",
        answer(
            "push",
            "### BEGIN SOLUTION\ndef push(a, x): a.append(x)\ndef size(a): return len(a)\n### END SOLUTION",
        ),
        graded("test_push", 1, "a = []\npush(a, 3)\nassert a == [3]"),
        graded("test_named", 1, "a = []\npush(x=3, a=a)\nassert a == [3]"),
        graded("test_size", 1, "assert size([1, 2]) == 2"),
        options=("--json", "found.json"),
    )
    assert done.exit_code == 0, done.output
    said = " in place in the solution, so a submission's may as well"
    text = " ".join(done.output.split())
    assert f"one.ipynb, cell test_push: `push` changes its argument 1{said}" in text
    assert f"one.ipynb, cell test_named: `push` changes its argument `a`{said}" in text
    assert "cell test_size:" not in text
    tests = json.loads((tmp_path / "found.json").read_text())["tests"]
    assert {one["cell"]: one["changes"] for one in tests} == {
        "test_push": ["`push` changes its argument 1 in place"],
        "test_named": ["`push` changes its argument `a` in place"],
        "test_size": [],
    }


def test_an_interrupt_gives_up_the_submissions_that_are_tried(check, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    steps = ends_of_pools(monkeypatch)
    monkeypatch.setattr(ClassGrading, "run", interrupted)
    assert check("series", options=()).exit_code != 0
    assert steps == ["stop", "close"]
