"""A command of `tests.commands` is what ``python -m`` makes of it, but for the time it takes."""

import os
import subprocess
import sys

import psutil
import pytest

from tests import commands

MODULE = """
import atexit, json, os, signal, sys
seen, json.seen = hasattr(json, "seen"), True
atexit.register(print, "at the end")
print(sys.argv[1:], os.getcwd(), sorted(os.environ), __name__, sys.stdin.read(), seen)
print("error", file=sys.stderr)
import beside
match sys.argv[1]:
    case "code":
        sys.exit(3)
    case "words":
        sys.exit("why")
    case "raises":
        raise ValueError("what")
    case "file":
        with open("large", "wb") as file:
            file.write(bytes(2000))
    case "waits":
        open("number", "w").write(str(os.getpid()))
        signal.pause()
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tried.py").write_text(MODULE)
    (tmp_path / "beside.py").write_text("")
    return tmp_path


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "ONE": "1"}


@pytest.mark.parametrize("way", ["nothing", "code", "words", "raises"])
def test_it_ends_and_prints_as_one_that_is_started_anew(folder, way):
    command = [sys.executable, "-m", "tried", way, "a b"]
    new = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, stdin=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    for _ in range(2):  # the second sees nothing of the first
        run = commands.run("tried", way, "a b", folder=folder, environment=environment())
        assert run.code == new.returncode
        assert run.log.splitlines()[:2] == new.stdout.splitlines()
        said = run.log.splitlines()[2:]
        assert (said[0], said[-1]) == ("error", new.stderr.splitlines()[-1])


def test_what_it_writes_may_be_limited(folder):
    run = commands.run("tried", "file", folder=folder, environment=environment(), largest_file=1000)
    assert run.code == 1
    assert "File too large" in run.log
    assert (folder / "large").stat().st_size <= 1000


def test_one_that_takes_too_long_is_killed(folder):
    with pytest.raises(TimeoutError):
        commands.run("tried", "waits", folder=folder, environment=environment(), timeout=2)
    number = int((folder / "number").read_text())
    assert not psutil.pid_exists(number) or psutil.Process(number).wait(5) is None
