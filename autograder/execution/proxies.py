"""Proxies of the student's objects, which stay in the worker.

Every operation on a proxy is one request to the worker and one copied reply. An object of the
submission decides how it compares, prints or converts itself only where the test asks the student's
own class for just that.
"""

from __future__ import annotations

import types
from collections.abc import Generator, Iterator
from typing import Any, Protocol, TypeVar, cast

from autograder.protocol import values
from autograder.protocol.messages import RemoteDescription
from autograder.protocol.operations import BINARY, COMPARISONS, UNARY, Operation
from autograder.protocol.serialization import Tagged
from autograder.protocol.values import Kind, TransferError

T = TypeVar("T")


class Client(Protocol):
    """Client that sends requests to the worker."""

    def ask(
        self,
        operation: Operation,
        args: tuple[Any, ...],
        kwargs: dict[str, Any] | None = None,
        *,
        doing: str = "",
        way: str = "",
    ) -> Any:
        """Have the worker do something; return a copy of the result."""

    def is_asked_class(self, reference: int) -> bool:
        """Return whether a class of the worker is one that the student was asked to write."""


def reference(number: int) -> Tagged:
    """Return the tagged value that names an object of the worker."""
    return Tagged(Kind.REFERENCE, number)


def function(client: Client, name: str, described: RemoteDescription, way: str) -> types.FunctionType:
    """Make a real function, so that `inspect` and `callable` see it as they see the student's."""
    number = described.reference

    def proxy(*args: Any, **kwargs: Any) -> Any:
        return client.ask(Operation.CALL, (reference(number), *args), kwargs, doing=f"`{name}`", way=way)

    proxy.__code__ = proxy.__code__.replace(
        co_filename="<the student's code>", co_name=name, co_qualname=name
    )
    proxy.__name__ = proxy.__qualname__ = name
    proxy.__module__ = "submission"
    proxy.__doc__ = values.plain(described.doc) or None
    signature = values.rebuild_signature(described.signature)
    if signature is not None:
        vars(proxy)["__signature__"] = signature
    vars(proxy)["_reference"] = number
    return cast(types.FunctionType, proxy)


def generator(client: Client, number: int) -> Generator[Any, Any, Any]:
    """Make a generator that takes each item from the student's and passes sent values on to it."""
    here, value = reference(number), None
    while True:
        try:
            if value is None:
                sent = client.ask(Operation.NEXT, (here,))
            else:
                sent = client.ask(Operation.SEND, (here, value))
        except StopIteration as stop:
            return stop.value
        value = yield sent


