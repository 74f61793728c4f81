"""The judge's questions to the worker: what is asked, what comes back, and what it becomes in the test.

Every question has one copied answer. What a test's value becomes on its way, and what an answer becomes, is
decided here; nothing that the worker names is run.
"""

from __future__ import annotations

import contextvars
import random
import sys
import types
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import numpy as np

from autograder.execution import proxies
from autograder.execution.proxies import RemoteObject
from autograder.limits import Limits
from autograder.protocol import frames, keras_models, values
from autograder.protocol.serialization import Bounds, SerializationError, Tagged, pack, unpack
from autograder.protocol.values import TransferError

MAX_CALLBACKS = 20


class InterruptedCallError(BaseException):
    """The student's code did not come back: time, a limit, its end. No test catches it by `Exception`."""


class WorkerClient:
    """The judge's questions to the worker.

    Parameters
    ----------
    connection
        To the engine, which passes the questions on.
    limits
        Of values.
    """

    def __init__(self, connection: frames.Pipe, limits: Limits) -> None:
        self.pipe = connection
        self.bounds = Bounds(int(limits.value_bytes), limits.value_depth, limits.value_items)
        self.classes: frozenset[str] = frozenset()
        self.layers: Callable[[], dict[str, type]] = dict
        self.sent = values.random_states()
        self.begin()
        self.open = False

    def begin(self) -> None:
        """Start a question: forget the functions and symbols of the last one."""
        self.open, self.doing = True, ""
        self.waiting = False
        self.failure: dict | None = None
        self.stand_ins: dict[int, Any] = {}
        self.callbacks: dict[int, Callable] = {}
        self.depth = 0
        self.symbols: list[Any] = []

    def ask(self, operation: str, *args: Any, doing: str = "", **kwargs: Any) -> Any:
        """Have the worker do something; return a copy of the result.

        Raises
        ------
        InterruptedCallError
            If the worker did not answer.
        TransferError
            If an argument or the result cannot cross.
        Exception
            What the student's code raised: the same built-in class, and text.
        """
        if self.failure is not None:
            raise InterruptedCallError(self.failure["text"])
        outer, self.symbols = self.symbols, []
        self.doing = doing or self.doing
        watch = sys.getprofile()
        sys.setprofile(None)  # what watches the student's calls must not take this for one
        try:
            order = {
                "operation": operation, "args": args, "kwargs": kwargs,
                "random": self._random(), "forbidden": _forbidden(),
            }  # fmt: skip
            try:
                data = pack(order, self.tag, self.bounds)
            except SerializationError as error:
                raise TransferError(
                    f"the test cannot pass this to the student's code: {error}; pass numbers, text, lists, "
                    "dictionaries, arrays, functions or Keras models"
                ) from None
            try:
                self.waiting = True
                self.pipe.send(frames.CALL, data)
                reply = self._receive()
            finally:
                self.waiting = False
            return self._settle(reply, args, kwargs)
        finally:
            self.symbols = outer
            sys.setprofile(watch)

    def open_model(self, path: str, max_bytes: int) -> Any:
        """Have the worker open a model's file (`trained.opened`); what comes is bounded by its size."""
        usual = self.bounds
        self.bounds = Bounds(min(usual.bytes, 3 * max_bytes + 65536), usual.depth, usual.items)
        try:
            return self.ask("open model", path, max_bytes, doing=f"the file {path!r}")
        finally:
            self.bounds = usual

    def _receive(self) -> dict:
        while True:
            kind, payload = self.pipe.receive()
            if kind == frames.FAILED:
                self.failure = unpack(payload)
                raise InterruptedCallError(self.failure["text"])
            if kind == frames.CALLBACK:
                self.waiting = False
                answer = self._call_back(payload)
                self.waiting = True
                self.pipe.send(frames.ANSWER, answer)
                continue
            try:
                reply = unpack(payload, self.untag, self.bounds)
            except SerializationError as error:
                raise self._unusable(error) from None
            if type(reply) is not dict:
                raise TransferError(f"what {self.doing} gave cannot be used by the test")
            return reply

    def _settle(self, reply: dict, args: tuple, kwargs: dict) -> Any:
        printed = reply.get("printed", [])
        for entry in printed if type(printed) is list else []:
            if type(entry) is list and len(entry) == 2 and type(entry[1]) is str:
                (sys.stderr if entry[0] == "stderr" else sys.stdout).write(entry[1])
        drew = reply.get("drew")
        self._draw(drew if type(drew) is list else [])
        if "crossing" in reply:
            raise TransferError(
                f"what {self.doing} gave cannot be used by the test: {values.plain(reply['crossing'])}"
            )
        if "raise" in reply:
            raise self.exception(reply["raise"])
        if "stop" in reply:
            raise StopIteration(reply["stop"])
        if reply.get("missing") is True:
            raise KeyError
        changed = reply.get("changed")
        for key, value in changed.items() if type(changed) is dict else ():
            self._change(args[key] if type(key) is int and 0 <= key < len(args) else kwargs.get(key), value)
        if "same" in reply:
            key = reply["same"]
            return args[key] if type(key) is int and 0 <= key < len(args) else kwargs.get(key)
        return keras_models.attach(reply.get("value"), self.symbols)

    def _unusable(self, error: SerializationError) -> TransferError:
        return TransferError(f"what {self.doing} gave cannot be used by the test: {error}")

    def _change(self, target: Any, value: Any) -> None:
        if keras_models.is_model(target) and isinstance(value, keras_models.Weights):
            keras_models.set_weights(target, value)
        elif type(target) in values.MUTABLE and not values.transplant(target, value):
            raise TransferError(
                f"{self.doing} changed an argument in a way that cannot be copied back: "
                f"{_short(target)} became {_short(value)}"
            )

    def _call_back(self, payload: bytes) -> bytes:
        """Call a function of the test, which the student's code was given."""
        self.depth += 1
        try:
            order = unpack(payload, self.untag, self.bounds)
            function = self.callbacks[order["callback"]]
            if self.depth > MAX_CALLBACKS:
                raise RecursionError(
                    "functions of the test and of the submission call each other without end"
                )
            value = function(*order["args"], **order["kwargs"])
            return pack({"value": value}, self.tag, self.bounds)
        except Exception as error:
            described = {"base": values.builtin_base(type(error)), "text": values.text_of(error)}
            return pack({"raise": described})
        finally:
            self.depth -= 1

    def _random(self) -> dict:
        """Return the states of the global random generators that the test has changed since the last call."""
        states = values.random_states()
        changed = {name: state for name, state in states.items() if state != self.sent.get(name)}
        self.sent = states
        return changed

    def _draw(self, generators: list) -> None:
        """Move the generators that the student's code used, so that setting them anew is seen as a change."""
        if "numpy" in generators:
            np.random.random()
        if "random" in generators:
            random.random()
        if generators:
            self.sent = values.random_states()

    def exception(self, described: Any) -> Exception:
        """Make an exception from its description."""
        if type(described) is not dict:
            described = {}
        text, base = values.plain(described.get("text")), described.get("base")
        kind = values.EXCEPTIONS.get(base, Exception) if type(base) is str else Exception
        name = values.identifier(described.get("name"), "StudentError")
        checks = sys.modules.get("autograder.checks.compare")
        if described.get("refused") is True and checks is not None:
            kind = checks.ShortcutRefused
        elif name != kind.__name__:
            kind = self._exception_class(described.get("class"), name, kind)
        try:
            error = kind(text)
        except TypeError:
            error = ValueError(text)
        error.from_student = True
        return error

    def _exception_class(self, number: Any, name: str, base: type[Exception]) -> type[Exception]:
        key = number if type(number) is int and number else (name, base)
        made = self.stand_ins.get(key)
        if not (isinstance(made, type) and issubclass(made, Exception)):
            made = self.stand_ins[key] = type(name, (base,), {"__module__": "submission"})
        return made

    def tag(self, value: Any) -> Tagged:  # noqa: PLR0911 - one return for each kind
        """Describe a value of the test to the worker."""
        if isinstance(value, RemoteObject):
            return Tagged("reference", object.__getattribute__(value, "_reference"))
        number = getattr(value, "_reference", None) if isinstance(value, types.FunctionType | type) else None
        if type(number) is int:
            return Tagged("reference", number)
        if isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] in values.SHARED:
            return values.module_name(value)
        described = keras_models.tag(value, self.symbols)
        if described is not None:
            return described
        if not isinstance(value, type):
            exact = values.copy_to_exact(value)
            if exact is not NotImplemented:
                return Tagged("exact", exact)
        name = values.shared_name(value)
        if name:
            return Tagged("named", name)
        if callable(value):
            number = id(value)
            self.callbacks[number] = value
            return Tagged("callback", (number, values.plain(getattr(value, "__name__", "function"), 80)))
        raise SerializationError(f"an object of type {type(value).__name__}")

    def untag(self, kind: str, body: Any) -> Any:
        """Make what the worker described; nothing that it names is run."""
        if kind == "exact":
            return body
        if kind == "module":
            return _module(body)
        if kind == "exception":
            return self.exception(body)
        if kind == "named tuple":
            return _named_tuple(body)
        if kind in ("function", "class", "exception class", "generator", "object"):
            return self._stand_in(kind, body)
        made = keras_models.untag(kind, body, trusted=False, layers=self.layers)
        if made is NotImplemented:
            raise SerializationError("a part of it is of a kind that is not known")
        return made

    def _stand_in(self, kind: str, body: Any) -> Any:
        if type(body) is not dict or type(body.get("id")) is not int:
            raise SerializationError("a part of it is damaged")
        number = body["id"]
        known = self.stand_ins.get(number)
        if known is not None:
            return known
        name = values.identifier(body.get("name"), "function")
        if kind == "function":
            made = proxies.function(self, number, name, body)
        elif kind == "exception class":
            base = body.get("base")
            base = values.EXCEPTIONS.get(base, Exception) if type(base) is str else Exception
            made = type(name, (base,), {"__module__": "submission", "_reference": number})
        elif kind == "generator":
            made = proxies.generator(self, number)
        else:
            type_name = values.plain(body.get("type"), 80) or "object"
            own = type(values.identifier(type_name, "Object"), (RemoteObject,), {"__slots__": ()})
            made = own(
                self, number, type_name, kind,
                name=name, asked=kind == "class" and name in self.classes,
                doc=values.plain(body.get("doc")), signature=body.get("signature"),
            )  # fmt: skip
        self.stand_ins[number] = made
        return made


