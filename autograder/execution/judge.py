"""Judge: the process that runs the instructor's cells, with proxies of the student's names.

No line of a submission runs here. A score is the judge's own record that a test cell ran to its
end.
"""

from __future__ import annotations

import ast
import os
import random
import signal
import socket
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook

from autograder.checks.grader import Grader
from autograder.execution.client import WorkerClient
from autograder.execution.namespace import Namespace
from autograder.execution.scoring import score
from autograder.execution.shell import Descriptors, Recorder, make_shell, recorded
from autograder.execution.untouched import breaks_check
from autograder.limits import Limits
from autograder.notebook.code import names_bound, parse_cell
from autograder.protocol import values
from autograder.protocol.frames import ClosedError, Connection, Frame
from autograder.protocol.libraries import imported
from autograder.protocol.orders import Ready, RunCell, RunTest, Scored, Setup
from autograder.result import Status

MAX_FRAME = 2**40
MAX_TEXTS = 20
MAX_TEXT = 200  # characters


class Judge:
    """Judge of one submission.

    Parameters
    ----------
    stream
        The socket to the engine.
    folder
        The working directory, with the assignment's files.
    limits
        The limits of outputs and values.
    """

    def __init__(self, stream: socket.socket, folder: Path, limits: Limits) -> None:
        self.connection = Connection(stream, MAX_FRAME)
        self.recorder = Recorder(int(limits.output_bytes))
        self.descriptors = Descriptors(folder)
        self.client = WorkerClient(self.connection, limits, self._layers)
        self.names = Namespace(self.client)
        self.shell = make_shell(folder, self.recorder, self.names, silent=True)
        self.recognised: list[str] = []
        self.looks: list[str] = []
        self.seed_key = b""
        self.running = False
        signal.signal(signal.SIGINT, self._interrupt)

    def _interrupt(self, *_: object) -> None:
        if self.running and not self.client.waiting:
            raise KeyboardInterrupt

    def _layers(self) -> dict[str, type]:
        """Return the instructor's own Keras layers."""
        keras = imported("keras")
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
        """Carry out the engine's orders until it closes the connection."""
        self.connection.send(Frame.READY, Ready(os.getpid()).to_bytes())
        while True:
            try:
                kind, payload = self.connection.receive()
            except ClosedError:
                return
            if kind == Frame.SETUP:
                self.set_up(Setup.from_bytes(payload))
            elif kind == Frame.RUN:
                order = RunCell.from_bytes(payload)
                self.names.forget(order.fresh)
                self.run_helper(order.source)
            elif kind == Frame.TEST:
                test = RunTest.from_bytes(payload)
                self.names.forget(test.fresh)
                self.connection.send(Frame.SCORED, self.test(test).to_bytes())
                continue
            else:
                continue  # a late answer to a request that was stopped
            self.connection.send(Frame.SCORED, Scored(Status.NOT_RUN).to_bytes())

    def set_up(self, setup: Setup) -> None:
        """Set the expected names and the seed key; run the instructor's imports."""
        self.names.asked = frozenset(setup.asked)
        self.client.expect_classes(setup.classes)
        self.seed_key = bytes.fromhex(setup.seed_key)
        Grader(self.seed_key, self.client.open_model, self.recognised, self.looks).install()
        for statement in setup.imports:
            self.run_helper(statement)

    def run_helper(self, source: str) -> None:
        """Run a cell that is no test, statement by statement.

        A statement that needs a name of the student's is skipped.
        """
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

    def test(self, order: RunTest) -> Scored:
        """Run a test cell; return its status, points and message."""
        self.recorder.clear()
        self.names.borrowed = {}
        self.recognised.clear()
        self.looks.clear()
        self.client.begin_test(self.seed_key + order.source.encode())
        value, error = self._run(order.source)
        self.descriptors.flush(self.recorder)
        scored = score(value, error, self.client.failure, order.points)
        if scored.score and self._breaks_check(order.source):
            scored = Scored(Status.FAILED, message="a check of the test's own argument did not hold")
        self.client.open = False
        for name in bound(order.source) - self.names.asked:
            if not self.names.binds(name):
                self.names.failed[name] = f"`{name}` is set by an earlier test, which did not get that far"
        self.names.borrowed = {}
        passed = scored.status == Status.PASSED
        if kept := "\n".join(self.client.arguments.kept):
            if passed:
                self.recorder.stream("stdout", kept + "\n")
            else:
                scored = replace(scored, message=f"{scored.message}\n{kept}".lstrip())
        mistakes = () if passed else _brief(self.recognised)
        streams = [output for output in self.recorder.outputs if output["output_type"] == "stream"]
        return replace(
            scored,
            mistakes=mistakes,
            looks=_brief(self.looks),
            printed=tuple(streams),
            changes=tuple(self.client.arguments.changes),
        )

    def _breaks_check(self, source: str) -> bool:
        """Return whether a change of an argument does not stand a check of the test's."""
        withheld = self.client.arguments.withheld
        if not withheld:
            return False
        with recorded(Recorder(0)):
            return breaks_check(source, dict(self.names), set(self.names.borrowed), withheld)

    def _run(self, source: str) -> tuple[Any, BaseException | None]:
        """Run a cell; return the value of its last line, and the exception that it raised."""
        with recorded(self.recorder):
            try:
                self.running = True
                result = self.shell.run_cell(source, store_history=False)
            except BaseException as error:
                return None, error
            finally:
                self.running = False
        value = None if DisplayHook.semicolon_at_end_of_expression(source) else result.result
        return value, result.error_before_exec or result.error_in_exec


def _brief(texts: list[str]) -> tuple[str, ...]:
    return tuple(str(text)[:MAX_TEXT] for text in texts[:MAX_TEXTS])


def bound(source: str) -> set[str]:
    """Return the names that a cell binds at its top level."""
    return names_bound(parse_cell(source)).all


def sandbox_limits(limits: Limits) -> Limits:
    """Return the limits of a judge's sandbox: twice the memory, as it holds both sides' values.

    Its time is kept by the engine, call by call; its processor time can be no longer than that.
    """
    seconds = int(limits.submission_seconds) + limits.cpu_seconds
    return replace(limits, memory_bytes=2 * int(limits.memory_bytes), cpu_seconds=seconds)


def serve(stream: socket.socket, folder: Path, limits: Limits, judge_files: Path | None) -> None:
    """Run a judge until the engine closes the connection; called inside the sandbox."""
    os.environ["HOME"] = os.environ["KERAS_HOME"] = os.environ["TMPDIR"] = str(folder)
    if judge_files:
        os.environ["AUTOGRADER_JUDGE"] = str(judge_files)
    tempfile.tempdir = None  # what was imported may have looked it up already
    os.chdir(folder)
    if "" not in sys.path:
        sys.path.insert(0, "")
    random.seed()
    np.random.seed()
    Judge(stream, folder, limits).serve()
