"""Frames over a socket between the engine and one of its processes: a kind, a length, bytes."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time
from enum import IntEnum

_HEAD = struct.Struct(">BQ")
_CHUNK = 2**12  # bytes that are read or sent at once, so that a short frame takes one system call
_LARGE_CHUNK = 2**20  # of a long frame
_PATIENCE = 0.02  # seconds that a read waits at once; near a deadline, `poll` keeps the exact time
_TIMEVAL = struct.pack("@ll", 0, int(1e6 * _PATIENCE))


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
    TELL = 16  # engine → judge: what do the networks do that were judged here?
    KNOW = 17  # judge → engine, engine → judge: what they do


class ClosedError(ConnectionError):
    """The other side is gone or sends bytes that are no frame."""


_KINDS = {int(kind): kind for kind in Frame}


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
        self._unread: bytes | bytearray = b""
        self._is_patient = False
        stream.settimeout(None)  # a deadline is kept here, in fewer system calls than Python's

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
        head = _HEAD.pack(kind, len(payload))
        try:
            for part in (head + payload,) if len(payload) < _CHUNK else (head, payload):
                if deadline is None:
                    self.socket.sendall(part)
                elif (sent := self._send_now(part)) < len(part):
                    self._send_until(memoryview(part)[sent:], deadline)
        except TimeoutError:
            raise
        except OSError as error:
            raise ClosedError(f"the other process is gone: {error}") from None

    def _send_until(self, rest: memoryview, deadline: float) -> None:
        while rest:
            if time.monotonic() >= deadline:  # however often the other side makes some room
                raise TimeoutError
            self._poll(select.POLLOUT, deadline)
            rest = rest[self._send_now(rest) :]

    def _send_now(self, data: bytes | memoryview) -> int:
        """Send what there is room for; return how much that is."""
        try:
            return self.socket.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0

    def wait(self, deadline: float) -> None:
        """Wait until something comes, or the other side is gone; most often a frame is then there.

        Raises
        ------
        ClosedError
            If the connection is closed.
        TimeoutError
            At the deadline.
        """
        if self._unread:
            return
        try:
            self._unread = self._received(_CHUNK, deadline)
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
        if len(self._unread) < _HEAD.size:
            self._gather(_HEAD.size, deadline)
        number, length = _HEAD.unpack_from(self._unread)
        kind = _KINDS.get(number)
        if kind is None:
            raise ClosedError(f"a frame of the kind {number} is not known")
        most = self.largest if largest is None else min(largest, self.largest)
        if length > most:
            raise ClosedError(f"a frame of {length:,} bytes is longer than the {most:,} allowed")
        end = _HEAD.size + length
        if len(self._unread) < end:
            self._gather(end, deadline)
        unread = self._unread if isinstance(self._unread, bytes) else memoryview(self._unread)
        self._unread = bytes(unread[end:])
        return kind, bytes(unread[_HEAD.size : end])

    def _gather(self, length: int, deadline: float | None) -> None:
        """Read on until so many bytes are there; what has come stays at a deadline."""
        while (missing := length - len(self._unread)) > 0:
            try:
                part = self._received(max(_CHUNK, min(missing, _LARGE_CHUNK)), deadline)
            except TimeoutError:
                raise
            except OSError as error:
                raise ClosedError(f"the other process is gone: {error}") from None
            if not part:
                raise ClosedError("the other process is gone")
            if not self._unread:
                self._unread = part
            else:
                if isinstance(self._unread, bytes):
                    self._unread = bytearray(self._unread)
                self._unread += part

    def _received(self, most: int, deadline: float | None) -> bytes:
        """Return what comes next; nothing from a side that is gone."""
        if deadline is None and not self._is_patient:
            return self.socket.recv(most)
        while True:
            left = _PATIENCE if deadline is None else deadline - time.monotonic()
            try:
                if left < _PATIENCE:
                    return self.socket.recv(most, socket.MSG_DONTWAIT)
                if not self._is_patient:
                    self._is_patient = True
                    self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)
                return self.socket.recv(most)
            except BlockingIOError:
                if deadline is not None:
                    self._poll(select.POLLIN, deadline)

    def _poll(self, event: int, deadline: float) -> None:
        """Wait until the socket is ready.

        Raises
        ------
        TimeoutError
            At the deadline.
        """
        poll = select.poll()
        try:
            poll.register(self.socket, event)
        except ValueError:
            raise ClosedError("the connection is closed") from None
        if not poll.poll(1000 * max(0.0, deadline - time.monotonic())):
            raise TimeoutError

    def close(self) -> None:
        """Close this end; safe to call twice."""
        with contextlib.suppress(OSError):
            self.socket.close()
