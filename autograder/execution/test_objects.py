"""A test's own objects and classes, as the student's code sees them: public names, one by one.

The object stays in the judge. Each use of its stand-in is one callback; nothing but public names
and the special methods of its class can be asked for, and of a library's object what
`autograder.execution.given` lists.
"""

from __future__ import annotations

import copy
import itertools
import types
from collections.abc import Callable
from typing import Any

from autograder.execution import given
from autograder.protocol.libraries import imported
from autograder.protocol.values import MAX_NAME, identifier

MOST = 1_000  # objects in one test
MOST_ITEMS = 100_000
SPECIALS = (
    "__call__", "__len__", "__iter__", "__next__", "__getitem__", "__setitem__", "__delitem__",
    "__contains__", "__enter__", "__exit__", "__bool__", "__int__", "__float__", "__index__", "__str__",
    "__repr__", "__format__", "__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__add__", "__sub__",
    "__mul__", "__truediv__", "__neg__", "__abs__", "__reversed__", "__iadd__", "__imul__", "__rmul__",
    "__floordiv__", "__mod__", "__radd__", "__rsub__", "__rtruediv__",
)  # fmt: skip
OF_CLASS = ("__call__", "__instancecheck__")
_CONTAINERS = (list, dict, set)


def is_own(value: Any) -> bool:
    """Return whether a value is an instance of a class that a test makes for itself."""
    kind = type(value)
    if isinstance(value, type | types.FunctionType | types.MethodType):
        return False
    mock = imported("unittest.mock")
    if mock is not None and issubclass(kind, mock.NonCallableMock):
        return True
    return kind is types.SimpleNamespace or kind.__module__ == "__main__"


def is_own_class(value: Any) -> bool:
    """Return whether a value is a class that a test makes for itself."""
    return isinstance(value, type) and value.__module__ == "__main__"


def is_own_container(value: Any) -> bool:
    """Return whether a value is a list, dict or set with methods that the test has written."""
    kind = type(value)
    base = next((base for base in _CONTAINERS if issubclass(kind, base)), None)
    if base is None or kind.__module__ != "__main__":
        return False
    own = {name for each in kind.__mro__ if each.__module__ == "__main__" for name in vars(each)}
    return bool(own & ({name for name in vars(base) if name not in vars(object)} | {"__missing__"}))


def description(number: int, value: Any) -> tuple[int, str, tuple[str, ...], str]:
    """Describe an object: number, name of its class, special methods, Python's own class of it."""
    if isinstance(value, type):
        return number, identifier(value.__name__, "Class")[:MAX_NAME], OF_CLASS, ""
    kind = type(value)
    name = identifier(kind.__name__, "Object")[:MAX_NAME]
    specials = [name for name in SPECIALS if _defines(kind, name)]
    own = f"__main__:{kind.__name__}" if kind.__module__ == "__main__" else ""
    base = next((f"builtins:{one.__name__}" for one in _CONTAINERS if issubclass(kind, one)), own)
    return number, name, tuple(specials), base


def _defines(kind: type, name: str) -> bool:
    return any(vars(base).get(name) is not None for base in kind.__mro__ if base is not object)


def answer(value: Any, operation: str, name: str, *args: Any, **kwargs: Any) -> Any:
    """Do with a test's object what its stand-in is asked for.

    Raises
    ------
    AttributeError
        If the name is not public.
    TooManyError
        If an iteration has more items than cross at once.
    """
    if type(name) is not str or type(operation) is not str:
        raise AttributeError("no such attribute")
    is_class = isinstance(value, type)
    kind = None if is_class or is_own(value) else given.kind_of(value)
    if operation == "copy" and not is_class and kind is None:
        return copy.deepcopy(value) if name == "__deepcopy__" else copy.copy(value)
    if operation == "special" and _has_special(value, name):
        if kind is not None and name not in kind.specials:
            raise given.not_given(value, name)
        if kind is None:
            for asked in ("__new__", "__init__") if is_class else (name,):
                _require_own(value, asked)
        return _special_answer(value, name, args, kwargs)
    if name.startswith("_") or not name.isidentifier():
        raise AttributeError(f"{type(value).__name__!r} object has no attribute {name[:80]!r}")
    if operation == "get" and not args:
        if kind is not None:
            return given.public(value, kind, name)
        _require_own(value, name)
        return getattr(value, name)
    if operation == "set" and len(args) == 1 and kind is None:
        if is_class:
            raise given.not_given(value, name)
        _require_own(value, name)
        setattr(value, name, args[0])
        return None
    raise AttributeError("no such operation")


