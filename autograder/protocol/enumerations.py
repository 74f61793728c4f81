"""Enumerations of the submission that are names and plain values: made anew in the judge.

One with methods or values of its own kind stays in the worker, as any class does.
"""

from __future__ import annotations

import enum
from typing import Any

from autograder.protocol.bounds import SerializationError, keep_class
from autograder.protocol.values import identifier, plain

MAX_MEMBERS = 1_000
_KINDS: dict[str, Any] = {
    kind.__name__: kind for kind in (enum.IntFlag, enum.Flag, enum.IntEnum, enum.StrEnum, enum.Enum)
}
_MIXED: dict[str, type | None] = {"object": None, "int": int, "str": str, "float": float}
_OF_KIND = {"IntFlag": int, "IntEnum": int, "StrEnum": str}
_VALUES = (int, str, float, bool, bytes, type(None))


def describe_class(kind: Any, reference: int) -> list[Any] | None:
    """Return the parts of an enumeration's class; None for another class.

    Parameters
    ----------
    kind
        Any class.
    reference
        The worker's number of it.
    """
    if type(kind) is not enum.EnumType or kind.__module__ in ("enum", *_KINDS):
        return None
    found: Any = kind  # with what `EnumType` keeps
    own = [base for base in kind.__mro__ if base.__module__ == "__main__"]
    base = next((each for each in _KINDS.values() if issubclass(kind, each)), None)
    mixed = found._member_type_.__name__
    members = [[name, member._value_] for name, member in found.__members__.items()]
    if base is None or not own or mixed not in _MIXED or len(members) > MAX_MEMBERS or not members:
        return None
    if any(_has_code(value) for each in own for value in vars(each).values()):
        return None
    if not all(_is_value(value) for _, value in members):
        return None
    return [kind.__name__, base.__name__, mixed, members, reference, plain(kind.__doc__ or "")]


def _has_code(value: Any) -> bool:
    value = getattr(value, "__func__", None) or getattr(value, "fget", None) or value
    return callable(value) and getattr(value, "__module__", None) == "__main__"


def _is_value(value: Any) -> bool:
    if type(value) is tuple:
        return all(type(part) in _VALUES for part in value)
    return type(value) in _VALUES and not (type(value) is int and abs(value) >= 2**63)


def describe_member(member: Any, reference: int) -> list[Any] | None:
    """Return the parts of a member, its class among them; None for another value."""
    described = describe_class(type(member), reference)
    return None if described is None else [described, key_of(member)]


def key_of(member: enum.Enum) -> Any:
    """Return what names a member within its class: of flags, which may be several, the value."""
    return member._value_ if isinstance(member, enum.Flag) else member._name_


def member_of(kind: Any, key: Any) -> Any:
    """Return the member of a class that `key_of` names.

    Raises
    ------
    SerializationError
        If there is none.
    """
    try:
        return kind(key) if issubclass(kind, enum.Flag) else kind.__members__[key]
    except (KeyError, ValueError, TypeError):
        raise SerializationError("a member that its enumeration has not") from None


def build_class(body: Any, known: dict[int, Any]) -> Any:
    """Make the class of `describe_class`, once for each number.

    Raises
    ------
    SerializationError
        If the description is none.
    """
    if type(body) is not list or [*map(type, body)] != [str, str, str, list, int, str]:
        raise SerializationError("an enumeration is damaged")
    name, base, mixed, members, reference, doc = body
    if reference in known:
        return known[reference]
    if base not in _KINDS or mixed not in _MIXED or len(members) > MAX_MEMBERS:
        raise SerializationError("an enumeration is damaged: its kind")
    for member in members:
        if (
            type(member) is not list
            or len(member) != 2
            or not _is_name(member[0])
            or not _is_value(member[1])
        ):
            raise SerializationError("an enumeration is damaged: a member")
    own = _MIXED[mixed] if base in ("Enum", "Flag") else None
    value_type = own or _OF_KIND.get(base)  # whose constructor takes the values: no other arguments
    if value_type is not None and any(type(value) is not value_type for _, value in members):
        raise SerializationError("an enumeration is damaged: a value of another type")
    more = {} if own is None else {"type": own}
    try:
        kind: Any = _KINDS[base](identifier(name, "Enumeration"), members, module="submission", **more)
    except (TypeError, ValueError, AttributeError) as error:
        raise SerializationError(f"an enumeration cannot be made here: {type(error).__name__}") from None
    kind._reference = reference
    kind.__doc__ = doc or None
    keep_class(known, reference, kind)
    return kind


def _is_name(name: Any) -> bool:
    return type(name) is str and name.isidentifier() and not name.startswith("_") and len(name) <= 120


def build_member(body: Any, known: dict[int, Any]) -> Any:
    """Return the member of `describe_member`, its class made if need be.

    Raises
    ------
    SerializationError
        If the description is none.
    """
    if type(body) is not list or len(body) != 2:
        raise SerializationError("a member of an enumeration is damaged")
    return member_of(build_class(body[0], known), body[1])
