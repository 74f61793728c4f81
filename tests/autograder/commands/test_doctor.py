import io
import sys

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder import cli
from autograder.commands import doctor
from autograder.sandbox import Layer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")


def test_the_doctor_names_every_layer_and_what_a_worker_could_do():
    found = {finding.name: finding for finding in doctor.examine()}
    assert {f"layer: {name}" for name in Layer} <= set(found)
    assert found["a submission can write its scratch directory"].ok
    for name in ("read a file outside", "open the network", "signal the grader"):
        assert found[f"a submission can {name}"].text in ("yes", "no")


def test_what_is_missing_is_marked_with_what_to_do(monkeypatch):
    seen = {"open the network": True, "write its scratch directory": True}
    monkeypatch.setattr(doctor, "_try_to_escape", lambda: (("landlock",), seen))
    screen = io.StringIO()
    assert doctor.main(Console(file=screen, width=200)) == 1
    text = screen.getvalue()
    assert "!! layer: landlock" in " ".join(text.split())
    assert "needs Linux 5.13" in text
    assert "!! a submission can open the network yes" in " ".join(text.split())


def test_another_system_is_told_to_use_stock_nbgrader(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "stock nbgrader" in doctor.examine()[0].text


def test_a_machine_without_a_worker_says_why(monkeypatch):
    def fail():
        raise ValueError("no room")

    monkeypatch.setattr(doctor, "_try_to_escape", fail)
    assert doctor.examine()[-1].text == "no worker can be started: no room"


def test_the_command(monkeypatch):
    monkeypatch.setattr(doctor, "main", lambda: 7)
    assert CliRunner().invoke(cli.main, ["doctor"]).exit_code == 7
    unknown = CliRunner().invoke(cli.main, ["no-such"])
    assert unknown.exit_code == 2
    assert "No such command 'no-such'" in unknown.output
