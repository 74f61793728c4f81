"""Files of the worker's folder: the test's are laid there, the student's are told to the judge."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from autograder.protocol import small_files
from autograder.protocol.small_files import Copies, Signature


class WorkerFiles:
    """The working folder of a worker.

    Parameters
    ----------
    folder
        It.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Signature] = {}
        self._lab: frozenset[str] = frozenset()
        self._first, _ = small_files.scan(folder)
        self._laid: set[str] = set()  # by tests

    def take(self, told: dict[str, Any]) -> None:
        """Lay the test's files; forget what the judge knows where it asks for all."""
        if "lab" in told:
            self._lab, self._known = frozenset(told["lab"]), {}
        files = told.get("new", {})
        for name in sorted(files, key=lambda name: (files[name] is None, name)):
            small_files.lay(self._folder, name, files[name])
            self._laid.add(name)
        found, _ = small_files.scan(self._folder)
        self._known |= {name: found[name] for name in files if name in found}
        for name in files:
            if name not in found:
                self._known.pop(name, None)

    def written(self) -> dict[str, str]:
        """Return what the student's code has written, without any of a test's files, in base64."""
        found, _ = small_files.scan(self._folder)
        new = {
            name: None
            for name, signature in found.items()
            if name not in self._laid and self._first.get(name) != signature and not name.endswith("/")
        }
        kept = small_files.copies(self._folder, new, small_files.MAX_KEPT)
        return {
            name: base64.b64encode(content).decode()
            for name, content in kept.items()
            if isinstance(content, bytes)
        }

    def changed(self) -> Copies:
        """Return what the judge does not know yet: new contents, and None for what is gone."""
        found, _ = small_files.scan(self._folder)
        new = {
            name: None
            for name, signature in found.items()
            if name not in self._lab and self._known.get(name) != signature
        }
        copies = small_files.copies(self._folder, new)
        copies |= {name: None for name in self._known if name not in found}
        self._known = {name: one for name, one in found.items() if name not in self._lab}
        return copies
