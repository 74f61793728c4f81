"""What a fork server runs before it forks leaves nothing, and takes its time from each process."""

import json
import os
import subprocess
import sys
from pathlib import Path

CODE = """
import builtins, json, linecache, os, sys, tempfile
from pathlib import Path
import autograder.execution.judge, autograder.execution.worker
from autograder.execution.shell import Recorder, make_shell, recorded, warm_up

def state():
    return {
        "builtins": sorted(vars(builtins)), "main": id(sys.modules["__main__"]), "path": list(sys.path),
        "variables": dict(os.environ), "lines": sorted(linecache.cache), "streams": id(sys.stdout),
        "hooks": [id(sys.displayhook), id(sys.excepthook)],
        "folders": sorted(os.listdir(tempfile.gettempdir())),
    }

before = state()
if "cold" not in sys.argv:
    warm_up()
after, loaded = state(), set(sys.modules)
with tempfile.TemporaryDirectory() as folder:
    recorder = Recorder(2**16)
    shell = make_shell(Path(folder), recorder)
    with recorded(recorder):
        shell.run_cell("a = 6 * 7\\na")
        first = "a" in shell.user_ns and shell.user_ns["In"][1:] == []
        shell.run_cell("1 / 0", store_history=True)
        number = shell.execution_count
print(json.dumps({
    "changed": sorted(name for name in before if before[name] != after[name]),
    "late": len(set(sys.modules) - loaded),
    "number": number, "first": first, "shown": [one["output_type"] for one in recorder.outputs],
    "error": recorder.outputs[-1]["ename"],
}))
"""


def ran(folder: Path, *arguments: str) -> dict:
    folder.mkdir()
    command = [sys.executable, "-c", CODE, *arguments]
    own = os.environ | {"TMPDIR": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=own)
    return json.loads(done.stdout.splitlines()[-1])


def test_it_leaves_nothing_and_what_comes_late_is_there(tmp_path):
    warm, cold = ran(tmp_path / "warm"), ran(tmp_path / "cold", "cold")
    assert warm["changed"] == []
    assert warm["late"] == 0
    assert cold["late"] > 20  # the test sees what it is about
    same = ("number", "first", "shown", "error")
    assert [warm[name] for name in same] == [cold[name] for name in same]
    assert warm["error"] == "ZeroDivisionError"
