"""The instructor's side: runs the instructor's cells with stand-ins for the student's names, and scores.

No line of a submission runs here. A score is the judge's own record that a test cell ran to its end.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import json
import math
import numbers
import os
import random
import resource
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook

from autograder.checks import compare as checks
from autograder.checks import seeds, trained
from autograder.execution.client import WorkerClient
from autograder.execution.proxies import RemoteObject
from autograder.execution.shell import Descriptors, Recorder, make_shell, recorded
from autograder.limits import Limits
from autograder.notebook.code import names_bound, parse_cell
from autograder.protocol import frames, values
from autograder.sandbox.proc import data_bytes

# What a test most likely means by a name that the instructor's notebook does not bind itself.
USUAL = {
    "np": "numpy", "numpy": "numpy", "pd": "pandas", "pandas": "pandas", "plt": "matplotlib.pyplot",
    "matplotlib": "matplotlib", "scipy": "scipy", "tf": "tensorflow", "tensorflow": "tensorflow",
    "keras": "keras", "math": "math", "os": "os", "sys": "sys", "inspect": "inspect",
}  # fmt: skip
# Comparisons of libraries, whose messages show the expected values.
_LIBRARY = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}", os.path.dirname(os.__file__))


class Names(dict):
    """The namespace of the instructor's cells: what they do not bind is asked of the worker."""

    client: WorkerClient | None = None

    def __init__(self) -> None:
        super().__init__()
        self.borrowed: dict[str, Any] = {}
        self.asked: frozenset[str] = frozenset()
        self.failed: dict[str, str] = {}

    def __missing__(self, name: str) -> Any:
        if type(name) is not str or name.startswith("__") or self.client is None or not self.client.open:
            raise KeyError(name)
        if name in self.borrowed:
            return self.borrowed[name]
        if name in self.failed:
            raise NameError(self.failed[name])
        if hasattr(builtins, name) and name not in self.asked:
            raise KeyError(name)
        if name in USUAL and name not in self.asked and (module := _import(USUAL[name])) is not None:
            self[name] = module
            return module
        try:
            value = self.client.ask("name", name, doing=f"`{name}`")
        except KeyError:
            raise KeyError(name) from None
        self.borrowed[name] = value
        return value

    def __contains__(self, name: object) -> bool:
        if dict.__contains__(self, name):
            return True
        if type(name) is not str or self.client is None or not self.client.open:
            return False
        if hasattr(builtins, name) or name in self.failed:
            return False
        return self.client.ask("has", name) is True

    def get(self, name: str, default: Any = None) -> Any:
        """Return a name's value, the worker's where it is not the judge's."""
        try:
            return self[name]
        except KeyError:
            return default


def _import(name: str) -> Any:
    import importlib  # noqa: PLC0415

    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def points_of(value: Any, maximum: float) -> tuple[float, str]:  # noqa: PLR0911 - one for each rule
    """Return the points for a test cell that ran to its end, and a note on how they came about.

    A number, built-in or NumPy's, as the value of the last line is partial credit: below 0 and NaN count
    as 0, above the maximum as the maximum. True and False are full and no credit. An array, a tensor, a
    complex or decimal number or an object of the submission is no score and counts as 0: what a submission
    returns can make one of a sum of comparisons. Without a last value, or with text, a list and the like,
    the cell has full credit.
    """
    if isinstance(value, bool | np.bool_):
        return (maximum, "") if value else (0.0, "the test's last line is False")
    if isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "iuf":
        value = value[()]
    if not isinstance(value, numbers.Real):
        if value is None or isinstance(value, str | bytes | list | tuple | dict | set | frozenset):
            return maximum, ""
        if isinstance(value, numbers.Number | np.ndarray | np.generic | RemoteObject) or hasattr(
            value, "__array__"
        ):
            return 0.0, f"the test's last value is no score but a {type(value).__name__}, which counts as 0"
        return maximum, ""
    number = float(value)
    if math.isnan(number):
        return 0.0, "the test's score is not a number, which counts as 0"
    if number < 0:
        return 0.0, f"the test's score {number:g} is below 0, which counts as 0"
    if number > maximum:
        return maximum, ""
    return number, ""


