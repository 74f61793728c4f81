"""Build again what has changed, and nothing else.

MyST-NB's cache knows a page by the text of its cells alone: a change in `sepconv` would leave the
numbers of yesterday. Here the cache lies in a folder named by a digest of what the cells import of
this project, of the pinned dependencies, of the Python that runs them and of the digits in use;
where the digest changes, every page is read and executed anew.

Sphinx, in turn, does not look at style and script files where no page has changed: their digest
makes it write the pages again, without executing them.
"""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What the cells of pages import, and the packages that they run on. Of the autograder no more: a
# change of the rest, which is frequent, changes no page.
EXECUTED = ("sepconv", "autograder/limits.py", "autograder/sandbox", "requirements.txt")


def _digest(sha, paths) -> str:
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            sha.update(f"{path.relative_to(ROOT)}\0".encode())
            sha.update(path.read_bytes())
    return sha.hexdigest()[:16]


def execution_key() -> str:
    """Digest of what the executed pages depend on beside their own text."""
    sha = hashlib.sha256(sys.version.encode())
    mnist = Path(os.environ.get("SEPCONV_MNIST", "none"))
    sha.update(mnist.read_bytes() if mnist.is_file() else b"no MNIST named")
    return _digest(sha, {path for name in EXECUTED for path in (ROOT / name, *ROOT.glob(f"{name}/**/*"))})


def static_key() -> str:
    """Digest of what written pages depend on beside their text: styles, scripts, our extensions."""
    return _digest(hashlib.sha256(), [*ROOT.glob("book/_static/**/*"), *ROOT.glob("book/_ext/**/*.py")])


def _set_keys(app, config):
    config.execution_key, config.static_key = execution_key(), static_key()
    config.nb_execution_cache_path = str(Path(app.outdir).parent / ".jupyter_cache" / config.execution_key)


def setup(app):
    """Sphinx calls this."""
    # TensorFlow's notes on itself go to stderr, which no page may show.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    app.add_config_value("execution_key", "", "env")
    app.add_config_value("static_key", "", "html")
    app.connect("config-inited", _set_keys)
    return {"parallel_read_safe": True}
