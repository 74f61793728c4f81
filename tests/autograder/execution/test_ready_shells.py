"""What a fork server runs before it forks leaves nothing, and takes its time from each process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import builtins, json, linecache, os, sys, tempfile
from pathlib import Path
import autograder.execution.judge, autograder.execution.worker
from autograder.execution.ready_shells import ReadyShells
from autograder.execution.shell import Recorder, make_shell, recorded

def state():
    return {
        "builtins": sorted(vars(builtins)), "main": id(sys.modules["__main__"]), "path": list(sys.path),
        "variables": dict(os.environ), "lines": sorted(linecache.cache), "streams": id(sys.stdout),
        "last": [hasattr(sys, name) for name in ("last_type", "last_value", "last_traceback", "last_exc")],
        "hooks": [id(sys.displayhook), id(sys.excepthook)],
        "folders": sorted(os.listdir(tempfile.gettempdir())),
    }

before = state()
shells = None if "cold" in sys.argv else ReadyShells()
after, loaded = state(), set(sys.modules)
with tempfile.TemporaryDirectory() as folder:
    os.mkdir(folder + "/below")
    os.environ["HOME"] = folder  # a worker's is its own
    os.chdir(folder + "/below")
    recorder, silent = Recorder(2**16), "silent" in sys.argv
    names = {"given": 1} if silent else None
    make = shells.take if shells else make_shell
    shell = make(Path(folder), recorder, names, silent=silent)
    with recorded(recorder):
        shell.run_cell("a = 6 * 7\\na")
        first = "a" in shell.user_ns and shell.user_ns["In"][1:] == []
        shell.run_cell("1 / 0", store_history=True)
        number, late = shell.execution_count, len(set(sys.modules) - loaded)
        shell.run_cell("from IPython.display import Markdown\\ndisplay(Markdown('*b*'))")
        shell.run_cell("%who_ls")
        shell.run_cell("!echo of a command")
    import IPython
    main = sys.modules["__main__"]
    like = {
        "shown": [one | {"traceback": len(one.get("traceback", ""))} for one in recorder.outputs],
        "names": sorted(shell.user_ns), "hidden": sorted(shell.user_ns_hidden),
        "builtins": sorted(vars(builtins)), "one": IPython.get_ipython() is shell is builtins.get_ipython(),
        "main": [main is shell.user_module, main.__name__, main.a, vars(main) is shell.user_ns],
        "given": names is None or shell.user_ns is names,
        "completer": shell.Completer.namespace is shell.user_ns,
        "folders": [os.path.relpath(path, folder) for path in (
            os.environ["IPYTHONDIR"], shell.ipython_dir, shell.profile_dir.location,
            shell.history_manager.dir_hist[0], shell.user_ns["_dh"][0], shell.starting_dir,
            shell.home_dir, shell.logger.home_dir, shell.history_manager.hist_file)],
        "made": sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*")),
        "magics": [name in shell.magics_manager.magics["line"] for name in ("matplotlib", "timeit", "pwd")],
        "pwd": os.path.relpath(shell.run_line_magic("pwd", ""), folder),
        "cd": [os.path.relpath(shell.run_line_magic("cd", "-q") or os.getcwd(), folder) for _ in range(2)],
    }
print(json.dumps({
    "changed": sorted(name for name in before if before[name] != after[name]),
    "late": late, "number": number, "first": first, "like": like,
    "error": shell.history_manager.exceptions[1]["ename"],
}))
"""


def ran(folder: Path, *arguments: str) -> dict:
    folder.mkdir()
    command = [sys.executable, "-c", CODE, *arguments]
    own = os.environ | {"TMPDIR": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=own)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("kind", ["shown", "silent"])
def test_they_leave_nothing_and_are_as_one_that_is_made_in_the_process(tmp_path, kind):
    ready, made = ran(tmp_path / "ready", kind), ran(tmp_path / "made", "cold", kind)
    assert ready["changed"] == []
    assert ready["late"] == 0
    assert made["late"] > 20  # the test sees what it is about
    assert ready["like"] == made["like"]
    assert ready["error"] == made["error"] == "ZeroDivisionError"
    assert (ready["number"], ready["first"]) == (made["number"], made["first"]) == (2, True)
    assert ready["like"]["one"]


def test_a_process_takes_one(tmp_path):
    code = """
from pathlib import Path
from autograder.execution.ready_shells import ReadyShells
from autograder.execution.shell import Recorder
shells = ReadyShells()
shells.take(Path("."), Recorder(100))
shells.take(Path("."), Recorder(100), silent=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "KeyError" in done.stderr
