"""Arguments of the student's functions: copies; their changes reach the test where they may."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks.changes import changes_wanted
from autograder.execution.untouched import Withheld
from autograder.protocol import keras_models, values
from autograder.protocol.frames import Connection, Frame
from autograder.protocol.messages import Key, Reply, Request
from autograder.protocol.orders import Changeable
from autograder.protocol.serialization import SerializationError
from autograder.protocol.values import TransferError
from autograder.result import REFUSED


class Arguments:
    """What becomes of the arguments of one test's calls.

    A change that the student's function makes to its argument reaches the test's object where the
    instructor's own solution changes that argument in the same test, or the test says so by
    `autograder.checks.in_place`. Elsewhere the test keeps what it passed: what it computes
    afterwards from its inputs must not be computed from the submission's.

    Parameters
    ----------
    connection
        The connection to the engine, which knows what the instructor's solution changes.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.begin_test()

    def begin_test(self) -> None:
        """Forget the last test."""
        self.changes: dict[str, None] = {}  # in order
        self.kept: dict[str, None] = {}  # in words: changes that did not reach the test
        self.withheld: list[Withheld] = []  # the same changes themselves
        self._changeable: Changeable | None = None

    def settle(self, reply: Reply, request: Request, way: str, doing: str) -> Any:
        """Apply the changes of a reply to the test's objects where they may be; return its result.

        Parameters
        ----------
        reply, request
            The worker's answer, and what it answers.
        way
            Names by which the test reached the function.
        doing
            The function's name in messages.

        Raises
        ------
        SerializationError
            If the reply speaks of arguments that the request has not.
        TransferError
            If a change cannot be copied.
        """
        for key, why in reply.refused.items():
            _argument(request, key)
            place = key - 1 if isinstance(key, int) else key
            if self.may_happen(f"{way} {place}") or self.may_happen(f"{REFUSED}{way}"):
                raise TransferError(
                    f"{doing} changed an argument so that it cannot cross: {values.plain(why)}"
                )
        result = reply.value
        if reply.same is not None:
            result = _argument(request, reply.same)
        for key, value in reply.changed.items():
            target = _argument(request, key)
            place = key - 1 if isinstance(key, int) else key  # the first is the function
            name = f"{way} {place}"
            if self.may_happen(name) or changes_wanted(target):
                _change(target, value, doing)
                continue
            which = f"argument {place + 1}" if isinstance(place, int) else f"argument `{place}`"
            self.kept[f"{doing} changes its {which}; the test keeps what it passed: work on a copy"] = None
            self.withheld.append(Withheld(target, value))
            if key == reply.same:
                result = value
        return result

    def may_happen(self, name: str) -> bool:
        """Note what the student's code did; return whether the solution does so in this test."""
        self.changes[name] = None
        if self._changeable is None:
            self._connection.send(Frame.MAY_CHANGE)
            kind, payload = self._connection.receive()
            while kind != Frame.CHANGEABLE:  # a late answer to a request that was stopped
                kind, payload = self._connection.receive()
            self._changeable = Changeable.from_bytes(payload)
        arguments = self._changeable.arguments
        return arguments is None or name in arguments


def _argument(request: Request, key: Key) -> Any:
    """Return an argument that can be changed, by its position or name."""
    value: Any = None
    if isinstance(key, str):
        value = request.kwargs.get(key)
    elif 0 < key < len(request.args):
        value = request.args[key]
    if not values.is_mutable(value) and not keras_models.is_model(value):
        raise SerializationError("a reply is damaged: it speaks of an argument that cannot be changed")
    return value


def _change(target: Any, value: Any, doing: str) -> None:
    if keras_models.is_model(target) and isinstance(value, keras_models.Weights):
        keras_models.set_weights(target, value)
    elif not values.transplant(target, value):
        raise TransferError(
            f"{doing} changed an argument in a way that cannot be copied back: "
            f"{_short(target)} became {_short(value)}"
        )


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {tuple(value.shape)} and dtype {value.dtype}"
    return f"a {type(value).__name__}"
