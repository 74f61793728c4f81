"""The judge's requests to the worker: sending them, reading replies, applying these in the test."""

from __future__ import annotations

import ast
import builtins
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.checks.case import How
from autograder.checks.difference import brief as in_brief
from autograder.checks.known_networks import Asked, KnownNetworks, MadeNetwork
from autograder.checks.shortcuts import forbidden
from autograder.execution import derived_data, gradients
from autograder.execution.arguments import Arguments
from autograder.execution.called_back import CalledBack
from autograder.execution.judge_files import relative
from autograder.execution.judge_values import JudgeValues
from autograder.execution.lent import Lent
from autograder.execution.proxies import remote_of
from autograder.execution.refusals import Refusals
from autograder.execution.sheet import Sheet
from autograder.limits import Limits
from autograder.protocol import brief, exceptions, keras_graphs, keras_models, random_states, values
from autograder.protocol.frames import Connection, Frame
from autograder.protocol.library_data.data_type import NotInstalledError
from autograder.protocol.log_lines import LogLine
from autograder.protocol.messages import (
    RaisedException,
    Reply,
    Request,
)
from autograder.protocol.operations import Operation, ReplyKind
from autograder.protocol.orders import CallFailed
from autograder.protocol.serialization import Bounds, Part, SerializationError, Tagged, pack, unpack
from autograder.protocol.small_files import Copies
from autograder.protocol.values import Kind, TransferError

