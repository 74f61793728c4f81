"""Digests of the content that a result depends on: values, files, installed packages."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
import re
import stat
import sys
import sysconfig
from importlib import metadata
from pathlib import Path


def digest(value: object) -> str:
    """Return the SHA-256 of a plain value, in hexadecimal digits."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def files_digest(folder: Path | None) -> str:
    """Return the digest of all regular files below a folder, by name and content; "" for None."""
    if folder is None:
        return ""
    digests = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in names:
            path = Path(parent, name)
            if stat.S_ISREG(path.lstat().st_mode):
                with open(path, "rb") as file:
                    digests[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
    return digest(digests)


def stamps_digest(paths: tuple[Path, ...]) -> str:
    """Return the digest of files' and folders' names, sizes and times; no file is read for it."""
    stamps = {}
    for root in paths:
        for path in [root, *(root.rglob("*") if root.is_dir() else ())]:
            status = path.stat() if path.exists() else None
            stamps[str(path)] = status and [status.st_size, status.st_mtime_ns]
    return digest(stamps)


@functools.cache
def versions_digest(modules: tuple[str, ...] = ()) -> str:
    """Return the digest of Python, of every installed package's version, and of code that has none.

    Parameters
    ----------
    modules
        Modules that submissions may use. The files of those that do not lie where packages are
        installed, as with ``pip install --editable``, are part of the digest, since their version
        stays when their code changes. So are the autograder's own.
    """
    versions = sorted(_installed())
    installed = tuple(sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib"))
    code = {}
    for name in sorted({"autograder", *(module.partition(".")[0] for module in modules)}):
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.origin or (spec.origin.startswith(installed) and name != "autograder"):
            continue
        path = Path(spec.origin)
        code[name] = files_digest(path.parent) if path.name == "__init__.py" else path.read_text()
    return digest([sys.version, versions, code])


def _installed() -> set[str]:
    """Return every installed package with its version.

    Both stand in the name of the folder that an installer leaves, so that of hundreds of packages
    none has to be read. A set, under one form of the name: a package that is installed in place is
    listed again where its folder is on the path, too.
    """
    packages = set()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:  # an archive, or nothing
            continue
        for name in names:
            if name.endswith(".dist-info"):
                package, _, version = name.removesuffix(".dist-info").rpartition("-")
            elif name.endswith(".egg-info"):
                found = metadata.Distribution.at(Path(folder, name))
                package, version = found.name or name, found.version or ""
            else:
                continue
            packages.add(f"{re.sub('[-_.]+', '-', package).lower()} {version}")
    return packages
