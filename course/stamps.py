"""Which work is done: a digest of what went into it, kept beside what came out."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
PASSED_OVER = {"__pycache__", ".ipynb_checkpoints"}


def digest(paths: Iterable[Path | str]) -> str:
    """Digest of the names and contents of files and of all files below folders.

    Parameters
    ----------
    paths : iterable of paths
        Relative ones are taken from the project's root. A missing one counts as such.

    Returns
    -------
    str
        SHA-256, in hexadecimal.
    """
    sha = hashlib.sha256()
    for path in (ROOT / p for p in paths):
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if PASSED_OVER.isdisjoint(file.parts):
                sha.update(f"{file.relative_to(path.parent)}\0".encode())
                sha.update(file.read_bytes() if file.exists() else b"missing")
    return sha.hexdigest()


class Stamp:
    """Remembers with which inputs a piece of work was last done.

    Parameters
    ----------
    name : str
    inputs, outputs : iterables of paths
        Of files and folders. The work counts as done while neither have changed since.
    variables : iterable of str
        Variables of the environment that count as inputs.
    """

    def __init__(
        self,
        name: str,
        inputs: Iterable[Path | str],
        outputs: Iterable[Path | str],
        variables: Iterable[str] = (),
    ):
        self._file = BUILD / ".done" / name
        self._inputs, self._outputs, self._variables = list(inputs), list(outputs), list(variables)
        self._began = ""

    def _now(self, inputs: str = "") -> str:
        settings = " ".join(os.environ.get(variable, "") for variable in self._variables)
        return f"{inputs or digest(self._inputs)} {digest(self._outputs)} {settings}"

    def is_done(self) -> bool:
        """Return whether the work was done with these inputs and left these outputs."""
        return self._file.exists() and self._file.read_text() == self._now()

    def done(self) -> None:
        """Note that the work is done, with the inputs as they were at `undo` if that was called."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(self._now(self._began))

    def undo(self) -> None:
        """Forget that it was, as it begins anew. What changes from here on was not part of it."""
        self._began = digest(self._inputs)
        self._file.unlink(missing_ok=True)
