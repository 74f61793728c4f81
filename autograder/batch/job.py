"""One submission, as a pool grades it: bytes in, text out. Needs the engine, but not nbgrader."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.execution.engine import Engine
from autograder.execution.spec import GradingSpec, Submission, pack, unpack
from autograder.store.content import versions_digest
from autograder.temporary import TemporaryFolder

MAX_SPECS = 8  # that a runner keeps unpacked, unless submissions are graded by more


class VersionError(RuntimeError):
    """Another Python or other packages are installed where a submission was to be graded."""


def packed_spec(spec: GradingSpec) -> bytes:
    """Return a spec as `JobRunner.run` takes it."""
    versions = versions_digest(spec.preload).encode()
    return pack({"versions": versions, "spec": spec.pack()}, {})


def packed_submission(notebook: bytes | None, files: Path | None, seed_key: bytes) -> bytes:
    """Return a submission as `JobRunner.run` takes it."""
    texts = {"key": seed_key} | ({} if notebook is None else {"notebook": notebook})
    return pack(texts, {"files": files})


@dataclass
class _Unpacked:
    """A spec with the folder of its files, and how many submissions are graded by it."""

    spec: GradingSpec
    folder: TemporaryFolder
    users: int = 0


class JobRunner:
    """Grades packed submissions, several at once, with an engine of its own."""

    def __init__(self) -> None:
        self.engine = Engine()
        self._lock = threading.Lock()
        self._specs: OrderedDict[bytes, _Unpacked] = OrderedDict()

    def run(self, spec: bytes, submission: bytes) -> str:
        """Grade one submission.

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
        ValueError, ForkServerError, IsolationError, StoppedError
            As `Engine.grade`.
        """
        with self._unpacked(spec) as unpacked, ExitStack() as owner:
            place = cache(lambda: owner.enter_context(TemporaryFolder("job")))  # most have no files
            texts, folders = unpack(submission, place)
            handed_in = Submission(texts.get("notebook"), folders.get("files"), texts["key"])
            return self.engine.grade(unpacked, handed_in).to_json()

    def stop(self) -> None:
        """Give up the submissions under way, and those that are still to come."""
        self.engine.stop(for_good=True)

    def close(self) -> None:
        """End the engine and remove the specs' files."""
        self.engine.close()
        with self._lock:
            while self._specs:
                self._specs.popitem()[1].folder.remove()

    @contextmanager
    def _unpacked(self, packed: bytes) -> Iterator[GradingSpec]:
        """Unpack a spec, where it is not; keep its files at least as long as the block lasts."""
        digest = hashlib.sha256(packed).digest()
        with self._lock:
            if digest not in self._specs:
                self._specs[digest] = _unpack_spec(packed)
            self._specs.move_to_end(digest)
            unpacked = self._specs[digest]
            unpacked.users += 1
        try:
            yield unpacked.spec
        finally:
            with self._lock:
                unpacked.users -= 1
                self._remove_unused()

    def _remove_unused(self) -> None:
        unused = [digest for digest, unpacked in self._specs.items() if not unpacked.users]
        for digest in unused[: max(0, len(self._specs) - MAX_SPECS)]:
            self._specs.pop(digest).folder.remove()


def _unpack_spec(packed: bytes) -> _Unpacked:
    """Unpack a spec, its files in a folder of their own."""
    folder = TemporaryFolder("spec")
    try:
        texts, _ = unpack(packed, lambda: folder.path)
        spec = GradingSpec.unpack(texts["spec"], folder.path)
        if versions_digest(spec.preload).encode() != texts["versions"]:
            raise VersionError(
                "this machine has other versions of Python or of the packages, or other course code"
            )
    except BaseException:
        folder.remove()
        raise
    return _Unpacked(spec, folder)
