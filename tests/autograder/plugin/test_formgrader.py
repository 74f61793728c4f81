"""The formgrader's own button, in a real server."""

import json
import re
from collections.abc import Iterator

import pytest

from course.sample_class.notebooks import answered
from tests.autograder.classroom import Classroom
from tests.autograder.plugin.formgrader_server import Server, formgrader

pytest.importorskip("jupyter_server", reason="the formgrader runs in a Jupyter server")
pytestmark = pytest.mark.slow


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
    with formgrader(room, tmp_path_factory.mktemp("server")) as server:
        yield server


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
