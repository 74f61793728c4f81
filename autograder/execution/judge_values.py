"""Values that cross, on the judge's side: a test's for the worker, and the worker's in a test."""

from __future__ import annotations

import enum
import functools
import types
from collections.abc import Callable, Mapping
from typing import Any

from autograder.checks.shortcuts import ShortcutRefused
from autograder.execution import asynchronous, derived_data, given, object_arrays, proxies, test_objects
from autograder.execution.remote import Client, reference
from autograder.protocol import enumerations, exceptions, keras_models, named_tuples, values
from autograder.protocol.bounds import keep_class
from autograder.protocol.exceptions import ExceptionClass
from autograder.protocol.lineage import bases_of_data
from autograder.protocol.messages import RaisedException, RemoteDescription
from autograder.protocol.serialization import SerializationError, Tagged
from autograder.protocol.values import Kind

_CONTROL_FLOW_NAMES = frozenset(kind.__name__ for kind in values.CONTROL_FLOW)
OBJECTS = (
    Kind.FUNCTION, Kind.CLASS, Kind.EXCEPTION_CLASS, Kind.GENERATOR, Kind.COROUTINE, Kind.OBJECT,
    Kind.ASYNC_GENERATOR,
)  # fmt: skip


class JudgeValues:
    """Proxies and callbacks of one test, made from values and described as values.

    Parameters
    ----------
    client
        The client of the worker.
    layers
        A function that returns the instructor's own Keras layers by name.
    last
        The highest number of a function of an earlier test: none is used again.
    """

    def __init__(self, client: Client, layers: Callable[[], Mapping[str, type]], last: int = 0) -> None:
        self.client, self.layers, self.last = client, layers, last
        self.callbacks: dict[int, Callable[..., Any]] = {}
        self.symbols: list[Any] = []  # the test's symbolic tensors, for one request
        self.doubts: dict[str, None] = {}  # in words: where a test may go otherwise than in one kernel
        self.way = ""  # by which the test reaches what the present reply describes
        self._asked_classes: set[int] = set()
        self._proxies: dict[object, Any] = {}
        self._exceptions: dict[object, type[Exception]] = {}  # by number, or name and base
        self._objects: dict[int, Any] = {}  # of the test's own classes, by number
        self._named_tuples: dict[Any, type] = {}
        self._enumerations: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}  # of functions of the test, by their ids here

    def expect_class(self, value: Any) -> Any:
        """Take what the judge has looked up under the name of a requested class for that class."""
        remote = proxies.remote_of(value)
        if remote is None or not remote.is_class:
            return value
        number = remote.described.reference
        if number not in self._asked_classes:
            self._asked_classes.add(number)
            self._proxies[number] = proxies.asked_for(value)
        return self._proxies[number]

    def is_asked_class(self, reference: int) -> bool:
        """Return whether a class of the worker is one that the student was asked to write."""
        return reference in self._asked_classes

    def describe(self, value: Any) -> Tagged:  # noqa: PLR0911 - one return for each kind
        """Describe a value of the test that has no codec.

        Raises
        ------
        SerializationError
            If it cannot cross.
        """
        number = _reference_of(value)
        if number is not None:
            return reference(number)
        if isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] in values.SHARED:
            return values.module_name(value)
        described = keras_models.describe(value, self.symbols)
        if described is not None:
            return described
        if isinstance(value, enum.Enum) and (own := _own_number(type(value))):
            return Tagged(Kind.MEMBER, [own, enumerations.key_of(value)])
        named = named_tuples.describe(value, _own_number(type(value)))
        if named is not None:
            return Tagged(Kind.NAMED_TUPLE, named)
        if not isinstance(value, type) and not test_objects.is_own_container(value):
            exact = values.copy_to_exact(value)
            if exact is not NotImplemented:
                return Tagged(Kind.EXACT, exact)
        if name := values.shared_name(value):
            return Tagged(Kind.NAMED, name)
        if self._stays(value):
            return Tagged(Kind.TEST_OBJECT, test_objects.description(self._number_of_object(value), value))
        if callable(value):
            name = values.plain(getattr(value, "__name__", "function"), 80)
            doc = values.plain(getattr(value, "__doc__", "") or "")
            return Tagged(Kind.CALLBACK, (self._number_of(value), name, doc))
        raise SerializationError(f"an object of type {type(value).__name__}")

    @staticmethod
    def _stays(value: Any) -> bool:
        """Return whether an object or a class of the test's is asked by a stand-in of it."""
        if test_objects.is_own_class(value):
            if issubclass(value, BaseException):
                raise SerializationError(f"the test's own class of exceptions {value.__name__}")
            return True
        return test_objects.is_own(value) or given.kind_of(value) is not None

    def _answer_of(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Do with an object of the test what its stand-in is asked for."""
        try:
            return test_objects.answer(value, *args, **kwargs)
        except (given.NotGivenError, test_objects.TooManyError) as error:
            self.client.fall_short(str(error))
            raise

    def _number_of(self, function: Callable[..., Any]) -> int:
        """Return the worker's name for a function of the test: a number, no address."""
        known = self._number_for(function)
        self.callbacks[known] = function  # kept, so that no other gets its id
        return known

    def _number_for(self, value: Any) -> int:
        known = self._numbers.setdefault(id(value), self.last + 1)
        self.last = max(self.last, known)
        return known

    def _number_of_object(self, value: Any) -> int:
        """Return the worker's name for an object of the test, which it may ask."""
        known = self._number_for(value)
        if known not in self._objects:
            if len(self._objects) >= test_objects.MOST:
                raise SerializationError(f"more than {test_objects.MOST:,} objects of the test's own classes")
            self._objects[known] = value
            self.callbacks[known] = functools.partial(self._answer_of, value)
        return known

    def rebuild(self, kind: str, body: Any) -> Any:  # noqa: PLR0911 - one return for each kind
        """Make a value from the worker's description; run nothing that it names.

        Raises
        ------
        SerializationError
            If the description is not valid.
        """
        if kind in (Kind.EXACT, Kind.NAMED_TUPLE):
            self.doubts[derived_data.LEFT_BEHIND] = None
        if kind == Kind.EXCEPTION:
            return self.exception(RaisedException.from_plain(body))
        if kind == Kind.NAMED_TUPLE:
            return named_tuples.build(body, self._named_tuples)
        if kind == Kind.ENUMERATION:
            return enumerations.build_class(body, self._enumerations)
        if kind == Kind.MEMBER:
            return enumerations.build_member(body, self._enumerations)
        if kind == Kind.TEST_OBJECT:
            if type(body) is not int or body not in self._objects:
                raise SerializationError("an object of the test is not known")
            return self._objects[body]
        if kind == Kind.OBJECT_ARRAY:
            return object_arrays.rebuilt(body)
        if kind in OBJECTS:
            described = RemoteDescription.from_plain(body)
            if kind == Kind.OBJECT and next(bases_of_data(described.lineage), None):
                self.doubts[derived_data.LEFT_BEHIND] = None
            return self._proxy(Kind(kind), described)
        rebuilt = keras_models.rebuild(kind, body, self.layers)
        if rebuilt is NotImplemented:
            raise SerializationError("a part of it is of a kind that is not known")
        return rebuilt

    def raised(self, described: RaisedException) -> Exception:
        """Make the exception that a student's code raised in a test.

        One that ends loops, generators or programs becomes a RuntimeError, as in a generator (PEP
        479): what a function raises must not end the test's own ``zip(map(f, …))``.
        """
        error = self.exception(described)
        if isinstance(error, values.CONTROL_FLOW) or described.name in _CONTROL_FLOW_NAMES:
            text = values.plain(f"{type(error).__name__} was raised outside of an iterator: {error}")
            error = RuntimeError(text.removesuffix(": "))
            vars(error)["from_student"] = True
        return error

    def exception(self, described: RaisedException) -> Exception:
        """Make an exception from its description."""
        text = values.plain(described.text)
        library = exceptions.library_class(described.library)
        kind = library or values.EXCEPTIONS.get(described.base, Exception)
        name = values.identifier(described.name, "StudentError")
        if described.shortcut:
            kind = ShortcutRefused
        elif described.family:
            kind = self._exception_class(described.family)
        elif name != kind.__name__:
            key = name, kind
            if key not in self._exceptions:
                keep_class(self._exceptions, key, type(name, (kind,), {"__module__": "submission"}))
            kind = self._exceptions[key]
        error = exceptions.make(kind, text, described.library)
        if not isinstance(error, kind) and library is not None:  # say the kind that Python has
            base = values.EXCEPTIONS.get(described.base, Exception)
            error = type(name, (base,), {"__module__": "submission"})(text)
        exceptions.set_attributes(error, described.attributes, described.args)
        vars(error)["from_student"] = True
        for name, led in (("__cause__", described.cause), ("__context__", described.context)):
            if led is not None:
                setattr(error, name, self.exception(led))
        error.__suppress_context__ = described.suppresses
        for note in described.notes:
            error.add_note(values.plain(note))
        return error

    def _exception_class(self, family: tuple[ExceptionClass, ...]) -> type[Exception]:
        """Return the judge's own class for one that the submission defines, with its bases."""
        for own in family:
            if own.reference in self._exceptions:
                continue
            base = exceptions.library_class(own.library) or values.EXCEPTIONS.get(own.base, Exception)
            parents = [self._exceptions[number] for number in own.parents if number in self._exceptions]
            name = values.identifier(own.name, "StudentError")
            members = {"__module__": "submission", "_reference": own.reference}
            try:
                kind = type(name, (*parents, base), members)
            except TypeError:  # of classes that cannot be joined
                kind = type(name, (base,), members)
            keep_class(self._exceptions, own.reference, kind)
        return self._exceptions[family[-1].reference]

    def _proxy(self, kind: Kind, described: RemoteDescription) -> Any:
        # A function under two names is two proxies: what it may change hangs on the name.
        key = (described.reference, self.way) if kind is Kind.FUNCTION else described.reference
        if key not in self._proxies:
            self._proxies[key] = self._new_proxy(kind, described)
        elif remote := proxies.remote_of(self._proxies[key]):
            remote.reach(self.way)
        return self._proxies[key]

    def _new_proxy(self, kind: Kind, described: RemoteDescription) -> Any:
        if kind is Kind.EXCEPTION_CLASS:
            if described.family:
                return self._exception_class(described.family)
            name = values.identifier(described.name, "StudentError")
            base = values.EXCEPTIONS.get(described.base, Exception)
            return type(name, (base,), {"__module__": "submission", "_reference": described.reference})
        if kind is Kind.GENERATOR:
            return proxies.generator(self.client, described.reference)
        if kind is Kind.COROUTINE:
            return asynchronous.coroutine(self.client, described.reference)
        if kind is Kind.ASYNC_GENERATOR:
            return asynchronous.generator(self.client, described.reference)
        return proxies.proxy(self.client, described, kind, self.way)


def _reference_of(value: Any) -> int | None:
    """Return the number of the worker's object behind a proxy, None for any other value."""
    remote = proxies.remote_of(value)
    if remote is not None:
        return remote.described.reference
    return _own_number(value) or None if isinstance(value, type) else None


def _own_number(kind: type) -> int:
    """Return the worker's number of a class that was made here for one of its own, else 0."""
    number = getattr(kind, "_reference", None)
    return number if type(number) is int else 0
