"""The fork servers of one engine: one for each settings in use, started when it is needed."""

from __future__ import annotations

import socket
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from autograder.execution.forkserver import ForkServer, ForkServerError, StartOrder
from autograder.execution.spec import ServerSettings

MOST = 2  # fork servers that are kept while nobody uses them: each holds the modules it has imported


@dataclass
class _Entry:
    server: ForkServer
    users: int = 0


class ForkServers:
    """Fork servers by their settings.

    Parameters
    ----------
    most
        How many are kept beyond those in use; the one that was used longest ago ends first.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._entries: OrderedDict[ServerSettings, _Entry] = OrderedDict()

    @contextmanager
    def lease(self, settings: ServerSettings) -> Iterator[Lease]:
        """Keep a fork server with these settings while the block runs.

        Raises
        ------
        ForkServerError
            If it cannot be started.
        """
        with self._lock:
            self._running(settings).users += 1
        try:
            yield Lease(self, settings)
        finally:
            with self._lock:
                if settings in self._entries:
                    self._entries[settings].users = max(0, self._entries[settings].users - 1)
                self._end_unused()

    def running(self, settings: ServerSettings) -> ForkServer:
        """Return the fork server with these settings, started again if it has ended."""
        with self._lock:
            return self._running(settings).server

    def close(self) -> None:
        """End all fork servers; running workers and judges end with their own connections."""
        with self._lock:
            while self._entries:
                self._entries.popitem()[1].server.close()

    def _running(self, settings: ServerSettings) -> _Entry:
        entry = self._entries.get(settings)
        if entry is None:
            entry = self._entries[settings] = _Entry(ForkServer(settings))
        elif not entry.server.alive:
            entry.server.close()
            entry.server = ForkServer(settings)
        self._entries.move_to_end(settings)
        return entry

    def _end_unused(self) -> None:
        unused = [settings for settings, entry in self._entries.items() if not entry.users]
        for settings in unused[: max(0, len(self._entries) - self.most)]:
            self._entries.pop(settings).server.close()


@dataclass(frozen=True)
class Lease:
    """The right to fork from a fork server."""

    servers: ForkServers
    settings: ServerSettings

    def start(self, order: StartOrder) -> tuple[socket.socket, socket.socket]:
        """Fork a process as `ForkServer.start`; start a fork server that is gone once more.

        Raises
        ------
        ForkServerError
            If the fork server ends again.
        """
        for _ in range(2):
            server = self.servers.running(self.settings)
            try:
                return server.start(order)
            except ConnectionError:
                server.close()
        raise ForkServerError("the fork server ended twice while a submission was to be started")
