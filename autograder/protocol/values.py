"""Descriptions of values that are not plain, as judge and worker share them."""

from __future__ import annotations

import builtins
import collections
import contextlib
import functools
import importlib
import inspect
import types
from collections.abc import Callable
from datetime import date, datetime, timedelta  # by name: a test may replace the module's
from enum import StrEnum
from typing import Any

import numpy as np

from autograder.protocol.bounds import SerializationError, Tagged
from autograder.protocol.libraries import imported
from autograder.protocol.library_data.registry import REGISTRY

MAX_TEXT = 4_000
MAX_NAME = 120

# Packages whose functions and modules are the same on both sides, by name.
SHARED = (
    "numpy", "scipy", "math", "cmath", "operator", "itertools", "functools", "statistics", "random", "string",
    "re", "json", "datetime", "collections", "pandas", "matplotlib", "sklearn", "tensorflow", "keras", "time",
    "copy", "sympy", "networkx", "PIL", "torch", "seaborn", "decimal", "fractions", "pathlib", "uuid",
    "zoneinfo", "enum", "calendar", "heapq", "bisect", "textwrap",
)  # fmt: skip

EXCEPTIONS: dict[str, type[Exception]] = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type)
    and issubclass(kind, Exception)
    and kind.__name__ == name
    and not issubclass(kind, UnicodeError | BaseExceptionGroup)
    and not name.endswith("Warning")
} | {"UnicodeError": UnicodeError, "Warning": Warning, "UserWarning": UserWarning}
# Exceptions by which Python ends loops, generators and programs: no call raises them in a test.
CONTROL_FLOW = (StopIteration, StopAsyncIteration, GeneratorExit, KeyboardInterrupt, SystemExit)
FUNCTIONS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType,
    types.MethodDescriptorType, types.WrapperDescriptorType, functools.partial, np.ufunc,
)  # fmt: skip


class Kind(StrEnum):
    """The kinds of tagged values that judge and worker know."""

    EXACT = "exact"  # the plain value in an instance of a subclass
    NAMED = "named"  # a public function or class of a shared package
    MODULE = "module"
    NAMED_TUPLE = "named tuple"
    EXCEPTION = "exception"
    REFERENCE = "reference"  # an object of the worker, to the worker
    FUNCTION = "function"  # objects of the worker, to the judge
    CLASS = "class"
    ENUMERATION = "enumeration"
    MEMBER = "member"  # of an enumeration
    EXCEPTION_CLASS = "exception class"
    GENERATOR = "generator"
    COROUTINE = "coroutine"
    ASYNC_GENERATOR = "asynchronous generator"
    OBJECT = "object"
    CALLBACK = "callback"  # a function of the test, to the worker
    TEST_OBJECT = "test object"  # an instance of a class of the test's
    OBJECT_ARRAY = "object array"  # of objects of libraries
    TENSOR = "tensor"
    VARIABLE = "variable"
    MODEL = "model"
    WEIGHTS = "weights"  # of a model that the student's code changed
    SYMBOL = "symbol"  # a symbolic tensor of the test
    GRAPH = "graph"  # what a function made of symbolic tensors
    OUTPUT = "output"  # a place for one output of a graph


class TransferError(Exception):
    """A value that cannot pass between test and student's code; the text says what to do.

    It is of no built-in kind, so that no test that expects one takes it for the student's.
    """


class NotInJudgeError(TransferError):
    """What one kernel does and judge and worker cannot: no answer is to blame."""


def unusable(what: str, why: str) -> TransferError:
    """Return the error of what a student's code gave and no test can use."""
    return TransferError(f"what {what} gave cannot be used by the test: {why}")


def plain(text: Any, limit: int = MAX_TEXT) -> str:
    """Return exact text of at most that length; '' for what is no text."""
    if not isinstance(text, str):
        return ""
    text = str.__str__(text)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)


def identifier(text: Any, otherwise: str) -> str:
    """Return a name that is an identifier, or the other one."""
    name = plain(text, MAX_NAME)
    return name if name.isidentifier() else otherwise


def text_of(value: Any) -> str:
    """Return ``str(value)``, whatever it does."""
    try:
        return plain(str(value))
    except BaseException as error:
        return f"<its text fails: {type(error).__name__}>"


