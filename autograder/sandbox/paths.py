"""What a worker may see of the file system."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types",
           "/etc/fonts", "/etc/alternatives", "/etc/ssl/openssl.cnf")  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/full")
_SHARED = "/dev/shm"


def python_paths(modules: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Return the files and directories that this Python, and those imported packages, are read from."""
    paths = {Path(sys.prefix), Path(sys.base_prefix), Path(os.path.realpath(sys.executable))}
    paths |= {Path(entry) for entry in sys.path if "-packages" in entry and os.path.isdir(entry)}
    for name in (*modules, "autograder"):
        module = sys.modules.get(name.partition(".")[0])
        paths |= {Path(entry) for entry in getattr(module, "__path__", ())}
        if module is not None and not hasattr(module, "__path__") and getattr(module, "__file__", None):
            paths.add(Path(module.__file__))
    paths |= {Path(os.path.realpath(path)) for path in paths}
    return tuple(sorted(path for path in paths if path.exists()))
