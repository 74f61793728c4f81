"""A Jupyter server with nbgrader's formgrader, started in the course's folder."""

import json
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.autograder.classroom import Classroom
from tests.servers import free_port, running


@dataclass
class Server:
    """A running Jupyter server with nbgrader's formgrader."""

    url: str
    token: str

    def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        request = urllib.request.Request(
            f"{self.url}formgrader/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def headers(self, path: str, **sent: str) -> tuple[int, dict[str, str]]:
        """Ask for a page; return the status and the headers of the answer, in lower case."""
        headers = {"Authorization": f"token {self.token}", **sent}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers)) as answer:
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}
        except urllib.error.HTTPError as error:
            return error.code, {}


@contextmanager
def formgrader(
    room: Classroom, folder: Path, *, base: str = "/", served: Path | None = None
) -> Iterator[Server]:
    """Run a server for a course until the block ends; its settings and its log lie in a folder.

    It serves a folder, by default the course's, below a path of its own.
    """
    token = secrets.token_hex(8)
    extensions = {"nbgrader.server_extensions.formgrader": True}
    (folder / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"jpserver_extensions": extensions, "open_browser": False}})
    )
    port = free_port()
    command = [
        sys.executable, "-m", "jupyter_server", "--allow-root",
        f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={served or room.root}",
        f"--ServerApp.base_url={base}",
    ]  # fmt: skip
    environment = room.environment | {
        "JUPYTER_CONFIG_DIR": str(folder),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    with running(
        command, f"http://127.0.0.1:{port}{base}", folder / "server.log", room.root, environment
    ) as url:
        yield Server(url, token)
