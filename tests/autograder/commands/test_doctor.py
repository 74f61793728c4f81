import io
import sys

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder import cli
from autograder.commands import doctor, escape
from autograder.sandbox import Layer
from tests.autograder.classroom import ONE_LINE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")


def test_the_doctor_names_every_layer_and_what_a_worker_could_do():
    found = {finding.name: finding for finding in doctor.examine()}
    assert {f"layer: {name}" for name in Layer} <= set(found)
    assert found["a submission can write its scratch directory"].ok
    attempts = [name for name in found if name.startswith("a submission can ")]
    assert len(attempts) > 40
    for name in ("read a file outside", "open the network", "end another process", *escape.EXCESSES):
        assert found[f"a submission can {name}"].text in ("yes", "no")
    assert "the judge is confined" in found


def shown(monkeypatch, missing=(), worker=None, judge=None):
    """Return the exit code and the text of an examination that found this."""
    tried = {escape.WRITE: True} | (worker or {})
    confined = {escape.WRITE: True, escape.READ: True} | (judge or {})
    monkeypatch.setattr(escape, "try_to_escape", lambda: escape.Escape(tuple(missing), tried, confined))
    screen = io.StringIO()
    code = doctor.main(Console(file=screen, width=200))
    return code, " ".join(screen.getvalue().split())


def test_what_is_missing_is_marked_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, text = shown(monkeypatch, [Layer.LANDLOCK], {"open the network": True})
    assert code == 1
    assert "!! layer: landlock" in text
    assert "needs Linux 5.13" in text
    assert 'c.SandboxExecute.allow_missing = ["landlock"]' in text
    assert "!! a submission can open the network yes" in text


def test_all_in_order_is_exit_code_0(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, text = shown(monkeypatch)
    assert (code, "!!" in text) == (0, False), text


def test_a_judge_that_reaches_something_is_marked(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, text = shown(monkeypatch, judge={"open the network": True})
    assert code == 1
    assert "!! the judge is confined not as it should be: open the network" in text


def test_a_layer_that_the_course_allows_to_be_missing_is_named_and_passes(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text(
        f"{ONE_LINE}c.SandboxExecute.allow_missing = ['landlock', 'seccomp']\n"
    )
    code, text = shown(monkeypatch, [Layer.LANDLOCK])
    assert code == 0
    assert "ok layer: landlock missing, as allow_missing allows" in text


def test_settings_that_cannot_be_read_are_marked(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("1 / 0\n")
    code, text = shown(monkeypatch)
    assert code == 1
    assert "!! settings the settings cannot be read: ZeroDivisionError: division by zero" in text


def test_another_system_is_told_to_use_stock_nbgrader(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "stock nbgrader" in doctor.examine()[0].text


def test_a_machine_without_a_worker_says_why(monkeypatch):
    def fail():
        raise escape.ExaminationError("no worker can be started: no room")

    monkeypatch.setattr(escape, "try_to_escape", fail)
    assert doctor.examine()[-1].text == "no worker can be started: no room"


def test_the_command(monkeypatch):
    monkeypatch.setattr(doctor, "main", lambda: 7)
    assert CliRunner().invoke(cli.main, ["doctor"]).exit_code == 7
    unknown = CliRunner().invoke(cli.main, ["no-such"])
    assert unknown.exit_code == 2
    assert "No such command 'no-such'" in unknown.output