# A test's numbers do not depend on how many the student's code draws, or it could choose them.
DRAWN = "the test draws random numbers after the student's code has, and goes on from its own last one"


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
        self.refusals = Refusals(self)
        self.bounds = Bounds(int(limits.value_bytes), limits.value_depth, limits.value_items)
        self.classes: frozenset[str] = frozenset()
        self.waiting = False  # for the worker; an interrupt then would cut a frame in half
        self._sent = random_states.marks()
        self._drawn: dict[str, Any] = {}  # marks of generators since the student's code has used them
        self.replaced: Callable[[], dict[str, Any]] = dict
        self.folder = ""  # of the test
        self.take_files: Callable[[Copies], None] = lambda files: None
        self.tell_logged: Callable[[Sequence[LogLine]], str] = lambda lines: ""
        self.when_told: Callable[[], None] = lambda: None  # the source of an answer
        self.missing: Callable[[RaisedException], str] = lambda error: ""
        self.values = JudgeValues(self, layers)
        self.networks = KnownNetworks(lambda function: remote_of(function) is not None)
        self._turn = threading.RLock()  # of the test's threads, one after the other
        self.requests = 0  # that may have changed something
        self.begin_test(b"")
        self.open = False

    def begin_test(self, secret: bytes, cells: Sequence[str] = ()) -> None:
        """Forget the proxies, callbacks, changes and failure of the last test.

        Parameters
        ----------
        secret
            Of the test, which the worker does not know.
        cells
            The code of the cells that have run before it.
        """
        self._secret = secret
        self.sheet = Sheet(cells, self.when_told)
        self.open, self.waiting = True, False
        self.failure: CallFailed | None = None
        self.shortfall = ""  # of the engine: what of the test's own cannot cross
        self.values = JudgeValues(self, self.layers, self.values.last)
        self.arguments.begin_test()
        self._lent = Lent(self)
        self._drawn = {}
        self._doing = ""
        self._called_back = CalledBack(self)

    def state_is_read(self, generator: str) -> None:
        """Note that a test has read a generator's state: the worker starts from there as well."""
        self._sent.pop(generator, None)

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

    def content_of(self, value: Any) -> bytes | None:
        """Return a value's bytes as it would cross, None where it cannot."""
        try:
            return pack(value, self.values.describe, self.bounds)
        except SerializationError:
            return None

    def lend(self, owner: Tagged, name: str, value: Any) -> Any:
        """Note an attribute's value, whose change by the test is carried back."""
        if values.is_mutable(value):
            self.values.doubts[derived_data.LEFT_BEHIND] = None
        return self._lent.given(owner, name, value)

    def fall_short(self, why: str) -> None:
        """Note that the engine, not the answer, falls short in this test."""
        self.shortfall = self.shortfall or why

    def source_of(self, way: str) -> tuple[list[str], int, ast.AST]:
        """Return the lines of a definition's cell, the number of its first line, and its tree."""
        try:
            return self.sheet.find(way)
        except TransferError as error:
            self.fall_short(str(error))
            raise

    def code_of(self, way: str) -> Any:
        """Return what the code of a function says of itself."""
        self.source_of(way)
        return self.sheet.code(way)

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
        with self._turn:
            self._lent.carry_back()
            return self._ask(operation, args, kwargs or {}, doing, way)

    def _ask(
        self, operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any], doing: str, way: str
    ) -> Any:
        if self.failure is not None:
            raise InterruptedCallError(self.failure.text)
        self.requests += operation not in (Operation.NAME, Operation.HAS)
        asked = self.networks.take() if operation is Operation.CALL else None
        outer, self.values.symbols = self.values.symbols, []
        self._doing = doing or self._doing
        watch = sys.getprofile()
        sys.setprofile(None)  # a profiler that watches the student's calls must not count this one
        if operation is Operation.CALL and gradients.is_followed():
            self.fall_short(gradients.WHY_TAPE)
        try:
            world = self.replaced()
            request = Request(operation, args, kwargs, self._changed_random_states(), forbidden.get(), world)
            parts: list[Part] = []
            try:
                payload = self._briefly(request) or pack(
                    request.to_plain(), self.values.describe, self.bounds, parts
                )
                if "files" in world and self.folder.encode() in payload:
                    own = (relative(args, self.folder), relative(request.kwargs, self.folder))
                    there = replace(request, args=own[0], kwargs=own[1])
                    payload = pack(there.to_plain(), self.values.describe, self.bounds, parts)
            except SerializationError as error:
                raise self.refusals.not_given(way, error) from None
            try:
                self.waiting = True
                self.connection.send(Frame.CALL, payload)
                reply = self._receive(request, way, parts, asked)
            finally:
                self.waiting = False
            return self._settle(reply, request, way)
        finally:
            self.values.symbols = outer
            sys.setprofile(watch)

    @staticmethod
    def _briefly(request: Request) -> bytes | None:
        """Encode a call with simple arguments and nothing else; return None for other requests."""
        if (
            request.operation is not Operation.CALL
            or request.kwargs
            or request.random
            or request.forbidden
            or request.world
        ):
            return None
        called, *arguments = request.args
        return brief.question(called.body, arguments) if called.kind == Kind.REFERENCE else None

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

    def _receive(self, request: Request, way: str, parts: Sequence[Part], asked: Asked | None) -> Reply:
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
                answer = self._called_back(payload)
                self.waiting = True
                self.connection.send(Frame.ANSWER, answer)
                continue
            self.values.way = f"{way}()" if is_call else way
            try:
                if is_call and brief.is_brief(payload):
                    return Reply(ReplyKind.VALUE, brief.read_answer(payload))
                if asked and (reply := self._with_network(payload, known, asked)):
                    return reply
                plain = unpack(payload, self.values.rebuild, self.bounds, known=known)
                return Reply.from_plain(plain, request.operation)
            except SerializationError as error:
                if isinstance(error, NotInstalledError):
                    self.shortfall = f"{self._doing} gave data of a library that is missing: {error}"
                raise self.refusals.unusable(self._doing, way, str(error)) from None
            except Exception as error:  # of a library that makes a value: not the student's own
                raise self.refusals.unusable(
                    self._doing, way, f"it cannot be made here ({type(error).__name__})"
                ) from None

    def _with_network(self, payload: bytes, known: Sequence[Part], asked: Asked) -> Reply | None:
        """Read a reply that gives a network, a known one or one that is made here; None for others.

        Raises
        ------
        SerializationError
            If the network cannot be made.
        """
        try:
            plain = unpack(payload, keras_graphs.undone, self.bounds, known=known)
            reply = Reply.from_plain(plain, Operation.CALL)
        except SerializationError:
            return None
        in_graph = asked.how is How.LAYER
        description = keras_graphs.described(reply.value, in_graph=in_graph)
        if description is None:
            return None
        network: Any = asked.find(description)
        if network is None:
            model = keras_models.build(description, self.layers())
            network = MadeNetwork(model) if in_graph else model
        return replace(reply, value=network)

    def _settle(self, reply: Reply, request: Request, way: str) -> Any:
        """Apply the operation's effects in the judge; return its result or raise its exception."""
        if reply.is_plain:
            return self._attached(reply.value, request, way)
        if reply.printed:
            self._print(reply.printed, way)
        self._draw(reply.drew)
        if reply.files:
            self.waiting = True  # perhaps for the engine
            try:
                self.take_files(reply.files)
            finally:
                self.waiting = False
        self._tell(reply)
        if reply.outcome is ReplyKind.REFUSED:
            raise self.refusals.unusable(self._doing, way, values.plain(reply.text))
        if reply.exception is not None:
            raise self._raised(reply.exception, way)
        if reply.outcome is ReplyKind.STOPPED:
            raise StopIteration(reply.value)
        if reply.outcome is ReplyKind.MISSING:
            raise KeyError
        self.waiting = True  # perhaps for the engine
        try:
            result = self.arguments.settle(reply, request, way, self._doing)
        except SerializationError as error:
            raise self.refusals.unusable(self._doing, way, str(error)) from None
        except TransferError as error:
            self.refusals.refuse(way, str(error))
            raise
        finally:
            self.waiting = False
        return self._attached(result, request, way)

    def _attached(self, result: Any, request: Request, way: str) -> Any:
        """Put the graphs in a result on the test's own tensors, or an end where none can be."""
        try:
            result = keras_graphs.attach(result, self.values.symbols)
        except SerializationError as error:
            raise self.refusals.unusable(self._doing, way, str(error)) from None
        if request.operation is not Operation.CALL:
            return result
        given = (*request.args, *request.kwargs.values())
        return gradients.ended(result, given, lambda: self.refusals.refuse(way, gradients.WHY_BACKWARD))

    def _print(self, printed: Sequence[tuple[str, str]], way: str) -> None:
        for stream, text in printed:
            (sys.stderr if stream == "stderr" else sys.stdout).write(text)
        self.refusals.look_at_output(way, printed)

    def _tell(self, reply: Reply) -> None:
        """Warn and log in the test as the student's code did."""
        for category, text, line in reply.warned:
            _warn(category, text, line)
        if reply.logged and (why := self.tell_logged(reply.logged)):
            self.fall_short(why)

    def _raised(self, described: RaisedException, way: str) -> Exception:
        """Return the exception that the student's code raised."""
        if why := self.missing(described):
            self.shortfall = why
        self.refusals.look_at(way, described)
        return self.values.raised(described)

    def _changed_random_states(self) -> dict[str, Any]:
        """Return the global random generators' states that the test changed since the last call."""
        marks = random_states.marks()
        if marks == self._sent:
            return {}
        changed = {name: mark for name, mark in marks.items() if mark != self._sent.get(name)}
        self._look_for_draws(marks)
        self._sent = marks
        if not changed:
            return changed
        return random_states.without_history(random_states.states_of(changed), self._secret)

    def _draw(self, generators: Sequence[str]) -> None:
        """Advance the generators that the student's code used: a new seed is then a change."""
        if generators:
            random_states.advance(generators)
            self._sent = random_states.marks()
            self._drawn |= {name: self._sent[name] for name in generators if name in self._sent}

    def _look_for_draws(self, marks: dict[str, Any]) -> None:
        """Note where the test has drawn on after the student's code, with no seed in between."""
        if random_states.drawn_on(self._drawn, marks):
            self.values.doubts[DRAWN] = None
        self._drawn = {name: mark for name, mark in self._drawn.items() if marks.get(name) == mark}

    def doubts(self) -> Iterable[str]:
        """Return in words where the test may have gone otherwise than in one kernel."""
        self._look_for_draws(random_states.marks())
        return self.values.doubts


def _in_words(request: Request, way: str) -> str:
    """Say how the test called a function, such as ``mean([1, 2])``; the first argument is it."""
    arguments = [in_brief(value) for value in request.args[1:]]
    arguments += [f"{name}={in_brief(value)}" for name, value in request.kwargs.items()]
    return f"{way}({', '.join(arguments)})"


def _warn(category: str, text: str, line: int) -> None:
    """Warn in the test as the student's code did."""
    kind: Any = exceptions.library_class(category) or vars(builtins).get(category)
    if not (isinstance(kind, type) and issubclass(kind, Warning)):
        kind = UserWarning
    warnings.warn_explicit(values.plain(text), kind, "<submission>", max(0, min(line, 2**31)))
