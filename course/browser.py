"""The browser that measurements and tests use."""

import shutil

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium() -> str | None:
    """Path of Chromium or Chrome on this machine, or None.

    The headless shell is preferred: the same engine without the desktop's parts, which shows a page
    for half of the processor's time.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)
