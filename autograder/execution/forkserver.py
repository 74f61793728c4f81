"""Fork server: a process that imports the heavy modules once, then forks workers and judges.

The standard library's fork server runs the caller's main module again in every child, reads pickles
from a socket whose address any child can find, and passes on the caller's environment. This one is
reached over one unnamed socket, reads JSON, and starts with an environment and arguments made for
it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from autograder.execution.environment import ONE_THREAD, QUIET
from autograder.execution.server_settings import ServerSettings
from autograder.limits import Limits
from autograder.temporary import TemporaryFolder, remove_abandoned

LARGEST_ORDER = 2**20
READY = b"ready"
FORKED = b"!"
NO_SETTINGS = ServerSettings()
ENVIRONMENT = (
    QUIET
    | ONE_THREAD
    | {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONDONTWRITEBYTECODE": "1"}
)


class ForkServerError(RuntimeError):
    """Failure to start a fork server; the text says why."""


class ProcessKind(StrEnum):
    """The processes of a submission."""

    WORKER = "worker"
    JUDGE = "judge"


@dataclass(frozen=True)
class StartOrder:
    """The order to fork one process.

    Parameters
    ----------
    role
        Worker or judge.
    scratch
        Home and working directory of the process.
    limits
        Limits of the submission.
    readable
        For a worker: files and directories that it may read beside the imported packages.
    without
        For a worker: layers of the sandbox that are left out (for tests of the others).
    judge_files
        For a judge: the directory that only judges are told of.
    """

    kind: ProcessKind
    scratch: Path
    limits: Limits
    readable: tuple[Path, ...] = ()
    without: tuple[str, ...] = ()
    judge_files: Path | None = None

    def to_bytes(self) -> bytes:
        """Return the order as JSON."""
        return json.dumps(asdict(self), default=str).encode()

    @classmethod
    def from_bytes(cls, message: bytes) -> StartOrder:
        """Read `to_bytes`."""
        plain = json.loads(message)
        return cls(
            ProcessKind(plain["kind"]),
            Path(plain["scratch"]),
            Limits(**plain["limits"]),
            tuple(Path(path) for path in plain["readable"]),
            tuple(plain["without"]),
            Path(plain["judge_files"]) if plain["judge_files"] else None,
        )


class ForkServer:
    """A process that forks workers and judges.

    Parameters
    ----------
    settings
        The modules that it imports first, and what its processes find and may read.

    Raises
    ------
    ForkServerError
        If a module cannot be imported.
    """

    def __init__(self, settings: ServerSettings = NO_SETTINGS) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        remove_abandoned()
        self._home = TemporaryFolder("forkserver")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
        path = [os.path.abspath(entry) for entry in sys.path if entry]
        code = (
            "import sys, gc, json; gc.disable(); sys.path[:] = json.loads(sys.argv[1]); "
            "import autograder.execution.forkserver_process as f; f.main()"
        )
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-c",
                    code,
                    json.dumps(path),
                    str(theirs.fileno()),
                    json.dumps(settings.data_types),
                    *settings.preload,
                ],
                env=kept | ENVIRONMENT | {"HOME": str(self._home.path)} | dict(settings.environment),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                start_new_session=True,
            )
        self._socket = ours
        try:
            answer = ours.recv(LARGEST_ORDER)
        except OSError:
            answer = b""
        if self._process.stderr is not None:
            with self._process.stderr as errors:
                written = b"" if answer == READY else errors.read()
        if answer != READY:
            self.close()
            lines = written.decode("utf-8", "replace").strip().splitlines()
            raise ForkServerError(f"preload failed: {lines[-1] if lines else 'the process ended'}")
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        """State of the process: True while it runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def start(self, order: StartOrder) -> tuple[socket.socket, socket.socket]:
        """Fork a process; return the sockets to its guard and to the process itself.

        Raises
        ------
        ConnectionError
            If the fork server is gone.
        """
        order = replace(order, readable=(*self.settings.readable, *order.readable))
        control, their_control = socket.socketpair()
        data, their_data = socket.socketpair()
        try:
            with their_control, their_data, self._lock:
                socket.send_fds(
                    self._socket, [order.to_bytes()], [their_control.fileno(), their_data.fileno()]
                )
                if self._socket.recv(1) != FORKED:
                    raise ConnectionError
        except OSError:
            control.close()
            data.close()
            raise ConnectionError("the fork server is gone") from None
        return control, data

    def close(self) -> None:
        """End the fork server; workers and judges that still run end with their own connections."""
        atexit.unregister(self.close)
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        self._process.wait()
        self._home.remove()
