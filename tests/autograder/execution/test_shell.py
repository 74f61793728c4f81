"""The shell without a kernel: what it shows of an error, and what that costs."""

import inspect
import sys
import types

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.execution.shell import Recorder, make_shell, recorded

ERRORS = {
    "name": "undefined",
    "nested": "def f(n):\n    return 1 / n\n\ndef g():\n    return f(0)\n\ng()",
    "cause": "try:\n    {}['a']\nexcept KeyError as error:\n    raise ValueError('no') from error",
    "library": "import json\njson.loads('{')",
    "syntax": "def f(:\n    pass",
    "indentation": "def f():\npass",
    "group": "raise ExceptionGroup('both', [ValueError(1), TypeError(2)])",
    "usage": "%no_such_magic",
}


class _Plain(InteractiveShell):
    """IPython's own, which notes the tracebacks that it shows."""

    def _showtraceback(self, etype, evalue, stb):
        self.shown.append((etype.__name__, str(evalue), list(stb)))


@pytest.fixture
def main_module():
    """Bring back pytest's main module, which a shell replaces."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
    InteractiveShell.clear_instance()


def begun(folder, *, silent):
    made = make_shell(folder, Recorder(2**20), silent=silent)
    yield made
    made.builtin_trap.deactivate()
    type(made).clear_instance()


@pytest.fixture
def shell(tmp_path, main_module):
    """Make a worker's shell."""
    yield from begun(tmp_path, silent=False)


@pytest.fixture
def silent(tmp_path, main_module):
    """Make a judge's shell."""
    yield from begun(tmp_path, silent=True)


def run(shell, source, *, store_history=True):
    with recorded(shell.recorder):
        return shell.run_cell(source, store_history=store_history)


def tracebacks_of_ipython(source, folder, capsys):
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.enable_tip = False
    plain = _Plain(config=config, ipython_dir=str(folder))
    plain.shown = []
    plain.run_cell(source, store_history=True)
    capsys.readouterr()
    return plain.shown


@pytest.mark.parametrize("source", ERRORS.values(), ids=ERRORS)
def test_an_error_is_shown_as_ipython_shows_it(shell, source, tmp_path, capsys):
    run(shell, source)
    shown = [
        (output["ename"], output["evalue"], output["traceback"])
        for output in shell.recorder.outputs
        if output["output_type"] == "error"
    ]
    assert shown == tracebacks_of_ipython(source, tmp_path / "plain", capsys)


@pytest.mark.parametrize("source", [ERRORS["nested"], ERRORS["syntax"]], ids=["nested", "syntax"])
def test_the_history_keeps_what_was_shown_and_nothing_is_formatted_twice(shell, source, monkeypatch):
    formatted = []
    for formatter in (shell.InteractiveTB, shell.SyntaxTB):
        own = formatter.structured_traceback

        def noted(*args, own=own, **kwargs):
            formatted.append(args[0])
            return own(*args, **kwargs)

        monkeypatch.setattr(formatter, "structured_traceback", noted)
    run(shell, source)
    (output,) = shell.recorder.outputs
    assert shell.history_manager.exceptions[1] == {
        key: output[key] for key in ("ename", "evalue", "traceback")
    }
    assert len(formatted) == 1
    run(shell, "get_ipython().showtraceback = lambda **_: None\n1 / 0")  # nothing is shown
    assert shell.history_manager.exceptions[2]["ename"] == "ZeroDivisionError"


class _Looked(types.ModuleType):
    looks = 0

    @property
    def __file__(self):
        _Looked.looks += 1
        return "/nowhere/looked.py"


def test_a_traceback_does_not_look_through_all_modules(shell, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "looked", _Looked("looked"))
    _Looked.looks = 0
    run(shell, ERRORS["nested"])
    assert shell.recorder.outputs[0]["ename"] == "ZeroDivisionError"
    assert _Looked.looks == 0
    tracebacks_of_ipython("0 / 0", tmp_path / "plain", capsys)
    assert _Looked.looks > 0  # IPython's own does: the test sees it


@pytest.mark.parametrize("name", ["'IPython'", "None", "'__main__'"])
def test_a_cells_frames_are_shown_whatever_the_students_module_is_called(shell, name):
    source = "__name__ = NAME\nimport inspect\nmodule = inspect.getmodule(inspect.currentframe())\n1 / 0"
    run(shell, source.replace("NAME", name))
    assert shell.user_ns["module"] is None  # as in IPython's own shell
    (output,) = shell.recorder.outputs
    assert "Cell" in "".join(output["traceback"])


def test_without_a_working_directory_a_cell_runs(shell, tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert run(shell, "6 * 7").result == 42
    assert run(shell, "undefined").error_in_exec is not None
    monkeypatch.undo()


def test_the_module_of_a_cells_function_is_main(shell):
    run(shell, "def f():\n    pass\n")
    assert inspect.getmodule(shell.user_ns["f"]) is shell.user_module
    assert inspect.getsource(shell.user_ns["f"]) == "def f():\n    pass\n"


@pytest.mark.parametrize("source", ERRORS.values(), ids=ERRORS)
def test_a_judges_shell_formats_nothing_and_still_says_what_was_raised(silent, source, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("formatted")

    for formatter in (silent.InteractiveTB, silent.SyntaxTB):
        monkeypatch.setattr(formatter, "structured_traceback", refuse)
    result = run(silent, source, store_history=False)
    assert [one for one in silent.recorder.outputs if one["output_type"] == "error"] == []
    if source != ERRORS["usage"]:
        assert type(result.error_in_exec or result.error_before_exec).__name__ in (
            "NameError", "ZeroDivisionError", "ValueError", "JSONDecodeError", "SyntaxError",
            "IndentationError", "ExceptionGroup",
        )  # fmt: skip
