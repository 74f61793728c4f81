"""A course's folder as the working directory."""

import sys

import pytest


@pytest.fixture
def here(monkeypatch):
    """Return a function that makes a folder the working directory."""
    path = list(sys.path)

    def enter(room):
        monkeypatch.chdir(room.root)
        return room

    yield enter
    sys.path[:] = path
    sys.modules.pop("lateness", None)