def describe_signature(function: Any) -> list[Any] | None:
    """Return the parameters of a function as plain values, or None."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [
        [parameter.name, int(parameter.kind), _default(parameter.default)]
        for parameter in list(parameters)[:200]
    ]


def _default(value: Any) -> list[Any]:
    if value is inspect.Parameter.empty:
        return []
    if type(value) in (type(None), bool, int, float, str) or (
        type(value) is tuple and all(type(part) in (bool, int, float, str) for part in value)
    ):
        return [value]
    return [Ellipsis]


def rebuild_signature(described: Any) -> inspect.Signature | None:
    """Make a signature of plain values from a process that is not trusted, or None."""
    if type(described) is not list:
        return None
    kinds = list(inspect._ParameterKind)
    try:
        return inspect.Signature(
            [
                inspect.Parameter(
                    identifier(name, "_"),
                    kinds[kind],
                    default=default[0] if default else inspect.Parameter.empty,
                )
                for name, kind, default in described
            ]
        )
    except (TypeError, ValueError, IndexError, KeyError):
        return None


def builtin_base(kind: type) -> str:
    """Return the name of the nearest built-in exception class."""
    for base in kind.__mro__:
        if EXCEPTIONS.get(base.__name__) is base:
            return base.__name__
    return "Exception"


def shared_name(value: Any) -> str | None:
    """Return ``module:name`` of a public function or class of a shared package, else None."""
    module = getattr(value, "__module__", None) or ("numpy" if isinstance(value, np.ufunc) else None)
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str) or "<" in name:
        return None
    if module != "builtins" and module.partition(".")[0] not in SHARED:
        return None
    return f"{module}:{name}" if by_name(f"{module}:{name}") is value else None


def by_name(text: str) -> Any:
    """Return the object of a `shared_name` that is trusted, None if there is none."""
    module, _, name = text.partition(":")
    found = imported(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def by_name_here(text: str) -> Any:
    """Return the object of a `shared_name`, whose module is imported if need be: the worker's side.

    Raises
    ------
    SerializationError
        If there is none.
    """
    module = text.partition(":")[0]
    if module.partition(".")[0] in SHARED:
        _import(module)
    found = by_name(text)
    if found is None:
        raise SerializationError(f"{text.replace(':', '.')} is not there in the student's process")
    return found


def _import(name: str) -> None:
    with contextlib.suppress(Exception):
        importlib.import_module(name)


def transplant(target: Any, source: Any) -> bool:
    """Change a value in place to equal another of its type; return False if it cannot."""
    kind = type(target)
    if kind is not type(source):
        return False
    if REGISTRY.changeable(target):
        return REGISTRY.put(target, source)
    if kind is np.ndarray:
        if target.shape != source.shape or target.dtype != source.dtype or not target.flags.writeable:
            return False
        target[...] = source
    elif kind is list:
        keep = [
            old if type(old) is type(new) and is_mutable(old) and transplant(old, new) else new
            for old, new in zip(target, source, strict=False)
        ]
        target[:] = keep + source[len(keep) :]
    elif kind is bytearray:
        target[:] = source
    elif kind in (dict, set) or hasattr(kind, "clear"):
        if kind is dict:
            source = {
                key: target[key]
                if key in target and type(target[key]) is type(new) and is_mutable(new)
                and transplant(target[key], new) else new
                for key, new in source.items()
            }  # fmt: skip
        target.clear()
        (target.extend if hasattr(target, "extend") else target.update)(source)
    elif kind is np.random.Generator:
        target.bit_generator.state = source.bit_generator.state
    else:
        return False
    return True


MUTABLE = frozenset([
    list, dict, set, bytearray, np.ndarray, np.random.Generator, collections.Counter, collections.OrderedDict,
    collections.deque,
])  # fmt: skip


def is_mutable(value: Any) -> bool:
    """Return whether a value is data that can be changed in place."""
    return type(value) in MUTABLE or REGISTRY.changeable(value)


def copy_to_exact(value: Any) -> Any:
    """Return the exact built-in value in an instance of a subclass; NotImplemented if it is none.

    Built-in methods are used, not those of the subclass.
    """
    if isinstance(value, date):
        return _exact_date(value)
    if isinstance(value, np.ndarray):
        return NotImplemented if isinstance(value, np.ma.MaskedArray) else np.asarray(value).view(np.ndarray)
    for kind, copy in _EXACT:
        if isinstance(value, kind):
            return copy(value)
    return NotImplemented


def _exact_date(value: date) -> date:
    """Return the date, or date and time, in an instance of a subclass."""
    days = _parts(date, value, "year", "month", "day")
    if not isinstance(value, datetime):
        return date(*days)
    *time, fold = _parts(datetime, value, "hour", "minute", "second", "microsecond", "tzinfo", "fold")
    return datetime(*days, *time, fold=fold)


def _parts(kind: type, value: Any, *names: str) -> list[Any]:
    """Return attributes of an instance of a subclass as Python's own class has them."""
    return [vars(kind)[name].__get__(value) for name in names]


_SPAN = ("days", "seconds", "microseconds")
_EXACT: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (int, lambda value: int(int.__repr__(value))),
    (float, lambda value: float(float.__repr__(value))),
    (
        complex,
        lambda value: complex(
            complex.__dict__["real"].__get__(value), complex.__dict__["imag"].__get__(value)
        ),
    ),
    (str, str.__str__),
    (bytes, lambda value: bytes(bytes.__iter__(value))),
    (dict, lambda value: dict(dict.items(value))),
    (list, lambda value: list(list.__iter__(value))),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
    (
        timedelta,
        lambda value: timedelta(*_parts(timedelta, value, "days", "seconds", "microseconds")),
    ),
)


def module_name(value: Any) -> Tagged:
    """Describe a module."""
    name = plain(getattr(value, "__name__", ""), MAX_NAME)
    if not name:
        raise SerializationError("a module without a name cannot cross")
    return Tagged(Kind.MODULE, name)


def shared_module(name: Any) -> types.ModuleType:
    """Return an imported module of a shared package by its name.

    Raises
    ------
    SerializationError
        If it is no such module.
    """
    if type(name) is str and name.partition(".")[0] in SHARED:
        module = imported(name)
        if isinstance(module, types.ModuleType):
            return module
    raise SerializationError("a module other than the usual libraries; the test can import it itself")
