"""What the processes that tests start can import."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
QUICK_IMPORTS = ROOT / "tests" / "quick_imports"
PYTHONPATH = os.pathsep.join(map(str, (QUICK_IMPORTS, ROOT)))
