"""Settings for every test."""

import os

import pytest

from autograder.execution.environment import QUIET

for variable, value in {**QUIET, "KERAS_BACKEND": "tensorflow"}.items():
    os.environ.setdefault(variable, value)


@pytest.fixture(scope="session")
def chromium():
    """Give a headless Chromium, or skip where there is none."""
    from course.browser import ARGUMENTS, chromium

    path = chromium()
    if not path:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
