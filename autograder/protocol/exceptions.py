"""Exceptions that cross: by a class that both sides know, or that the submission defines itself.

A class of the submission's is made anew in the judge, with its bases, so that ``except`` finds it.
A class of a library is found by its name, and no code of it runs: only `Exception.__new__`.
"""

from __future__ import annotations

import types
from dataclasses import asdict, dataclass
from typing import Any, Self

from autograder.protocol import values
from autograder.protocol.bounds import SerializationError
from autograder.protocol.libraries import imported
from autograder.protocol.serialization import pack
from autograder.protocol.validation import mapping, take

# Packages whose exceptions are the same on both sides, by name.
LIBRARIES = (*values.SHARED, "dataclasses", "decimal", "queue", "zipfile", "csv", "struct", "sqlite3")
MAX_FAMILY = 20
MAX_ATTRIBUTES = 50


@dataclass(frozen=True)
class ExceptionClass:
    """A class of exceptions that the submission defines.

    Parameters
    ----------
    name, reference
        Its name, and its number.
    base, library
        The nearest class that Python, and that a library has; "" for no library.
    parents
        The numbers of the submission's classes that it is derived from directly.
    """

    name: str
    reference: int
    base: str
    library: str = ""
    parents: tuple[int, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return the description as plain values."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Read `to_plain`.

        Raises
        ------
        SerializationError
            If it is no such description.
        """
        entries = mapping(plain, "a class of exceptions")
        parents = take(entries, "parents", tuple)
        if len(parents) > MAX_FAMILY or not all(type(number) is int for number in parents):
            raise SerializationError("a class of exceptions is damaged: its parents must be numbers")
        name, base, library = (take(entries, key, str) for key in ("name", "base", "library"))
        return cls(name, take(entries, "reference", int), base, library, parents)


def family_from_plain(plain: object) -> tuple[ExceptionClass, ...]:
    """Read the descriptions of a class and of those that it is derived from, itself the last.

    Raises
    ------
    SerializationError
        If they are none.
    """
    if type(plain) is not tuple or len(plain) > MAX_FAMILY:
        raise SerializationError("a class of exceptions is damaged")
    return tuple(map(ExceptionClass.from_plain, plain))


def own_classes(kind: type) -> list[type]:
    """Return a class and those that it is derived from, as a notebook defines them, itself last."""
    own = [base for base in kind.__mro__ if base.__module__ == "__main__" and issubclass(base, BaseException)]
    return own[:MAX_FAMILY][::-1]


def library_name(kind: type) -> str:
    """Return ``module:name`` of the nearest class of a library; "" where Python's own is nearer."""
    for base in kind.__mro__:
        if values.EXCEPTIONS.get(base.__name__) is base:
            return ""
        name = f"{base.__module__}:{base.__name__}"
        if library_class(name) is base:
            return name
    return ""


def library_class(name: str) -> type[Exception] | None:
    """Return the class of exceptions of an imported library, None if there is none of that name.

    A name leads to what the library's module holds by now: nothing is imported or computed.
    """
    module, _, attribute = name.partition(":")
    found = vars(imported(module)).get(attribute) if _is_library(module) else None
    if (
        isinstance(found, type)
        and issubclass(found, Exception)
        and not issubclass(found, values.CONTROL_FLOW)
    ):
        return found
    return None


def _is_library(module: str) -> bool:
    return module.partition(".")[0] in LIBRARIES and isinstance(imported(module), types.ModuleType)


def make(kind: type[Exception], text: str, library: str = "") -> Exception:
    """Return an exception with a text; of a library's class without its ``__init__``."""
    try:
        error = kind.__new__(kind, text) if library else kind(text)
        str(error)  # which a library may compute from what is not there
    except Exception:  # a class that wants other arguments
        return ValueError(text)
    return error


def plain_attributes(error: BaseException) -> dict[str, Any]:
    """Return what of an exception's own attributes is plain data."""
    plain: dict[str, Any] = {}
    for name, value in list(getattr(error, "__dict__", {}).items())[:MAX_ATTRIBUTES]:
        if is_attribute(name) and is_plain(value):
            plain[name] = value
    return plain


def is_attribute(name: object) -> bool:
    """Return whether a class of exceptions can use a name as it likes."""
    return (
        type(name) is str
        and name.isidentifier()
        and not name.startswith("_")
        and not hasattr(Exception, name)
    )


def is_plain(value: Any) -> bool:
    """Return whether a value crosses as it is."""
    try:
        pack(value)
    except SerializationError:
        return False
    return True


def set_attributes(error: Exception, attributes: dict[str, Any], args: tuple[Any, ...]) -> None:
    """Give an exception its attributes, and its arguments if its text stays what it is."""
    vars(error).update({name: value for name, value in attributes.items() if is_attribute(name)})
    before, text = error.args, str(error)
    error.args = args or before
    if str(error) != text:
        error.args = before
