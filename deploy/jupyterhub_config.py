"""Read by JupyterHub; `python -m deploy start FILE` names the file in the environment."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from deploy.hub import configure
from deploy.settings import read

configure(get_config(), read(Path(os.environ["COURSE_MACHINE"])))  # noqa: F821 - JupyterHub defines it
