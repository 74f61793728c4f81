"""Make a machine what its file says: accounts, folders, rights, keys, configurations.

Doing it again changes nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from deploy.accounts import (
    CLOSED,
    check_people,
    close_home,
    ensure_account,
    ensure_folder,
    write_private,
)
from deploy.settings import DeployError, Settings

READABLE = 0o755
STICKY = 0o1000  # only a file's owner may rename or remove it
KEY_DAYS = 3650
CELL_SECONDS = (
    600  # that a cell may take when a student validates; nbgrader's own half a minute is short for training
)
_EXTENSIONS = "nbgrader.server_extensions."
_PLUGINS = "@jupyter/nbgrader:"
# What is installed is the administrator's to choose, so JupyterLab offers nothing newer and asks
# nobody.
_PINNED = {
    "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "extension_manager": "readonly",
}
_NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}


def arrange(settings: Settings, say: Callable[[str], None]) -> None:
    """Make what is missing, close what must be closed; tell each change.

    Raises
    ------
    DeployError
        If something is in the way. What was done before stays; nothing is ever removed.
    """
    if os.geteuid() != 0:
        raise DeployError("accounts and rights are root's to set: run this with sudo")
    check_people(settings.people)
    ensure_account(settings.owner, "/bin/bash", say)
    ensure_account(settings.cluster.user, "/usr/sbin/nologin", say)
    for name in (settings.owner, settings.cluster.user, *settings.people):
        close_home(name, say)
    ensure_folder(settings.folder, settings.owner, CLOSED, say)
    _exchange(settings, say)
    _state(settings, say)


def _exchange(settings: Settings, say: Callable[[str], None]) -> None:
    """Make nbgrader's exchange.

    It wants a root that everybody may write to. The sticky bit keeps people from moving what is not
    theirs, and the course's own folders are there from the beginning, so that nobody else can make
    them.
    """
    ensure_folder(settings.exchange, "root", 0o777 | STICKY, say)
    course = settings.exchange / settings.course
    ensure_folder(course, settings.owner, READABLE, say)
    for name, mode in (("outbound", READABLE), ("inbound", 0o733 | STICKY), ("feedback", 0o711)):
        ensure_folder(course / name, settings.owner, mode, say)


def _state(settings: Settings, say: Callable[[str], None]) -> None:
    places = Places(settings)
    ensure_folder(places.root, "root", READABLE, say)
    ensure_folder(places.hub, "root", CLOSED, say)
    ensure_folder(places.students, "root", READABLE, say)
    ensure_folder(places.course, settings.owner, CLOSED, say)
    ensure_folder(places.cluster, settings.cluster.user, CLOSED, say)
    _configure(places.students, "root", settings, {"formgrader", "course_list"}, READABLE)
    _configure(places.course, settings.owner, settings, {"assignment_list", "course_list"}, CLOSED)
    key = _key(places.hub / "cluster.pem", say)
    for folder, owner in ((places.course, settings.owner), (places.cluster, settings.cluster.user)):
        write_private(folder / "cluster.pem", key, owner)
        write_private(folder / "dask.yaml", json.dumps(_dask(folder / "cluster.pem"), indent=1), owner)


class Places:
    """The folders in which the machine keeps its own things, and what a process is told of them."""

    def __init__(self, settings: Settings) -> None:
        self.root = settings.state
        self.hub, self.students = self.root / "hub", self.root / "students"
        self.course, self.cluster = self.root / "course", self.root / "cluster"

    def environment(self, folder: Path) -> dict[str, str]:
        """Give the variables by which Jupyter, nbgrader and Dask find their files."""
        return {"JUPYTER_CONFIG_PATH": str(folder), "DASK_CONFIG": str(folder / "dask.yaml")}


def _configure(folder: Path, owner: str, settings: Settings, without: set[str], mode: int) -> None:
    """Write what nbgrader and JupyterLab are to be for those who are given this folder."""
    lines = [
        "c = get_config()",
        f"c.CourseDirectory.course_id = {settings.course!r}",
        f"c.Exchange.root = {str(settings.exchange)!r}",
        f"c.ExecutePreprocessor.timeout = {CELL_SECONDS}",
    ]
    if mode == CLOSED:
        lines.append(f"c.CourseDirectory.db_url = {settings.gradebook!r}")
    off = {_EXTENSIONS + name: False for name in without}
    plugins = {_PLUGINS + name.replace("_", "-"): True for name in without}
    if "formgrader" in without:
        plugins[_PLUGINS + "create-assignment"] = True
    # a login shell, which is the default here, would forget where the course's commands are
    server = {"jpserver_extensions": off, "terminado_settings": {"shell_command": ["/bin/bash"]}}
    if "formgrader" not in without:
        # JupyterLab shows the formgrader in a frame, which JupyterHub forbids unless told otherwise
        server["tornado_settings"] = {"headers": {"Content-Security-Policy": "frame-ancestors 'self'"}}
    texts = {
        "nbgrader_config.py": "\n".join(lines) + "\n",
        "jupyter_server_config.json": json.dumps({"ServerApp": server, "LabApp": _PINNED}, indent=1),
        "labconfig/page_config.json": json.dumps({"disabledExtensions": plugins}, indent=1),
        "labconfig/default_setting_overrides.json": json.dumps(_NO_NEWS, indent=1),
    }
    ensure_folder(folder / "labconfig", owner, mode, lambda _: None)
    for name, text in texts.items():
        write_private(folder / name, text, owner)
        (folder / name).chmod(mode & 0o644)


def _key(path: Path, say: Callable[[str], None]) -> str:
    """Give the key and certificate without which nobody can talk to the cluster."""
    if not path.exists():
        extensions = ["keyUsage=critical,digitalSignature,keyCertSign", "subjectAltName=DNS:cluster"]
        command = ["openssl", "req", "-x509", "-newkey", "rsa:3072", "-noenc", "-subj", "/CN=cluster"]
        command += [word for each in extensions for word in ("-addext", each)]
        made = subprocess.run(
            [*command, "-days", str(KEY_DAYS), "-keyout", "-", "-out", "-"],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise DeployError(f"openssl: {made.stderr.strip().splitlines()[-1]}")
        write_private(path, made.stdout, "root")
        say(f"made {path}, valid for {KEY_DAYS} days")
    return path.read_text()


def _dask(pem: Path) -> dict:
    both = {"cert": str(pem), "key": str(pem)}
    tls = {"ca-file": str(pem), "client": both, "scheduler": both, "worker": both}
    # what Dask shows over plain HTTP, whoever asks, is whether it is alive
    routes = {"http": {"routes": ["distributed.http.health"]}}
    comm = {"require-encryption": True, "tls": tls}
    return {"distributed": {"comm": comm, "scheduler": routes, "worker": routes}}