def _forbidden() -> tuple[str, ...]:
    checks = sys.modules.get("autograder.checks.compare")
    variable = getattr(checks, "forbidden", None)
    return tuple(variable.get()) if isinstance(variable, contextvars.ContextVar) else ()


def _short(value: Any) -> str:
    if hasattr(value, "shape"):
        return f"an array of shape {tuple(value.shape)} and dtype {value.dtype}"
    return f"a {type(value).__name__}"


def _module(name: Any) -> types.ModuleType:
    if type(name) is str and name.partition(".")[0] in values.SHARED:
        module = sys.modules.get(name)
        if isinstance(module, types.ModuleType):
            return module
    raise SerializationError("a module other than the usual libraries; the test can import it itself")


def _named_tuple(body: Any) -> tuple:
    try:
        name, fields, items = body
        names = [values.identifier(field, f"field_{index}") for index, field in enumerate(fields)]
    except (TypeError, ValueError):
        raise SerializationError("a part of it is damaged") from None
    members = {field: property(itemgetter(index)) for index, field in enumerate(names)}
    if len(names) != len(items) or any(name.startswith("_") for name in names):
        return tuple(items)
    kind = type(values.identifier(name, "named_tuple"), (tuple,), members | {"_fields": tuple(names)})
    return kind(items)
