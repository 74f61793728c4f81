"""Containers of the student's objects that a test has got: what it changes in one is carried back.

In one kernel a test that says ``board.cells[0][1] = "x"`` changes the student's board. Here it has
a copy; before the worker is asked for anything else, the change is made there as well.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Protocol

from autograder.protocol import values
from autograder.protocol.operations import Operation
from autograder.protocol.serialization import Tagged

MOST = 50  # containers at a time
MOST_BYTES = 100_000  # of all: each is looked at before each request


class Client(Protocol):
    """What of the client of the worker is used here."""

    def ask(self, operation: Operation, args: tuple[Any, ...], *, doing: str = "") -> Any:
        """Have the worker do something; return a copy of the result."""

    def fall_short(self, why: str) -> None:
        """Note that the engine, not the answer, falls short in this test."""

    def content_of(self, value: Any) -> bytes | None:
        """Return a value's bytes as it would cross, None where it cannot."""


@dataclass
class _Copy:
    value: Any
    content: bytes

    def can_change(self) -> bool:
        """Return whether the test may still have the container, or something in it that changes."""
        kind = type(self.value)
        if kind is dict:
            has_parts = any(map(values.is_mutable, self.value.values()))
        else:
            has_parts = kind not in (list, set) or any(map(values.is_mutable, self.value))
        return has_parts or sys.getrefcount(self.value) > 2  # this object's and the call's own


class Lent:
    """The containers that one test has got from attributes.

    Parameters
    ----------
    client
        The client of the worker.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._copies: dict[tuple[int, str], _Copy] = {}
        self._is_carrying = False

    def given(self, owner: Tagged, name: str, value: Any) -> Any:
        """Note what an attribute is; return what the test is to have for it.

        It stays one object as long as nobody changes it.
        """
        if self._is_carrying or not values.is_mutable(value):
            return value
        key = owner.body, name
        content = self._client.content_of(value)
        before = self._copies.pop(key, None)
        if content is None or len(content) > MOST_BYTES:
            return value
        if before is not None and before.content == content:
            value = before.value
        self._copies[key] = _Copy(value, content)
        while len(self._copies) > MOST or sum(len(one.content) for one in self._copies.values()) > MOST_BYTES:
            del self._copies[next(iter(self._copies))]
        return value

    def carry_back(self) -> None:
        """Change the student's containers as the test has changed its copies."""
        if not self._copies or self._is_carrying:
            return
        self._is_carrying = True
        try:
            for (number, name), copy in [*self._copies.items()]:
                content = self._client.content_of(copy.value)
                if content == copy.content:
                    if not copy.can_change():
                        del self._copies[number, name]
                else:
                    del self._copies[number, name]
                    self._carry(Tagged(values.Kind.REFERENCE, number), name, copy, content)
        finally:
            self._is_carrying = False

    def _carry(self, owner: Tagged, name: str, copy: _Copy, content: bytes | None) -> None:
        why = f"the test changes what the student's object has as `{name}`, which "
        try:
            now = self._client.ask(Operation.ATTRIBUTE, (owner, name), doing=f"`.{name}`")
            if self._client.content_of(now) != copy.content:
                self._client.fall_short(why + "the student's code has changed since the test asked for it")
                return
            is_put = self._client.ask(Operation.PUT, (owner, name, copy.value), doing=f"`.{name}`")
        except Exception:
            is_put = False
        if is_put is not True or content is None:
            self._client.fall_short(why + "cannot be changed there")
            return
        self._copies[owner.body, name] = _Copy(copy.value, content)
