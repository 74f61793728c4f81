"""Frames over a socket between the engine and one of its processes: a kind, a length, bytes."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import time
from typing import Any

# engine → worker: RUN, CALL, ANSWER; worker → engine: READY, RAN, REPLY, CALLBACK
# engine → judge: SETUP, RUN, TEST, REPLY, FAILED, CALLBACK
# judge → engine: READY, CALL, ANSWER, SCORED
READY, RUN, RAN, CALL, REPLY, CALLBACK, ANSWER, FAILED, SETUP, TEST, SCORED = range(1, 12)
_HEAD = struct.Struct(">BQ")


class ClosedError(ConnectionError):
    """The other side is gone or sends what is no frame."""


class Pipe:
    """One end of a connection that carries frames.

    Parameters
    ----------
    connection
        A connected stream socket.
    largest
        The longest frame accepted from the other side, in bytes; checked before it is read.
    """

    def __init__(self, connection: socket.socket, largest: int) -> None:
        self.socket, self.largest = connection, largest
        connection.settimeout(None)

    def send(self, kind: int, payload: bytes = b"", deadline: float | None = None) -> None:
        """Send one frame; raise `ClosedError` when nobody reads and `TimeoutError` at the deadline."""
        try:
            for part in (_HEAD.pack(kind, len(payload)), payload):
                self._wait(deadline)
                self.socket.sendall(part)
        except TimeoutError:
            raise
        except OSError as error:
            raise ClosedError(f"the other process is gone: {error}") from None

    def receive(self, deadline: float | None = None) -> tuple[int, bytes]:
        """Read one frame; raise `ClosedError` when it is none and `TimeoutError` at the deadline."""
        kind, length = _HEAD.unpack(self._read(_HEAD.size, deadline))
        if length > self.largest:
            raise ClosedError(f"a frame of {length:,} bytes is longer than the {self.largest:,} allowed")
        return kind, self._read(length, deadline)

    def _wait(self, deadline: float | None) -> None:
        if deadline is None:
            self.socket.settimeout(None)
        else:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)

    def _read(self, length: int, deadline: float | None) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            self._wait(deadline)
            try:
                part = self.socket.recv(min(length - len(parts), 2**20))
            except TimeoutError:
                raise
            except OSError as error:
                raise ClosedError(f"the other process is gone: {error}") from None
            if not part:
                raise ClosedError("the other process is gone")
            parts += part
        return bytes(parts)

    def close(self) -> None:
        """Close this end; safe to call twice."""
        with contextlib.suppress(OSError):
            self.socket.close()


def to_json(value: Any) -> bytes:
    """Encode what this package's own processes say to each other."""
    return json.dumps(value).encode()
