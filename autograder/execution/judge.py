"""Judge: the process that runs the instructor's cells, with proxies of the student's names.

No line of a submission runs here. A score is the judge's own record that a test cell ran to its
end.
"""

from __future__ import annotations

import ast
import contextlib
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
from autograder.execution import introspection, sheet, test_code
from autograder.execution.client import InterruptedCallError, WorkerClient
from autograder.execution.judge_files import HOME, LAB, JudgeFiles, separate
from autograder.execution.namespace import Namespace
from autograder.execution.ready_shells import ReadyShells
from autograder.execution.replacements import Replacements
from autograder.execution.scoring import fault_of_engine, for_a_person, missing_module, score
from autograder.execution.set_globals import set_by_test
from autograder.execution.shell import Descriptors, Recorder, recorded
from autograder.execution.untouched import breaks_check
from autograder.limits import Limits
from autograder.notebook.code import names_bound, parse_cell
from autograder.notebook.main_module import MAIN, reaching_main
from autograder.notebook.watching import running, watching
from autograder.protocol import random_states, values
from autograder.protocol.frames import ClosedError, Connection, Frame
from autograder.protocol.libraries import imported
from autograder.protocol.operations import Operation
from autograder.protocol.orders import Ready, RunCell, RunTest, Scored, Setup
from autograder.result import Status

