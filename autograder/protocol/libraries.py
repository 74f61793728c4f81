"""Libraries that values may be of, where a process has imported them already: nothing here imports one."""

from __future__ import annotations

import sys
from typing import Any


def imported(name: str) -> Any:
    """Return a module that is imported, None if it is not."""
    return sys.modules.get(name)
