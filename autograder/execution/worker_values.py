"""Objects of the submission under numbers, and descriptions of its values for the judge."""

from __future__ import annotations

import enum
import itertools
import types
from collections.abc import Callable
from typing import Any

from autograder.checks.shortcuts import ShortcutRefused
from autograder.execution import test_objects
from autograder.protocol import (
    derived,
    enumerations,
    exceptions,
    keras_graphs,
    keras_models,
    named_tuples,
    values,
)
from autograder.protocol.exceptions import ExceptionClass
from autograder.protocol.lineage import lineage
from autograder.protocol.messages import MAX_CHAIN, RaisedException, RemoteDescription
from autograder.protocol.operations import OWN_EQUALITY, SPECIALS
from autograder.protocol.serialization import SerializationError, Tagged
from autograder.protocol.values import Kind

MAX_REFERENCES = 100_000


class WorkerValues:
    """The objects of a submission that a judge knows, and how values are described to it.

    Parameters
    ----------
    callback
        Makes a function that calls the judge's, from its number, name and
        documentation.
    names
        Returns the names of the student's notebook.
    """

    def __init__(
        self, callback: Callable[[int, str, str], Callable[..., Any]], names: Callable[[], dict[str, Any]]
    ) -> None:
        self._names = names
        self.symbols: list[Any] = []  # inputs in the place of the test's symbolic tensors, for one request
        self._callback = callback
        self._objects: dict[int, Any] = {}
        self._stand_ins: dict[int, test_objects.StandIn] = {}  # of the test's objects
        self._numbers: dict[int, int] = {}
        self._next = itertools.count(1)
        self._whole: set[int] = set()

    def reference(self, value: Any) -> int:
        """Return the number by which the judge names an object that stays here.

        Raises
        ------
        SerializationError
            If there are too many.
        """
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._objects) >= MAX_REFERENCES:
                raise SerializationError(
                    f"more than {MAX_REFERENCES:,} objects of the submission are in use by the tests"
                )
            number = next(self._next)
            self._objects[number] = value
            self._numbers[id(value)] = number
        return number

    def keep_whole(self, made: Any) -> None:
        """Have an object stay here that would cross as a copy of its plain data."""
        if derived.has_own(type(made)):
            self.reference(made)
            self._whole.add(id(made))

    def exception(self, error: BaseException, before: tuple[BaseException, ...] = ()) -> RaisedException:
        """Describe an exception, and those that led to it."""
        kind = type(error)
        chain = (*before, error)
        led = [
            self.exception(one, chain) if one is not None and one not in chain and len(before) < 2 else None
            for one in (error.__cause__, None if error.__suppress_context__ else error.__context__)
        ]
        notes: Any = getattr(error, "__notes__", ())
        args: Any = getattr(error, "args", ())
        text = args[0] if len(args) == 1 and type(args[0]) is str else values.text_of(error)
        return RaisedException(
            name=values.plain(kind.__name__, values.MAX_NAME),
            base=values.builtin_base(kind),
            text=values.plain(text),
            reference=self.reference(kind) if kind.__module__ == "__main__" else 0,
            shortcut=isinstance(error, ShortcutRefused),
            library=exceptions.library_name(kind),
            family=self.family(kind),
            args=args if type(args) is tuple and exceptions.is_plain(args) else (),
            attributes=exceptions.plain_attributes(error),
            cause=led[0],
            context=led[1],
            suppresses=error.__suppress_context__,
            notes=tuple(values.plain(note) for note in notes[:MAX_CHAIN] if type(note) is str)
            if type(notes) is list
            else (),
        )

    def family(self, kind: type) -> tuple[ExceptionClass, ...]:
        """Describe a class of exceptions, and those of the submission that it is derived from."""
        own = exceptions.own_classes(kind)
        return tuple(
            ExceptionClass(
                name=values.plain(one.__name__, values.MAX_NAME),
                reference=self.reference(one),
                base=values.builtin_base(one),
                library=exceptions.library_name(one),
                parents=tuple(self.reference(parent) for parent in one.__bases__ if parent in own),
            )
            for one in own
        )

    def raised(self, base: str, library: str, text: str, own: type | None) -> BaseException:
        """Return an exception of the test as the student's code sees it."""
        kind = own or exceptions.library_class(library) or values.EXCEPTIONS.get(base, Exception)
        return exceptions.make(kind, text, "own" if own else library)

    def describe(self, value: Any) -> Tagged:  # noqa: PLR0911 - one return for each kind
        """Describe a value that has no codec."""
        if (number := test_objects.number_of(value)) is not None:
            return Tagged(Kind.TEST_OBJECT, number)
        described = keras_models.describe(value)
        if described is not None:
            return described
        if id(value) in self._whole:
            return Tagged(Kind.OBJECT, self._description(value, Kind.OBJECT).to_plain())
        if isinstance(value, tuple) and named_tuples.is_named_tuple(type(value)):
            return Tagged(Kind.NAMED_TUPLE, named_tuples.describe(value, self.reference(type(value))))
        if isinstance(value, enum.Enum | enum.EnumType) and (tagged := self._enumeration(value)):
            return tagged
        if isinstance(value, BaseException):
            return Tagged(Kind.EXCEPTION, self.exception(value).to_plain())
        if not isinstance(value, type):
            exact = values.copy_to_exact(value)
            if exact is not NotImplemented:
                return Tagged(Kind.EXACT, exact)
        kind = _kind(value)
        return Tagged(kind, self._description(value, kind).to_plain())

    def _class_of_test(self, name: str) -> type | None:
        """Return the class that a test's object is of here: one of a cell that both have run."""
        module, _, own = name.partition(":")
        found = self._names().get(own) if module == "__main__" else values.by_name(name) if name else None
        return found if isinstance(found, type) else None

    def _enumeration(self, value: Any) -> Tagged | None:
        """Describe an enumeration of the submission, or a member of one, that is plain data."""
        if isinstance(value, enum.Enum):
            member = enumerations.describe_member(value, self.reference(type(value)))
            return None if member is None else Tagged(Kind.MEMBER, member)
        described = enumerations.describe_class(value, self.reference(value))
        return None if described is None else Tagged(Kind.ENUMERATION, described)

    def _description(self, value: Any, kind: Kind) -> RemoteDescription:
        base = values.builtin_base(value) if kind is Kind.EXCEPTION_CLASS else ""
        name, doc, signature = "", "", None
        if kind in (Kind.FUNCTION, Kind.CLASS, Kind.EXCEPTION_CLASS):
            own_name = getattr(value, "__name__", "")
            name = values.plain(own_name, values.MAX_NAME) if type(own_name) is str else ""
            doc = values.plain(getattr(value, "__doc__", "") or "")
            signature = values.describe_signature(value)
        type_name = values.plain(type(value).__name__, 80)
        own_class = self.reference(type(value)) if kind is Kind.OBJECT else 0
        specials = _specials(value) if kind in (Kind.OBJECT, Kind.CLASS) else ()
        family = self.family(value) if kind is Kind.EXCEPTION_CLASS else ()
        return RemoteDescription(
            self.reference(value), type_name, name, doc, signature, base, own_class, specials, family,
            lineage(type(value)) if kind is Kind.OBJECT else lineage(value) if kind is Kind.CLASS else (),
        )  # fmt: skip

    def rebuild(self, kind: str, body: Any) -> Any:  # noqa: PLR0911 - one return for each kind
        """Return the value that the judge described.

        Raises
        ------
        SerializationError
            If there is no such object (any more).
        """
        if kind == Kind.REFERENCE:
            if body not in self._objects:
                raise SerializationError(
                    "an object of the submission is gone, because its process had to be started again"
                )
            return self._objects[body]
        if kind == Kind.NAMED:
            return values.by_name_here(body)
        if kind == Kind.NAMED_TUPLE:
            own = self._objects.get(body[3])
            if isinstance(own, type) and issubclass(own, tuple):
                return tuple.__new__(own, body[2])
            return named_tuples.build(body, {})
        if kind == Kind.MEMBER:
            return enumerations.member_of(self._objects[body[0]], body[1])
        if kind == Kind.MODULE:
            return values.shared_module(body)
        if kind == Kind.TEST_OBJECT:
            number, name, specials, base = body
            known = self._stand_ins.get(number)
            if known is None or type(known).__name__ != name:
                ask = self._callback(number, name, "")
                claimed = self._class_of_test(base)
                known = self._stand_ins[number] = test_objects.stand_in(number, name, specials, claimed, ask)
            return known
        if kind == Kind.CALLBACK:
            return self._callback(*body)
        if kind == Kind.SYMBOL:
            return keras_graphs.symbol(body, self.symbols)
        rebuilt = keras_models.rebuild(kind, body)
        if rebuilt is NotImplemented:
            raise SerializationError(f"a value of kind {kind!r} is not known")
        return rebuilt


def _specials(value: Any) -> tuple[str, ...]:
    """Return the names of the special methods that Python finds for an object."""
    kind = type(value)
    found = {name: base for base in reversed(kind.__mro__) for name in vars(base)}
    names = [name for name in SPECIALS if name in found and vars(found[name])[name] is not None]
    if isinstance(value, type) and hasattr(value, "__class_getitem__"):
        names.append("__getitem__")
    return (*names, OWN_EQUALITY) if vars(object)["__eq__"] is not kind.__eq__ else tuple(names)


def _kind(value: Any) -> Kind:
    """Return how an object that stays in the worker appears in the judge."""
    if isinstance(value, type):
        return Kind.EXCEPTION_CLASS if issubclass(value, BaseException) else Kind.CLASS
    if isinstance(value, types.GeneratorType):
        return Kind.GENERATOR
    if isinstance(value, types.CoroutineType):
        return Kind.COROUTINE
    if isinstance(value, types.AsyncGeneratorType):
        return Kind.ASYNC_GENERATOR
    # TensorFlow's decorated functions are objects of this class
    is_function = isinstance(value, values.FUNCTIONS) or type(value).__name__ == "Function"
    return Kind.FUNCTION if is_function else Kind.OBJECT
