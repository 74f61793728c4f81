"""One submission, as a pool grades it: bytes in, text out. Needs the engine, but not nbgrader."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from autograder.execution.spec import GradingSpec, pack, unpack
from autograder.store.content import versions_digest


class VersionError(RuntimeError):
    """Another Python or other packages are installed where a submission was to be graded."""


def packed_spec(spec: GradingSpec) -> bytes:
    """Return a spec as `run` takes it."""
    versions = versions_digest(spec.preload).encode()
    return pack({"versions": versions, "spec": spec.pack()}, {})


def packed_submission(notebook: bytes | None, files: Path | None, variant_key: bytes) -> bytes:
    """Return a submission as `run` takes it."""
    texts = {"key": variant_key} | ({} if notebook is None else {"notebook": notebook})
    return pack(texts, {"files": files})


def run(spec: bytes, submission: bytes) -> str:
    """Grade one submission in this process, which keeps its warm process for the next one.

    Parameters
    ----------
    spec, submission
        What `packed_spec` and `packed_submission` return.

    Returns
    -------
    str
        A `Result` as JSON.

    Raises
    ------
    VersionError
        If this machine has not the packages that the spec was packed with: its result would be
        another's.
    ValueError, ForkServerError
        As `GradingSpec.grade`.
    """
    unpacked = _spec(spec)
    with tempfile.TemporaryDirectory(prefix="job-") as folder:
        parts = unpack(submission, Path(folder))
        files = Path(folder, "files")
        own = files if files.is_dir() else None
        return unpacked.grade(parts.get("notebook"), own, parts["key"]).to_json()


@functools.lru_cache(maxsize=8)
def _spec(packed: bytes) -> GradingSpec:
    folder = tempfile.mkdtemp(prefix="spec-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    parts = unpack(packed, Path(folder))
    spec = GradingSpec.unpack(parts["spec"], Path(folder))
    if versions_digest(spec.preload).encode() != parts["versions"]:
        raise VersionError(
            "this machine has other versions of Python or of the packages, or other course code"
        )
    return spec
