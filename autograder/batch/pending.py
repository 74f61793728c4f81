"""The results that a pool is making."""

from __future__ import annotations

import logging
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import replace
from typing import Any

from autograder.batch import job
from autograder.batch.errors import POOL_GONE, GradeError, first_line
from autograder.batch.pools import Pool
from autograder.execution.engine import ForkServerError, IsolationError, StoppedError
from autograder.execution.spec import GradingSpec
from autograder.plugin.context import AssignmentContext
from autograder.plugin.notebook_context import NotebookContext, keep, known_changes
from autograder.result import Result
from autograder.store import StoreError


class PendingResults:
    """The results that a pool is making for one assignment, by their keys in the store.

    Equal submissions have the same key, so that their result is made once.

    Parameters
    ----------
    assignment
        With a store, in which results are kept when they come.
    pool
        Where submissions are graded.
    log
        Where to write why a submission could not be graded.
    """

    def __init__(self, assignment: AssignmentContext, pool: Pool, log: logging.Logger) -> None:
        self.assignment, self.pool, self.log = assignment, pool, log
        self._shared: dict[str, Any] = {}  # specs that the pool has, by digest
        self._pending: dict[str, tuple[GradingSpec, Future[str]]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._pending

    @property
    def has_room(self) -> bool:
        """Return whether the pool takes another submission now."""
        return len(self._pending) < self.pool.room

    def request(self, notebook: NotebookContext) -> None:
        """Let the pool make the result of a submission's notebook."""
        spec = notebook.spec
        if spec.digest not in self._shared:
            packed_spec = job.packed_spec(self._with_all_modules(known_changes(spec, self.assignment.store)))
            self._shared[spec.digest] = self.pool.share(packed_spec)
        packed = job.packed_submission(notebook.submission, notebook.submission_files, notebook.seed_key)
        self._pending[notebook.key] = spec, self.pool.submit(self._shared[spec.digest], packed)

    def _with_all_modules(self, spec: GradingSpec) -> GradingSpec:
        """Return a spec that shares its fork server with the assignment's other notebooks."""
        specs = [self.assignment.source(name)[1] for name in self.assignment.notebook_names]
        return replace(spec, preload_also=tuple(sorted({name for other in specs for name in other.preload})))

    def collect(self, seconds: float, *, stopping: bool) -> dict[str, str]:
        """Keep the results that have come.

        Parameters
        ----------
        seconds
            How long to wait for one.
        stopping
            Whether the run is being stopped, so that results may fail to come.

        Returns
        -------
        dict of str to str
            Key → "" or why there is no result.

        Raises
        ------
        GradeError
            If nothing further can be graded or kept.
        """
        if not self._pending:
            return {}
        done, _ = wait([future for _, future in self._pending.values()], seconds, FIRST_COMPLETED)
        keys = [key for key, (_, future) in self._pending.items() if future in done]
        return {key: self._keep(key, *self._pending.pop(key), stopping) for key in keys}

    def _keep(self, key: str, spec: GradingSpec, future: Future[str], stopping: bool) -> str:
        try:
            result = Result.from_json(future.result())
            keep(self.assignment.store, key, result, spec)
        except (StoreError, ForkServerError, IsolationError, job.VersionError, ImportError) as error:
            raise GradeError(str(error)) from error
        except (StoppedError, CancelledError) as error:
            if stopping:
                return "stopped"
            raise GradeError(POOL_GONE) from error
        except Exception as error:  # of one submission: the others are graded all the same
            self.log.error("A submission could not be graded", exc_info=error)
            return f"{type(error).__name__}: {first_line(error)}"
        return ""
