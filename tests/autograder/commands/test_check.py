"""`autograder check` names tests that wrong answers pass; its exit code says so as well."""

import shutil

import nbformat
import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.notebook.findings import Cause
from course.sample_class.notebooks import answer, graded, notebook, plain
from tests.autograder.classroom import ONE_LINE, PLAIN_COURSE


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Check an assignment of the course with plain asserts, in a folder of its own."""
    shutil.copytree(PLAIN_COURSE / "source", tmp_path / "source")
    (tmp_path / "nbgrader_config.py").write_text(ONE_LINE)
    monkeypatch.chdir(tmp_path)

    def run(assignment, *cells):
        if cells:
            (tmp_path / "source" / assignment).mkdir()
            nbformat.write(notebook(*cells), tmp_path / "source" / assignment / "one.ipynb")
        return CliRunner().invoke(main, ["check", assignment])

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
