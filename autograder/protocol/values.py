"""What both sides know of the values that cross: how the parts that are not plain are described."""

from __future__ import annotations

import builtins
import functools
import inspect
import random
import sys
import types
from typing import Any

import numpy as np

from autograder.protocol.serialization import SerializationError, Tagged

MAX_TEXT = 4_000
MAX_NAME = 120

# Packages whose functions and modules are the same on both sides, by name.
SHARED = (
    "numpy", "scipy", "math", "cmath", "operator", "itertools", "functools", "statistics", "random", "string",
    "re", "json", "datetime", "collections", "pandas", "matplotlib", "sklearn", "tensorflow", "keras", "time",
    "copy",
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
FUNCTIONS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType,
    types.MethodDescriptorType, types.WrapperDescriptorType, functools.partial, np.ufunc,
)  # fmt: skip


class TransferError(TypeError):
    """A value that cannot pass between a test and the student's code; the text says what to do instead."""


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


def describe_signature(function: Any) -> list | None:
    """Return the parameters of a function as plain values, or None."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [
        [parameter.name, int(parameter.kind), _default(parameter.default)]
        for parameter in list(parameters)[:200]
    ]


def _default(value: Any) -> list:
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
    """Return ``module:name`` of a public function or class of a shared package, if that is what it is."""
    module = getattr(value, "__module__", None) or ("numpy" if isinstance(value, np.ufunc) else None)
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str) or "<" in name:
        return None
    if module != "builtins" and module.partition(".")[0] not in SHARED:
        return None
    return f"{module}:{name}" if by_name(f"{module}:{name}") is value else None


def by_name(text: str) -> Any:
    """Return what `shared_name` named, None if there is no such thing. Only for names that are trusted."""
    module, _, name = text.partition(":")
    found = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def random_states() -> dict:
    """Return the states of the global random generators as plain values."""
    states: dict[str, Any] = {"random": random.getstate()}
    kind, keys, position, has, cached = np.random.get_state()
    if kind == "MT19937":
        states["numpy"] = (keys.tobytes(), position, has, cached)
    context = sys.modules.get("tensorflow.python.eager.context")
    if context is not None and (seed := context.global_seed()) is not None:
        states["tensorflow"] = int(seed)
    return states


def set_random_states(states: dict) -> None:
    """Put the global random generators into these states."""
    if "random" in states:
        random.setstate(states["random"])
    if "numpy" in states:
        keys, *rest = states["numpy"]
        np.random.set_state(("MT19937", np.frombuffer(keys, np.random.get_state()[1].dtype), *rest))
    if "tensorflow" in states and "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(states["tensorflow"])


def transplant(target: Any, source: Any) -> bool:
    """Change a value in place so that it equals another of the same exact type; False if it cannot."""
    kind = type(target)
    if kind is not type(source):
        return False
    if kind is np.ndarray:
        if target.shape != source.shape or target.dtype != source.dtype or not target.flags.writeable:
            return False
        target[...] = source
    elif kind is list:
        keep = [
            old if type(old) is type(new) and type(old) in MUTABLE and transplant(old, new) else new
            for old, new in zip(target, source, strict=False)
        ]
        target[:] = keep + source[len(keep) :]
    elif kind is bytearray:
        target[:] = source
    elif kind in (dict, set) or hasattr(kind, "clear"):
        if kind is dict:
            source = {
                key: target[key]
                if key in target and type(target[key]) is type(new) and type(new) in MUTABLE
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


MUTABLE = frozenset([list, dict, set, bytearray, np.ndarray, np.random.Generator])


def copy_to_exact(value: Any) -> Any:
    """Return the exact built-in value in an instance of a subclass; NotImplemented if it is none.

    Built-in methods are used, not those of the subclass.
    """
    if isinstance(value, np.ndarray):
        if isinstance(value, np.ma.MaskedArray):
            return NotImplemented
        return np.asarray(value).view(np.ndarray)
    for kind in (int, float, complex, str, bytes):
        if isinstance(value, kind):
            return kind.__new__(kind, kind.__repr__(value)) if kind in (int, float) else _exact(kind, value)
    if isinstance(value, dict):
        return dict(dict.items(value))
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return kind(kind.__iter__(value))
    return NotImplemented


def _exact(kind: type, value: Any) -> Any:
    if kind is complex:
        return complex(complex.__dict__["real"].__get__(value), complex.__dict__["imag"].__get__(value))
    return str.__str__(value) if kind is str else bytes(bytes.__iter__(value))


def module_name(value: Any) -> Tagged:
    """Describe a module."""
    name = plain(getattr(value, "__name__", ""), MAX_NAME)
    if not name:
        raise SerializationError("a module without a name cannot cross")
    return Tagged("module", name)
