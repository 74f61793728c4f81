"""Named tuples: their class is made anew on the other side, of its name and its fields."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Self

from autograder.protocol.bounds import SerializationError, keep_class
from autograder.protocol.values import SHARED, identifier

MAX_FIELDS = 1_000


class NamedTuple(tuple[Any, ...]):
    """Base of the classes that are made here, with the methods that named tuples have."""

    _fields: tuple[str, ...] = ()
    _reference: int  # the worker's number of the class, 0 for a class of the test's

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, /, **changed: Any) -> Self:
        unknown = changed.keys() - set(self._fields)
        if unknown:
            raise ValueError(f"Got unexpected field names: {sorted(unknown)!r}")
        return type(self)(changed.get(name, own) for name, own in self._asdict().items())

    @classmethod
    def _make(cls, items: Any) -> Self:
        return cls(items)

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (tuple(self),)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={own!r}" for name, own in self._asdict().items())
        return f"{type(self).__name__}({fields})"


def describe(value: Any, reference: int) -> list[Any] | None:
    """Return the parts of a named tuple; None for another value.

    Parameters
    ----------
    value
        Any value.
    reference
        The worker's number of its class, 0 where it has none.
    """
    kind = type(value)
    if not isinstance(value, tuple) or not is_named_tuple(kind):
        return None
    fields = list(kind._fields)
    own = getattr(value, "__dict__", {})
    more = {
        name: part
        for name, part in own.items()
        if type(name) is str and not name.startswith("_") and name not in fields
    }
    return [kind.__name__, fields, [*tuple.__iter__(value)], reference, more]


def is_named_tuple(kind: type) -> bool:
    """Return whether a class is a named tuple's: its only base is tuple, or it is a library's."""
    if not issubclass(kind, tuple) or not isinstance(getattr(kind, "_fields", None), tuple | list):
        return False
    return kind.__base__ in (tuple, NamedTuple) or kind.__module__.partition(".")[0] in SHARED


def build(body: Any, classes: dict[Any, type]) -> Any:
    """Make a named tuple of the parts that `describe` gave.

    Parameters
    ----------
    body
        The parts, perhaps of a process that is not trusted.
    classes
        The classes that are known, by what describes them; gets the new one.

    Raises
    ------
    SerializationError
        If the parts do not agree.
    """
    try:
        name, fields, items, reference, more = body
        names = tuple(identifier(field, f"field_{place}") for place, field in enumerate(fields))
        items = tuple(items)
        key = (reference, identifier(name, "named_tuple"), names)
        hash(key)
    except (TypeError, ValueError):
        raise SerializationError("a part of it is damaged") from None
    if type(reference) is not int or type(more) is not dict:
        raise SerializationError("a part of it is damaged")
    if len(names) > MAX_FIELDS or len(names) != len(items) or not all(map(_is_free, names)):
        return items  # a field must not stand in the place of a method
    if key not in classes:
        keep_class(classes, key, _new_class(*key))
    made = classes[key](items)
    _set(made, more)
    return made


def _new_class(reference: int, name: str, names: tuple[str, ...]) -> type:
    members: dict[str, Any] = {field: property(itemgetter(place)) for place, field in enumerate(names)}
    members |= {"_fields": names, "_reference": reference, "__match_args__": names}
    members["__module__"] = "submission"
    return type(name, (NamedTuple,), members)


def _set(made: Any, more: Mapping[Any, Any]) -> None:
    for name, value in more.items():
        if type(name) is str and name.isidentifier() and _is_free(name) and name not in made._fields:
            vars(made)[name] = value


def _is_free(name: str) -> bool:
    return not name.startswith("_") and not hasattr(tuple, name)
