"""Libraries' classes that an object of the submission is an instance of, told by their names.

The worker tells names; the judge finds its own classes by them. What crosses as data is never told
so: nothing that stays in the worker passes for a number, text, a list or an array, but an object
that the test itself has made of a class that the student was asked to derive from one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.protocol.codecs import BY_TAG
from autograder.protocol.libraries import imported
from autograder.protocol.library_data.registry import REGISTRY
from autograder.protocol.values import NotInJudgeError

MAX_LINEAGE = 20
OWN = ""  # the first name, where the class itself is the submission's
# Of these, objects are rebuilt and not told.
REBUILT = ("keras", "tensorflow")
_HEAP = 1 << 9  # the flag of types that code can make
_DATA: tuple[type, ...] = (
    int, float, str, np.generic, np.dtype,
    *(codec.type for codec in BY_TAG.values() if codec.type is not None),
)  # fmt: skip
_known: dict[int, tuple[type, tuple[str, ...]]] = {}


def lineage(kind: type) -> tuple[str, ...]:
    """Return the names of a class and its bases that are libraries', `OWN` first if it is not."""
    found = _known.get(id(kind))
    if found is None:
        mro = type.__dict__["__mro__"].__get__(kind)
        names = [name for base in mro[:-1] if (name := _library_name(base))]
        if mro[0] is not object and not _library_name(mro[0]):
            names.insert(0, OWN)
        found = _known[id(kind)] = kind, tuple(names[:MAX_LINEAGE]) or (_library_name(kind),)
    return found[1]


def _library_name(kind: type) -> str:
    """Return ``module:name`` of a class that a library defines, "" of any other."""
    module, name = kind.__module__, kind.__qualname__
    if type(module) is not str or module == "__main__" or type(name) is not str:
        return ""
    if kind.__flags__ & _HEAP:
        home = imported(module)
        file = getattr(home, "__file__", None)
        if isinstance(file, str) and os.path.abspath(file).startswith(os.getcwd() + os.sep):
            return ""
        if _by_name(module, name) is not kind:
            return ""
    return f"{module}:{name}"[:200]


def _by_name(module: str, name: str) -> Any:
    found: Any = imported(module)
    for part in name.split("."):
        found = getattr(found, "__dict__", {}).get(part)
    return found


def named_class(name: str) -> type | None:
    """Return the judge's own class of that name, data or not, None where it has none."""
    module, _, path = name.partition(":")
    found = _by_name(module, path) if module != "__main__" else None
    return found if isinstance(found, type) else None


def told_class(name: str) -> type | None:
    """Return the judge's own class of that name, None where it has none that may be told."""
    module, _, path = name.partition(":")
    if module == "__main__" or module.partition(".")[0] in REBUILT or module not in sys.modules:
        return None
    found = _by_name(module, path)
    if not isinstance(found, type) or found is object or issubclass(found, type) or _is_data(found):
        return None
    return found


def collection(names: tuple[str, ...]) -> type | None:
    """Return `Sequence` or `Mapping` where a class of that lineage is one, as `match` sees it."""
    for found in filter(None, map(named_class, names)):
        if issubclass(found, Mapping):
            return Mapping
        if issubclass(found, Sequence) and not issubclass(found, str | bytes | bytearray):
            return Sequence
    return None


def is_data(name: str) -> bool:
    """Return whether objects of a class of that name cross as data, so that none stays behind."""
    found = _by_name(*name.partition(":")[::2])
    return isinstance(found, type) and _is_data(found)


def bases_of_data(names: tuple[str, ...]) -> Iterator[type]:
    """Yield the types of data that a class of the submission's is derived from."""
    for name in names[1:] if names[:1] == (OWN,) else ():
        if is_data(name) and (found := named_class(name)) is not None:
            yield found


def _is_data(kind: type) -> bool:
    bases = type.__dict__["__mro__"].__get__(kind)[:-1]
    return issubclass(kind, _DATA) or any(REGISTRY.codec_of(base) is not None for base in bases)


class _Claim(type):
    """Makes a class whose bases are looked at and never run."""

    bases: tuple[type, ...] = ()

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise NotInJudgeError(
            f"the test, or a library that it uses, makes an object of the student's class `{cls.__name__}` "
            "by the type of another"
        )

    def mro(cls) -> list[type]:
        return [cls, _Silent, *cls.__dict__["bases"]]


class _Silent:
    def __init_subclass__(cls) -> None:
        """Nothing of the bases is run."""


def claimed_class(names: tuple[str, ...], name: str) -> type | None:
    """Return the class that an object is an instance of to `isinstance`, None where none is told.

    For an object of the submission's own class this is a class without methods, which has the
    libraries' classes among its bases.
    """
    if not names:
        return None
    if names[0] != OWN:
        return told_class(names[0])
    bases = [found for told in names[1:] if (found := told_class(told))]
    if not bases:
        return None
    seen: dict[type, None] = dict.fromkeys(
        base for one in bases for base in one.__mro__ if base is not object
    )
    try:
        return _Claim(name, (_Silent,), {"bases": (*seen, object), "__module__": "submission"})
    except TypeError:  # of types that Python cannot lay out so
        return bases[0]
