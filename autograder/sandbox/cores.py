"""One core for each worker and all that it started, so that none takes another's time."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass

_MOST_TURNS = 64


@dataclass(frozen=True)
class Core:
    """A core, held for one worker until it is closed.

    Parameters
    ----------
    number
        The kernel's number of it.
    holder
        A socket whose name nobody else can have meanwhile, in whatever process.
    """

    number: int
    holder: socket.socket

    def confine(self) -> None:
        """Keep this process, and what it will start, on the core; seccomp refuses to leave it."""
        self.close()
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {self.number})

    def close(self) -> None:
        """Give up this process's hold."""
        self.holder.close()


def claim_core() -> Core | None:
    """Return a core that fewest workers on this machine have; None where none can be had.

    Graders that run at the same time, whoever runs them, agree by names of sockets, which the
    kernel gives to one process only and takes back when that ends.
    """
    cores = sorted(os.sched_getaffinity(0))
    for turn in range(_MOST_TURNS):
        for number in cores:
            holder = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                holder.bind(f"\0autograder-core-{number}-{turn}")
                return Core(number, holder)
            except OSError:
                holder.close()
    return None
