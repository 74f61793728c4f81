"""The fork servers of one engine: two for each settings in use, started when they are needed.

Workers and judges are forked from servers of their own. What is forked from one process has its
addresses, its stack's secret and its secret of string hashes, which a worker can read in its own
memory: a judge of the same server would hold no secret before it.
"""

from __future__ import annotations

import socket
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from autograder.execution.forkserver import ForkServer, ForkServerError, ProcessKind, StartOrder
from autograder.execution.server_settings import ServerSettings

MOST = 2  # settings whose servers are kept while nobody uses them: each holds what it has imported


@dataclass
class _Entry:
    servers: dict[ProcessKind, ForkServer]
    users: int = 0

    def close(self) -> None:
        for server in self.servers.values():
            server.close()


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
    def lease(
        self, settings: ServerSettings, before_start: Callable[[], None] = lambda: None
    ) -> Iterator[Lease]:
        """Keep a fork server with these settings while the block runs.

        Parameters
        ----------
        settings
            What the fork server imports, and under which variables.
        before_start
            Called when its turn has come, as others may start a server for seconds; it may raise.

        Raises
        ------
        ForkServerError
            If it cannot be started.
        """
        with self._lock:
            before_start()
            self._running(settings).users += 1
        try:
            yield Lease(self, settings)
        finally:
            with self._lock:
                if settings in self._entries:
                    self._entries[settings].users = max(0, self._entries[settings].users - 1)
                self._end_unused()

    def running(self, settings: ServerSettings, kind: ProcessKind) -> ForkServer:
        """Return the fork server of one kind of process, started again if it has ended."""
        with self._lock:
            return self._running(settings).servers[kind]

    def close(self) -> None:
        """End all fork servers; running workers and judges end with their own connections."""
        with self._lock:
            while self._entries:
                self._entries.popitem()[1].close()

    def _running(self, settings: ServerSettings) -> _Entry:
        entry = self._entries.get(settings)
        if entry is None:
            entry = self._entries[settings] = _Entry(_start_both(settings))
        for kind, server in entry.servers.items():
            if not server.alive:
                server.close()
                entry.servers[kind] = ForkServer(settings)
        self._entries.move_to_end(settings)
        return entry

    def _end_unused(self) -> None:
        unused = [settings for settings, entry in self._entries.items() if not entry.users]
        for settings in unused[: max(0, len(self._entries) - self.most)]:
            self._entries.pop(settings).close()


def _start_both(settings: ServerSettings) -> dict[ProcessKind, ForkServer]:
    """Start a fork server for each kind of process, at the same time.

    Raises
    ------
    ForkServerError
        If one cannot be started; the other is ended.
    """
    with ThreadPoolExecutor(len(ProcessKind)) as threads:
        starting = {kind: threads.submit(ForkServer, settings) for kind in ProcessKind}
    failures = [error for future in starting.values() if (error := future.exception())]
    if failures:
        for future in starting.values():
            if not future.exception():
                future.result().close()
        raise failures[0]
    return {kind: future.result() for kind, future in starting.items()}


@dataclass(frozen=True)
class Lease:
    """The right to fork from the fork servers of some settings."""

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
            server = self.servers.running(self.settings, order.kind)
            try:
                return server.start(order)
            except ConnectionError:
                server.close()
        raise ForkServerError("the fork server ended twice while a submission was to be started")
