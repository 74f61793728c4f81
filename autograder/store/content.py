"""Digests of what a result depends on: files, and the packages that run."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
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
    found = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in names:
            path = Path(parent, name)
            if stat.S_ISREG(path.lstat().st_mode):
                with open(path, "rb") as file:
                    found[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
    return digest(found)


def stamps_digest(paths: tuple[Path, ...]) -> str:
    """Return the digest of files' and folders' names, sizes and times: a data set is not read for it."""
    found = {}
    for path in paths:
        for each in [path, *(path.rglob("*") if path.is_dir() else ())]:
            status = each.stat() if each.exists() else None
            found[str(each)] = status and [status.st_size, status.st_mtime_ns]
    return digest(found)


@functools.cache
def versions_digest(modules: tuple[str, ...] = ()) -> str:
    """Return the digest of Python, of every installed package's version, and of code that has none.

    Parameters
    ----------
    modules
        Modules that submissions may use. Of those that do not lie where packages are installed, as with
        ``pip install --editable``, the files count, since their version stays when their code changes. So do
        the autograder's own.
    """
    # A package that is installed in place is found twice where its folder is on the path, too.
    versions = sorted({f"{each.name} {each.version}" for each in metadata.distributions()})
    installed = tuple(sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib"))
    code = {}
    for name in sorted({"autograder", *(module.partition(".")[0] for module in modules)}):
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.origin or (spec.origin.startswith(installed) and name != "autograder"):
            continue
        path = Path(spec.origin)
        code[name] = files_digest(path.parent) if path.name == "__init__.py" else path.read_text()
    return digest([sys.version, versions, code])
