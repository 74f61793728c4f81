"""Pools that grade submissions: threads of this process, or a Dask cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, Protocol

from autograder.batch.errors import GradeError
from autograder.batch.job import JobRunner


class Pool(Protocol):
    """A place where submissions are graded, several at once."""

    @property
    def room(self) -> int:
        """Number of submissions that it takes now, so that it never waits."""

    def description(self) -> str:
        """Say where submissions are graded, and how many at once."""

    def share(self, spec: bytes) -> Any:
        """Make a spec known to the whole pool; return what `submit` is to be given for it."""

    def submit(self, spec: Any, submission: bytes) -> Future[str]:
        """Have a submission graded."""

    def stop(self) -> None:
        """Stop at once; what is under way is given up."""

    def close(self) -> None:
        """Leave nothing behind."""


class LocalPool:
    """Threads of this process, each with a worker and a judge of its own.

    Parameters
    ----------
    workers
        How many; one for each core that this process may use, if None.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self.executor: Executor = ThreadPoolExecutor(self.workers, thread_name_prefix="grading")
        self.runner = JobRunner()

    @property
    def room(self) -> int:
        """Number of submissions that it takes now: a few more than it grades at once."""
        return self.workers + 2

    def description(self) -> str:
        """Say where submissions are graded, and how many at once."""
        return f"{self.workers} at once"

    def share(self, spec: bytes) -> Any:
        """Make a spec known to the whole pool; return what `submit` is to be given for it."""
        return spec

    def submit(self, spec: Any, submission: bytes) -> Future[str]:
        """Have a submission graded."""
        return self.executor.submit(self.runner.run, spec, submission)

    def stop(self) -> None:
        """Stop at once; what is under way is given up."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.runner.stop()

    def close(self) -> None:
        """Wait for what is under way, and end the fork servers."""
        self.executor.shutdown(cancel_futures=True)
        self.runner.close()


@contextlib.contextmanager
def pool(workers: int | None = None, scheduler: str | None = None) -> Iterator[Pool]:
    """Open the pool that the command line names; close it at the end.

    After an exception, what is under way on this machine is given up.

    Parameters
    ----------
    workers
        See `LocalPool`.
    scheduler
        The address of a Dask cluster, in place of this machine.

    Raises
    ------
    GradeError
        If there is no such cluster, or Dask is not installed.
    """
    opened = _cluster(scheduler) if scheduler else LocalPool(workers)
    try:
        yield opened
    except BaseException:
        opened.stop()
        raise
    finally:
        opened.close()


def _cluster(address: str) -> Pool:
    try:
        from autograder.batch.cluster import Cluster  # noqa: PLC0415 - only where a cluster is used
    except ImportError:
        raise GradeError(
            "--scheduler needs Dask: install the extra `cluster`, or pip install distributed"
        ) from None
    return Cluster(address)
