"""Limit of the time that a worker takes for one thing.

Time in which the worker's processes could have run, but others had the processor, does not count:
on a busy machine an honest answer is no slower than elsewhere. Whatever waits for something else,
or computes, is stopped at its limit.
"""

from __future__ import annotations

import time

from autograder.execution.processes import WorkerProcess

MOST_TIMES = 4  # the limit, on the wall clock, however busy the machine is
_TOLERANCE = 0.05  # of the limit; the guard's measure is no finer


class TimeLimit:
    """Time that is left for one thing, which begins now.

    Parameters
    ----------
    seconds
        The limit, for processor time and for wall clock without waiting for a processor.

    Attributes
    ----------
    deadline : float
        Time, as `time.monotonic` counts, at which to look whether the limit is reached.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._start = time.monotonic()
        self.deadline = self._start + seconds

    def postpone(self, seconds: float) -> None:
        """Leave out a time in which the engine did something else."""
        self._start += seconds
        self.deadline += seconds

    @property
    def is_due(self) -> bool:
        """Whether the deadline has come."""
        return time.monotonic() >= self.deadline

    def is_extended(self, worker: WorkerProcess) -> bool:
        """Set a later deadline, if the worker has time left; return whether it has."""
        usage = worker.usage_since(self._start)
        elapsed = time.monotonic() - self._start
        left = self.seconds - max(usage.cpu_seconds, elapsed - usage.waited_seconds)
        left = min(left, MOST_TIMES * self.seconds - elapsed)
        if left <= _TOLERANCE * self.seconds:
            return False
        self.deadline = time.monotonic() + left
        return True
