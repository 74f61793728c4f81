"""Functions of the standard library that look into an object; of the student's, the worker's do."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable
from typing import Any

from autograder.execution.proxies import remote_of
from autograder.execution.remote import Remote
from autograder.protocol.operations import Operation
from autograder.protocol.serialization import Tagged
from autograder.protocol.values import Kind, TransferError

ASKED = {
    "dataclasses": ("is_dataclass", "fields", "asdict", "astuple", "replace"),
    "inspect": ("isabstract",),
    "typing": ("get_type_hints",),
}
MAX_MEMBERS = 2_000


def install() -> None:
    """Have these functions ask the worker about a proxy; of the rest they say what they did."""
    for module, names in ASKED.items():
        home = importlib.import_module(module)
        for name in names:
            setattr(home, name, _asking(module, getattr(home, name)))
    getmembers = inspect.getmembers

    @functools.wraps(getmembers)
    def members_too(object: Any, predicate: Callable[[Any], bool] | None = None) -> list[tuple[str, Any]]:
        remote = remote_of(object)
        return getmembers(object, predicate) if remote is None else _members(remote, object, predicate)

    inspect.getmembers = members_too


def _asking(module: str, function: Callable[..., Any]) -> Callable[..., Any]:
    name, way = function.__name__, f"{module}.{function.__name__}"
    asked = Tagged(Kind.NAMED, f"{module}:{name}")

    @functools.wraps(function)
    def asking(*args: Any, **kwargs: Any) -> Any:
        remote = remote_of(args[0]) if args else None
        if remote is None:
            return function(*args, **kwargs)
        result = remote.client.ask(
            Operation.CALL,
            (asked, remote.reference, *args[1:]),
            kwargs,
            doing=f"`{name}`",
            way=way,
        )
        return result is True if name.startswith("is") else result

    return asking


def _members(remote: Remote, proxy: Any, predicate: Callable[[Any], bool] | None) -> list[tuple[str, Any]]:
    """Return the members of a student's object or class, as `inspect.getmembers` does."""
    members = []
    for name in sorted(dir(proxy))[:MAX_MEMBERS]:
        try:
            value = remote.attribute(name)
        except (AttributeError, TransferError):
            continue
        if predicate is None or predicate(value):
            members.append((name, value))
    return members
