"""Frames over a socket between the engine and one of its processes: a kind, a length, bytes."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from enum import IntEnum

_HEAD = struct.Struct(">BQ")
_CHUNK = 2**12  # bytes that are read or sent at once, so that a short frame takes one system call


class Frame(IntEnum):
    """The kinds of frames, and who sends them to whom."""

    READY = 1  # worker, judge → engine: the process runs
    RUN = 2  # engine → worker, judge: run a cell
    RAN = 3  # worker → engine: what the cell showed
    CALL = 4  # judge → engine → worker: do something with a student's object
    REPLY = 5  # worker → engine → judge: what came of it
    CALLBACK = 6  # worker → engine → judge: call a function of the test
    ANSWER = 7  # judge → engine → worker: what that function gave
    FAILED = 8  # engine → judge: the worker will not answer
    SETUP = 9  # engine → judge: what to know before the first cell
    TEST = 10  # engine → judge: run a test cell
    SCORED = 11  # judge → engine: the setup, cell or test is done
    MAY_CHANGE = 12  # judge → engine: which arguments may the student's code change in this test?
    CHANGEABLE = 13  # engine → judge: those
    KEEP = 14  # engine → worker: which files has the student's code written?
    KEPT = 15  # worker → engine: those


class ClosedError(ConnectionError):
    """The other side is gone or sends bytes that are no frame."""


class Connection:
    """One end of a connection that carries frames.

    Parameters
    ----------
    stream
        A connected stream socket.
    largest
        The longest frame accepted from the other side, in bytes; checked before it is read.
    """

    def __init__(self, stream: socket.socket, largest: int) -> None:
        self.socket, self.largest = stream, largest
        self._unread = bytearray()
        stream.settimeout(None)

    @property
    def has_unread(self) -> bool:
        """Whether bytes have arrived that no frame was made of yet."""
        return bool(self._unread)

    def send(self, kind: Frame, payload: bytes = b"", deadline: float | None = None) -> None:
        """Send one frame.

        Parameters
        ----------
        kind, payload
            The frame.
        deadline
            Latest time, as `time.monotonic` counts; none by default.

        Raises
        ------
        ClosedError
            If nobody reads.
        TimeoutError
            At the deadline.
        """
        try:
            head = _HEAD.pack(kind, len(payload))
            for part in (head + payload,) if len(payload) < _CHUNK else (head, payload):
                self._wait(deadline)
                self.socket.sendall(part)
        except TimeoutError:
            raise
        except OSError as error:
            raise ClosedError(f"the other process is gone: {error}") from None

    def receive(self, deadline: float | None = None, largest: int | None = None) -> tuple[Frame, bytes]:
        """Read one frame.

        Parameters
        ----------
        deadline
            Latest time, as `time.monotonic` counts; none by default.
        largest
            The longest frame accepted, in bytes, where it is shorter than the connection's.

        Raises
        ------
        ClosedError
            If the other side is gone, or its bytes are no frame of a known kind, or too many.
        TimeoutError
            At the deadline.
        """
        number, length = _HEAD.unpack(self._read(_HEAD.size, deadline))
        try:
            kind = Frame(number)
        except ValueError:
            raise ClosedError(f"a frame of the kind {number} is not known") from None
        most = self.largest if largest is None else min(largest, self.largest)
        if length > most:
            raise ClosedError(f"a frame of {length:,} bytes is longer than the {most:,} allowed")
        return kind, self._read(length, deadline)

    def _wait(self, deadline: float | None) -> None:
        if deadline is None:
            if self.socket.gettimeout() is not None:
                self.socket.settimeout(None)
        else:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)

    def _received(self, most: int, deadline: float | None) -> bytes:
        if deadline is not None:  # somebody has waited already, and most often something is there
            with contextlib.suppress(BlockingIOError):
                return self.socket.recv(most, socket.MSG_DONTWAIT)
        self._wait(deadline)
        return self.socket.recv(most)

    def _read(self, length: int, deadline: float | None) -> bytes:
        while (missing := length - len(self._unread)) > 0:
            try:
                part = self._received(max(_CHUNK, min(missing, 2**20)), deadline)
            except TimeoutError:
                raise
            except OSError as error:
                raise ClosedError(f"the other process is gone: {error}") from None
            if not part:
                raise ClosedError("the other process is gone")
            self._unread += part
        read = bytes(self._unread[:length])
        del self._unread[:length]
        return read

    def close(self) -> None:
        """Close this end; safe to call twice."""
        with contextlib.suppress(OSError):
            self.socket.close()
