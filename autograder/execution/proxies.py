"""The judge's side of the student's names: copies of plain values, stand-ins for what stays in the worker.

Every operation on a stand-in is one question to the worker and one copied answer. What comes back is never
asked how it compares, prints or converts itself unless the test asks the student's own class for just that.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autograder.protocol import values
from autograder.protocol.serialization import Tagged
from autograder.protocol.values import TransferError

if TYPE_CHECKING:
    from autograder.execution.client import WorkerClient


def function(client: WorkerClient, number: int, name: str, body: dict) -> types.FunctionType:
    """Make a real function, so that `inspect` and `callable` say what they say of the student's."""

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        return client.ask("call", Reference(number), *args, doing=f"`{name}`", **kwargs)

    stand_in.__code__ = stand_in.__code__.replace(
        co_filename="<the student's code>", co_name=name, co_qualname=name
    )
    stand_in.__name__ = stand_in.__qualname__ = name
    stand_in.__module__ = "submission"
    stand_in.__doc__ = values.plain(body.get("doc")) or None
    signature = values.rebuild_signature(body.get("signature"))
    if signature is not None:
        stand_in.__signature__ = signature
    stand_in._reference = number
    return stand_in


def generator(client: WorkerClient, number: int) -> Iterator:
    """Make a generator that asks the student's for each item, and passes on what is sent to it."""
    here, value = Reference(number), None
    while True:
        try:
            sent = client.ask("next", here) if value is None else client.ask("send", here, value)
        except StopIteration as stop:
            return stop.value
        value = yield sent


def Reference(number: int) -> Tagged:  # noqa: N802 - it makes a value of that kind
    """Name an object of the worker."""
    return Tagged("reference", number)


