"""The messages between judge and worker, each with one constructor that validates plain values.

The engine passes them on. They hold values of tests and students, and cross as bytes of
`autograder.protocol.serialization`. A worker's message proves nothing: a reply may only be what its
operation can give.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from autograder.protocol.exceptions import ExceptionClass, family_from_plain
from autograder.protocol.log_lines import MAX_LINES, LogLine
from autograder.protocol.operations import Operation, ReplyKind, possible_replies
from autograder.protocol.serialization import SerializationError
from autograder.protocol.small_files import Copies, checked
from autograder.protocol.validation import mapping, take, texts

MAX_CHAIN = 5  # exceptions that led to one another, and notes of one
_NEEDED = ("name", "base", "text")
Key = int | str  # of an argument: its position or its name


@dataclass(slots=True)  # frozen, it takes four times as long to make, and there are thousands
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
    world
        What the test has replaced around the student's code, as
        `autograder.execution.replacements` describes it.
    """

    operation: Operation
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    random: dict[str, Any] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()
    world: dict[str, Any] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Return the message as plain values, its arguments as they are, without what is empty."""
        rest = {
            "kwargs": self.kwargs,
            "random": self.random,
            "forbidden": self.forbidden,
            "world": self.world,
        }
        return {"operation": str(self.operation), "args": self.args} | _not_empty(rest)

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
        kwargs, random, world = (
            mapping(entries.get(name, {}), name) for name in ("kwargs", "random", "world")
        )
        forbidden = texts(entries, "forbidden")
        return cls(operation, take(entries, "args", tuple), kwargs, random, forbidden, world)


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
    cause, context
        The exceptions that it was raised from, and while handling which it was raised.
    suppresses
        Whether its text is shown without the context.
    notes
        What was added to it.
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
    cause: RaisedException | None = None
    context: RaisedException | None = None
    suppresses: bool = False
    notes: tuple[str, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return the description as plain values."""
        return {name: value for name, value in asdict(self).items() if value or name in _NEEDED}

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Read `to_plain`.

        Raises
        ------
        SerializationError
            If it is no such description.
        """
        return cls._read(plain, 0)

    @classmethod
    def _read(cls, plain: object, depth: int) -> Self:
        entries = mapping(plain, "an exception")
        if depth > MAX_CHAIN:
            raise SerializationError("an exception is damaged: too many led to one another")
        cause, context = (
            None if entries.get(key) is None else cls._read(entries[key], depth + 1)
            for key in ("cause", "context")
        )
        name, base, text = (take(entries, key, str) for key in ("name", "base", "text"))
        args, library = entries.get("args", ()), entries.get("library", "")
        if type(args) is not tuple or type(library) is not str:
            raise SerializationError("an exception is damaged")
        return cls(
            name, base, text, take(entries, "reference", int) if "reference" in entries else 0,
            entries.get("shortcut", False) is True,
            library, family_from_plain(entries.get("family", ())), args,
            mapping(entries.get("attributes", {}), "attributes"), cause, context,
            entries.get("suppresses", False) is True, texts(entries, "notes")[:MAX_CHAIN],
        )  # fmt: skip


@dataclass(slots=True)  # frozen, it takes four times as long to make, and there are thousands
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
    refused
        Of a call: arguments that are not as they came and cannot cross, each with the reason.
    warned
        Warnings of the student's code, where the test records them: each one's category, as
        ``module:name`` or a built-in name, its text and its line.
    logged
        What the student's code has logged, where the test listens.
    files
        Files that the student's code has written or removed, where the test asks for them.
    """

    outcome: ReplyKind
    value: Any = None
    exception: RaisedException | None = None
    text: str = ""
    printed: tuple[tuple[str, str], ...] = ()
    drew: tuple[str, ...] = ()
    changed: dict[Key, Any] = field(default_factory=dict)
    same: Key | None = None
    refused: dict[Key, str] = field(default_factory=dict)
    warned: tuple[tuple[str, str, int], ...] = ()
    logged: tuple[LogLine, ...] = ()
    files: Copies = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether it is a value and nothing else."""
        return self.outcome is ReplyKind.VALUE and self.same is None and not (
            self.changed or self.refused or self.printed or self.drew or self.warned or self.logged
            or self.files
        )  # fmt: skip

    def to_plain(self) -> dict[str, Any]:
        """Return the message as plain values, the student's as they are, without what is empty."""
        rest = {
            "text": self.text,
            "printed": self.printed,
            "drew": self.drew,
            "changed": self.changed,
            "refused": self.refused,
            "warned": self.warned,
            "logged": tuple(line.to_plain() for line in self.logged),
        }
        plain = {"outcome": str(self.outcome), "value": self.value} | _not_empty(rest)
        if self.exception is not None:
            plain["exception"] = self.exception.to_plain()
        if self.same is not None:
            plain["same"] = self.same
        return plain

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
        changed, same, refused = entries.get("changed", {}), entries.get("same"), entries.get("refused", {})
        if not all(
            type(each) is dict and all(type(key) in (int, str) for key in each) for each in (changed, refused)
        ):
            raise SerializationError("a reply is damaged: changed must be a dict of arguments")
        if same is not None and type(same) not in (int, str):
            raise SerializationError("a reply is damaged: same must name an argument")
        if not all(type(why) is str for why in refused.values()):
            raise SerializationError("a reply is damaged: a reason must be a text")
        if (changed or refused or same is not None) and operation is not Operation.CALL:
            raise SerializationError(f"a reply to {operation!s} cannot change arguments")
        return cls(
            ReplyKind(outcome),
            entries.get("value"),
            RaisedException.from_plain(exception) if exception is not None else None,
            take(entries, "text", str) if "text" in entries else "",
            tuple(_pair(entry) for entry in take(entries, "printed", tuple)) if "printed" in entries else (),
            texts(entries, "drew"),
            changed,
            same,
            refused,
            tuple(map(_warning, take(entries, "warned", tuple))) if "warned" in entries else (),
            tuple(map(LogLine.from_plain, take(entries, "logged", tuple)[:MAX_LINES]))
            if "logged" in entries
            else (),
            checked(entries["files"]) if "files" in entries else {},
        )


def _not_empty(parts: dict[str, Any]) -> dict[str, Any]:
    """Return the parts that say something: most messages are short, and there are many."""
    return {name: part for name, part in parts.items() if part}


def _warning(entry: object) -> tuple[str, str, int]:
    if type(entry) is not tuple or list(map(type, entry)) != [str, str, int]:
        raise SerializationError("a reply is damaged: a warning must be a category, a text and a line")
    return entry[0], entry[1], entry[2]


def _pair(entry: object) -> tuple[str, str]:
    if type(entry) is not tuple or len(entry) != 2 or not all(type(part) is str for part in entry):
        raise SerializationError("a reply is damaged: what was printed must be pairs of texts")
    return entry[0], entry[1]


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
    lineage
        Of an instance: the libraries' classes that it is an instance of (`protocol.lineage`).
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
    lineage: tuple[str, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return the description as plain values."""
        return {
            "reference": self.reference, "type_name": self.type_name, "name": self.name,
            "doc": self.doc, "signature": self.signature, "base": self.base,
            "class_reference": self.class_reference, "specials": self.specials,
            "family": tuple(kind.to_plain() for kind in self.family),
            "lineage": self.lineage,
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
        lineage = texts(entries, "lineage")[:20]
        return cls(
            reference, type_name, name, doc, signature, base, class_reference, specials, family, lineage
        )
