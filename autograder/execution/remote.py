"""Objects of the submission as the judge asks for them: what a proxy knows, and what it may ask.

A proxy has the student's names; what it needs itself is kept here, so that no name of the student's
is in its way.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from autograder.protocol import exceptions, values
from autograder.protocol.lineage import OWN, claimed_class, is_data, told_class
from autograder.protocol.messages import RemoteDescription
from autograder.protocol.operations import OWN_EQUALITY, Operation
from autograder.protocol.serialization import Tagged
from autograder.protocol.values import Kind, TransferError

T = TypeVar("T")
SEVERAL = "…"  # the way to an object that the test has reached in more ways than one


class Client(Protocol):
    """Client that sends requests to the worker."""

    def ask(
        self,
        operation: Operation,
        args: tuple[Any, ...],
        kwargs: dict[str, Any] | None = None,
        *,
        doing: str = "",
        way: str = "",
    ) -> Any:
        """Have the worker do something; return a copy of the result."""

    def lend(self, owner: Tagged, name: str, value: Any) -> Any:
        """Note an attribute's value, whose change by the test is carried back."""

    def is_asked_class(self, reference: int) -> bool:
        """Return whether a class of the worker is one that the student was asked to write."""

    def fall_short(self, why: str) -> None:
        """Note that the engine, not the answer, falls short in this test."""

    def source_of(self, way: str) -> tuple[Any, ...]:
        """Return the lines of a definition's cell, the number of its first line, and its tree."""

    def code_of(self, way: str) -> Any:
        """Return what the code of a function says of itself."""

    def may_keep_back(self, way: str, error: BaseException) -> bool:
        """Return whether a context manager may keep back what was raised within its block."""


def reference(number: int) -> Tagged:
    """Return the tagged value that names an object of the worker."""
    return Tagged(Kind.REFERENCE, number)


