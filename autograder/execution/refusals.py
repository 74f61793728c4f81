"""Values that cannot cross in a test: whether the answer or the engine is to blame.

The engine falls short where the same is refused of the instructor's own solution, in the same test
and in the same place, or where the test gives what cannot cross whatever the answer is. A
submission whose value is larger, deeper or of another kind than the solution's stays at fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from autograder.execution.arguments import Arguments
from autograder.execution.shell import CUT
from autograder.protocol import values
from autograder.protocol.bounds import TooLargeError
from autograder.protocol.messages import RaisedException
from autograder.protocol.serialization import SerializationError
from autograder.protocol.values import TransferError
from autograder.result import REFUSED

_ERRORS = (SerializationError.__name__, TooLargeError.__name__)


class Client(Protocol):
    """What of the client of the worker is used here."""

    arguments: Arguments
    waiting: bool

    def fall_short(self, why: str) -> None:
        """Note that the engine, not the answer, falls short in this test."""


class Refusals:
    """What the tests of one judge refuse, and what of it is the engine's fault.

    Parameters
    ----------
    client
        The client of the worker.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def refuse(self, way: str, why: str) -> None:
        """Note what is refused; the engine falls short where it is so with the solution as well.

        Parameters
        ----------
        way
            What gave the value, or gets it, as the test reaches it.
        why
            What cannot be done, in words.
        """
        client = self._client
        before, client.waiting = client.waiting, True  # perhaps for the engine
        try:
            if client.arguments.may_happen(f"{REFUSED}{way}"):
                client.fall_short(f"{why}; it is so with the instructor's solution as well")
        finally:
            client.waiting = before

    def unusable(self, what: str, way: str, why: str) -> TransferError:
        """Refuse what the student's code gave; return the error that the test meets."""
        error = values.unusable(what, why)
        self.refuse(way, str(error))
        return error

    def not_given(self, way: str, error: SerializationError) -> TransferError:
        """Refuse what the test gives to the student's code; return the error that it meets."""
        why = f"the test cannot pass this to the student's code: {error}"
        if isinstance(error, TooLargeError):  # which a result of the student's may have made it
            self.refuse(f"{way} arguments", why)
        else:
            why += "; pass numbers, text, lists, dictionaries, arrays, functions or Keras models"
            self._client.fall_short(why)
        return TransferError(why)

    def look_at_output(self, way: str, printed: Sequence[tuple[str, str]]) -> None:
        """Look at what the student's code printed: the end is missing where it was cut."""
        if any(text.lstrip().startswith(CUT) for _, text in printed[-2:]):
            self.refuse(f"{way} output", "the student's code prints more than the test can see")

    def look_at(self, way: str, raised: RaisedException) -> None:
        """Look at what the student's code raised: it may be that it could not call the test."""
        if raised.name in _ERRORS:
            self.refuse(way, f"the student's code cannot pass this to the test: {values.plain(raised.text)}")
