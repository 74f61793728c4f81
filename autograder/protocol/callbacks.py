"""Calls the other way: a function of the test that the student's code calls, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from autograder.protocol.messages import RaisedException
from autograder.protocol.validation import mapping, take


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