class RemoteObject:
    """An object of the submission: its attributes, items and calls are asked of the worker.

    Comparing, converting to an array or calculating with it is refused, unless it is an instance of a class
    that the student was asked to write, made by the test, or the other side is an object of the submission
    as well: an answer must be plain data, because an object could call itself equal to anything.
    """

    __slots__ = (
        "__weakref__",
        "_asked",
        "_client",
        "_doc",
        "_kind",
        "_name",
        "_reference",
        "_signature",
        "_type",
    )
    __array_ufunc__ = None

    def __init__(
        self, client: WorkerClient, number: int, type_name: str, kind: str = "object", *, name: str = "",
        asked: bool = False, doc: str = "", signature: Any = None,
    ) -> None:  # fmt: skip
        for key, value in (
            ("_client", client), ("_reference", number), ("_type", type_name), ("_kind", kind),
            ("_name", name), ("_asked", asked), ("_doc", doc), ("_signature", signature),
        ):  # fmt: skip
            object.__setattr__(self, key, value)

    def __getattr__(self, name: str) -> Any:
        if name == "__name__" and self._kind == "class":
            return self._name
        if name == "__signature__" and self._kind == "class":
            signature = values.rebuild_signature(self._signature)
            if signature is not None:
                return signature
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._ask("attribute", name, doing=f"`.{name}`")

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set attribute", name, value)

    def __delattr__(self, name: str) -> None:
        self._ask("delete attribute", name)

    def _ask(self, operation: str, *args: Any, doing: str = "", **kwargs: Any) -> Any:
        doing = doing or f"the {self._type} object"
        return self._client.ask(operation, Reference(self._reference), *args, doing=doing, **kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the worker."""
        result = self._ask("call", *args, doing=f"`{self._name or self._type}`", **kwargs)
        return _asked_for(result) if self._asked and self._kind == "class" else result

    def __instancecheck__(self, instance: Any) -> bool:
        return self._class_check("isinstance", instance)

    def __subclasscheck__(self, subclass: Any) -> bool:
        return self._class_check("issubclass", subclass)

    def _class_check(self, operation: str, value: Any) -> bool:
        if not isinstance(value, RemoteObject | types.FunctionType):
            return False
        return self._client.ask(operation, value, Reference(self._reference)) is True

    def __dir__(self) -> list[str]:
        return [values.plain(name) for name in self._ask("dir")]

    def __iter__(self) -> Iterator:
        iterator = self._ask("iter")
        return iterator if not isinstance(iterator, RemoteObject) else iterator._items()

    def _items(self) -> Iterator:
        while True:
            try:
                item = self._ask("next")
            except StopIteration:
                return
            yield item

    def __next__(self) -> Any:
        return self._ask("next")

    def __contains__(self, item: Any) -> bool:
        if self._asked:
            return self._ask("contains", item) is True
        return any(item is one or item == one for one in self)

    def __hash__(self) -> int:
        return hash(("opaque", self._reference))

    def __bool__(self) -> bool:
        return self._exactly(bool, "bool")

    def __len__(self) -> int:
        return self._exactly(int, "len")

    def __str__(self) -> str:
        return self._exactly(str, "str")

    def __repr__(self) -> str:
        return self._exactly(str, "repr")

    def __int__(self) -> int:
        return self._exactly(int, "int")

    def __float__(self) -> float:
        return self._exactly(float, "float")

    def _exactly(self, kind: type, operation: str) -> Any:
        result = self._ask(operation)
        if type(result) is not kind:
            raise TransferError(f"{operation}() of a {self._type} object gave no {kind.__name__}")
        return result

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TransferError(self._refusal("used as an array"))

    def _refusal(self, use: str) -> str:
        return (
            f"expected plain data (a number, text, a list, an array …), got a {self._type} object, "
            f"which cannot be {use}"
        )

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("set item", key, value)

    def __delitem__(self, key: Any) -> None:
        self._ask("delete item", key)

    def __copy__(self) -> Any:
        return self._ask("copy")

    def __deepcopy__(self, memo: dict) -> Any:
        return self._ask("deepcopy")

    def __enter__(self) -> Any:
        return self._ask("enter")

    def __exit__(self, *_: object) -> None:
        self._ask("exit")

    def _with(self, operation: str, other: Any, *, swapped: bool = False) -> Any:
        if not (self._asked or isinstance(other, RemoteObject)):
            raise TransferError(self._refusal("compared or calculated with"))
        here = Reference(self._reference)
        pair = (other, here) if swapped else (here, other)
        result = self._client.ask(operation, *pair, doing=f"the {self._type} object")
        return _asked_for(result) if self._asked or other._asked else result

    def __eq__(self, other: Any) -> Any:
        if other is self or other is None:
            return other is self
        return self._with("eq", other)

    def __ne__(self, other: Any) -> Any:
        if other is self or other is None:
            return other is not self
        return self._with("ne", other)


def _operators() -> None:
    for name in ("lt", "le", "gt", "ge"):
        setattr(RemoteObject, f"__{name}__", lambda self, other, name=name: self._with(name, other))
    for name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor"):
        bare = name.rstrip("_")
        setattr(RemoteObject, f"__{bare}__", lambda self, other, name=name: self._with(name, other))
        setattr(
            RemoteObject, f"__r{bare}__", lambda self, other, name=name: self._with(name, other, swapped=True)
        )
    for name in ("neg", "pos", "invert", "abs"):
        setattr(RemoteObject, f"__{name}__", lambda self, name=name: self._unary(name))


def _unary(self: RemoteObject, name: str) -> Any:
    if not self._asked:
        raise TransferError(self._refusal("compared or calculated with"))
    return _asked_for(self._ask(name))


def _asked_for(result: Any) -> Any:
    """Return what the test made of a class that was asked for: another stand-in, with the class's operators.

    What the same object's attributes and methods give stays without them, be it the object itself.
    """
    if not isinstance(result, RemoteObject):
        return result
    return type(result)(
        result._client, result._reference, result._type, result._kind,
        name=result._name, asked=True, doc=result._doc, signature=result._signature,
    )  # fmt: skip


RemoteObject._unary = _unary
_operators()
