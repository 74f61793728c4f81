"""Imports of a command, without the time that goes into what no command uses."""

from __future__ import annotations

import gc
import importlib
import importlib.util
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

# nbformat imports jsonschema, and jsonschema this: a second, for a grammar of addresses that it
# needs only where a schema asks for one.
_GRAMMAR = "rfc3987_syntax"


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import within this block; nothing that is imported looks different for it."""
    _import_when_used(_GRAMMAR, "is_valid_syntax")
    collects, before = gc.isenabled(), len(sys.modules)
    gc.disable()  # which would walk all that is imported, again and again, and find nothing
    try:
        yield
    finally:
        if collects:
            gc.enable()
            if len(sys.modules) > before:
                gc.freeze()  # nor does it walk that afterwards


def _import_when_used(name: str, *functions: str) -> None:
    """Put a module in place that imports the real one when it is first used.

    The standard library's `importlib.util.LazyLoader` would import it at ``from name import
    function``; here the function, too, comes when it is called.
    """
    if name in sys.modules or (spec := importlib.util.find_spec(name)) is None:
        return
    module = types.ModuleType(name)
    module.__spec__ = spec
    module.__path__ = list(spec.submodule_search_locations or ())

    def real() -> types.ModuleType:
        if sys.modules.get(name) is module:
            del sys.modules[name]
        return importlib.import_module(name)

    def call(function: str, *args: Any, **kwargs: Any) -> Any:
        return getattr(real(), function)(*args, **kwargs)

    vars(module).update({function: partial(call, function) for function in functions})
    vars(module)["__getattr__"] = lambda attribute: getattr(real(), attribute)
    sys.modules[name] = module
