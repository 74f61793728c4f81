"""The table of library types: every entry, found by a value's class or by its name in a packet."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.protocol.bounds import SerializationError
from autograder.protocol.libraries import imported
from autograder.protocol.library_data import (
    networkx_types,
    numpy_types,
    pandas_types,
    pillow_types,
    scipy_types,
    standard_types,
    sympy_types,
    torch_types,
)
from autograder.protocol.library_data.data_type import DataType, library
from autograder.protocol.packet import Codec, Decoder, Encoder

_MODULES = (
    standard_types, numpy_types, pandas_types, scipy_types, pillow_types, networkx_types, sympy_types,
    torch_types,
)  # fmt: skip
MANY = 10_000  # classes that are remembered


class Registry:
    """Entries, and what was found by them. Nothing is imported to find the entry of a value.

    Parameters
    ----------
    entries
        The entries.
    classes
        Names of further classes that cross by name.
    """

    def __init__(self, entries: Iterable[DataType], classes: Iterable[str] = ()) -> None:
        self.entries: dict[str, DataType] = {}
        self._codecs: dict[str, Codec] = {}
        self._found: dict[type, Codec | None] = {}
        self._classes = dict.fromkeys(classes)
        for entry in entries:
            self.add(entry)

    def add(self, entry: DataType) -> None:
        """Add an entry.

        Raises
        ------
        ValueError
            If there is one of its name.
        """
        if entry.name in self.entries or (":" not in entry.name and entry.matches is None):
            raise ValueError(f"the name of a data type must be new, and 'module:name': {entry.name!r}")
        self.entries[entry.name] = entry
        self._codecs[entry.name] = _codec(entry)
        self._found.clear()

    def add_from(self, name: str) -> None:
        """Add a course's entries: the ``TYPES`` of a module, or ``"module:NAME"``.

        Raises
        ------
        ImportError
            If there is no such module.
        ValueError
            If it holds no entries.
        """
        module, _, attribute = name.partition(":")
        found = getattr(importlib.import_module(module), attribute or "TYPES", ())
        entries = (found,) if isinstance(found, DataType) else tuple(found)
        if not entries or not all(isinstance(entry, DataType) for entry in entries):
            raise ValueError(f"{name} holds no data types")
        for entry in entries:
            self.add(entry)

    def codec_of(self, kind: type) -> Codec | None:
        """Return the codec of a class, None where it has none."""
        try:
            return self._found[kind]
        except KeyError:
            pass
        entry = self._entry_of(kind)
        if len(self._found) >= MANY:
            self._found.clear()
        self._found[kind] = found = None if entry is None else self._codecs[entry.name]
        return found

    def _entry_of(self, kind: type) -> DataType | None:
        for base in kind.__mro__:
            for entry in self._of_package(base):
                if _class_of(entry.name) is base and (base is kind or entry.subclasses):
                    return entry
        return next((entry for entry in self.entries.values() if entry.matches and entry.matches(kind)), None)

    def _of_package(self, kind: type) -> Iterator[DataType]:
        package = _package(getattr(kind, "__module__", ""))
        return (
            entry for name, entry in self.entries.items() if not entry.matches and _package(name) == package
        )

    def codec(self, tag: str) -> Codec | None:
        """Return the codec of a name in a packet, None where there is none."""
        return self._codecs.get(tag)

    def changeable(self, value: Any) -> bool:
        """Return whether a value is of a library's type, and can be changed in place."""
        codec = self.codec_of(type(value))
        return codec is not None and codec.changeable

    def put(self, target: Any, source: Any) -> bool:
        """Change a value in place to equal another of its class; return False if it cannot."""
        codec = self.codec_of(type(target))
        if codec is None or not codec.changeable:
            return False
        entry = self.entries[codec.tag]
        try:
            if entry.put is not None:
                return entry.put(target, source)
            type(target).__init__(target, source)
        except (TypeError, ValueError):  # of what is read-only
            return False
        return True

    def name_of_class(self, kind: type) -> str | None:
        """Return the name of a class that crosses by its name, None for another."""
        if kind.__module__ == "__main__":  # which a test may have put in the place of a library's
            return None
        for name in (*(entry.name for entry in self._of_package(kind)), *self._classes):
            if _class_of(name) is kind:
                return name
        return None

    def class_of_name(self, name: Any) -> type:
        """Return the class of a name that `name_of_class` gave.

        Raises
        ------
        SerializationError
            If there is none.
        """
        entry = self.entries.get(name) if type(name) is str else None
        if name not in self._classes and (entry is None or entry.matches is not None):
            raise SerializationError("a class that is not known")
        module, _, qualified = name.partition(":")
        library(module)  # of the table's own name
        found = _class_of(f"{module}:{qualified}")
        if found is None:
            raise SerializationError("a class that is not there")
        return found


def _package(name: str) -> str:
    top = name.partition(":")[0].partition(".")[0] if isinstance(name, str) else ""
    return top.removeprefix("_")


def _class_of(name: str) -> type | None:
    """Return the class of an entry, None where its module is not imported."""
    module, _, qualified = name.partition(":")
    found = imported(module)
    for part in qualified.split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, type) else None


def _codec(entry: DataType) -> Codec:
    def encode(encoder: Encoder, value: Any, depth: int) -> list[Any]:
        with encoder.data_only(not entry.holds_objects):
            return [encoder.node(entry.parts(value), depth + 1)]

    def decode(decoder: Decoder, parts: list[Any], depth: int) -> Any:
        (node,) = parts
        with decoder.data_only(not entry.holds_objects):
            plain = decoder.value(node, depth + 1)
        try:
            return entry.build(plain)
        except SerializationError:
            raise
        except Exception as error:
            raise SerializationError(
                f"a part of the value is damaged: {entry.name}, {type(error).__name__}"
            ) from None

    return Codec(entry.name, None, encode, decode, changeable=entry.changeable)


REGISTRY = Registry(
    (entry for module in _MODULES for entry in module.TYPES),
    (name for module in _MODULES for name in getattr(module, "CLASSES", ())),
)
