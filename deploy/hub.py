"""JupyterHub's configuration, from the machine's file."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from traitlets.config import Config

from deploy.accounts import home
from deploy.arrange import Places
from deploy.settings import DeployError, Settings

SERVICE = "course"
GROUP = "instructors"


def proxy() -> str:
    """Find JupyterHub's proxy.

    Raises
    ------
    DeployError
        If it is not installed.
    """
    name = "configurable-http-proxy"
    places = os.pathsep.join([str(Path(sys.prefix, "node_modules", ".bin")), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if not found:
        raise DeployError(f"no {name}: npm install --prefix {sys.prefix} --install-links ./deploy")
    return found


def configure(c: Config, settings: Settings) -> None:
    """Configure the hub.

    Students and instructors get a server each, as themselves. Instructors share one more, which
    belongs to the course: its formgrader and its terminal work in the course's name, and the hub
    lets nobody else in. The cluster's processes run beside it, and are started again when they end.

    Parameters
    ----------
    c : traitlets.config.Config
        What ``get_config()`` returns in ``jupyterhub_config.py``.
    settings : Settings
        The machine's file.
    """
    places = Places(settings)
    loopback = "http://127.0.0.1"
    c.JupyterHub.bind_url = settings.hub.address
    c.JupyterHub.hub_bind_url = f"{loopback}:{settings.hub.hub_port}"
    c.ConfigurableHTTPProxy.api_url = f"{loopback}:{settings.hub.proxy_port}"
    c.ConfigurableHTTPProxy.command = [proxy()]
    c.ConfigurableHTTPProxy.pid_file = str(places.hub / "proxy.pid")
    c.JupyterHub.cookie_secret_file = str(places.hub / "cookie_secret")
    c.JupyterHub.db_url = f"sqlite:///{places.hub / 'hub.sqlite'}"

    c.JupyterHub.authenticator_class = "pam"
    c.Authenticator.allowed_users = set(settings.people)
    c.JupyterHub.load_groups = {GROUP: {"users": list(settings.instructors)}}
    scopes = [f"access:services!service={SERVICE}", f"read:services!service={SERVICE}", "list:services"]
    c.JupyterHub.load_roles = [{"name": GROUP, "groups": [GROUP], "scopes": scopes}]

    c.JupyterHub.spawner_class = "localprocess"
    c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
    c.Spawner.default_url = "/lab"
    c.Spawner.environment = places.environment(places.students)
    c.Spawner.start_timeout = c.Spawner.http_timeout = 120
    c.JupyterHub.default_url = _first_page(settings)
    c.JupyterHub.services = [_course(settings, places), *_cluster(settings, places)]


def _first_page(settings: Settings):
    def first_page(handler) -> str:
        user = handler.current_user
        if user and user.name in settings.instructors:
            return f"{handler.settings['base_url']}services/{SERVICE}/lab"
        return ""  # the hub's own choice: a server of their own

    return first_page


def _course(settings: Settings, places: Places) -> dict:
    environment = places.environment(places.course) | {"AUTOGRADER_SCHEDULER": settings.cluster.scheduler}
    return {
        "name": SERVICE,
        "url": f"http://127.0.0.1:{settings.hub.course_port}",
        "command": [sys.executable, "-m", "jupyterhub.singleuser"],
        "user": settings.owner,
        "cwd": str(settings.folder),
        "environment": environment,
        "oauth_no_confirm": True,
    }


def _cluster(settings: Settings, places: Places) -> list[dict]:
    cluster = settings.cluster
    quiet = ["--dashboard-address", "127.0.0.1:0", "--no-dashboard"]
    scheduler = ["scheduler", "--host", cluster.scheduler, *quiet]
    worker = ["worker", cluster.scheduler, "--nthreads", "1", "--no-nanny", *quiet]
    worker += ["--local-directory", str(home(cluster.user)), "--host", "tls://127.0.0.1"]
    names = [f"worker-{number}" for number in range(1, cluster.workers + 1)]
    commands = {"scheduler": scheduler} | {name: [*worker, "--name", name] for name in names}
    return [
        {
            "name": name,
            "command": [sys.executable, "-m", "dask", *command],
            "user": cluster.user,
            "cwd": str(places.cluster),
            "environment": places.environment(places.cluster),
            "display": False,
        }
        for name, command in commands.items()
    ]
