"""The student's asynchronous objects in a test: they run in the worker, request by request."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Generator
from typing import Any

from autograder.execution.remote import Client, Remote, reference
from autograder.protocol.operations import Operation


async def coroutine(client: Client, number: int) -> Any:
    """Make a coroutine that runs the student's to its end when it is awaited."""
    return client.ask(Operation.AWAIT, (reference(number),))


async def generator(client: Client, number: int) -> AsyncGenerator[Any, Any]:
    """Make an asynchronous generator that takes each item from the student's."""
    here = reference(number)
    arguments: tuple[Any, ...] = (here,)
    while True:
        try:
            item = client.ask(Operation.ANEXT, arguments)
        except StopIteration:
            return
        sent = yield item
        arguments = (here,) if sent is None else (here, sent)


def result_of(remote: Remote) -> Generator[Any, Any, Any]:
    """Return what `await` runs for an object of the student's."""
    yield from ()
    return remote.ask(Operation.AWAIT)


async def items_of(remote: Remote) -> AsyncGenerator[Any, Any]:
    """Yield the items of an object that ``async for`` goes through."""
    iterator = remote.ask(Operation.AITER)
    if inspect.isasyncgen(iterator):
        async for item in iterator:
            yield item
        return
    while True:
        try:
            item = remote.client.ask(Operation.ANEXT, (iterator,))
        except StopIteration:
            return
        yield item


async def next_of(remote: Remote) -> Any:
    """Return the next item."""
    try:
        return remote.ask(Operation.ANEXT)
    except StopIteration:
        raise StopAsyncIteration from None


async def entered(remote: Remote) -> Any:
    """Enter an asynchronous context manager."""
    return remote.ask(Operation.AENTER)


async def left(remote: Remote, error: BaseException | None) -> bool:
    """Leave it with what was raised; return whether it keeps that back."""
    return remote.leave(error, Operation.AEXIT)
