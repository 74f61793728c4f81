"""The student's side: runs the student's cells and answers the judge's calls by name.

It runs inside the sandbox. Nothing that it says is trusted.
"""

from __future__ import annotations

import builtins
import contextlib
import copy
import gc
import itertools
import json
import operator
import os
import random
import signal
import socket
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks import trained
from autograder.checks.shortcuts import ShortcutRefused, refusing
from autograder.execution.shell import Descriptors, Recorder, make_shell, recorded
from autograder.limits import Limits
from autograder.protocol import frames, keras_models, values
from autograder.protocol.serialization import Bounds, SerializationError, Tagged, pack, unpack
from autograder.sandbox.proc import data_bytes

MAX_REFERENCES = 100_000
RESERVE = 16 * 2**20  # given up when the memory is used up, so that there is enough left to say so

OPERATIONS: dict[str, Callable] = {
    "call": lambda function, *args, **kwargs: function(*args, **kwargs),
    "attribute": getattr,
    "set attribute": setattr,
    "delete attribute": delattr,
    "dir": dir,
    "isinstance": isinstance,
    "issubclass": issubclass,
    "iter": iter,
    "next": next,
    "send": lambda generator, value: generator.send(value),
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": lambda manager: type(manager).__exit__(manager, None, None, None),
    "contains": operator.contains,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "item": operator.getitem,
    "set item": operator.setitem,
    "delete item": operator.delitem,
    "open model": trained.opened,
    **{kind.__name__: kind for kind in (len, str, repr, bool, int, float, abs)},
    **{
        name: getattr(operator, name)
        for name in (
            *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor"),
            *("neg", "pos", "invert", "eq", "ne", "lt", "le", "gt", "ge"),
        )
    },
}  # fmt: skip


