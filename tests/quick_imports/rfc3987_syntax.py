"""Stands before the package of this name until it is used: to import it takes seconds.

nbformat imports jsonschema and jsonschema imports that package, for addresses that no schema of a
notebook asks for. The tests start some hundred processes that read notebooks.
"""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def _genuine():
    before = sys.path[:]
    sys.path[:] = [path for path in sys.path if not path or Path(path).resolve() != HERE]
    try:
        sys.modules.pop(__name__, None)
        return importlib.import_module(__name__)
    finally:
        sys.path[:] = before


def __getattr__(name):
    return getattr(_genuine(), name)


def is_valid_syntax(*arguments, **options):
    """Import the package and ask it."""
    return _genuine().is_valid_syntax(*arguments, **options)
