"""Make the environment in .venv, once for each change of what it holds.

Run by whatever Python there is, so that an unfit one gets an answer: no syntax newer than
that of 2.7.
"""

from __future__ import print_function

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST, NEWEST = (3, 11), (3, 13)
DISK = "about 4 GB"  # of the environment, and of what pip keeps of it
NO_INDEX = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "Connection refused",
    "Name or service not known",
    "Temporary failure in name resolution",
    "ReadTimeoutError",
    "ProxyError",
    "(from versions: none)",  # else an index has answered, without the version
)


def unfit(version):
    """Say in one line why this Python will not do, or return None."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    dotted = [".".join(str(part) for part in v[:2]) for v in (version, OLDEST, NEWEST)]
    return "Python %s cannot run the course, which needs %s to %s: run make PYTHON=python%s" % tuple(
        dotted + [dotted[2]]
    )


def wanted():
    """Name what the environment should hold: a digest of its description and of its Python."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.txt", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as described:
            digest.update(described.read())
    return digest.hexdigest()


def why_not(log):
    """Say in one line what pip's log shows to be wrong."""
    with open(log, "rb") as printed:
        text = printed.read().decode("utf-8", "replace")
    if "No space left on device" in text:
        return "the disk is full: free %s and run make again" % DISK
    if any(sign in text for sign in NO_INDEX):
        return (
            "no package index answered, or none has what is needed: connect to a network, or name a "
            "mirror in PIP_INDEX_URL, and run make again (what was fetched is kept; log: %s)" % log
        )
    errors = [line for line in text.splitlines() if line.startswith("ERROR")]
    return "pip failed: %s (log: %s)" % (errors[-1][7:] if errors else "no reason given", log)


def make():
    """Make .venv and install the requirements, unless that is done; return an error, or None."""
    stamp, log = os.path.join(VENV, "made-for"), os.path.join(VENV, "pip.log")
    if os.path.exists(stamp):
        with open(stamp) as made:
            if made.read() == wanted():
                return None
    print("Making the environment in .venv: %s on disk, some minutes the first time." % DISK)
    sys.stdout.flush()
    python = os.path.join(VENV, "bin", "python")
    same = "import sys; sys.exit(sys.version != %r)" % sys.version
    fits = os.path.exists(python) and subprocess.call([python, "-c", same]) == 0
    if not fits and subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]):
        return "python -m venv failed: install the venv module of this Python (Debian: python3-venv)"
    with open(log, "wb") as printed:
        pip = [python, "-m", "pip", "install", "--progress-bar", "off", "-r", "requirements.txt"]
        if subprocess.call(pip, cwd=ROOT, stdout=printed, stderr=subprocess.STDOUT):
            return why_not(log)
    with open(stamp, "w") as made:
        made.write(wanted())
    return None


if __name__ == "__main__":
    try:
        error = unfit(sys.version_info) or make()
    except KeyboardInterrupt:
        error = "stopped; run make again to go on"
    if error:
        print("course: " + error, file=sys.stderr)
        sys.exit(1)
