"""Functions of a test that the student's code calls."""

from __future__ import annotations

import sys
from typing import Protocol

from autograder.execution.judge_values import JudgeValues
from autograder.execution.refusals import Refusals
from autograder.protocol import values
from autograder.protocol.callbacks import CallbackAnswer, CallbackRequest
from autograder.protocol.messages import RaisedException
from autograder.protocol.serialization import Bounds, SerializationError, pack, unpack

MAX_CALLBACKS = 200
FRAMES = 40  # of Python, that one call of the test within another takes here


class Client(Protocol):
    """What of the client of the worker is used here."""

    values: JudgeValues
    bounds: Bounds
    refusals: Refusals


class CalledBack:
    """The calls of one test's functions.

    Parameters
    ----------
    client
        The client of the worker, which knows the functions by their numbers.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._depth = 0  # of calls within one another

    def __call__(self, payload: bytes) -> bytes:
        """Call a function that the student's code asks for; return the packed answer."""
        client = self._client
        self._depth += 1
        limit = sys.getrecursionlimit()
        try:
            sys.setrecursionlimit(limit + FRAMES)
            request = CallbackRequest.from_plain(unpack(payload, client.values.rebuild, client.bounds))
            function = client.values.callbacks.get(request.number)
            if function is None:
                raise RuntimeError("this function of the test is called after its test has ended")
            if self._depth > MAX_CALLBACKS:
                why = "functions of the test and of the submission call each other without end"
                client.refusals.refuse("callbacks", why)
                raise RecursionError(why)
            answer = CallbackAnswer(function(*request.args, **request.kwargs))
            try:
                return pack(answer.to_plain(), client.values.describe, client.bounds)
            except SerializationError as error:
                raise client.refusals.not_given("a function of the test", error) from None
        except Exception as error:
            base = values.builtin_base(type(error))
            described = RaisedException(type(error).__name__, base, values.text_of(error))
            return pack(CallbackAnswer(exception=described).to_plain())
        finally:
            self._depth -= 1
            sys.setrecursionlimit(limit)
