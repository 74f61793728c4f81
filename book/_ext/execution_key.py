"""Key the cache of executed pages on everything that their numbers come from.

MyST-NB's cache knows a page by the text of its cells alone: a change in `sepconv` would leave the numbers of
yesterday. Here the cache lies in a folder named by a digest of the package, of the pinned dependencies, of
the Python that runs them and of the digits in use; where the digest changes, every page is read and executed
anew.
"""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def execution_key() -> str:
    """Digest of what the executed pages depend on beside their own text."""
    sha = hashlib.sha256(sys.version.encode())
    for path in sorted([*ROOT.glob("sepconv/**/*"), ROOT / "requirements.txt"]):
        if path.is_file() and "__pycache__" not in path.parts:
            sha.update(f"{path.relative_to(ROOT)}\0".encode())
            sha.update(path.read_bytes())
    mnist = Path(os.environ.get("SEPCONV_MNIST", "none"))
    sha.update(mnist.read_bytes() if mnist.is_file() else b"no MNIST named")
    return sha.hexdigest()[:16]


def _set_cache(app, config):
    config.execution_key = execution_key()
    config.nb_execution_cache_path = str(Path(app.outdir).parent / ".jupyter_cache" / config.execution_key)


def setup(app):
    """Sphinx calls this."""
    app.add_config_value("execution_key", "", "env")
    app.connect("config-inited", _set_cache)
    return {"parallel_read_safe": True}
