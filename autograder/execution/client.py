"""The judge's requests to the worker: sending them, reading replies, applying these in the test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.checks.difference import brief
from autograder.checks.shortcuts import forbidden
from autograder.execution.arguments import Arguments
from autograder.execution.judge_values import JudgeValues
from autograder.limits import Limits
from autograder.protocol import keras_graphs, random_states, values
from autograder.protocol.frames import Connection, Frame
from autograder.protocol.messages import (
    CallbackAnswer,
    CallbackRequest,
    RaisedException,
    Reply,
    Request,
)
from autograder.protocol.operations import Operation, ReplyKind
from autograder.protocol.orders import CallFailed
from autograder.protocol.serialization import Bounds, Part, SerializationError, pack, unpack
from autograder.protocol.values import TransferError

MAX_CALLBACKS = 200
FRAMES = 40  # of Python, that one call of the test within another takes here


class InterruptedCallError(BaseException):
    """A call of the student's code that ended without a result: time, a limit or the worker's end.

    A `BaseException`, so that no test catches it by ``except Exception``.
    """


class WorkerClient:
    """The judge's requests to the worker.

    Parameters
    ----------
    connection
        The connection to the engine, which passes the requests on.
    limits
        The limits of values.
    layers
        A function that returns the instructor's own Keras layers by name.
    """

    def __init__(
        self, connection: Connection, limits: Limits, layers: Callable[[], Mapping[str, type]] = dict
    ) -> None:
        self.connection, self.layers = connection, layers
        self.arguments = Arguments(connection)
        self.bounds = Bounds(int(limits.value_bytes), limits.value_depth, limits.value_items)
        self.classes: frozenset[str] = frozenset()
        self.waiting = False  # for the worker; an interrupt then would cut a frame in half
        self._sent = random_states.random_states()
        self.begin_test(b"")
        self.open = False

    def begin_test(self, secret: bytes) -> None:
        """Forget the proxies, callbacks, changes and failure of the last test.

        Parameters
        ----------
        secret
            Of the test, which the worker does not know.
        """
        self._secret = secret
        self.open, self.waiting = True, False
        self.failure: CallFailed | None = None
        self.values = JudgeValues(self, self.layers)
        self.arguments.begin_test()
        self._doing = ""
        self._depth = 0  # nesting of callbacks

    def expect_classes(self, names: Iterable[str]) -> None:
        """Set the names of the classes that the student was asked to write."""
        self.classes = frozenset(names)

    def look_up(self, name: str) -> Any:
        """Return the student's value of a name.

        Raises
        ------
        KeyError
            If the student's code binds no such name.
        """
        value = self.ask(Operation.NAME, (name,), doing=f"`{name}`", way=name)
        return self.values.expect_class(value) if name in self.classes else value

    def is_asked_class(self, reference: int) -> bool:
        """Return whether a class of the worker is one that the student was asked to write."""
        return self.values.is_asked_class(reference)

    def may_keep_back(self, way: str, error: BaseException) -> bool:
        """Return whether a context manager may keep back what was raised within its block."""
        self.waiting = True  # perhaps for the engine
        try:
            return self.arguments.may_happen(f"{way}.__exit__ {type(error).__name__}")
        finally:
            self.waiting = False

    def ask(
        self,
        operation: Operation,
        args: tuple[Any, ...],
        kwargs: dict[str, Any] | None = None,
        *,
        doing: str = "",
        way: str = "",
    ) -> Any:
        """Have the worker do something; return a copy of the result.

        Parameters
        ----------
        operation, args, kwargs
            The operation and its arguments.
        doing
            The operation's name in messages; that of the last request by default.
        way
            Names by which the test reaches the object, such as ``"Stack().push"``.

        Raises
        ------
        InterruptedCallError
            If the worker did not answer.
        TransferError
            If an argument or the result cannot cross.
        Exception
            If the student's code raised one: the same built-in class, and text.
        """
        if self.failure is not None:
            raise InterruptedCallError(self.failure.text)
        outer, self.values.symbols = self.values.symbols, []
        self._doing = doing or self._doing
        watch = sys.getprofile()
        sys.setprofile(None)  # a profiler that watches the student's calls must not count this one
        try:
            request = Request(operation, args, kwargs or {}, self._changed_random_states(), forbidden.get())
            parts: list[Part] = []
            try:
                payload = pack(request.to_plain(), self.values.describe, self.bounds, parts)
            except SerializationError as error:
                raise TransferError(
                    f"the test cannot pass this to the student's code: {error}; pass numbers, text, lists, "
                    "dictionaries, arrays, functions or Keras models"
                ) from None
            try:
                self.waiting = True
                self.connection.send(Frame.CALL, payload)
                reply = self._receive(request, way, parts)
            finally:
                self.waiting = False
            return self._settle(reply, request, way)
        finally:
            self.values.symbols = outer
            sys.setprofile(watch)

    def open_model(self, path: str, max_bytes: int) -> Any:
        """Have the worker open a model's file, for `trained.opened`.

        The size of the reply is bounded by ``max_bytes``, the largest file allowed.
        """
        usual = self.bounds
        self.bounds = Bounds(min(usual.bytes, 3 * max_bytes + 65536), usual.depth, usual.items)
        try:
            return self.ask(Operation.OPEN_MODEL, (path, max_bytes), doing=f"the file {path!r}")
        finally:
            self.bounds = usual

    def _receive(self, request: Request, way: str, parts: Sequence[Part]) -> Reply:
        """Wait for the reply, which may name a call's containers; answer callbacks."""
        is_call = request.operation is Operation.CALL
        known = parts if is_call else ()
        while True:
            kind, payload = self.connection.receive()
            if kind == Frame.FAILED:
                failed = CallFailed.from_bytes(payload)
                call = f": {_in_words(request, way)}" if is_call and way else ""
                self.failure = replace(failed, text=f"{failed.text}{call}")
                raise InterruptedCallError(self.failure.text)
            if kind == Frame.CALLBACK:
                self.waiting = False
                answer = self._call_back(payload)
                self.waiting = True
                self.connection.send(Frame.ANSWER, answer)
                continue
            self.values.way = f"{way}()" if is_call else way
            try:
                plain = unpack(payload, self.values.rebuild, self.bounds, known=known)
                return Reply.from_plain(plain, request.operation)
            except SerializationError as error:
                raise self._unusable(str(error)) from None
            except Exception as error:  # of a library that makes a value: not the student's own
                raise self._unusable(f"it cannot be made here ({type(error).__name__})") from None

    def _settle(self, reply: Reply, request: Request, way: str) -> Any:
        """Apply the operation's effects in the judge; return its result or raise its exception."""
        for stream, text in reply.printed:
            (sys.stderr if stream == "stderr" else sys.stdout).write(text)
        self._draw(reply.drew)
        if reply.outcome is ReplyKind.REFUSED:
            raise self._unusable(values.plain(reply.text))
        if reply.exception is not None:
            raise self.values.raised(reply.exception)
        if reply.outcome is ReplyKind.STOPPED:
            raise StopIteration(reply.value)
        if reply.outcome is ReplyKind.MISSING:
            raise KeyError
        self.waiting = True  # perhaps for the engine
        try:
            result = self.arguments.settle(reply, request, way, self._doing)
        except SerializationError as error:
            raise self._unusable(str(error)) from None
        finally:
            self.waiting = False
        try:
            return keras_graphs.attach(result, self.values.symbols)
        except SerializationError as error:
            raise self._unusable(str(error)) from None

    def _unusable(self, why: str) -> TransferError:
        return values.unusable(self._doing, why)

    def _call_back(self, payload: bytes) -> bytes:
        """Call a function that the test passed to the student's code; return the packed answer."""
        self._depth += 1
        limit = sys.getrecursionlimit()
        try:
            sys.setrecursionlimit(limit + FRAMES)
            request = CallbackRequest.from_plain(unpack(payload, self.values.rebuild, self.bounds))
            function = self.values.callbacks[request.number]
            if self._depth > MAX_CALLBACKS:
                raise RecursionError(
                    "functions of the test and of the submission call each other without end"
                )
            answer = CallbackAnswer(function(*request.args, **request.kwargs))
            return pack(answer.to_plain(), self.values.describe, self.bounds)
        except Exception as error:
            base = values.builtin_base(type(error))
            described = RaisedException(type(error).__name__, base, values.text_of(error))
            return pack(CallbackAnswer(exception=described).to_plain())
        finally:
            self._depth -= 1
            sys.setrecursionlimit(limit)

    def _changed_random_states(self) -> dict[str, Any]:
        """Return the global random generators' states that the test changed since the last call."""
        states = random_states.random_states()
        changed = {name: state for name, state in states.items() if state != self._sent.get(name)}
        self._sent = states
        return random_states.without_history(changed, self._secret)

    def _draw(self, generators: Sequence[str]) -> None:
        """Advance the generators that the student's code used: a new seed is then a change."""
        if generators:
            random_states.advance(generators)
            self._sent = random_states.random_states()


def _in_words(request: Request, way: str) -> str:
    """Say how the test called a function, such as ``mean([1, 2])``; the first argument is it."""
    arguments = [brief(value) for value in request.args[1:]]
    arguments += [f"{name}={brief(value)}" for name, value in request.kwargs.items()]
    return f"{way}({', '.join(arguments)})"