class Remote:
    """One object of the submission, as a proxy reaches it.

    Parameters
    ----------
    client
        The client of the worker.
    described
        The worker's description of the object.
    kind
        ``Kind.FUNCTION``, ``Kind.CLASS`` or ``Kind.OBJECT``.
    asked
        True for a class that the student was asked to write, and for what the test made of one.
    way
        Names by which the test reaches the object, such as ``"Stack().push"``.
    """

    def __init__(
        self, client: Client, described: RemoteDescription, kind: Kind, *, asked: bool = False, way: str = ""
    ) -> None:
        self.client, self.described, self.kind, self.asked, self.way = client, described, kind, asked, way
        self.is_class = kind is Kind.CLASS
        self.name = described.name if described.name == "<lambda>" else ""
        self.name = self.name or values.identifier(described.name, "function")
        self.type = values.plain(described.type_name, 80) or "object"
        self.reference = reference(described.reference)  # the object, to the worker
        self._claimed: type | None = None
        self.twin: Any = None  # the proxy of the same object that has its operators

    @property
    def is_of_asked_class(self) -> bool:
        """Whether it is an instance of a class that the student was asked to write."""
        if self.kind is not Kind.OBJECT:
            return False
        return self.asked or self.client.is_asked_class(self.described.class_reference)

    @property
    def claimed(self) -> type | None:
        """The class that it is an instance of to `isinstance`; None for the proxy's own."""
        if self._claimed is None and self.described.lineage:
            self._claimed = claimed_class(self.described.lineage, values.identifier(self.type, "Object"))
        return self._claimed

    def falls_short(self) -> bool:
        """Return whether one kernel would use it as data, and only the wire does not."""
        told = self.described.lineage
        if self.kind is not Kind.OBJECT or not told or told[0] == OWN or is_data(told[0]):
            return False
        known = told_class(told[0])
        if known is None:
            return not told[0].startswith("builtins:")
        as_data = {"__eq__", "__lt__", "__array__", "__add__", "__float__"}
        return any(as_data & vars(base).keys() for base in known.__mro__[:-1])

    def reach(self, way: str) -> None:
        """Note by which names the test reaches the object."""
        if way != self.way:
            self.way = SEVERAL

    def ask(self, operation: Operation, *args: Any, doing: str = "", way: str = "") -> Any:
        """Have the worker do something with the object; return a copy of the result."""
        doing = doing or f"the {self.type} object"
        return self.client.ask(operation, (self.reference, *args), doing=doing, way=way or self.way)

    def attribute(self, name: str) -> Any:
        """Return an attribute."""
        value = self.ask(Operation.ATTRIBUTE, name, doing=f"`.{name}`", way=f"{self.way}.{name}")
        return self.client.lend(self.reference, name, value)

    def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the object; return a copy of the result."""
        doing = f"`{self.type if self.kind is Kind.OBJECT else self.name}`"
        return self.client.ask(Operation.CALL, (self.reference, *args), kwargs, doing=doing, way=self.way)

    def exactly(self, kind: type[T], operation: Operation, *args: Any) -> T:
        """Have the worker do something whose result is of exactly this type."""
        result = self.ask(operation, *args)
        if type(result) is not kind:
            raise TransferError(f"{operation}() of a {self.type} object gave no {kind.__name__}")
        return result

    def refusal(self, use: str) -> TransferError:
        """Return the error of a use that only plain data has."""
        if self.falls_short():
            name = values.plain(self.described.lineage[0].replace(":", "."), 80)
            why = f"a result is, as the submission says, a {name}, which cannot be {use} from outside"
            self.client.fall_short(why)
            return TransferError(why)
        return TransferError(
            f"expected plain data (a number, text, a list, an array …), got a {self.type} object, "
            f"which cannot be {use}"
        )

    def combine(self, operation: Operation, other: Any, second: Remote | None, *, swapped: bool) -> Any:
        """Have the worker calculate or compare with another value, whose proxy is ``second``."""
        if not self._has_operators_with(second):
            raise self.refusal("compared or calculated with")
        pair = (other, self.reference) if swapped else (self.reference, other)
        return self.client.ask(operation, pair, doing=f"the {self.type} object", way=self.way)

    def unary(self, operation: Operation) -> Any:
        """Have the worker calculate with the object alone."""
        if not self.asked or self.is_class:
            raise self.refusal("compared or calculated with")
        return self.ask(operation)

    def _has_operators_with(self, second: Remote | None) -> bool:
        if second is None:
            return self.asked and not self.is_class
        made_by_test = self.asked or second.asked
        return made_by_test and self.is_of_asked_class and second.is_of_asked_class

    def is_same(self, second: Remote | None) -> bool | None:
        """Return whether another object is this one, None where its class is to be asked.

        Objects of requested classes that define no equality are equal to themselves alone.
        """
        if second is not None and second.described.reference == self.described.reference:
            return True
        if self.is_class:
            return False
        if second is not None and self.is_of_asked_class and second.is_of_asked_class:
            defined = OWN_EQUALITY in (*self.described.specials, *second.described.specials)
            return None if defined else False
        return None

    def leave(self, error: BaseException | None, operation: Operation = Operation.EXIT) -> bool:
        """Leave the context manager with what was raised; return whether it keeps that back.

        It may where the instructor's solution does. An assertion's text stays here, and it is
        raised whatever the manager does.
        """
        if error is None:
            self.ask(operation)
            return False
        if not isinstance(error, Exception) or isinstance(error, TransferError):
            return False
        if isinstance(error, AssertionError):
            try:
                self.ask(operation, *described_error(error))
            except Exception:
                return False
            return False
        if self.ask(operation, *described_error(error)) is not True:
            return False
        if self.client.may_keep_back(self.way, error):
            return True
        kind = type(error).__name__
        raise TransferError(f"the {self.type} object keeps back the {kind} that was raised in its block")


def described_error(error: Exception) -> tuple[Any, ...]:
    """Describe an exception of the test to the worker; an assertion without its text."""
    number = getattr(type(error), "_reference", None)
    text = "" if isinstance(error, AssertionError) else values.text_of(error)
    if len(error.args) == 1 and type(error.args[0]) is str and text:
        text = values.plain(error.args[0])
    kind = type(error)
    own = reference(number) if type(number) is int else None
    return values.builtin_base(kind), exceptions.library_name(kind), text, own
