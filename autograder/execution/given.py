"""Objects of libraries that a test gives to the student's code: what may be asked of each kind.

Such an object stays in the judge, as an instance of a class of the test's does. Only what is listed
here can be asked for: nothing that opens a file, loads code or changes what the test computes from.
"""

from __future__ import annotations

import functools
import inspect
import io
import itertools
import types
from dataclasses import dataclass
from typing import Any

from autograder.protocol.values import FUNCTIONS

_STREAMS = (io.StringIO, io.BytesIO, io.TextIOWrapper, io.BufferedReader, io.BufferedWriter)
_IN_MEMORY = tuple({base for kind in (io.StringIO, io.BytesIO) for base in kind.__mro__[:-1]})
_ITERATORS = ("builtins", "itertools", "_csv", "csv")
_AS_FUNCTIONS = ("tensorflow", "keras", "torch")  # whose objects that can be called are given as functions
_CALLED = (*FUNCTIONS, functools._lru_cache_wrapper, type)
_READING = ("__iter__", "__next__")
_OPERATORS = (
    "__len__", "__iter__", "__getitem__", "__contains__", "__add__", "__sub__", "__mul__", "__truediv__",
    "__neg__", "__eq__",
)  # fmt: skip


# What a test's class inherits from these computes, and reaches nothing of the judge's.
_LENDING = frozenset([
    "builtins", "abc", "typing", "collections", "collections.abc", "enum", "dataclasses", "types", "numbers",
    "datetime", "decimal", "fractions", "unittest.mock",
])  # fmt: skip


class NotGivenError(AttributeError):
    """A name that an object of the test's has, and that the student's code may not ask for."""


@dataclass(frozen=True)
class Kind:
    """What may be asked of objects of one kind.

    Parameters
    ----------
    names
        Of attributes and methods.
    specials
        Of special methods.
    fitted
        Whether attributes that end with an underscore, and what its constructor takes, may be read.
    """

    names: frozenset[str] = frozenset()
    specials: tuple[str, ...] = ()
    fitted: bool = False


STREAM = Kind(
    frozenset([
        "read", "readline", "readlines", "write", "writelines", "seek", "tell", "close", "flush", "truncate",
        "getvalue", "closed", "mode", "encoding", "newlines", "readable", "writable", "seekable",
    ]),
    (*_READING, "__enter__", "__exit__"),
)  # fmt: skip
GENERATOR = Kind(frozenset(["send", "throw", "close"]), _READING)
ITERATOR = Kind(frozenset(["fieldnames", "line_num"]), _READING)
ESTIMATOR = Kind(
    frozenset([
        "predict", "predict_proba", "predict_log_proba", "decision_function", "score", "transform",
        "inverse_transform", "staged_predict", "score_samples", "kneighbors", "apply", "get_params",
    ]),
    fitted=True,
)  # fmt: skip
CALLABLE = Kind(specials=("__call__", *_OPERATORS))


def kind_of(value: Any) -> Kind | None:
    """Return the kind of a library's object, None where it is given otherwise, or not at all."""
    kind = type(value)
    package = kind.__module__.partition(".")[0]
    if kind in _STREAMS:
        return STREAM
    if kind is types.GeneratorType:
        return GENERATOR
    if kind.__module__ in _ITERATORS and hasattr(kind, "__next__"):
        return ITERATOR
    if package == "sklearn" and hasattr(kind, "get_params") and hasattr(kind, "fit"):
        return ESTIMATOR
    if callable(value) and not isinstance(value, _CALLED) and package not in _AS_FUNCTIONS:
        return CALLABLE
    return None


def is_lent(base: type, name: str) -> bool:
    """Return whether a class of the test's gives away a name that it inherits from a library's."""
    if base.__module__ in _LENDING:
        return True
    kind = STREAM if base in _STREAMS or base in _IN_MEMORY else None
    if base.__module__.partition(".")[0] == "sklearn":
        kind = ESTIMATOR
    return kind is not None and (name in kind.names or name in kind.specials)


def public(value: Any, kind: Kind, name: str) -> Any:
    """Return an attribute.

    Raises
    ------
    NotGivenError
        If the object has it, but it may not be asked for.
    AttributeError
        If it has none of that name.
    """
    readable = name in kind.names or (kind.fitted and (name.endswith("_") or name in _parameters(value)))
    if readable:
        return getattr(value, name)
    if inspect.getattr_static(value, name, None) is not None:
        raise not_given(value, name)
    raise AttributeError(f"{type(value).__name__!r} object has no attribute {name[:80]!r}")


def not_given(value: Any, name: str) -> NotGivenError:
    """Return the error of asking for what stays in the test."""
    what = type(value).__name__
    return NotGivenError(f"the student's code asks the test's {what} for `{name}`, which stays in the test")


def _parameters(value: Any) -> set[str]:
    return set(itertools.islice(inspect.signature(type(value).__init__).parameters, 1, None))