class Judge:
    """One submission's judge.

    Parameters
    ----------
    connection
        To the engine.
    folder
        Working directory, with the lab's files.
    limits
        Of outputs and values.
    """

    def __init__(self, connection: socket.socket, folder: Path, limits: Limits) -> None:
        self.pipe = frames.Pipe(connection, 2**40)
        self.recorder = Recorder(int(limits.output_bytes))
        self.descriptors = Descriptors(folder)
        self.names = Names()
        self.shell = make_shell(folder, self.recorder, self.names, silent=True)
        self.client = WorkerClient(self.pipe, limits)
        self.client.layers = self._layers
        self.names.client = self.client
        trained.elsewhere = self.client.open_model
        signal.signal(signal.SIGINT, self._interrupt)
        self.running = False

    def _interrupt(self, *_: Any) -> None:
        if self.running and not self.client.waiting:  # half a frame would be the end of the connection
            raise KeyboardInterrupt

    def _layers(self) -> dict[str, type]:
        """Return the instructor's own Keras layers."""
        keras = sys.modules.get("keras")
        if keras is None or not hasattr(keras, "layers"):
            return {}
        return {
            value.__name__: value
            for value in self.names.values()
            if isinstance(value, type)
            and issubclass(value, keras.layers.Layer)
            and not value.__module__.startswith("keras.")
        }

    def serve(self) -> None:
        """Do what the engine says until it closes the connection."""
        self.pipe.send(frames.READY, str(os.getpid()).encode())
        while True:
            try:
                kind, payload = self.pipe.receive()
            except frames.ClosedError:
                return
            if kind not in (frames.SETUP, frames.RUN, frames.TEST):
                continue  # the late answer to a question that was stopped
            order = json.loads(payload)
            if kind == frames.SETUP:
                self.names.asked = frozenset(order["asked"])
                self.client.classes = frozenset(order["classes"])
                seeds.use(bytes.fromhex(order["key"]))
                for statement in order["imports"]:
                    self.run_helper(statement)
                self.pipe.send(frames.SCORED, b"{}")
            elif kind == frames.RUN:
                self._forget(order["fresh"])
                self.run_helper(order["source"])
                self.pipe.send(frames.SCORED, b"{}")
            else:
                self._forget(order["fresh"])
                self.pipe.send(frames.SCORED, frames.to_json(self.test(order["source"], order["points"])))

    def _forget(self, names: list[str]) -> None:
        for name in names:
            self.names.pop(name, None)
            self.names.failed.pop(name, None)

    def run_helper(self, source: str) -> None:
        """Run a cell that is no test by statements; what needs the student's names is left to the worker."""
        self.recorder.clear()
        for node in parse_cell(source).body:
            with recorded(self.recorder):
                try:
                    code = compile(ast.Module([node], []), "<the instructor's cell>", "exec")
                    self.running = True
                    exec(code, self.names)
                except NameError:
                    continue
                except BaseException as error:
                    text = f"{type(error).__name__}: {values.text_of(error)}"
                    for name in bound(ast.unparse(node)):
                        why = f"the instructor's cell that sets `{name}` failed: {text}"
                        self.names.failed.setdefault(name, why)
                finally:
                    self.running = False

    def test(self, source: str, maximum: float) -> dict:
        """Run a test cell; return its status, points and message."""
        self.recorder.clear()
        self.names.borrowed = {}
        checks.recognised.clear()
        self.client.begin()
        start = time.monotonic()
        with recorded(self.recorder):
            try:
                self.running = True
                result = self.shell.run_cell(source, store_history=False)
                error = result.error_before_exec or result.error_in_exec
                value = None if DisplayHook.semicolon_at_end_of_expression(source) else result.result
            except BaseException as stopped:
                error, value = stopped, None
            finally:
                self.running = False
        self.descriptors.flush(self.recorder)
        scored = self._score(error, value, maximum)
        self.client.open = False
        for name in bound(source) - self.names.asked:
            if not dict.__contains__(self.names, name):
                self.names.failed[name] = f"`{name}` is set by an earlier test, which did not get that far"
        self.names.borrowed = {}
        printed = [output for output in self.recorder.outputs if output["output_type"] == "stream"]
        passed = scored["status"] == "passed"
        mistakes = [] if passed else [str(name)[:200] for name in checks.recognised[:20]]
        seconds = time.monotonic() - start
        return scored | {"printed": printed, "seconds": seconds, "mistakes": mistakes}

    def _score(self, error: BaseException | None, value: Any, maximum: float) -> dict:
        if self.client.failure is not None:
            return {"score": 0.0, "detail": "", **{
                "status": self.client.failure["status"], "message": self.client.failure["text"]}}  # fmt: skip
        if error is not None:
            status = "timeout" if isinstance(error, KeyboardInterrupt) else "failed"
            return {
                "status": status, "score": 0.0, "message": message_of(error), "detail": _detail(error),
            }  # fmt: skip
        score, note = points_of(value, maximum)
        status = "passed" if score == maximum else "partial" if score > 0 else "failed"
        if status != "passed" and not note:
            note = f"{score:g} of {maximum:g} points"
        return {"status": status, "score": score, "message": note, "detail": ""}