class Worker:
    """One submission's process.

    Parameters
    ----------
    connection
        To the engine.
    scratch
        Home and working directory.
    limits
        Of outputs and values.
    """

    def __init__(self, connection: socket.socket, scratch: Path, limits: Limits) -> None:
        self.pid = os.getpid()
        self.pipe = frames.Pipe(connection, limits.value_bytes + 4096)
        self.bounds = Bounds(int(limits.value_bytes), limits.value_depth, limits.value_items)
        self.recorder = Recorder(int(limits.output_bytes))
        self.descriptors = Descriptors(scratch)
        self.shell = make_shell(scratch, self.recorder)
        self.references: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}
        self.fresh = itertools.count(1)
        self.busy = False
        self.reserve: bytearray | None = bytearray(RESERVE)
        self.data_at_start, self.memory_bytes = data_bytes(), int(limits.memory_bytes)
        self.symbols: list[Any] = []
        signal.signal(signal.SIGINT, self._interrupt)

    def _interrupt(self, *_: Any) -> None:
        if self.busy:
            raise KeyboardInterrupt

    def serve(self) -> None:
        """Do what the engine says until it closes the connection."""
        self.pipe.send(frames.READY, str(os.getpid()).encode())
        while True:
            try:
                kind, payload = self.pipe.receive()
            except frames.ClosedError:
                return
            if kind == frames.RUN:
                answer = frames.RAN, self.run(payload)
            elif kind == frames.CALL:
                answer = frames.REPLY, self.answer(payload)
            else:
                return
            if os.getpid() != self.pid:  # a child that the student's code forked and that came back
                os._exit(0)
            self.pipe.send(*answer)

    def run(self, payload: bytes) -> bytes:
        """Run one cell; return its outputs."""
        self.recorder.clear()
        failed = True
        with recorded(self.recorder):
            try:
                self.busy = True
                result = self.shell.run_cell(json.loads(payload)["source"], store_history=True)
                failed = not result.success
                stopped = result.error_in_exec
            except BaseException as error:
                self.recorder.stream("stderr", f"{type(error).__name__}\n")
                stopped = error
            finally:
                self.busy = False
        if isinstance(stopped, MemoryError | KeyboardInterrupt):
            self.end_if_full()
        self.descriptors.flush(self.recorder)
        return frames.to_json({"outputs": self.recorder.outputs, "failed": failed})

    def end_if_full(self) -> None:
        """End the worker if code that was stopped has left it short of memory.

        What Python gives back it does not give back to the system, and what TensorFlow then asks for in vain
        crashes it, in a cell that is not to blame.

        Raises
        ------
        MemoryError
            If so; it ends the worker.
        """
        if data_bytes() > self.data_at_start + self.memory_bytes // 4:
            self.reserve = None
            raise MemoryError

    def answer(self, payload: bytes) -> bytes:
        """Do what a test asks; return the value or the exception, what was printed and what was changed."""
        self.recorder.clear()
        try:
            self.symbols = []
            order = unpack(payload, self.untag, self.bounds)
            values.set_random_states(order.get("random") or {})
            before = values.random_states()
            reply = self._do(order, payload)
            reply["drew"] = [
                name for name, state in values.random_states().items() if state != before.get(name)
            ]
            if reply.get("raise", {}).get("name") == "KeyboardInterrupt":
                self.end_if_full()
            self.descriptors.flush(self.recorder)
            reply["printed"] = [
                [output["name"], output["text"]]
                for output in self.recorder.outputs
                if output["output_type"] == "stream"
            ]
            return pack(reply, self.tag, self.bounds)
        except MemoryError:
            self.reserve = None
            raise  # ends the worker: what holds the memory is not known, and the next question needs it
        except SerializationError as error:
            return pack({"crossing": values.plain(str(error))})
        except BaseException as error:
            return pack({"crossing": values.plain(f"the answer failed: {type(error).__name__}: {error}")})
        finally:
            self.busy = False

    def _do(self, order: dict, payload: bytes) -> dict:
        operation, args, kwargs = order["operation"], order["args"], order["kwargs"]
        if operation == "name":
            found = self.shell.user_ns.get(args[0], self)
            return {"missing": True} if found is self else {"value": found}
        if operation == "has":
            return {"value": args[0] in self.shell.user_ns}
        with recorded(self.recorder), refusing(tuple(order.get("forbidden") or ())):
            try:
                self.busy = True
                result = OPERATIONS[operation](*args, **kwargs)
            except StopIteration as stop:
                if operation in ("next", "send"):
                    return {"stop": stop.value}
                return {"raise": self.exception(stop)}
            except MemoryError:
                raise
            except BaseException as error:
                return {"raise": self.exception(error)}
            finally:
                self.busy = False
        reply = {"value": keras_models.collect(result, self.symbols)}
        if operation == "call":
            reply["changed"] = self._changed(args, kwargs, payload)
            for key, value in (*enumerate(args), *kwargs.items()):
                if result is value and type(value) in values.MUTABLE:
                    reply["value"], reply["same"] = None, key
        return reply

    def _changed(self, args: tuple, kwargs: dict, payload: bytes) -> dict:
        """Return the mutable arguments that are not as they came, by position or name."""
        changed = {}
        parts = [*enumerate(args), *kwargs.items()]
        if any(type(value) in values.MUTABLE or keras_models.is_model(value) for _, value in parts):
            before = unpack(payload, self.untag, self.bounds)
            old = dict([*enumerate(before["args"]), *before["kwargs"].items()])
            for key, value in parts:
                if keras_models.is_model(value):
                    if keras_models.weights_differ(value, old[key]):
                        changed[key] = Tagged("weights", keras_models.weights_of(value))
                elif type(value) in values.MUTABLE:
                    with contextlib.suppress(SerializationError):
                        if pack(value, self.tag, self.bounds) != pack(old[key], self.tag, self.bounds):
                            changed[key] = value
        return changed

    def reference(self, value: Any) -> int:
        """Return the number by which the judge names a value that stays here."""
        number = self.numbers.get(id(value))
        if number is None:
            if len(self.references) >= MAX_REFERENCES:
                raise SerializationError(
                    f"more than {MAX_REFERENCES:,} objects of the submission are in use by the tests"
                )
            number = next(self.fresh)
            self.references[number] = value
            self.numbers[id(value)] = number
        return number

    def exception(self, error: BaseException) -> dict:
        """Describe an exception in plain values."""
        kind = type(error)
        base = values.builtin_base(kind)
        args = getattr(error, "args", ())
        text = args[0] if len(args) == 1 and type(args[0]) is str else values.text_of(error)
        return {
            "name": values.plain(kind.__name__, values.MAX_NAME),
            "base": base,
            "text": values.plain(text),
            "class": self.reference(kind) if kind.__module__ == "__main__" else 0,
            "refused": issubclass(kind, ShortcutRefused),
        }

    def tag(self, value: Any) -> Tagged:  # noqa: PLR0911 - one return for each kind
        """Describe a value that is not plain."""
        if isinstance(value, types.ModuleType):
            return values.module_name(value)
        described = keras_models.tag(value)
        if described is not None:
            return described
        if isinstance(value, tuple) and type(value).__base__ is tuple and hasattr(value, "_fields"):
            return Tagged(
                "named tuple", [type(value).__name__, list(value._fields), list(tuple.__iter__(value))]
            )
        if isinstance(value, BaseException):
            return Tagged("exception", self.exception(value))
        if not isinstance(value, type):
            exact = values.copy_to_exact(value)
            if exact is not NotImplemented:
                return Tagged("exact", exact)
        about: dict[str, Any] = {
            "id": self.reference(value),
            "type": values.plain(type(value).__name__, 80),
        }
        if isinstance(value, (*values.FUNCTIONS, type)) or type(value).__name__ == "Function":
            name = getattr(value, "__name__", "")
            about["name"] = values.plain(name, values.MAX_NAME) if type(name) is str else ""
            about["doc"] = values.plain(getattr(value, "__doc__", "") or "")
            about["signature"] = values.describe_signature(value)
        if isinstance(value, type):
            if issubclass(value, BaseException):
                return Tagged("exception class", about | {"base": values.builtin_base(value)})
            return Tagged("class", about)
        if isinstance(value, types.GeneratorType):
            return Tagged("generator", about)
        if "signature" in about:
            return Tagged("function", about)
        return Tagged("object", about | {"iterator": hasattr(type(value), "__next__")})

    def untag(self, kind: str, body: Any) -> Any:
        """Make what the judge described."""
        if kind == "reference":
            if body not in self.references:
                raise SerializationError(
                    "an object of the submission is gone, because its process had to be started again"
                )
            return self.references[body]
        if kind == "named":
            return values.by_name(body)
        if kind == "module":
            return sys.modules[body]
        if kind == "callback":
            return self.callback(*body)
        if kind == "symbol":
            return keras_models.symbol(body, self.symbols)
        made = keras_models.untag(kind, body, trusted=True)
        if made is NotImplemented:
            raise SerializationError(f"a value of kind {kind!r} is not known")
        return made

    def callback(self, number: int, name: str) -> Callable:
        """Make a function that calls the judge's."""

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            order = {"callback": number, "args": args, "kwargs": kwargs}
            self.pipe.send(frames.CALLBACK, pack(order, self.tag, self.bounds))
            while True:
                kind, payload = self.pipe.receive()
                if kind == frames.ANSWER:
                    break
                if kind != frames.CALL:
                    raise SystemExit
                self.pipe.send(frames.REPLY, self._nested(payload))
            answer = unpack(payload, self.untag, self.bounds)
            if "raise" in answer:
                described = answer["raise"]
                raise values.EXCEPTIONS.get(described["base"], Exception)(described["text"])
            return answer["value"]

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def _nested(self, payload: bytes) -> bytes:
        outputs, self.recorder.outputs = self.recorder.outputs, []
        symbols = self.symbols
        try:
            return self.answer(payload)
        finally:
            self.recorder.outputs, self.symbols, self.busy = outputs, symbols, True


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() cannot be used in a graded notebook: nobody is there to answer")


def serve(connection: socket.socket, scratch: Path, limits: Limits) -> None:
    """Be a worker until the engine closes the connection; called inside the sandbox."""
    os.environ["HOME"] = os.environ["KERAS_HOME"] = os.environ["TMPDIR"] = str(scratch)
    os.environ["USER"] = os.environ["LOGNAME"] = "student"
    os.chdir(scratch)
    if "" not in sys.path:
        sys.path.insert(0, "")
    builtins.input = _no_input
    worker = Worker(connection, scratch, limits)
    gc.collect()
    random.seed()
    np.random.seed()
    worker.serve()