def _require_own(value: Any, name: str) -> None:
    """Look at where an object or class of the test's has a name from.

    Raises
    ------
    given.NotGivenError
        If it inherits the name from a library, whose code could open the judge's files.
    AttributeError
        If a class has no such name, which its metaclass may have.
    """
    kind = value if isinstance(value, type) else type(value)
    if kind is not value and name in getattr(value, "__dict__", ()):
        return
    asked = (name,) if kind is value else (name, "__getattr__")
    owner = next((base for one in asked for base in kind.__mro__ if one in vars(base)), None)
    if owner is None and kind is value:
        raise AttributeError(f"{kind.__name__!r} object has no attribute {name[:80]!r}")
    if owner is not None and owner.__module__ != "__main__" and not given.is_lent(owner, name):
        raise given.not_given(value, name)


def _has_special(value: Any, name: str) -> bool:
    if isinstance(value, type):
        return name in OF_CLASS
    return name in SPECIALS and _defines(type(value), name)


def _special_answer(value: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if isinstance(value, type):
        if name == "__call__":
            return value(*args, **kwargs)
        base = next(each for each in value.__mro__ if each.__module__ != "__main__")
        return isinstance(args[0], value) or type(args[0]) is base  # as which its data crosses
    result = getattr(type(value), name)(value, *args, **kwargs)
    if name == "__iter__" and result is not value:
        items = list(itertools.islice(result, MOST_ITEMS + 1))
        if len(items) > MOST_ITEMS:
            raise TooManyError(f"the test's {type(value).__name__} gives more than {MOST_ITEMS:,} items")
        return items
    return result


class TooManyError(ValueError):
    """An iteration of a test's object that is longer than what crosses at once."""


class StandIn:
    """A test's object in the worker."""

    __slots__ = ("_ask", "_number")

    def __init__(self, number: int, ask: Callable[..., Any]) -> None:
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_ask", ask)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._ask("get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set", name, value)

    def __copy__(self) -> Any:
        return self._ask("copy", "__copy__")

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self._ask("copy", "__deepcopy__")


def stand_in(
    number: int, name: str, specials: tuple[str, ...], claimed: type | None, ask: Callable[..., Any]
) -> StandIn:
    """Make the stand-in of a test's object, with the special methods of its class.

    Parameters
    ----------
    number, name, specials
        As `description` gives them.
    claimed
        The class that it is an instance of to `isinstance`; None for its own.
    ask
        Has the judge do something with the object.
    """
    members: dict[str, Any] = {"__slots__": (), "__module__": "test"}
    members |= {special: _special(special) for special in specials if special in (*SPECIALS, *OF_CLASS)}
    if "__eq__" in members:
        members["__hash__"] = object.__hash__
    if "__instancecheck__" in members:
        members |= {"__name__": name, "__qualname__": name}
    elif claimed is not None:
        members["__class__"] = property(lambda self: claimed)
    kind: type[StandIn] = type(name, (StandIn,), members)
    return kind(number, ask)


def _special(name: str) -> Callable[..., Any]:
    if name == "__iter__":
        return _iterate
    return lambda self, *args, **kwargs: self._ask("special", name, *args, **kwargs)


def _iterate(self: StandIn) -> Any:
    items = self._ask("special", "__iter__")
    return items if items is self else iter(items)


def number_of(value: Any) -> int | None:
    """Return the number of the test's object behind a stand-in, None for any other value."""
    if not issubclass(type(value), StandIn):
        return None
    number = object.__getattribute__(value, "_number")
    return number if type(number) is int else None
