"""One submission, as whoever grades it gets it: bytes in, text out. Needs the engine, but not nbgrader."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from autograder.execution.spec import Task, pack, unpack
from autograder.store.content import versions_digest


class VersionError(RuntimeError):
    """Another Python or other packages are installed where a submission was to be graded."""


def packed_task(task: Task) -> bytes:
    """Return a task as `run` takes it."""
    versions = versions_digest(task.preload).encode()
    return pack({"versions": versions, "task": task.pack()}, {})


def packed_submission(notebook: bytes | None, files: Path | None, variant_key: bytes) -> bytes:
    """Return a submission as `run` takes it."""
    texts = {"key": variant_key} | ({} if notebook is None else {"notebook": notebook})
    return pack(texts, {"files": files})


def run(task: bytes, submission: bytes) -> str:
    """Grade one submission in this process, which keeps its warm process for the next one.

    Parameters
    ----------
    task, submission
        What `packed_task` and `packed_submission` return.

    Returns
    -------
    str
        A `Result` as JSON.

    Raises
    ------
    VersionError
        If this machine has not the packages that the task was packed with: its result would be another's.
    ValueError, WarmError
        As `Task.grade`.
    """
    made = _task(task)
    with tempfile.TemporaryDirectory(prefix="job-") as folder:
        parts = unpack(submission, Path(folder))
        files = Path(folder, "files")
        own = files if files.is_dir() else None
        return made.grade(parts.get("notebook"), own, parts["key"]).to_json()


@functools.lru_cache(maxsize=8)
def _task(packed: bytes) -> Task:
    folder = tempfile.mkdtemp(prefix="task-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    parts = unpack(packed, Path(folder))
    task = Task.unpack(parts["task"], Path(folder))
    if versions_digest(task.preload).encode() != parts["versions"]:
        raise VersionError(
            "this machine has other versions of Python or of the packages, or other course code"
        )
    return task
