"""A Dask cluster as a pool. Needs `distributed`."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Any

from distributed import Client, Worker, WorkerPlugin, get_worker

from autograder.batch.errors import POOL_GONE, GradeError, first_line
from autograder.batch.job import JobRunner

CONNECT_SECONDS = 15
PLUGIN = "autograder"


class RunnerPlugin(WorkerPlugin):
    """Gives each Dask worker a runner, which stays until the worker ends."""

    idempotent = True  # the next class that is graded finds the runners of the last one

    def setup(self, worker: Worker) -> None:
        """Make the worker's runner."""
        self.runner = JobRunner()

    def teardown(self, worker: Worker) -> None:
        """End the worker's runner."""
        self.runner.close()


def run_on_worker(spec: bytes, submission: bytes) -> str:
    """Grade one submission with the runner of the Dask worker that this is called on."""
    return get_worker().plugins[PLUGIN].runner.run(spec, submission)


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
        If the scheduler does not answer, or a worker has no autograder.
    """

    def __init__(self, address: str) -> None:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self.address = address
        try:
            self.client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise GradeError(
                f"--scheduler {address}: no Dask scheduler answers there ({first_line(error)}); start one "
                "with `dask scheduler`, and workers with `dask worker`"
            ) from None
        try:
            self.client.register_plugin(RunnerPlugin(), name=PLUGIN)
        except Exception as error:
            self.close()
            raise GradeError(
                f"--scheduler {address}: a worker cannot grade ({first_line(error)}); it needs the same "
                "packages as this machine"
            ) from error
        self.executor: Executor = self.client.get_executor(pure=False)

    @property
    def room(self) -> int:
        """Number of submissions that it takes now: twice what it grades at once."""
        return 2 + 2 * sum(self._threads().values())

    def description(self) -> str:
        """Say where submissions are graded, and how many at once."""
        threads = self._threads()
        if not threads:
            return f"when {self.address} has workers: start some with `dask worker {self.address}`"
        return f"{sum(threads.values())} at once on {len(threads)} workers of {self.address}"

    def share(self, spec: bytes) -> Any:
        """Make a spec known to the whole pool; return what `submit` is to be given for it."""
        # not `scatter`, whose data are gone for good when the workers that have them are
        with _reached():
            return self.client.submit(bytes, spec, pure=False)

    def submit(self, spec: Any, submission: bytes) -> Future[str]:
        """Have a submission graded."""
        with _reached():
            return self.executor.submit(run_on_worker, spec, submission)

    def stop(self) -> None:
        """Stop; what is under way on the workers runs to its end there and is forgotten."""
        with contextlib.suppress(Exception):  # the scheduler may be lost
            self.executor.shutdown(wait=False)  # which cancels what has not begun

    def close(self) -> None:
        """Leave the cluster, which goes on."""
        with contextlib.suppress(Exception):
            self.client.close(timeout=5)

    def _threads(self) -> dict[str, int]:
        """Return how many submissions each worker grades at once, by its address."""
        with _reached():
            return self.client.nthreads()


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """Take any failure to speak with the scheduler for its end.

    It depends on the moment which it is: connections that are closed or time out, or a client that
    has given up.
    """
    try:
        yield
    except Exception as error:
        raise GradeError(f"{POOL_GONE} ({first_line(error)})") from error
