"""What networks do that were judged before: the same network is not made and run again.

A network is known by its description, but for the names of its layers, and by the data and the seed
that it was looked at with. What it does follows from these, as its weights get known values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.checks.case import CallOutcome, Case
from autograder.protocol.keras_digest import data_digest, digest_of
from autograder.protocol.serialization import Bounds, SerializationError, pack, unpack

if TYPE_CHECKING:
    import keras

BOUNDS = Bounds(bytes=16 * 2**20)  # of all that is told to another judge


@dataclass(frozen=True)
class KnownNetwork:
    """The result of a call that would give a known network; stands for it."""

    outcome: CallOutcome


@dataclass(frozen=True)
class MadeNetwork:
    """The result of a call that gives a layer: a network of it and the call's inputs, made here.

    Parameters
    ----------
    model
        The network as it crossed; not yet looked at.
    """

    model: Any

    def on(self, inputs: list[keras.KerasTensor]) -> tuple[list[keras.KerasTensor], keras.KerasTensor]:
        """Return the network's own inputs and its output, where it was made for such inputs.

        Raises
        ------
        ValueError
            If it was made for others.
        """
        made_for, wanted = (
            [(tuple(tensor.shape), tensor.dtype) for tensor in tensors]
            for tensors in (self.model.inputs, inputs)
        )
        if made_for != wanted:
            raise ValueError(f"a network for {wanted} was expected, came one for {made_for}")
        return self.model.inputs, self.model.outputs[0]


class Asked:
    """A call that may give a known network.

    Parameters
    ----------
    known
        What networks do, by key.
    case
        The call.
    """

    def __init__(self, known: dict[bytes, CallOutcome], case: Case) -> None:
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
        outcome = self._known.get(self._key)
        return None if outcome is None else KnownNetwork(outcome)

    def keep(self, outcome: CallOutcome) -> None:
        """Keep what the network does that was not known."""
        if self._key:
            self._known[self._key] = outcome


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
        self._known: dict[bytes, CallOutcome] = {}
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
            return pack({key.hex(): tuple(outcome) for key, outcome in self._known.items()}, bounds=BOUNDS)
        except SerializationError:
            return b""

    def add(self, told: bytes) -> None:
        """Take over what `to_bytes` of another judge gave."""
        if told:
            plain = unpack(told, bounds=BOUNDS)
            self._known |= {bytes.fromhex(key): CallOutcome(*outcome) for key, outcome in plain.items()}
            self._told = len(self._known)
