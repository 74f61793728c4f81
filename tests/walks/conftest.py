"""What every walk has: a browser, the built book on a server, and pictures for the guides."""

import os
import sys
from pathlib import Path

import pytest

from course import book
from course.screenshots import VARIABLE
from tests.servers import free_port, running


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Give the address of the built book, served as static files."""
    book.build()
    port = free_port()
    command = [sys.executable, "-m", "http.server", port, "--bind", "127.0.0.1"]
    log = tmp_path_factory.mktemp("site") / "log"
    with running(command, f"http://127.0.0.1:{port}/", log, cwd=book.PAGE.parent) as url:
        yield url


@pytest.fixture
def shot(tmp_path):
    """
    Give a function that takes a guide's picture: ``shot(page_or_locator, "name")``.

    It goes into the book where `python -m course screenshots` asks for it, and is thrown away
    elsewhere.
    """
    folder = Path(os.environ.get(VARIABLE) or tmp_path)

    def take(what, name: str, **options) -> Path:
        path = folder / f"{name}.png"
        what.screenshot(path=path, animations="disabled", caret="hide", **options)
        return path

    return take
