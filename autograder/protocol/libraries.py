"""Libraries that a process has imported already: nothing here imports one."""

from __future__ import annotations

import sys
from typing import Any


def imported(name: str) -> Any:
    """Return a module that is imported, None if it is not."""
    return sys.modules.get(name)
