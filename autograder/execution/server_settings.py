"""What a fork server is started with; nothing here imports what reads notebooks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServerSettings:
    """The settings of a fork server; submissions with equal ones are forked from one.

    Parameters
    ----------
    preload
        Modules that every worker and judge finds imported. Workers may read the files of their
        packages.
    environment
        Variables for workers and judges, beside the fixed ones of
        `autograder.execution.forkserver`.
    readable
        Files and directories that workers may read where they lie, such as a data set that
        ``environment`` names.
    data_types
        Modules of the course, or ``"module:NAME"``, with further entries for
        `autograder.protocol.library_data`.
    """

    preload: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    readable: tuple[Path, ...] = ()
    data_types: tuple[str, ...] = ()
