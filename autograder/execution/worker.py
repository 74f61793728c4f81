"""The student's side: runs the student's cells and answers the judge's requests.

It runs inside the sandbox. Nothing that it says is trusted.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import mmap
import os
import random
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks.shortcuts import ShortcutRefused, refusing
from autograder.execution import object_arrays
from autograder.execution.ready_shells import ReadyShells
from autograder.execution.replaced import Replaced, no_input
from autograder.execution.shell import Descriptors, Recorder, recorded
from autograder.execution.worker_files import WorkerFiles
from autograder.execution.worker_operations import OPERATIONS
from autograder.execution.worker_values import WorkerValues
from autograder.limits import Limits
from autograder.protocol import brief, keras_graphs, keras_models, random_states, values
from autograder.protocol.callbacks import CallbackAnswer, CallbackRequest
from autograder.protocol.frames import ClosedError, Connection, Frame
from autograder.protocol.messages import Key, Reply, Request
from autograder.protocol.operations import MAKING, STOPPING, Operation, ReplyKind
from autograder.protocol.orders import CellRan, Ready, RunCell, Written
from autograder.protocol.serialization import (
    Bounds,
    Part,
    SerializationError,
    Tagged,
    pack,
    pack_answer,
    unpack,
)
from autograder.protocol.values import Kind
from autograder.sandbox import data_bytes

FRAMES = 40  # of Python, that one call within another takes here
_ALL_ALLOWED = contextlib.nullcontext()
RESERVE = 16 * 2**20  # given up when the memory is used up, so that there is enough left to say so
_PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS  # counts for the kernel's limit, and takes no pages


class Worker:
    """One submission's process.

    Parameters
    ----------
    stream
        To the engine.
    scratch
        Home and working directory.
    limits
        Of outputs and values.
    shells
        Of which it takes one.
    """

    def __init__(self, stream: socket.socket, scratch: Path, limits: Limits, shells: ReadyShells) -> None:
        self.pid = os.getpid()
        self.connection = Connection(stream, limits.value_bytes + 4096)
        self.bounds = Bounds(int(limits.value_bytes), limits.value_depth, limits.value_items)
        self.recorder = Recorder(int(limits.output_bytes))
        self.descriptors = Descriptors(scratch)
        self.shell = shells.take(scratch, self.recorder)
        self.values = WorkerValues(self.callback, lambda: self.shell.user_ns)
        self.files = WorkerFiles(scratch)
        self.replaced = Replaced(self.shell.user_ns, scratch)
        self.busy = False
        self._turn = threading.RLock()  # of the threads that call the test's functions
        self.reserve: mmap.mmap | None = mmap.mmap(-1, RESERVE, flags=_PRIVATE)
        self.data_at_start, self.memory_bytes = data_bytes(), int(limits.memory_bytes)
        signal.signal(signal.SIGINT, self._interrupt)

    def _interrupt(self, *_: object) -> None:
        if self.busy:
            raise KeyboardInterrupt

    def serve(self) -> None:
        """Do what the engine says until it closes the connection."""
        self.connection.send(Frame.READY, Ready(os.getpid()).to_bytes())
        while True:
            try:
                kind, payload = self.connection.receive()
            except ClosedError:
                return
            if kind is Frame.CALL:
                answer = Frame.REPLY, self.answer(payload)
            elif kind == Frame.RUN:
                answer = Frame.RAN, self.run(RunCell.from_bytes(payload)).to_bytes()
            elif kind == Frame.KEEP:
                answer = Frame.KEPT, Written(self.files.written()).to_bytes()
            else:
                return
            if os.getpid() != self.pid:  # a child that the student's code forked and that came back
                os._exit(0)
            with self._turn:  # after what a thread is asking now
                self.connection.send(*answer)

    def run(self, order: RunCell) -> CellRan:
        """Run one cell; return its outputs."""
        self.recorder.clear()
        stopped: BaseException | None
        with recorded(self.recorder):
            try:
                self.busy = True
                stopped = self.shell.run_cell(order.source, store_history=True).error_in_exec
            except BaseException as error:
                self.recorder.stream("stderr", f"{type(error).__name__}\n")
                stopped = error
            finally:
                self.busy = False
        if isinstance(stopped, MemoryError | KeyboardInterrupt):
            self.end_if_full()
        self.descriptors.flush(self.recorder)
        return CellRan(self.recorder.outputs)

    def end_if_full(self) -> None:
        """End the worker if code that was stopped has left it short of memory.

        What Python gives back it does not give back to the system, and what TensorFlow then asks
        for in vain crashes it, in a cell that is not to blame.

        Raises
        ------
        MemoryError
            If so; it ends the worker.
        """
        if data_bytes() > self.data_at_start + self.memory_bytes // 4:
            self.reserve = None
            raise MemoryError

    def answer(self, payload: bytes) -> bytes:
        """Do what a test asks; return the packed reply."""
        self.recorder.clear()
        try:
            self.values.symbols = []
            parts: list[Part] = []
            request = self._read(payload, parts)
            reply = self._perform_replaced(request, payload)
            if reply.exception is not None and reply.exception.name == "KeyboardInterrupt":
                self.end_if_full()
            self._add_output(reply, request)
            return self._packed(reply, request, payload, parts)
        except MemoryError:
            self.reserve = None
            raise  # ends the worker: what holds the memory is not known, and the next request needs it
        except SerializationError as error:
            return _refusal(str(error))
        except ShortcutRefused as refused:  # at the end of the block: the answer swallowed the first
            return pack(Reply(ReplyKind.RAISED, exception=self.values.exception(refused)).to_plain())
        except BaseException as error:
            return _refusal(f"the answer failed: {type(error).__name__}: {error}")
        finally:
            self.busy = False

    def _add_output(self, reply: Reply, request: Request) -> None:
        """Put into a reply what the student's code has printed, and of what it has warned."""
        self.descriptors.flush(self.recorder)
        if self.recorder.outputs:
            reply.printed = tuple(
                (output["name"], output["text"])
                for output in self.recorder.outputs
                if output["output_type"] == "stream"
            )
        if request.world and self.replaced.warned:
            reply.warned, self.replaced.warned = tuple(self.replaced.warned), []
        if request.world and self.replaced.logged:
            reply.logged, self.replaced.logged = tuple(self.replaced.logged), []

    def _packed(self, reply: Reply, request: Request, payload: bytes, parts: list[Part]) -> bytes:
        """Return a reply as bytes, a simple result in few."""
        is_call, asks_for_files = request.operation is Operation.CALL, "files" in request.world
        if is_call and not asks_for_files and reply.is_plain:
            short = brief.answer(reply.value)
            if short is not None:
                return short
        plain = reply.to_plain()
        if asks_for_files:
            plain["files"] = self.files.changed()
        if is_call:
            answer, names_arguments = pack_answer(plain, self.values.describe, self.bounds, parts)
            if not names_arguments or not self._are_changed(request, payload):
                return answer
        return pack(plain, self.values.describe, self.bounds)

    def _read(self, payload: bytes, parts: list[Part] | None = None) -> Request:
        """Return what a test asks, with its containers in ``parts``."""
        if brief.is_brief(payload):
            number, arguments = brief.read_question(payload)
            return Request(Operation.CALL, (self.values.rebuild(Kind.REFERENCE, number), *arguments))
        return Request.from_plain(unpack(payload, self.values.rebuild, self.bounds, parts=parts))

    def _perform_replaced(self, request: Request, payload: bytes) -> Reply:
        """Perform a request with what the test has replaced, and its random generators' states."""
        if request.random:
            random_states.set_random_states(request.random)
        before = random_states.marks()
        if request.world:
            if "files" in request.world:
                self.files.take(request.world["files"])
            with self.replaced.during(request.world):
                reply = self._perform(request, payload)
        else:
            reply = self._perform(request, payload)
        if (now := random_states.marks()) != before:
            reply.drew = tuple(name for name, mark in now.items() if mark != before.get(name))
        return reply

    def _perform(self, request: Request, payload: bytes) -> Reply:  # noqa: PLR0911, PLR0912 - one an outcome
        operation, args, kwargs = request.operation, request.args, request.kwargs
        names = self.shell.user_ns
        if operation is Operation.NAME:
            known = args[0] in names
            return Reply(ReplyKind.VALUE, names[args[0]]) if known else Reply(ReplyKind.MISSING)
        if operation is Operation.HAS:
            return Reply(ReplyKind.VALUE, args[0] in names)
        if operation in (Operation.EXIT, Operation.AEXIT, Operation.THROW) and len(args) > 1:
            args = (args[0], self.values.raised(*args[1:]))
        with recorded(self.recorder), refusing(request.forbidden) if request.forbidden else _ALL_ALLOWED:
            try:
                self.busy = True
                result = OPERATIONS[operation](*args, **kwargs)
            except StopIteration as stop:
                if operation in STOPPING:
                    return Reply(ReplyKind.STOPPED, stop.value)
                return Reply(ReplyKind.RAISED, exception=self.values.exception(stop))
            except MemoryError:
                raise
            except BaseException as error:
                return Reply(ReplyKind.RAISED, exception=self.values.exception(error))
            finally:
                self.busy = False
        if operation in MAKING or (operation is Operation.CALL and type(result) is args[0]):
            self.values.keep_whole(result)
        if operation is not Operation.CALL:
            return Reply(ReplyKind.VALUE, keras_graphs.collect(result, self.values.symbols))
        if brief.is_brief(payload):  # no argument can be changed
            return Reply(ReplyKind.VALUE, object_arrays.described(result))
        result = object_arrays.described(result)
        changed, refused = self._changed(args, kwargs, payload)
        arguments: list[tuple[Key, Any]] = [*enumerate(args), *kwargs.items()]
        for key, value in arguments:
            if result is value and values.is_mutable(value):
                return Reply(ReplyKind.VALUE, changed=changed, same=key, refused=refused)
        return Reply(
            ReplyKind.VALUE,
            keras_graphs.collect(result, self.values.symbols),
            changed=changed,
            refused=refused,
        )

    def _changed(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], payload: bytes
    ) -> tuple[dict[Key, Any], dict[Key, str]]:
        """Return the mutable arguments that are not as they came, and why some cannot cross."""
        changed: dict[Key, Any] = {}
        refused: dict[Key, str] = {}
        parts: list[tuple[Key, Any]] = [*enumerate(args), *kwargs.items()]
        if any(values.is_mutable(value) or keras_models.is_model(value) for _, value in parts):
            before = self._read(payload)
            old: dict[Key, Any] = dict([*enumerate(before.args), *before.kwargs.items()])
            for key, value in parts:
                if keras_models.is_model(value):
                    if keras_models.weights_differ(value, old[key]):
                        changed[key] = Tagged(Kind.WEIGHTS, keras_models.weights_of(value))
                elif values.is_mutable(value):
                    try:
                        if self._bytes_of(value) != self._bytes_of(old[key]):
                            changed[key] = value
                    except SerializationError as error:
                        refused[key] = values.plain(str(error))
        return changed, refused

    def _are_changed(self, request: Request, payload: bytes) -> bool:
        """Return whether any argument, or anything in one, is not as it came."""
        before = self._read(payload)
        return self._bytes_of([request.args, request.kwargs]) != self._bytes_of([before.args, before.kwargs])

    def _bytes_of(self, value: Any) -> bytes:
        return pack(value, self.values.describe, self.bounds)

    def callback(self, number: int, name: str, doc: str) -> Callable[..., Any]:
        """Return a function that calls the judge's."""

        def proxy(*args: Any, **kwargs: Any) -> Any:
            with self._turn:
                if not self.busy:
                    raise RuntimeError(f"{name}() of the test is called after the test's own call has ended")
                with self.replaced.suspended():
                    return ask(args, kwargs)

        def ask(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            request = CallbackRequest(number, args, kwargs)
            self.connection.send(Frame.CALLBACK, self._bytes_of(request.to_plain()))
            while True:
                kind, payload = self.connection.receive()
                if kind == Frame.ANSWER:
                    break
                if kind != Frame.CALL:
                    raise SystemExit
                self.connection.send(Frame.REPLY, self._answer_within(payload))
            answer = CallbackAnswer.from_plain(unpack(payload, self.values.rebuild, self.bounds))
            if answer.exception is not None:
                raise values.EXCEPTIONS.get(answer.exception.base, Exception)(answer.exception.text)
            return answer.value

        proxy.__name__ = proxy.__qualname__ = name
        proxy.__doc__ = doc or None
        return proxy

    def _answer_within(self, payload: bytes) -> bytes:
        """Answer a request that comes while another is under way."""
        outputs, self.recorder.outputs = self.recorder.outputs, []
        symbols, limit = self.values.symbols, sys.getrecursionlimit()
        try:
            sys.setrecursionlimit(limit + FRAMES)
            return self.answer(payload)
        finally:
            self.recorder.outputs, self.values.symbols, self.busy = outputs, symbols, True
            sys.setrecursionlimit(limit)


def _refusal(text: str) -> bytes:
    return pack(Reply(ReplyKind.REFUSED, text=values.plain(text)).to_plain())


def serve(stream: socket.socket, scratch: Path, limits: Limits, shells: ReadyShells) -> None:
    """Be a worker until the engine closes the connection; called inside the sandbox."""
    os.environ["HOME"] = os.environ["KERAS_HOME"] = os.environ["TMPDIR"] = str(scratch)
    os.environ["USER"] = os.environ["LOGNAME"] = "student"
    tempfile.tempdir = None  # what was imported may have looked it up already
    os.chdir(scratch)
    if "" not in sys.path:
        sys.path.insert(0, "")
    builtins.input = no_input
    worker = Worker(stream, scratch, limits, shells)
    gc.collect()
    random.seed()
    np.random.seed()
    worker.serve()
