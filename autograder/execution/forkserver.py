"""The warm process: imports the heavy modules once, then forks a worker or a judge on request.

The standard library's forkserver does the same, but runs the caller's main module again in every child, reads
pickles from a socket whose address any child can find, and hands on the caller's environment. This one is
reached over one unnamed socket only, reads JSON, and starts with an environment and arguments made for it.
"""

from __future__ import annotations

import array
import atexit
import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path

from autograder.execution.environment import ONE_THREAD, QUIET
from autograder.limits import Limits
from autograder.sandbox import SandboxSpec, load_libraries, python_paths, run_in_sandbox

_LARGEST = 2**20
ENVIRONMENT = (
    QUIET
    | ONE_THREAD
    | {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONDONTWRITEBYTECODE": "1"}
)


class ForkServerError(RuntimeError):
    """The warm process could not be started; the text says why."""


class ForkServer:
    """A process that forks workers and judges.

    Parameters
    ----------
    preload
        Modules that it imports first. Workers may read the files of their packages.
    environment
        Variables that workers and judges get beside the fixed ones.

    Raises
    ------
    ForkServerError
        If a module cannot be imported.
    """

    def __init__(self, preload: tuple[str, ...] = (), environment: dict[str, str] | None = None) -> None:
        self.preload = tuple(preload)
        self._lock = threading.Lock()
        self._home = tempfile.mkdtemp(prefix="warm-")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
        path = [os.path.abspath(entry) for entry in sys.path if entry]
        code = (
            "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
            "import autograder.execution.forkserver as f; f.main()"
        )
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", code, json.dumps(path), str(theirs.fileno()), *self.preload],
                env=kept | ENVIRONMENT | {"HOME": self._home} | (environment or {}),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                start_new_session=True,
            )
        self._socket = ours
        try:
            answer = ours.recv(_LARGEST)
        except OSError:
            answer = b""
        with self._process.stderr as errors:
            said = [] if answer == b"ready" else errors.read().decode("utf-8", "replace").strip().splitlines()
        if answer != b"ready":
            self.close()
            raise ForkServerError(f"preload failed: {said[-1] if said else 'the process ended'}")
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def start(
        self,
        role: str,
        scratch: Path,
        limits: Limits,
        *,
        readable: tuple[Path, ...] = (),
        without: tuple[str, ...] = (),
        judge_files: Path | None = None,
    ) -> tuple[socket.socket, socket.socket]:
        """Fork a ``"worker"`` or a ``"judge"``; return the sockets to its guard and to itself.

        Raises
        ------
        ConnectionError
            If the warm process is gone.
        """
        control, their_control = socket.socketpair()
        data, their_data = socket.socketpair()
        order = {
            "role": role,
            "scratch": str(scratch),
            "limits": asdict(limits),
            "readable": [str(path) for path in readable],
            "without": list(without),
            "judge_files": str(judge_files) if judge_files else "",
        }
        message = json.dumps(order).encode()
        try:
            with their_control, their_data, self._lock:
                socket.send_fds(self._socket, [message], [their_control.fileno(), their_data.fileno()])
                if self._socket.recv(1) != b"!":
                    raise ConnectionError
        except OSError:
            control.close()
            data.close()
            raise ConnectionError("the warm process is gone") from None
        return control, data

    def close(self) -> None:
        """End it; workers and judges that still run end with their own connections."""
        atexit.unregister(self.close)
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)


def main() -> None:
    """Run the warm process; called in it only."""
    with socket.socket(fileno=int(sys.argv[2])) as orders:
        preload = sys.argv[3:]
        for name in (
            "IPython.core.interactiveshell",
            "numpy",
            "autograder.execution.worker",
            "autograder.execution.judge",
            *preload,
        ):
            importlib.import_module(name)
        _draw_once()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        load_libraries()
        gc.collect()
        gc.freeze()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)
        orders.send(b"ready")
        while True:
            message, handles, _, _ = socket.recv_fds(orders, _LARGEST, 2)
            if not message:
                return
            if os.fork() == 0:
                try:
                    orders.close()
                    _child(json.loads(message), handles, tuple(preload))
                finally:
                    os._exit(1)
            for handle in handles:
                os.close(handle)
            orders.send(b"!")


def _draw_once() -> None:
    """Let Matplotlib find its fonts and its formats before the fork, where it is loaded."""
    if "matplotlib.pyplot" in sys.modules:
        from IPython.core.pylabtools import print_figure  # noqa: PLC0415
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415

        figure = Figure(layout="constrained")
        FigureCanvasAgg(figure)
        figure.subplots().loglog([1, 10], [1, 10])
        print_figure(figure)


def _child(order: dict, handles: array.array, preload: tuple[str, ...]) -> None:
    from autograder.execution import judge, worker  # noqa: PLC0415 - imported by now; a cycle otherwise

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    sys.argv[:] = [""]
    control, data = (socket.socket(fileno=handle) for handle in handles)
    limits, scratch = Limits(**order["limits"]), Path(order["scratch"])
    if order["role"] == "judge":
        control.close()
        judge.serve(data, scratch, limits, order["judge_files"])
        os._exit(0)
    readable = tuple(Path(path) for path in order["readable"])
    spec = SandboxSpec(limits, scratch, (*python_paths(preload), *readable), tuple(order["without"]))
    run_in_sandbox(control, spec, lambda: worker.serve(data, scratch, limits))
    os._exit(0)
