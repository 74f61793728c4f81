"""Classes of the submission that are data with something added, such as `class Stack(list)`."""

from __future__ import annotations

from typing import Any

from autograder.protocol import named_tuples
from autograder.protocol.lineage import is_data

_OF_EVERY_CLASS = frozenset([
    "__module__", "__qualname__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__slots__",
    "__firstlineno__", "__static_attributes__", "__match_args__", "__orig_bases__", "__annotate__",
])  # fmt: skip
_OF_NAMED_TUPLES = _OF_EVERY_CLASS | {
    "__new__", "__repr__", "__getnewargs__", "_fields", "_field_defaults", "_make", "_replace", "_asdict",
    "__replace__",
}  # fmt: skip


def has_own(kind: Any) -> bool:
    """Return whether a class of the submission is data and has methods or attributes of its own."""
    if (
        type(kind).__module__ != "builtins"
        or kind.__module__ != "__main__"
        or issubclass(kind, BaseException)
    ):
        return False
    own = [base for base in kind.__mro__ if base.__module__ == "__main__"]
    if named_tuples.is_named_tuple(own[-1]):
        *more, fields = own
        added = vars(fields).keys() - _OF_NAMED_TUPLES - {*fields._fields}
        return bool(added) or any(vars(one).keys() - _OF_EVERY_CLASS for one in more)
    bases = [base for base in kind.__mro__ if base not in own]
    is_derived = any(is_data(f"{base.__module__}:{base.__qualname__}") for base in bases)
    return is_derived and any(vars(one).keys() - _OF_EVERY_CLASS for one in own)
