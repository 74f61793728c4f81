"""Files, sockets and a process that a submission must not reach, made for `autograder doctor`."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Targets:
    """What `autograder.commands.attempts` tries to reach.

    Parameters
    ----------
    secret, folder
        A file, and the folder that it is in.
    shared
        A file in the machine's shared memory; "" where there is none.
    judge
        The folder that only the judge is told of.
    process, mark
        Id of a process of the grader's user, and a word of its command line.
    tcp, udp
        Ports of this machine on which somebody listens.
    stream, datagram, abstract
        Addresses of Unix sockets on which somebody listens.
    """

    secret: str
    folder: str
    shared: str
    judge: str
    process: int
    mark: str
    tcp: int
    udp: int
    stream: str
    datagram: str
    abstract: str

    def code(self) -> str:
        """Return a line of Python that binds ``targets`` to what is tried."""
        return f"from types import SimpleNamespace\ntargets = SimpleNamespace(**{asdict(self)!r})\n"


@contextmanager
def open_targets() -> Iterator[tuple[Targets, subprocess.Popen[bytes]]]:
    """Make the targets, one of them a process; leave nothing of them behind."""
    mark = f"doctor-{secrets.token_hex(8)}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doctor-")))
        judge = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doctor-judge-")))
        judge.chmod(0o755)  # as in a course: where others cannot read it, a judge gets no user of its own
        for path in (folder / "secret", judge / "secret"):
            path.write_text(mark)
            path.chmod(0o666)  # open to every user: it is the sandbox that has to refuse
        folder.chmod(0o777)
        memory = Path("/dev/shm", mark)
        if memory.parent.is_dir():
            memory.write_text(mark)
            memory.chmod(0o666)
            stack.callback(memory.unlink, missing_ok=True)
        process = stack.enter_context(
            subprocess.Popen([sys.executable, "-I", "-c", "input()", mark], stdin=subprocess.PIPE)
        )
        stack.callback(process.kill)
        ports = [
            stack.enter_context(_listening(socket.AF_INET, kind, ("127.0.0.1", 0))).getsockname()[1]
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
        ]
        addresses = (str(folder / "stream"), str(folder / "datagram"), f"\0{mark}")
        kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_STREAM)
        for kind, address in zip(kinds, addresses, strict=True):
            stack.enter_context(_listening(socket.AF_UNIX, kind, address))
        shared = str(memory) if memory.exists() else ""
        secret = str(folder / "secret")
        yield (
            Targets(secret, str(folder), shared, str(judge), process.pid, mark, *ports, *addresses),
            process,
        )


def _listening(family: int, kind: int, address: str | tuple[str, int]) -> socket.socket:
    listener = socket.socket(family, kind)
    listener.bind(address)
    if isinstance(address, str) and not address.startswith("\0"):
        os.chmod(address, 0o777)
    if kind == socket.SOCK_STREAM:
        listener.listen()
    return listener
