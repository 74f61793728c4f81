"""PostgreSQL as the gradebook, by nbgrader's db_url: a real server, started here."""

import sys

import pytest
from nbgrader.api import Gradebook

from tests import postgresql
from tests.autograder.batch import course
from tests.autograder.batch.course import CLASS, LAB, grade

pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def server():
    """Give the address of an empty database."""
    with postgresql.gradebook() as address:
        yield address


def test_a_class_is_graded_into_it_as_into_sqlite(server, tmp_path, monkeypatch):
    lite = course.make(tmp_path / "lite")
    room = course.copy_of(lite, tmp_path / "course")
    (room.root / "gradebook.db").unlink()
    room.configure(course.CONFIG + f"c.CourseDirectory.db_url = {server!r}\n")
    room.release(LAB)
    with Gradebook(server, "course") as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate="2026-01-02 00:00:00 UTC")
    room.gradebook = lambda: Gradebook(server, "course")
    path, results = list(sys.path), {}
    for each in (room, lite):
        monkeypatch.chdir(each.root)
        results[each] = grade(each)
        sys.modules.pop("lateness", None)
    sys.path[:] = path
    assert results[room].code == 0, results[room].shown
    assert room.scores(LAB) == lite.scores(LAB)
    assert results[room].of("score") == results[lite].of("score")
    assert not (room.root / "gradebook.db").exists()
    monkeypatch.chdir(room.root)
    assert grade(room).of("state") == dict.fromkeys(CLASS, "unchanged")


def test_a_server_that_does_not_answer_is_said(server, tmp_path, monkeypatch):
    room = course.Classroom(tmp_path, course.CONFIG)
    (tmp_path / "lateness.py").write_text(course.LATENESS)
    gone = server.replace("/pg-", "/none-")
    room.configure(course.CONFIG + f"c.CourseDirectory.db_url = {gone!r}\n")
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    done = grade(room)
    sys.path[:] = path
    assert (done.code, "cannot be read: " in done.shown) == (2, True), done.shown
