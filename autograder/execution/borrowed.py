"""The student's values in a test, by their names: what they are now, as in one kernel."""

from __future__ import annotations

from typing import Any, NamedTuple

from autograder.execution.client import WorkerClient
from autograder.execution.proxies import remote_of
from autograder.protocol import values


class _Fetched(NamedTuple):
    """A value when it came: after how many requests, and its bytes where it can be changed."""

    requests: int
    content: bytes | None


class Borrowed(dict[str, Any]):
    """Values of the student's names, each asked for again once the student's code has run.

    A copy that the test itself has changed stays the test's.

    Parameters
    ----------
    client
        The client of the worker.
    """

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._fetched: dict[str, _Fetched] = {}

    def look_up(self, name: str) -> Any:
        """Return a value, of the worker where the test has not asked before.

        Raises
        ------
        KeyError
            If the student's code binds no such name (any more).
        """
        fetched = self._fetched.get(name)
        if name in self and (
            fetched is None or fetched.requests == self._client.requests or self._is_own(name)
        ):
            return self[name]
        value = self._client.look_up(name)
        content = self._content(value)
        if fetched is not None and content is not None and content == fetched.content:
            value = self[name]  # nothing has happened to it, and it stays one object
        self[name] = value
        if remote_of(value) is None and not isinstance(value, type):
            self._fetched[name] = _Fetched(self._client.requests, content)
        return value

    def changed(self) -> list[str]:
        """Return the names of the copies that the test itself has changed."""
        return sorted(name for name in self._fetched if name in self and self._is_own(name))

    def _is_own(self, name: str) -> bool:
        return self._content(self[name]) != self._fetched[name].content

    def _content(self, value: Any) -> bytes | None:
        return self._client.content_of(value) if values.is_mutable(value) else None
