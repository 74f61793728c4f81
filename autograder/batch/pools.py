"""Pools that grade submissions: threads of this process, or a Dask cluster."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

from autograder.batch import job
from autograder.batch.errors import GradeError, first_line
from autograder.execution import engine

CONNECT_SECONDS = 15


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
        return self.executor.submit(job.run, spec, submission)

    def stop(self) -> None:
        """Stop at once; what is under way is given up."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        engine.stop()

    def close(self) -> None:
        """Wait for what is under way, and end the warm process."""
        self.executor.shutdown(cancel_futures=True)
        engine.close()


class Cluster:
    """A Dask cluster. Specs and submissions are sent to it; it needs no folder of the course.

    A worker that is lost loses nothing: the scheduler has its submissions graded by another.

    Parameters
    ----------
    address
        The scheduler's, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    GradeError
        If Dask is not installed or the scheduler does not answer.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client  # noqa: PLC0415 - only where a cluster is used
        except ImportError:
            raise GradeError("--scheduler needs Dask: pip install distributed") from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self.address = address
        try:
            self.client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise GradeError(
                f"--scheduler {address}: no Dask scheduler answers there ({first_line(error)}); start one "
                "with `dask scheduler`, and workers with `dask worker`"
            ) from None
        self.executor: Executor = self.client.get_executor(pure=False)

    @property
    def room(self) -> int:
        """Number of submissions that it takes now: twice what it grades at once."""
        return 2 + 2 * sum(self.client.nthreads().values())

    def description(self) -> str:
        """Say where submissions are graded, and how many at once."""
        threads = self.client.nthreads()
        if not threads:
            return f"when {self.address} has workers: start some with `dask worker {self.address}`"
        return f"{sum(threads.values())} at once on {len(threads)} workers of {self.address}"

    def share(self, spec: bytes) -> Any:
        """Make a spec known to the whole pool; return what `submit` is to be given for it."""
        # not `scatter`, whose data are gone for good when the workers that have them are
        return self.client.submit(bytes, spec, pure=False)

    def submit(self, spec: Any, submission: bytes) -> Future[str]:
        """Have a submission graded."""
        return self.executor.submit(job.run, spec, submission)

    def stop(self) -> None:
        """Stop; what is under way on the workers runs to its end there and is forgotten."""
        self.executor.shutdown(wait=False)  # which cancels what has not begun

    def close(self) -> None:
        """Leave the cluster, which goes on."""
        with contextlib.suppress(Exception):
            self.client.close(timeout=5)


@contextlib.contextmanager
def pool(workers: int | None, scheduler: str | None) -> Iterator[LocalPool | Cluster]:
    """Open the pool that the command line names; close it at the end."""
    opened = Cluster(scheduler) if scheduler else LocalPool(workers)
    try:
        yield opened
    except BaseException:
        opened.stop()
        raise
    finally:
        opened.close()