class RemoteObject:
    """Proxy of an object of the submission; the worker answers its attributes, items and calls.

    Comparing, converting to an array or calculating with it is refused, because an object could
    call itself equal to anything: a result must be plain data. Only an instance of a class that the
    student was asked to write, made by the test, has operators; with another object of the
    submission, only if that is an instance of such a class, too. A class is equal to itself alone.

    Parameters
    ----------
    client
        The client of the worker.
    described
        The worker's description of the object.
    kind
        ``Kind.CLASS`` or ``Kind.OBJECT``.
    asked
        True for a class that the student was asked to write, and for what the test made of one.
    way
        Names by which the test reaches the object, such as ``"Stack().push"``.
    """

    __slots__ = ("__weakref__", "_asked", "_client", "_described", "_is_class", "_name", "_type", "_way")
    __array_ufunc__ = None
    _asked: bool
    _client: Client
    _described: RemoteDescription
    _is_class: bool
    _name: str
    _type: str
    _way: str

    def __init__(
        self,
        client: Client,
        described: RemoteDescription,
        kind: Kind,
        *,
        asked: bool = False,
        way: str = "",
    ) -> None:
        for name, value in (
            ("_client", client),
            ("_described", described),
            ("_is_class", kind is Kind.CLASS),
            ("_name", values.identifier(described.name, "function")),
            ("_type", values.plain(described.type_name, 80) or "object"),
            ("_asked", asked),
            ("_way", way),
        ):
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name == "__name__" and self._is_class:
            return self._name
        if name == "__signature__" and self._is_class:
            signature = values.rebuild_signature(self._described.signature)
            if signature is not None:
                return signature
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._ask(Operation.ATTRIBUTE, name, doing=f"`.{name}`", way=f"{self._way}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask(Operation.SET_ATTRIBUTE, name, value)

    def __delattr__(self, name: str) -> None:
        self._ask(Operation.DELETE_ATTRIBUTE, name)

    @property
    def _reference(self) -> Tagged:
        return reference(self._described.reference)

    def _ask(self, operation: Operation, *args: Any, doing: str = "", way: str = "") -> Any:
        doing = doing or f"the {self._type} object"
        return self._client.ask(operation, (self._reference, *args), doing=doing, way=way or self._way)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object in the worker."""
        doing = f"`{self._name if self._is_class else self._type}`"
        arguments = (self._reference, *args)
        result = self._client.ask(Operation.CALL, arguments, kwargs, doing=doing, way=self._way)
        return asked_for(result) if self._asked and self._is_class else result

    def __instancecheck__(self, instance: Any) -> bool:
        return self._class_check(Operation.ISINSTANCE, instance)

    def __subclasscheck__(self, subclass: Any) -> bool:
        return self._class_check(Operation.ISSUBCLASS, subclass)

    def _class_check(self, operation: Operation, value: Any) -> bool:
        if not isinstance(value, RemoteObject | types.FunctionType):
            return False
        return self._client.ask(operation, (value, self._reference)) is True

    def __dir__(self) -> list[str]:
        return [values.plain(name) for name in self._ask(Operation.DIR)]

    def __iter__(self) -> Iterator[Any]:
        iterator = self._ask(Operation.ITER)
        if isinstance(iterator, RemoteObject):
            return iterator._items()
        return iter(iterator)

    def _items(self) -> Iterator[Any]:
        while True:
            try:
                item = self._ask(Operation.NEXT)
            except StopIteration:
                return
            yield item

    def __next__(self) -> Any:
        return self._ask(Operation.NEXT)

    def __contains__(self, item: Any) -> bool:
        if self._asked:
            return self._ask(Operation.CONTAINS, item) is True
        return any(item is other or item == other for other in self)

    def __hash__(self) -> int:
        return hash(("remote object", self._described.reference))

    def __bool__(self) -> bool:
        return self._exactly(bool, Operation.BOOL)

    def __len__(self) -> int:
        return self._exactly(int, Operation.LEN)

    def __str__(self) -> str:
        return self._exactly(str, Operation.STR)

    def __repr__(self) -> str:
        return self._exactly(str, Operation.REPR)

    def __int__(self) -> int:
        return self._exactly(int, Operation.INT)

    def __float__(self) -> float:
        return self._exactly(float, Operation.FLOAT)

    def _exactly(self, kind: type[T], operation: Operation) -> T:
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
        return self._ask(Operation.ITEM, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask(Operation.SET_ITEM, key, value)

    def __delitem__(self, key: Any) -> None:
        self._ask(Operation.DELETE_ITEM, key)

    def __copy__(self) -> Any:
        return self._ask(Operation.COPY)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self._ask(Operation.DEEPCOPY)

    def __enter__(self) -> Any:
        return self._ask(Operation.ENTER)

    def __exit__(self, *_: object) -> None:
        self._ask(Operation.EXIT)

    def _combine(self, operation: Operation, other: Any, *, swapped: bool = False) -> Any:
        if not self._has_operators_with(other):
            raise TransferError(self._refusal("compared or calculated with"))
        pair = (other, self._reference) if swapped else (self._reference, other)
        result = self._client.ask(operation, pair, doing=f"the {self._type} object", way=self._way)
        return _with_operators(result)

    def _has_operators_with(self, other: Any) -> bool:
        if not isinstance(other, RemoteObject):
            return self._asked and not self._is_class
        made_by_test = self._asked or other._asked
        return made_by_test and _is_of_asked_class(self) and _is_of_asked_class(other)

    def _unary(self, operation: Operation) -> Any:
        if not self._asked or self._is_class:
            raise TransferError(self._refusal("compared or calculated with"))
        return _with_operators(self._ask(operation))

    def _is_same(self, other: Any) -> bool | None:
        """Return whether another value is this object, None where its class is to be asked."""
        if other is self or other is None:
            return other is self
        if isinstance(other, RemoteObject) and other._described.reference == self._described.reference:
            return True
        return False if self._is_class else None

    def __eq__(self, other: Any) -> Any:
        same = self._is_same(other)
        return self._combine(Operation.EQ, other) if same is None else same

    def __ne__(self, other: Any) -> Any:
        same = self._is_same(other)
        return self._combine(Operation.NE, other) if same is None else not same


def _binary(operation: Operation, *, swapped: bool = False) -> Any:
    return lambda self, other: self._combine(operation, other, swapped=swapped)


def _unary(operation: Operation) -> Any:
    return lambda self: self._unary(operation)


for _operation in (*BINARY, *COMPARISONS):
    setattr(RemoteObject, f"__{_operation.rstrip('_')}__", _binary(_operation))
for _operation in BINARY:
    setattr(RemoteObject, f"__r{_operation.rstrip('_')}__", _binary(_operation, swapped=True))
for _operation in UNARY:
    setattr(RemoteObject, f"__{_operation}__", _unary(_operation))


def _is_of_asked_class(value: Any) -> bool:
    """Return whether a value is an instance of a class that the student was asked to write."""
    return (
        isinstance(value, RemoteObject)
        and not value._is_class
        and (value._asked or value._client.is_asked_class(value._described.class_reference))
    )


def _with_operators(result: Any) -> Any:
    """Return what an operator gave: an instance of a requested class has operators again."""
    return asked_for(result) if _is_of_asked_class(result) else result


def asked_for(value: Any) -> Any:
    """Return a requested class, or the test's instance of one, as a proxy that has its operators.

    Results of the instance's attributes and methods have no operators of their own, even if they
    are the instance itself.
    """
    if not isinstance(value, RemoteObject):
        return value
    kind = Kind.CLASS if value._is_class else Kind.OBJECT
    return type(value)(value._client, value._described, kind, asked=True, way=value._way)
