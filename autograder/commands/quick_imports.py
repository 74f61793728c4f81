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

# What is imported for a function that few need, and takes long: nbformat imports jsonschema, and
# jsonschema a grammar of addresses, for a schema that asks for one; nbgrader unpacks archives.
_RARELY_USED = {
    "rfc3987_syntax": ("is_valid_syntax",),
    "setuptools.archive_util": ("unpack_archive", "unpack_tarfile", "unpack_zipfile"),
}


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import within this block; nothing that is imported looks different for it."""
    for module, functions in _RARELY_USED.items():
        _import_when_used(module, *functions)
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
    function``, and the package that it lies in; here the function, too, comes when it is called.
    """
    package = name.partition(".")[0]
    if name in sys.modules or (spec := importlib.util.find_spec(package)) is None:
        return
    module = types.ModuleType(name)
    if name == package:
        module.__spec__ = spec
        module.__path__ = list(spec.submodule_search_locations or ())

    def real() -> types.ModuleType:
        if sys.modules.get(name) is module:
            del sys.modules[name]
        return importlib.import_module(name)

    def call(function: str, *args: Any, **kwargs: Any) -> Any:
        return getattr(real(), function)(*args, **kwargs)

    def get(attribute: str) -> Any:
        if attribute == "__path__":  # which the import system asks a module for, as a package has it
            raise AttributeError(attribute)
        return getattr(real(), attribute)

    vars(module).update({function: partial(call, function) for function in functions})
    vars(module)["__getattr__"] = get
    sys.modules[name] = module
