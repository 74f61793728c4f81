"""PostgreSQL as the gradebook, by nbgrader's db_url: a real server, started here."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.autograder.klass import course
from tests.autograder.klass.course import CLASS, LAB, grade

pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def programs():
    found = shutil.which("initdb")
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *([Path(found).resolve().parent] if found else [])]
    needed = ("initdb", "pg_ctl", "createdb")
    return next((each for each in places if all((each / name).exists() for name in needed)), None)


@pytest.fixture(scope="module")
def server():
    """The address of an empty database of a server that listens to a socket in a folder only."""
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    user = pwd.getpwuid(os.getuid()).pw_name
    if os.geteuid() == 0:  # it refuses to run as root
        try:
            user = pwd.getpwnam("postgres").pw_name
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    who = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a short path: a socket's has 107 characters at most
    shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"

    def run(program, *arguments):
        subprocess.run([bin_ / program, *arguments], check=True, capture_output=True, cwd=folder, **who)

    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "teacher", "--no-sync", "-E", "UTF8", "--locale=C")
        run(
            "pg_ctl",
            "-D",
            data,
            "-w",
            "-l",
            log,
            "-o",
            f"-k {folder} -c listen_addresses='' -c fsync=off",
            "start",
        )
        try:
            run("createdb", "-h", folder, "-U", "teacher", "gradebook")
            yield f"postgresql+psycopg://teacher@/gradebook?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
