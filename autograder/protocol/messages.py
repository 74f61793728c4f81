"""The messages between judge and worker, each with one constructor that validates plain values.

The engine passes them on. They hold values of tests and students, and cross as bytes of
`autograder.protocol.serialization`. A worker's message proves nothing: a reply may only be what its
operation can give.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from autograder.protocol.exceptions import ExceptionClass, family_from_plain
from autograder.protocol.operations import Operation, ReplyKind, possible_replies
from autograder.protocol.serialization import SerializationError
from autograder.protocol.validation import mapping, take, texts

Key = int | str  # of an argument: its position or its name


@dataclass(frozen=True)
class Request:
    """A judge's question: one operation on objects of the student.

    Parameters
    ----------
    operation, args, kwargs
        What to do, with what.
    random
        States of random generators that the test has changed since the last request, by name.
    forbidden
        Names of modules whose functions the student's code may not call.
    """

    operation: Operation
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    random: dict[str, Any] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return the message as plain values, its arguments as they are."""
        return {
            "operation": str(self.operation), "args": self.args, "kwargs": self.kwargs,
            "random": self.random, "forbidden": self.forbidden,
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Read `to_plain`.

        Raises
        ------
        SerializationError
            If it is no such message.
        """
        entries = mapping(plain, "a request")
        try:
            operation = Operation(take(entries, "operation", str))
        except ValueError:
            raise SerializationError("a request is damaged: its operation is not known") from None
        kwargs, random = mapping(entries.get("kwargs"), "kwargs"), mapping(entries.get("random"), "random")
        return cls(operation, take(entries, "args", tuple), kwargs, random, texts(entries, "forbidden"))


@dataclass(frozen=True)
class RaisedException:
    """An exception as the worker describes it.

    Parameters
    ----------
    name, text
        The name of its class, and its text.
    base
        The name of the nearest built-in class.
    reference
        The number of its class where the submission defines that; 0 elsewhere.
    shortcut
        Whether it is the refusal of a shortcut (`autograder.checks.ShortcutRefused`).
    library
        The nearest class that a library has, as ``module:name``; "" for none.
    family
        Its class and those that it is derived from, where the submission defines them.
    args, attributes
        Its arguments and attributes, where they are plain data.
    """

    name: str
    base: str
    text: str
    reference: int = 0
    shortcut: bool = False
    library: str = ""
    family: tuple[ExceptionClass, ...] = ()
    args: tuple[Any, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Return the description as plain values."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Read `to_plain`.

        Raises
        ------
        SerializationError
            If it is no such description.
        """
        entries = mapping(plain, "an exception")
        name, base, text = (take(entries, key, str) for key in ("name", "base", "text"))
        args, library = entries.get("args", ()), entries.get("library", "")
        if type(args) is not tuple or type(library) is not str:
            raise SerializationError("an exception is damaged")
        return cls(
            name, base, text, take(entries, "reference", int), take(entries, "shortcut", bool),
            library, family_from_plain(entries.get("family", ())), args,
            mapping(entries.get("attributes", {}), "attributes"),
        )  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """A worker's answer to a `Request`.

    Parameters
    ----------
    outcome
        How the operation ended.
    value
        Its result; of a stopped iterator, the value that it returned.
    exception
        What was raised.
    text
        Why the result cannot cross.
    printed
        Pairs of a stream's name and text.
    drew
        Names of the global random generators that the student's code used.
    changed
        Of a call: the arguments that are not as they came, by position or name.
    same
        Of a call: the argument that is the result, by position or name.
    """

    outcome: ReplyKind
    value: Any = None
    exception: RaisedException | None = None
    text: str = ""
    printed: tuple[tuple[str, str], ...] = ()
    drew: tuple[str, ...] = ()
    changed: dict[Key, Any] = field(default_factory=dict)
    same: Key | None = None

    def to_plain(self) -> dict[str, Any]:
        """Return the message as plain values, those of the student's code as they are."""
        return {
            "outcome": str(self.outcome), "value": self.value, "text": self.text,
            "exception": self.exception.to_plain() if self.exception else None,
            "printed": self.printed, "drew": self.drew, "changed": self.changed, "same": self.same,
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: object, operation: Operation) -> Self:
        """Read `to_plain`, as the answer to an operation.

        Raises
        ------
        SerializationError
            If it is no such message, or says what the operation cannot give.
        """
        entries = mapping(plain, "a reply")
        outcome = take(entries, "outcome", str)
        if outcome not in possible_replies(operation):
            raise SerializationError(f"a reply to {operation!s} cannot be {str(outcome)[:40]!r}")
        exception = entries.get("exception")
        if (exception is not None) != (outcome == ReplyKind.RAISED):
            raise SerializationError("a reply is damaged: it raises and does not raise")
        changed, same = entries.get("changed"), entries.get("same")
        if type(changed) is not dict or not all(type(key) in (int, str) for key in changed):
            raise SerializationError("a reply is damaged: changed must be a dict of arguments")
        if same is not None and type(same) not in (int, str):
            raise SerializationError("a reply is damaged: same must name an argument")
        if (changed or same is not None) and operation is not Operation.CALL:
            raise SerializationError(f"a reply to {operation!s} cannot change arguments")
        return cls(
            ReplyKind(outcome),
            entries.get("value"),
            RaisedException.from_plain(exception) if exception is not None else None,
            take(entries, "text", str),
            tuple(_pair(entry) for entry in take(entries, "printed", tuple)),
            texts(entries, "drew"),
            changed,
            same,
        )


def _pair(entry: object) -> tuple[str, str]:
    if type(entry) is not tuple or len(entry) != 2 or not all(type(part) is str for part in entry):
        raise SerializationError("a reply is damaged: what was printed must be pairs of texts")
    return entry[0], entry[1]


@dataclass(frozen=True)
class CallbackRequest:
    """A worker's question: a call of a function that the test passed to the student's code."""

    number: int
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Return the message as plain values, its arguments as they are."""
        return {"number": self.number, "args": self.args, "kwargs": self.kwargs}

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Read `to_plain`.

        Raises
        ------
        SerializationError
            If it is no such message.
        """
        entries = mapping(plain, "a callback")
        kwargs = mapping(entries.get("kwargs"), "kwargs")
        return cls(take(entries, "number", int), take(entries, "args", tuple), kwargs)


@dataclass(frozen=True)
class CallbackAnswer:
    """A judge's answer to a `CallbackRequest`: a value, or the exception that was raised."""

    value: Any = None
    exception: RaisedException | None = None

    def to_plain(self) -> dict[str, Any]:
        """Return the message as plain values, its value as it is."""
        return {
            "value": self.value,
            "exception": self.exception.to_plain() if self.exception else None,
        }

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Read `to_plain`.

        Raises
        ------
        SerializationError
            If it is no such message.
        """
        entries = mapping(plain, "an answer")
        exception = entries.get("exception")
        return cls(
            entries.get("value"),
            None if exception is None else RaisedException.from_plain(exception),
        )


@dataclass(frozen=True)
class RemoteDescription:
    """An object that stays in the worker, as the worker describes it.

    Parameters
    ----------
    reference
        Its number.
    type_name
        The name of its class.
    name, doc, signature
        Of a function or class: its name, documentation and parameters as plain values.
    base
        Of an exception class: the name of the nearest built-in class.
    class_reference
        Of an instance: the number of its class.
    specials
        Names of the special methods that it has, of `operations.SPECIALS`.
    family
        Of an exception class: itself and those that it is derived from, where the submission
        defines them.
    """

    reference: int
    type_name: str
    name: str = ""
    doc: str = ""
    signature: list[Any] | None = None
    base: str = ""
    class_reference: int = 0
    specials: tuple[str, ...] = ()
    family: tuple[ExceptionClass, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return the description as plain values."""
        return {
            "reference": self.reference, "type_name": self.type_name, "name": self.name,
            "doc": self.doc, "signature": self.signature, "base": self.base,
            "class_reference": self.class_reference, "specials": self.specials,
            "family": tuple(kind.to_plain() for kind in self.family),
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Read `to_plain`.

        Raises
        ------
        SerializationError
            If it is no such description.
        """
        entries = mapping(plain, "an object")
        signature = entries.get("signature")
        if signature is not None and type(signature) is not list:
            raise SerializationError("a part of it is damaged: a signature must be a list")
        type_name, name, doc, base = (take(entries, key, str) for key in ("type_name", "name", "doc", "base"))
        reference, class_reference = (take(entries, key, int) for key in ("reference", "class_reference"))
        specials, family = texts(entries, "specials"), family_from_plain(entries.get("family", ()))
        return cls(reference, type_name, name, doc, signature, base, class_reference, specials, family)
