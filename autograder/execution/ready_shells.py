"""Shells made before a fork, for the processes after it: to load and to make them takes long."""

from __future__ import annotations

import builtins
import contextlib
import linecache
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.execution.shell import Recorder, Shell, make_shell, new_shell, recorded


class ReadyShells:
    """A worker's shell and a judge's, made by a process that is going to fork both.

    IPython and what it writes tracebacks with are loaded late, some 90 ms of a process; a shell
    takes 6 ms. A fork server does that once, and it leaves no other trace in the process.
    """

    def __init__(self) -> None:
        with _no_traces(), tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            _run_once(home)
            self._shells = {silent: new_shell(home, silent=silent) for silent in (False, True)}

    def take(
        self, home: Path, recorder: Recorder, namespace: dict[str, Any] | None = None, *, silent: bool = False
    ) -> Shell:
        """Return the one shell of this process, as `make_shell`; it can be taken once."""
        shell = self._shells[silent]
        self._shells.clear()
        shell.begin(home, recorder, namespace)
        return shell


def _run_once(home: Path) -> None:
    """Run a cell that ends and one that fails, in shells of their own."""
    recorder = Recorder(2**16)
    for silent in (False, True):
        shell: Any = make_shell(home, recorder, silent=silent)
        for source in ("1", "undefined"):
            with recorded(recorder):
                shell.run_cell(source)
        shell.builtin_trap.deactivate()
        type(shell).clear_instance()


@contextlib.contextmanager
def _no_traces() -> Iterator[None]:
    """Put back what shells change around them."""
    names, main, variables = set(vars(builtins)), sys.modules["__main__"], dict(os.environ)
    yield
    linecache.clearcache()
    sys.modules["__main__"] = main
    for name in set(vars(builtins)) - names:
        delattr(builtins, name)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        vars(sys).pop(name, None)
    os.environ.clear()
    os.environ.update(variables)
