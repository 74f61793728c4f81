"""The built book, and a browser to look at it with."""

import shutil
from pathlib import Path

import pytest

from course import book


@pytest.fixture(scope="session")
def site() -> Path:
    """Folder of the built book; it is built here unless that is done."""
    book.build()
    return book.PAGE.parent


@pytest.fixture(scope="session")
def chromium():
    """Give a headless Chromium, or skip where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()
