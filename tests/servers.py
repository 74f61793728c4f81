"""Real servers on loopback, each in a process group of its own that ends with the test."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def free_port() -> int:
    """Give a port of the loopback address that nothing listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    command, url: str, log: Path, cwd: Path, environment=None, seconds=120, user=None, status=None
) -> Iterator[str]:
    """
    Run a server until the block ends; the block begins when `url` answers.

    Parameters
    ----------
    command : list of str or Path
        The server's program and its arguments.
    url : str
        An address that answers as soon as the server is ready.
    log : Path
        The file that takes what the server prints.
    cwd : Path
        The folder that it runs in.
    environment : dict, optional
        Its environment; this process's own by default.
    seconds : float
        How long it may take to answer.
    user : str, optional
        Whose process it is; needs root.
    status : int, optional
        The status with which it answers as soon as it is ready; any by default.

    Yields
    ------
    str
        `url`.

    Raises
    ------
    RuntimeError
        If it ends before it answers, or does not answer in time; with the end of its log.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            user=user,
        )
    try:
        _wait(process, url, log, time.monotonic() + seconds, status)
        yield url
    finally:
        _end(process)


def _wait(process: subprocess.Popen, url: str, log: Path, deadline: float, status: int | None) -> None:
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode}:\n{_tail(log)}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError as error:
            if isinstance(error, urllib.error.HTTPError) and status in (None, error.code):
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"{url} does not answer ({error}):\n{_tail(log)}") from error
        time.sleep(0.1)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-30:])


def _end(process: subprocess.Popen) -> None:
    for sign, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
