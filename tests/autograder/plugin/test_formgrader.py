"""The formgrader's own button, in a real server."""

import json
import re
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from course.sample_class.notebooks import answered
from tests.autograder.classroom import Classroom
from tests.servers import free_port, running

pytest.importorskip("jupyter_server", reason="the formgrader runs in a Jupyter server")
pytestmark = pytest.mark.slow


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


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Classroom:
    room = Classroom.plain(tmp_path_factory.mktemp("course"))
    script = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    code = f"from IPython.display import HTML, display\ndisplay(HTML({script!r}))\ndef mean(values): return 2"
    answers = {"mean": code, "explain": f"Because. {script}"}
    room.submit("ada", "series", {"series.ipynb": answered(room.released("series", "series"), answers)})
    return room


@pytest.fixture(scope="module")
def server(room, tmp_path_factory) -> Iterator[Server]:
    token = secrets.token_hex(8)
    runtime = tmp_path_factory.mktemp("runtime")
    home = tmp_path_factory.mktemp("home")
    extensions = {"nbgrader.server_extensions.formgrader": True}
    (home / "jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"jpserver_extensions": extensions, "open_browser": False}})
    )
    port = free_port()
    command = [
        sys.executable, "-m", "jupyter_server", "--allow-root",
        f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={room.root}",
    ]  # fmt: skip
    environment = room.environment | {"JUPYTER_CONFIG_DIR": str(home), "JUPYTER_RUNTIME_DIR": str(runtime)}
    with running(command, f"http://127.0.0.1:{port}/", home / "server.log", room.root, environment) as url:
        yield Server(url, token)


def test_the_button_grades_with_the_engine(room, server):
    status, text = server.ask("api/submission/series/ada/autograde", "POST")
    assert status == 200
    assert json.loads(text)["success"], text
    given = room.scores("series")["ada"]
    assert given["test_mean"] == 0  # right on the visible test, wrong on the hidden ones
    nb = room.autograded("ada", "series", "series")
    assert nb.metadata.autograder.missing_layers is not None


def test_the_page_of_a_submission_runs_nothing_of_it(room, server):
    server.ask("api/submission/series/ada/autograde", "POST")
    with room.gradebook() as gradebook:
        submission = gradebook.find_submission_notebook("series", "series", "ada").id
    status, page = server.ask(f"submissions/{submission}/")
    assert status == 200
    assert "Because." in page
    assert "&lt;script&gt;alert(2)" in page  # the student's source, as text
    assert "<script>alert" not in page
    assert not re.search(r"<img[^>]*onerror", page)
