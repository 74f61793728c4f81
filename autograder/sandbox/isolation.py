"""Refusal to run a submission without its sandbox, and the remedy for every layer."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable

from autograder.sandbox.spec import Layer, in_order

REMEDIES = {
    Layer.NAMESPACES: "allow user namespaces (sysctl user.max_user_namespaces; a container needs a seccomp "
    "profile that lets `unshare` pass), or run as root with CAP_SYS_ADMIN",
    Layer.OWN_USER: "make the Python installation readable for all users, or grade as an ordinary user",
    Layer.FILE_SYSTEM_VIEW: "needs the layer 'namespaces' and the right to mount in it",
    Layer.SCRATCH_LIMIT: "needs the layer 'file system view'",
    Layer.LANDLOCK: "needs Linux 5.13 with Landlock enabled, and the package landlockpy",
    Layer.SECCOMP: "needs the system's libseccomp.so.2, and the package pyseccomp",
}


class IsolationError(RuntimeError):
    """Refusal to run a submission without a layer of the sandbox; the text says what to do."""


def require_layers(missing: Iterable[Layer], allow_missing: Iterable[Layer]) -> None:
    """Refuse to run a submission where a layer is missing that is not allowed to be.

    Parameters
    ----------
    missing
        Layers that this machine does not give.
    allow_missing
        Layers that the configuration allows to be missing.

    Raises
    ------
    IsolationError
        The text names the machine, the layers, the remedies, and the line that allows them to be
        missing.
    """
    lacking = set(missing)
    refused = in_order(lacking - set(allow_missing))
    if not refused:
        return
    remedies = "; ".join(f"{layer}: {REMEDIES[layer]}" for layer in refused)
    line = f"c.SandboxExecute.allow_missing = {json.dumps([*map(str, in_order(lacking))])}"
    raise IsolationError(
        f"no submission is run on {platform.node()}, as its sandbox lacks: {', '.join(refused)}. Remedy: "
        f"{remedies}. To grade without them all the same, write into nbgrader_config.py: {line} "
        "(`autograder doctor` shows what a submission can then do)"
    )
