"""`autograder check` tries an assignment before a class does; its exit code says what it found."""

import json
import shutil

import nbformat
import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.commands.check import ADVICE
from autograder.notebook.findings import Cause
from course.sample_class.notebooks import answer, graded, notebook, plain
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
        graded("test_own_class", 2, "class T: pass\nx = T()\nassert f(x) is x"),
        graded("test_wrong", 1, "assert f(3) == 4, 'f(3) is 4'"),
        graded("test_right", 1, "assert f(3) == 3"),
        options=(),
    )
    assert done.exit_code == 1
    assert done.output.splitlines()[done.output.splitlines().index(next(
        line for line in done.output.splitlines() if line.startswith("idioms") or line.startswith("one.ipynb")
    )):] == [
        "one.ipynb, cell test_nothing: the untouched release gets 1 of 1 points",
        "one.ipynb, cell test_own_class, line 3: the source's own solution gets no points: a person has to "
        "grade it",
        "one.ipynb, cell test_own_class, line 3: in one kernel, the solution gets 2 of 2 points",
        "  the grader, not this answer, fell short here, so a person grades it: the test cannot pass this to "
        "the student's code: an object of type T; pass numbers, text, lists, dictionaries, arrays, "
        "functions or Keras models",
        f"  write: {ADVICE[0][1]}",
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
