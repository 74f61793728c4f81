"""Messages between engine, worker and judge: JSON, with validating constructors."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from autograder.protocol import small_files
from autograder.protocol.serialization import SerializationError
from autograder.protocol.validation import mapping, take, texts
from autograder.result import Status


@dataclass(frozen=True)
class _Json:
    """A message whose fields JSON can hold."""

    def to_bytes(self) -> bytes:
        """Return the message as JSON."""
        return json.dumps(asdict(self)).encode()


def _number(plain: dict[str, Any], name: str) -> float:
    value = plain.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SerializationError(f"a message is damaged: {name} must be a number, got {value!r:.40}")
    return float(value)


def _json(payload: bytes) -> dict[str, Any]:
    try:
        return mapping(json.loads(payload), "it")
    except (ValueError, RecursionError):
        raise SerializationError("a message is no JSON") from None


@dataclass(frozen=True)
class Ready(_Json):
    """A process's first word to the engine: its id, as the process itself sees it."""

    pid: int

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`."""
        return cls(take(_json(payload[:100]), "pid", int))


@dataclass(frozen=True)
class RunCell(_Json):
    """The engine's order to run a cell that is no test.

    Parameters
    ----------
    source
        Its code.
    fresh
        For a judge: names that it forgets first, as they are the student's from here on.
    """

    source: str
    fresh: tuple[str, ...] = ()

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`."""
        plain = _json(payload)
        return cls(take(plain, "source", str), texts(plain, "fresh"))


@dataclass(frozen=True)
class CellRan(_Json):
    """A worker's answer to `RunCell`: what the cell showed, as it says. Nothing of it is clean."""

    outputs: list[Any]

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`."""
        return cls(take(_json(payload), "outputs", list))


@dataclass(frozen=True)
class Written(_Json):
    """A worker's answer to `Frame.KEEP`: files that the student's code has written, in base64."""

    files: dict[str, str]

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`; a name or a size that is not allowed is an error."""
        files = mapping(_json(payload).get("files"), "files")
        try:
            contents = {name: base64.b64decode(text, validate=True) for name, text in files.items()}
        except (TypeError, ValueError, binascii.Error):
            raise SerializationError("a message is damaged: its files are not in base64") from None
        small_files.checked(contents)
        if sum(map(len, contents.values())) > small_files.MAX_KEPT:
            raise SerializationError("a message is damaged: its files are too large")
        return cls(files)


@dataclass(frozen=True)
class Setup(_Json):
    """The engine's first message to a judge.

    Parameters
    ----------
    imports
        Import statements of the instructor's unlocked cells, which the judge runs.
    asked, classes, helpers
        Names that the student is asked to bind, those of them that are classes, and those that the
        student's functions are to find as a test has set them.
    seed_key
        The key that hidden tests draw their numbers from, in hexadecimal digits.
    """

    imports: tuple[str, ...]
    asked: tuple[str, ...]
    classes: tuple[str, ...]
    helpers: tuple[str, ...]
    seed_key: str

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`."""
        plain = _json(payload)
        names = ("imports", "asked", "classes", "helpers")
        imports, asked, classes, helpers = (texts(plain, name) for name in names)
        return cls(imports, asked, classes, helpers, take(plain, "seed_key", str))


@dataclass(frozen=True)
class RunTest(_Json):
    """The engine's order to run a test: its code, points, names to forget, cells before it."""

    source: str
    points: float
    fresh: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`."""
        plain = _json(payload)
        return cls(
            take(plain, "source", str), _number(plain, "points"), texts(plain, "fresh"), texts(plain, "cells")
        )


@dataclass(frozen=True)
class Scored(_Json):
    """A judge's record of a test.

    Parameters
    ----------
    status, score, message, detail, mistakes, looks
        As in `autograder.result.CellResult`.
    printed
        Streams that the test and the student's functions wrote, as nbformat outputs.
    changes
        Arguments that the student's functions changed, as `Changeable` names them.
    networks
        How many networks the judge has made so far that no judge had told it of.
    """

    status: Status
    score: float = 0.0
    message: str = ""
    detail: str = ""
    mistakes: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    printed: tuple[dict[str, Any], ...] = ()
    changes: tuple[str, ...] = ()
    networks: int = 0

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`."""
        plain = _json(payload)
        printed = take(plain, "printed", list)
        return cls(
            Status(take(plain, "status", str)),
            _number(plain, "score"),
            take(plain, "message", str),
            take(plain, "detail", str),
            texts(plain, "mistakes"),
            texts(plain, "looks"),
            tuple(mapping(output, "an output") for output in printed),
            texts(plain, "changes"),
            take(plain, "networks", int),
        )


@dataclass(frozen=True)
class Changeable(_Json):
    """The arguments that the student's code may change in a test.

    Parameters
    ----------
    arguments
        Each as the name of the function, a space, and the argument's position from 0, or its name;
        None for all.
    """

    arguments: tuple[str, ...] | None

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`."""
        plain = _json(payload)
        return cls(None if plain.get("arguments") is None else texts(plain, "arguments"))


@dataclass(frozen=True)
class CallFailed(_Json):
    """The engine's word that the worker will not answer: a status, words for the student."""

    status: Status
    text: str

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Read `to_bytes`."""
        plain = _json(payload)
        return cls(Status(take(plain, "status", str)), take(plain, "text", str))