def bound(source: str) -> set[str]:
    """Return the names that a cell binds at its top level."""
    return names_bound(parse_cell(source)).all


def message_of(error: BaseException) -> str:  # noqa: PLR0911 - one for each kind
    """Say to the student what went wrong, without the test's source and expected values."""
    text = values.text_of(error)
    kind = type(error).__name__
    if getattr(error, "from_student", False) is True:
        return f"your code raised {kind}: {text}" if text else f"your code raised {kind}"
    if isinstance(error, values.TransferError):
        return text
    if isinstance(error, KeyboardInterrupt):
        return "the test took too long"
    if isinstance(error, NameError):
        name = getattr(error, "name", None)
        return f"`{name}` is not defined: it was not found after running your cells" if name else text
    if isinstance(error, AssertionError):
        if _raised_by_library(error.__traceback__):
            return _without_values(text)
        return text or "a check did not hold"
    return f"{kind}: {text}" if text else kind


def _raised_by_library(trace: TracebackType | None) -> bool:
    """Whether the last frame is an installed library's, the comparisons of this package aside."""
    file = ""
    while trace is not None:
        file, trace = trace.tb_frame.f_code.co_filename, trace.tb_next
    own = os.path.dirname(os.path.dirname(__file__))
    return any(part in file for part in _LIBRARY) and not file.startswith(own)


def _without_values(text: str) -> str:
    """Keep of a library's message what it says about the difference, not the values that it compared."""
    kept = []
    for line in text.strip().splitlines():
        if line.lstrip().startswith(("Mismatch at", "ACTUAL", "DESIRED", "x:", "y:", "array(", "[")):
            break
        kept.append(line)
    if kept and kept[0].startswith(("Not equal", "Arrays are not", "Mismatched")):
        return "\n".join(kept)
    return "a comparison with the expected value did not hold"


def _detail(error: BaseException) -> str:
    with contextlib.suppress(Exception):
        return "".join(traceback.format_exception(error, limit=-20))[:20_000]
    return type(error).__name__


def serve(connection: socket.socket, folder: Path, limits: Limits, judge_files: str) -> None:
    """Be a judge until the engine closes the connection."""
    os.environ["HOME"] = os.environ["KERAS_HOME"] = os.environ["TMPDIR"] = str(folder)
    if judge_files:
        os.environ["AUTOGRADER_JUDGE"] = judge_files
    os.chdir(folder)
    if "" not in sys.path:
        sys.path.insert(0, "")
    memory = data_bytes() + 2 * int(limits.memory_bytes)
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or memory < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
    random.seed()
    np.random.seed()
    Judge(connection, folder, limits).serve()
