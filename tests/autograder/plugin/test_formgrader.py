"""The formgrader's own button, in a real server."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

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
    # as behind JupyterHub, with the course in a folder of the server's
    with formgrader(
        room, tmp_path_factory.mktemp("server"), base="/user/ada%20l/", served=room.root.parent
    ) as server:
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


def test_below_a_path_of_its_own_every_page_leads_to_pages_that_are_there(room, server):
    server.ask("api/submission/series/ada/autograde", "POST")
    with room.gradebook() as gradebook:
        submission = gradebook.find_submission_notebook("series", "series", "ada").id
    base = urlsplit(server.url).path
    for page in (
        "manage_assignments", "manage_submissions/series", "manage_students", "gradebook", "gradebook/series",
        "gradebook/series/series", f"submissions/{submission}/",
    ):  # fmt: skip
        status, text = server.ask(page)
        assert status == 200, page
        links = re.findall(r'(?:href|src)="(/[^"]*)"', text)
        assert links, page
        assert all(link.startswith(base) for link in links), (page, links)
        for link in sorted(set(links)):
            if "/static/" in link:
                assert server.headers(link.removeprefix(base))[0] == 200, link
    status, headers = server.headers(f"formgrader/submissions/{submission}/rain.csv")
    assert (status, "sandbox" in headers["content-security-policy"]) == (200, True)


def test_below_a_path_of_its_own_jupyterlab_opens_a_course_and_a_link_does_not(room, server):
    host = "{0.scheme}://{0.netloc}".format(urlsplit(server.url))
    asked = f"formgrader?path={quote(str(room.root))}"
    for referrer, status in (
        (f"{server.url}lab/tree/course", 200),
        (f"{server.url}formgrader/submissions/1/", 403),
        (f"{host}/lab", 403),
        ("", 403),
    ):
        sent = {"Referer": referrer, "Sec-Fetch-Dest": "iframe"} if referrer else {}
        assert server.headers(asked, **sent)[0] == status, referrer
