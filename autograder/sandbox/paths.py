"""Paths that a worker may read or write."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SYSTEM_PATHS = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/fonts",
    "/etc/alternatives",
    "/etc/ssl/openssl.cnf",
)
# Not /dev/zero: a shared mapping of it is memory that counts for no process.
DEVICES = ("/dev/null", "/dev/urandom", "/dev/random", "/dev/full")
PROCESSOR_AND_MEMORY = ("/proc/cpuinfo", "/proc/meminfo")
SHARED_MEMORY = "/dev/shm"
SHARED_MEMORY_BYTES = 64 * 2**20


def python_paths(modules: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Return the files and directories that Python and imported packages are read from.

    Parameters
    ----------
    modules
        Names of modules; those that are not imported are passed over.
    """
    paths = {Path(sys.prefix), Path(sys.base_prefix), Path(os.path.realpath(sys.executable))}
    paths |= {Path(entry) for entry in sys.path if "-packages" in entry and os.path.isdir(entry)}
    for name in (*modules, "autograder"):
        module = sys.modules.get(name.partition(".")[0])
        if module is None:
            continue
        folders = [Path(entry) for entry in getattr(module, "__path__", ())]
        file = getattr(module, "__file__", None)
        paths.update(folders)
        if file and not hasattr(module, "__path__"):
            paths.add(Path(file))
    paths |= {Path(os.path.realpath(path)) for path in paths}
    return tuple(sorted(path for path in paths if path.exists()))
