"""Proxies of the student's objects, which stay in the worker.

Every operation on a proxy is one request to the worker and one copied reply. An object of the
submission decides how it compares, prints or converts itself only where the test asks the student's
own class for just that.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any

from autograder.execution import asynchronous, derived_data
from autograder.execution.remote import Client, Remote, described_error, reference
from autograder.protocol import values
from autograder.protocol.lineage import collection
from autograder.protocol.messages import RemoteDescription
from autograder.protocol.operations import BINARY, COMPARISONS, IN_PLACE, SPECIALS, UNARY, Operation
from autograder.protocol.values import Kind

# Attributes with special names that a test may read. Those by which libraries ask an object what it
# is, such as __array_interface__, are not among them.
READABLE = frozenset([
    "__abstractmethods__", "__annotations__", "__bases__", "__dataclass_fields__", "__dataclass_params__",
    "__defaults__", "__dict__", "__func__", "__kwdefaults__", "__match_args__", "__members__", "__mro__",
    "__name__", "__self__", "__wrapped__",
])  # fmt: skip
# Of functions that are not written in Python, or bound to an object: `inspect` tells them apart.
_FUNCTION_TYPES: dict[str, Any] = {
    "method": types.MethodType, "builtin_function_or_method": types.BuiltinFunctionType,
    "wrapper_descriptor": types.WrapperDescriptorType, "method-wrapper": types.MethodWrapperType,
    "method_descriptor": types.MethodDescriptorType,
}  # fmt: skip


def generator(client: Client, number: int) -> Generator[Any, Any, Any]:
    """Make a generator that takes each item from the student's.

    What the test sends or throws into it is passed on.
    """
    here = reference(number)
    operation = Operation.NEXT
    arguments: tuple[Any, ...] = (here,)
    while True:
        try:
            item = client.ask(operation, arguments)
        except StopIteration as stop:
            return stop.value
        try:
            value = yield item
        except Exception as error:
            operation, arguments = Operation.THROW, (here, *described_error(error))
        else:
            operation = Operation.NEXT if value is None else Operation.SEND
            arguments = (here,) if value is None else (here, value)


class RemoteObject:
    """Proxy of an object of the submission; the worker answers its attributes, items and calls.

    Comparing, converting to an array or calculating with it is refused, because an object could
    call itself equal to anything: a result must be plain data. Only an instance of a class that the
    student was asked to write, made by the test, has operators; with another object of the
    submission, only if that is an instance of such a class, too. A class is equal to itself alone.

    The special methods of `operations.SPECIALS` are those that the student's object has; the class
    of each proxy is made with them by `proxy`.

    Parameters
    ----------
    remote
        The object, and how it is reached.
    """

    __slots__ = ("__remote", "__weakref__")
    __array_ufunc__ = None

    def __init__(self, remote: Remote) -> None:
        object.__setattr__(self, "_RemoteObject__remote", remote)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        remote = _remote(self)
        if remote.is_class:
            return type
        return remote.claimed or type(self)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        remote = _remote(self)
        why = f"the test derives a class from the student's `{remote.name}`, which stays in its own process"
        remote.client.fall_short(why)
        raise values.TransferError(why)

    def __getattr__(self, name: str) -> Any:
        remote = _remote(self)
        if name == "__code__" and remote.kind is Kind.FUNCTION:
            return remote.client.code_of(remote.way)
        if name in ("__name__", "__qualname__") and remote.kind is not Kind.OBJECT:
            return remote.name
        if name == "__signature__" and remote.kind is not Kind.OBJECT:
            signature = values.rebuild_signature(remote.described.signature)
            if signature is not None:
                return _annotated(remote, signature)
        is_special = name.startswith("__") and name.endswith("__")
        if is_special and not (name in READABLE or (remote.is_class and name in SPECIALS)):
            raise withheld(remote, name)
        return remote.attribute(name)

    def __setattr__(self, name: str, value: Any) -> None:
        _remote(self).ask(Operation.SET_ATTRIBUTE, name, value)

    def __delattr__(self, name: str) -> None:
        _remote(self).ask(Operation.DELETE_ATTRIBUTE, name)

    def __instancecheck__(self, instance: Any) -> bool:
        return self.__class_check(Operation.ISINSTANCE, instance)

    def __subclasscheck__(self, subclass: Any) -> bool:
        return self.__class_check(Operation.ISSUBCLASS, subclass)

    def __class_check(self, operation: Operation, value: Any) -> bool:
        remote = _remote(self)
        if not isinstance(value, RemoteObject):
            return derived_data.is_of(value if isinstance(value, type) else type(value), remote)
        return remote.client.ask(operation, (value, remote.reference)) is True

    def __dir__(self) -> list[str]:
        return [values.plain(name) for name in _remote(self).ask(Operation.DIR)]

    def __hash__(self) -> int:
        remote = _remote(self)
        if remote.is_of_asked_class:
            return remote.exactly(int, Operation.HASH)
        return hash(("remote object", remote.described.reference))

    def __str__(self) -> str:
        return _remote(self).exactly(str, Operation.STR)

    def __repr__(self) -> str:
        return _remote(self).exactly(str, Operation.REPR)

    def __format__(self, how: str) -> str:
        remote = _remote(self)
        if how and not remote.is_of_asked_class:
            raise remote.refusal("formatted as a number or text")
        return remote.exactly(str, Operation.FORMAT, how)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise _remote(self).refusal("used as an array")

    def __copy__(self) -> Any:
        return _remote(self).ask(Operation.COPY)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return _remote(self).ask(Operation.DEEPCOPY)

    def __eq__(self, other: Any) -> Any:
        same = self.__same(other)
        return _combine(self, Operation.EQ, other) if same is None else same

    def __ne__(self, other: Any) -> Any:
        same = self.__same(other)
        return _combine(self, Operation.NE, other) if same is None else not same

    def __same(self, other: Any) -> bool | None:
        remote = _remote(self)
        if remote.is_class and isinstance(other, type) and remote_of(other) is None:
            return derived_data.is_of(other, remote)
        return other is self if other is self or other is None else remote.is_same(remote_of(other))


class RemoteFunction(RemoteObject):
    """Proxy of a function; `inspect` and `isinstance` see a function.

    Parameters
    ----------
    remote
        The function, and how it is reached.
    """

    __slots__ = ()
    __module__ = "submission"

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return _FUNCTION_TYPES.get(_remote(self).type, types.FunctionType)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Call the function in the worker."""
        return _remote(self).call(args, kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __eq__(self, other: Any) -> Any:
        second = remote_of(other)
        return second is not None and _remote(self).is_same(second) is True

    def __ne__(self, other: Any) -> Any:
        return not self == other

    def __hash__(self) -> int:
        return RemoteObject.__hash__(self)

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self


class RemoteSequence(RemoteObject):
    """Proxy of a sequence, which `match` takes apart."""

    __slots__ = ()


class RemoteMapping(RemoteObject):
    """Proxy of a mapping, which `match` takes apart."""

    __slots__ = ()

    def get(self, key: Any, *default: Any) -> Any:
        """Return a value; `match` asks so, with an object of its own for a missing key."""
        if default and type(default[0]) is object:
            student: Any = self
            return student[key] if key in student else default[0]
        return _remote(self).attribute("get")(key, *default)


Sequence.register(RemoteSequence)
Mapping.register(RemoteMapping)


def _annotated(remote: Remote, signature: inspect.Signature) -> inspect.Signature:
    """Return a function's signature with its annotations."""
    told = remote.attribute("__annotations__") if remote.kind is Kind.FUNCTION else {}
    if type(told) is not dict or not told:
        return signature
    parameters = [
        each.replace(annotation=told.get(name, inspect.Parameter.empty))
        for name, each in signature.parameters.items()
    ]
    returns = told.get("return", inspect.Signature.empty)
    return signature.replace(parameters=parameters, return_annotation=returns)


def withheld(remote: Remote, name: str) -> AttributeError:
    """Return the error of an attribute that is not told, which says whose it is."""
    error = AttributeError(name)
    vars(error)["of_remote"] = remote
    return error


def remote_of(value: Any) -> Remote | None:
    """Return what is behind a proxy, None for any other value."""
    return _remote(value) if isinstance(value, RemoteObject) else None


def _remote(proxy: Any) -> Remote:
    remote: Remote = object.__getattribute__(proxy, "_RemoteObject__remote")
    return remote


def _call(self: Any, /, *args: Any, **kwargs: Any) -> Any:
    remote = _remote(self)
    result = remote.call(args, kwargs)
    return asked_for(result) if remote.asked and remote.is_class else result


def _iterate(self: Any) -> Iterator[Any]:
    iterator = _remote(self).ask(Operation.ITER)
    remote = remote_of(iterator)
    return iter(iterator) if remote is None else _items(remote)


def _items(remote: Remote) -> Iterator[Any]:
    while True:
        try:
            item = remote.ask(Operation.NEXT)
        except StopIteration:
            return
        yield item


def _contains(self: Any, item: Any) -> bool:
    if _remote(self).asked:
        return _remote(self).ask(Operation.CONTAINS, item) is True
    return any(item is other or item == other for other in self)


def _leave(self: Any, kind: Any, error: BaseException | None, trace: Any) -> bool:
    return _remote(self).leave(error)


def _exactly(kind: type, operation: Operation) -> Callable[..., Any]:
    return lambda self: _remote(self).exactly(kind, operation)


def _asking(operation: Operation) -> Callable[..., Any]:
    return lambda self, *args: _remote(self).ask(operation, *args)


def _combine(self: Any, operation: Operation, other: Any, *, swapped: bool = False) -> Any:
    result = _remote(self).combine(operation, other, remote_of(other), swapped=swapped)
    return _with_operators(result)


def _binary(operation: Operation, *, swapped: bool = False) -> Callable[..., Any]:
    return lambda self, other: _combine(self, operation, other, swapped=swapped)


def _in_place(operation: Operation) -> Callable[..., Any]:
    def operator(self: Any, other: Any) -> Any:
        result = _combine(self, operation, other)
        return self if remote_of(result) is not None and _remote(self).is_same(_remote(result)) else result

    return operator


def _unary(operation: Operation) -> Callable[..., Any]:
    return lambda self: _with_operators(_remote(self).unary(operation))


_SPECIAL: dict[str, Callable[..., Any]] = {
    "__await__": lambda self: asynchronous.result_of(_remote(self)),
    "__aiter__": lambda self: asynchronous.items_of(_remote(self)),
    "__anext__": lambda self: asynchronous.next_of(_remote(self)),
    "__aenter__": lambda self: asynchronous.entered(_remote(self)),
    "__aexit__": lambda self, kind, error, trace: asynchronous.left(_remote(self), error),
    "__call__": _call, "__iter__": _iterate, "__contains__": _contains, "__exit__": _leave,
    "__next__": _asking(Operation.NEXT), "__enter__": _asking(Operation.ENTER),
    "__getitem__": _asking(Operation.ITEM), "__setitem__": _asking(Operation.SET_ITEM),
    "__delitem__": _asking(Operation.DELETE_ITEM),
    "__bool__": _exactly(bool, Operation.BOOL), "__len__": _exactly(int, Operation.LEN),
    "__int__": _exactly(int, Operation.INT), "__float__": _exactly(float, Operation.FLOAT),
    **{f"__{operation}__": _in_place(operation) for operation in IN_PLACE},
}  # fmt: skip
for _operation in (*BINARY, *COMPARISONS):
    setattr(RemoteObject, f"__{_operation.rstrip('_')}__", _binary(_operation))
for _operation in BINARY:
    setattr(RemoteObject, f"__r{_operation.rstrip('_')}__", _binary(_operation, swapped=True))
for _operation in UNARY:
    setattr(RemoteObject, f"__{_operation}__", _unary(_operation))


def proxy(client: Client, described: RemoteDescription, kind: Kind, way: str) -> RemoteObject:
    """Make the proxy of a function, a class or another object."""
    remote = Remote(client, described, kind, way=way)
    names = () if kind is Kind.FUNCTION else described.specials
    members: dict[str, Any] = {name: _SPECIAL[name] for name in names if name in _SPECIAL}
    members |= {"__slots__": (), "__doc__": values.plain(described.doc) or None, "__module__": "submission"}
    base: type[RemoteObject] = RemoteFunction if kind is Kind.FUNCTION else RemoteObject
    if kind is Kind.OBJECT and (told := collection(described.lineage)) is not None:
        base = RemoteMapping if told is Mapping else RemoteSequence
    name = values.identifier(remote.type, "Object")
    own: type[RemoteObject] = type(name, (base,), members)
    return own(remote)


def _with_operators(result: Any) -> Any:
    """Return what an operator gave: an instance of a requested class has operators again."""
    remote = remote_of(result)
    return asked_for(result) if remote is not None and remote.is_of_asked_class else result


def asked_for(value: Any) -> Any:
    """Return a requested class, or the test's instance of one, as a proxy that has its operators.

    Results of the instance's attributes and methods have no operators of their own, even if they
    are the instance itself.
    """
    remote = remote_of(value)
    if remote is None or remote.asked:
        return value
    if remote.twin is None:
        kind = remote.kind
        twin = Remote(remote.client, remote.described, kind, asked=True, way=remote.way)
        remote.twin = type(value)(twin)
    return remote.twin