MAX_FRAME = 2**40
MAX_TEXTS = 20
MAX_TEXT = 200  # characters
NO_MAIN = "the test reaches for `__main__`, which is not the student's module here"


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
    shells
        Of which it takes one.
    """

    def __init__(self, stream: socket.socket, folder: Path, limits: Limits, shells: ReadyShells) -> None:
        self.connection = Connection(stream, MAX_FRAME)
        self.recorder = Recorder(int(limits.output_bytes))
        self.descriptors = Descriptors(folder)
        self.client = WorkerClient(self.connection, limits, self._layers)
        self.names = Namespace(self.client)
        self.replacements = Replacements(self.names, lambda: self.names.asked, self.names.deleted)
        self.files = JudgeFiles(
            folder,
            self._ask_for_files,
            self.client.arguments.may_happen,
            self.client.fall_short,
        )
        self.client.replaced, self.client.missing = self._around, self.replacements.missing
        self.client.tell_logged = self.replacements.logs.tell
        self.client.take_files, self.client.folder = self.files.take, str(folder)
        self.shell = shells.take(folder, self.recorder, self.names, silent=True)
        self.client.when_told = sheet.install(lambda: self.client)
        introspection.install()
        random_states.watch(self.client.state_is_read)
        self.helper_classes: set[type] = set()
        self.names.update(test_code.answers(self.names.all_names, lambda kind: kind in self.helper_classes))
        self.shell.ast_transformers.append(test_code.Questions())
        self.recognised: list[str] = []
        self.looks: list[str] = []
        self.seed_key = b""
        self.running = False
        signal.signal(signal.SIGINT, self._interrupt)

    def _interrupt(self, *_: object) -> None:
        if self.running and not self.client.waiting:
            raise KeyboardInterrupt

    def _around(self) -> dict[str, Any]:
        """Return what the student's code is to find around it."""
        replaced = self.replacements.current()
        if files := self.files.current():
            replaced["files"] = files
        if (inside := self.files.working_folder()) is not None:
            replaced["folder"] = inside
        return replaced

    def _ask_for_files(self) -> None:
        with contextlib.suppress(InterruptedCallError, values.TransferError):
            self.client.ask(Operation.HAS, ("",))

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
            if kind == Frame.KNOW:
                self.client.networks.add(payload)
                continue
            if kind == Frame.TELL:
                self.connection.send(Frame.KNOW, self.client.networks.to_bytes())
                continue
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
        self.replacements.helpers = frozenset(setup.helpers)
        self.seed_key = bytes.fromhex(setup.seed_key)
        replacing = self.replacements.replacing
        Grader(
            self.seed_key,
            self.client.open_model,
            self.recognised,
            self.looks,
            replacing,
            self.client.networks,
        ).install()
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
                    if MAIN in source and _reaches_main(node):
                        raise ImportError(NO_MAIN)
                    module = test_code.Questions().visit(ast.Module([node], []))
                    code = compile(module, "<the instructor's cell>", "exec")
                    self.running = True
                    exec(code, self.names)
                except NameError:
                    continue
                except BaseException as error:
                    text = f"{type(error).__name__}: {values.text_of(error)}"
                    for name in bound(ast.unparse(node)):
                        why = f"the instructor's cell that sets `{name}` failed: {text}"
                        self.names.broken.setdefault(name, missing_module(error) or why)
                finally:
                    self.running = False
        self.replacements.learn(source)
        self.helper_classes |= {
            value for value in self.names.values() if type(value) is type and value.__module__ == "__main__"
        }
        self.files.learn(source)

    def test(self, order: RunTest) -> Scored:
        """Run a test cell; return its status, points and message."""
        self.recorder.clear()
        self.names.give_back()
        self.recognised.clear()
        self.looks.clear()
        self.client.begin_test(self.seed_key + order.source.encode(), order.cells)
        self.replacements.begin_test(order.source, order.cells)
        self.files.begin_test(order.source)
        self.names["In"] = self.names["_ih"] = ["", *self.client.sheet.sources]  # by IPython the judge's
        value, error = self._run(order.source)
        self.descriptors.flush(self.recorder)
        scored = score(value, error, self.client.failure, order.points)
        shortfall = self.client.shortfall or fault_of_engine(error)
        if scored.status is Status.FAILED and not shortfall:
            changed = [*self.names.borrowed.changed(), *self.replacements.kept]
            given = self.replacements.given
            if name := set_by_test(order.source, changed, self.client.sheet.sources, given):
                shortfall = f"the test sets `{name}`, which the student's functions read in their own process"
            elif how := running(parse_cell(order.source)):
                shortfall = f"the test runs a file or a command by `{how}`: the student's are elsewhere"
            for why in () if shortfall else self.client.doubts():
                self.client.refusals.refuse(why, why)
                shortfall = self.client.shortfall
        if why := _elsewhere(order.source):
            # What was asked here, a pass as well, was not asked of the student's code.
            scored = replace(scored, status=Status.BY_HAND, score=0.0, message=for_a_person(why))
        elif shortfall and scored.status in (Status.FAILED, Status.PARTIAL):
            scored = replace(scored, status=Status.BY_HAND, score=0.0, message=for_a_person(shortfall))
        if scored.score and self._breaks_check(order.source):
            scored = Scored(Status.FAILED, message="a check of the test's own argument did not hold")
        self.client.open = False
        for name in bound(order.source) - self.names.asked:
            if not self.names.binds(name):
                self.names.failed[name] = f"`{name}` is set by an earlier test, which did not get that far"
        self.names.give_back()
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
            networks=self.client.networks.made,
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


def _elsewhere(source: str) -> str:
    """Say what a test looks for in its own process that is in the worker; "" where it does not."""
    tree = parse_cell(source)
    if MAIN in source and _reaches_main(tree):
        return NO_MAIN
    if name := watching(tree):
        return f"the test watches by `{name}` what runs in its process, and the student's code runs elsewhere"
    return ""


def _reaches_main(tree: ast.AST) -> bool:
    return any(True for _ in reaching_main(tree))


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


def serve(
    stream: socket.socket, folder: Path, limits: Limits, shells: ReadyShells, judge_files: Path | None
) -> None:
    """Run a judge until the engine closes the connection; called inside the sandbox."""
    separate(folder)
    os.environ["HOME"] = os.environ["KERAS_HOME"] = str(folder / HOME)
    os.environ["TMPDIR"] = str(folder)
    if judge_files:
        os.environ["AUTOGRADER_JUDGE"] = str(judge_files)
    tempfile.tempdir = None  # what was imported may have looked it up already
    os.chdir(folder)
    sys.path[:] = [str(folder / LAB), *(path for path in sys.path if path)]
    random.seed()
    np.random.seed()
    Judge(stream, folder, limits, shells).serve()
