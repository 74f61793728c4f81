"""What a worker does for each operation that a test can ask for."""

from __future__ import annotations

import asyncio
import copy
import functools
import operator
import sys
from collections.abc import Callable
from typing import Any

from autograder.checks import trained
from autograder.protocol import values
from autograder.protocol.operations import OPERATORS, Operation


def _leave(manager: Any, error: BaseException | None, method: str = "__exit__") -> bool:
    """Leave a context manager with what the test raised; return whether it keeps that back."""
    leave = getattr(type(manager), method)
    done = _run if method == "__aexit__" else lambda kept: kept
    if error is None:
        return bool(done(leave(manager, None, None, None)))
    try:
        raise error
    except BaseException:
        return bool(done(leave(manager, *sys.exc_info())))


async def _awaited(awaitable: Any) -> Any:
    return await awaitable


def _run(awaitable: Any) -> Any:
    """Await in the loop of all that is asynchronous and goes on from one request to the next."""
    return _loop().run_until_complete(_awaited(awaitable))


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def _next(iterator: Any, *sent: Any) -> Any:
    """Return the next item of an asynchronous iterator, or what it yields for what is sent."""
    try:
        return _run(iterator.asend(*sent) if sent else anext(iterator))
    except StopAsyncIteration:
        raise StopIteration from None


OPERATIONS: dict[Operation, Callable[..., Any]] = {
    Operation.CALL: lambda function, *args, **kwargs: function(*args, **kwargs),
    Operation.ATTRIBUTE: getattr,
    Operation.SET_ATTRIBUTE: setattr,
    Operation.DELETE_ATTRIBUTE: delattr,
    Operation.PUT: lambda owner, name, value: values.transplant(getattr(owner, name), value),
    Operation.DIR: dir,
    Operation.ISINSTANCE: isinstance,
    Operation.ISSUBCLASS: issubclass,
    Operation.ITER: iter,
    Operation.NEXT: next,
    Operation.SEND: lambda generator, value: generator.send(value),
    Operation.ENTER: lambda manager: type(manager).__enter__(manager),
    Operation.EXIT: lambda manager, error=None: _leave(manager, error),
    Operation.THROW: lambda generator, error: generator.throw(error),
    Operation.AWAIT: lambda awaitable: asyncio.run(_awaited(awaitable)),
    Operation.AITER: aiter,
    Operation.ANEXT: _next,
    Operation.AENTER: lambda manager: _run(type(manager).__aenter__(manager)),
    Operation.AEXIT: lambda manager, error=None: _leave(manager, error, "__aexit__"),
    Operation.FORMAT: format,
    Operation.CONTAINS: operator.contains,
    Operation.COPY: copy.copy,
    Operation.DEEPCOPY: copy.deepcopy,
    Operation.ITEM: operator.getitem,
    Operation.SET_ITEM: operator.setitem,
    Operation.DELETE_ITEM: operator.delitem,
    Operation.OPEN_MODEL: trained.opened,
    **{Operation(kind.__name__): kind for kind in (len, str, repr, bool, int, float, abs, hash)},
    **{operation: getattr(operator, operation) for operation in OPERATORS},
}
