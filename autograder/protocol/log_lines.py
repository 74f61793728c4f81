"""What the student's code logs, as plain data: formatted in the worker, only shown in the judge."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from autograder.protocol.serialization import SerializationError
from autograder.protocol.validation import mapping, take, texts

MAX_LINES = 1000  # of one call
MAX_TEXT = 10_000
MAX_NAME = 200
MAX_PARTS = 20
MAX_LEVEL = 2**31
_STANDARD = frozenset([*vars(logging.makeLogRecord({})), "message", "asctime", *dir(logging.LogRecord)])


@dataclass(frozen=True)
class LogLine:
    """One record of `logging`.

    Parameters
    ----------
    heard
        Names of the loggers on which the test listens and which it came to, in that order.
    name, level, level_name
        Its logger, and its level as a number and in words.
    text
        Its message, with its arguments in it.
    message, args
        The message as it was given, and its arguments.
    extra
        What else was given.
    line, function
        Where it was logged.
    traceback
        Of an exception that was logged with it, as text.
    lost
        Names of its attributes that cannot cross.
    """

    heard: tuple[str, ...]
    name: str
    level: int
    level_name: str
    text: str
    message: str
    args: tuple[Any, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    line: int = 0
    function: str = ""
    traceback: str = ""
    lost: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: logging.LogRecord, text: str) -> Self:
        """Describe a record whose message is ``text``."""
        lost = []
        args: object = record.args or ()
        arguments: tuple[Any, ...] = args if type(args) is tuple and _are_plain(args) else ()
        is_given = type(record.msg) is str and len(arguments) == len(record.args or ())
        if not is_given:
            lost += ["msg", "args"]
        others = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        extra = {name: value for name, value in others.items() if is_name(name) and _are_plain((value,))}
        extra = dict([*extra.items()][:MAX_PARTS])
        lost += [name for name in others if name not in extra]
        if record.exc_info:
            lost.append("exc_info")
        if record.stack_info:
            lost.append("stack_info")
        traceback = record.exc_text or ""
        if record.exc_info and not traceback:
            traceback = logging.Formatter().formatException(record.exc_info)
        if len(text) > MAX_TEXT or len(traceback) > MAX_TEXT:
            lost += ["getMessage", "output", "message", "getvalue"]
        return cls(
            (), _cut(record.name, MAX_NAME), int(record.levelno), _cut(record.levelname, MAX_NAME),
            _cut(text),
            _cut(record.msg if is_given else text), arguments if is_given else (), extra,
            int(record.lineno), _cut(record.funcName or "", MAX_NAME), _cut(traceback),
            tuple(_cut(name, MAX_NAME) for name in lost[:MAX_PARTS]),
        )  # fmt: skip

    def to_plain(self) -> dict[str, Any]:
        """Return the line as plain values, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value or name in _NEEDED}

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Read `to_plain`.

        Raises
        ------
        SerializationError
            If it is no such line, or larger than a line can be.
        """
        entries = mapping(plain, "a log line")
        words = {key: take(entries, key, str) for key in _NEEDED[2:]}
        words |= {key: take(entries, key, str) for key in ("function", "traceback") if key in entries}
        level, line = take(entries, "level", int), entries.get("line", 0)
        args, extra = entries.get("args", ()), mapping(entries.get("extra", {}), "extra")
        heard, lost = texts(entries, "heard"), texts(entries, "lost")
        if not (
            type(line) is int
            and type(args) is tuple
            and all(abs(number) <= MAX_LEVEL for number in (level, line))
            and all(len(text) <= MAX_TEXT for text in words.values())
            and all(len(name) <= MAX_NAME for name in (*heard, *lost))
            and max(map(len, (heard, lost, extra))) <= MAX_PARTS
            and _are_plain(args)
            and all(is_name(name) and _are_plain((value,)) for name, value in extra.items())
        ):
            raise SerializationError("a message is damaged: a log line is none")
        return cls(heard=heard, level=level, line=line, args=args, extra=extra, lost=lost, **words)


_NEEDED = ("heard", "level", "name", "level_name", "text", "message")


def is_name(name: object) -> bool:
    """Return whether a record may have this attribute beside its own."""
    return type(name) is str and name.isidentifier() and not name.startswith("_") and name not in _STANDARD


def _are_plain(parts: tuple[Any, ...]) -> bool:
    return len(parts) <= MAX_PARTS and all(
        part is None
        or type(part) in (bool, float)
        or (type(part) is int and part.bit_length() <= MAX_NAME)
        or (type(part) is str and len(part) <= MAX_TEXT)
        for part in parts
    )


def _cut(text: object, limit: int = MAX_TEXT) -> str:
    return str(text)[:limit]
