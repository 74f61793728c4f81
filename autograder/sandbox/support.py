"""Systems that the sandbox, and with it the engine, can run on."""

from __future__ import annotations

import sys


def unsupported_reason() -> str:
    """Return why no submission can be run on this system, with what to do instead; "" if it can."""
    if sys.platform == "linux":
        return ""
    return "grade with stock nbgrader; the engine needs Linux"
