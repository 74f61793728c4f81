"""What networks do that were judged before: the same network is not made and run again.

A network is known by its description, but for the names of its layers, and by the data and the seed
that it was looked at with. What it does follows from these, as its weights get known values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograder.checks.case import Case
from autograder.protocol.keras_digest import data_digest, digest_of
from autograder.protocol.serialization import Bounds, SerializationError, pack, unpack

BOUNDS = Bounds(bytes=16 * 2**20)  # of all that is told to another judge


class Behaviour(NamedTuple):
    """What a network does, as `keras_behaviour.of` gives it, and its layers in words."""

    aspects: dict[str, Any]
    layers: str


@dataclass(frozen=True)
class KnownNetwork:
    """The result of a call that would give a known network; stands for it."""

    behaviour: Behaviour


@dataclass(frozen=True)
class MadeNetwork:
    """The result of a call that gives a layer: a network of it and the call's inputs, made here."""

    model: Any


class Asked:
    """A call that may give a known network.

    Parameters
    ----------
    known
        Behaviours by key.
    case
        The call.
    """

    def __init__(self, known: dict[bytes, Behaviour], case: Case) -> None:
        self.how = case.how
        self._known = known
        self._data = case.how.encode() + data_digest(case.inputs, case.seed)
        self._key = b""  # of the network that came

    def find(self, description: Any) -> KnownNetwork | None:
        """Return what stands for the network of a description, None where it is not known.

        Parameters
        ----------
        description
            The body of a description that crossed; not yet looked at.
        """
        digest = digest_of(description)
        self._key = b"" if digest is None else digest + self._data
        behaviour = self._known.get(self._key)
        return None if behaviour is None else KnownNetwork(behaviour)

    def keep(self, behaviour: Behaviour) -> None:
        """Keep what the network does that was not known."""
        if self._key:
            self._known[self._key] = behaviour


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


class KnownNetworks:
    """The networks that one judge knows.

    Parameters
    ----------
    is_theirs
        Tells the student's functions from those of the test.
    """

    def __init__(self, is_theirs: Callable[[Any], bool]) -> None:
        self._is_theirs = is_theirs
        self._known: dict[bytes, Behaviour] = {}
        self._told = 0

    @property
    def made(self) -> int:
        """Number of networks that no other judge has told."""
        return len(self._known) - self._told

    @contextmanager
    def asking(self, function: Callable[..., Any], case: Case) -> Iterator[Asked | None]:
        """Let the next call, if ``function`` is the student's, give a `KnownNetwork`.

        Yields
        ------
        Asked or None
            The call; None where it is to give the network itself.
        """
        asked = Asked(self._known, case) if self._is_theirs(function) else None
        token = _asked.set(asked)
        try:
            yield asked
        finally:
            _asked.reset(token)

    @staticmethod
    def take() -> Asked | None:
        """Return the call that is asked for, once: what it calls gives networks themselves."""
        asked = _asked.get()
        _asked.set(None)
        return asked

    def to_bytes(self) -> bytes:
        """Return what is known, for another judge; nothing where it is too much."""
        try:
            return pack(
                {key.hex(): tuple(behaviour) for key, behaviour in self._known.items()}, bounds=BOUNDS
            )
        except SerializationError:
            return b""

    def add(self, told: bytes) -> None:
        """Take over what `to_bytes` of another judge gave."""
        if told:
            plain = unpack(told, bounds=BOUNDS)
            self._known |= {bytes.fromhex(key): Behaviour(*behaviour) for key, behaviour in plain.items()}
            self._told = len(self._known)
