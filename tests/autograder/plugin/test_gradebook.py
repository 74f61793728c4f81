"""The gradebook while a class is graded: what is committed when, and what is left unsaid."""

import shutil
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, InvalidEntry
from sqlalchemy.exc import SAWarning

from autograder.plugin.gradebook import KeptOpen, kept_open, make_row, quiet, version_in_process
from tests.autograder.classroom import new_gradebook


def warn(text: str, module: str) -> None:
    warnings.warn_explicit(text, SAWarning, "api.py", 1, module=module)


def test_only_nbgraders_own_slip_is_left_out():
    slip = "Object of type <SubmittedAssignment> not in session, add operation will not proceed"
    with quiet():
        warn(slip, "nbgrader.api")
        with pytest.raises(SAWarning, match="Coercing"):
            warn("Coercing Subquery object into a select()", "nbgrader.api")
        with pytest.raises(SAWarning, match="not in session"):
            warn(slip, "somebody.else")
    with pytest.raises(SAWarning, match="not in session"):
        warn(slip, "nbgrader.api")


@pytest.fixture
def path(tmp_path):
    path = Path(shutil.copy(new_gradebook(), tmp_path))
    with Gradebook(f"sqlite:///{path}") as gradebook:
        gradebook.add_assignment("ps1")
    return path


def rows(path: Path) -> tuple[int, int]:
    with sqlite3.connect(path) as connection:
        counts = "select (select count(*) from student), (select count(*) from submitted_assignment)"
        return connection.execute(counts).fetchone()


def hand_in(url: str, student: str) -> None:
    with quiet(), Gradebook(url) as gradebook:
        make_row(gradebook, "ps1", student, None, new_student=True)


def test_one_transaction_is_seen_by_others_at_its_end(path):
    url = f"sqlite:///{path}"
    with kept_open() as kept:
        with kept.one_transaction(url, "default_course"):
            hand_in(url, "ada")
            assert rows(path) == (0, 0)
            with Gradebook(url) as gradebook:  # each step of nbgrader's opens one
                assert gradebook.find_submission("ps1", "ada").student_id == "ada"
        assert rows(path) == (1, 1)
        hand_in(url, "bob")
        assert rows(path) == (2, 2)


def fail(url: str) -> None:
    raise ZeroDivisionError


def add_again(url: str) -> None:
    with Gradebook(url) as gradebook:
        gradebook.add_student("ada")  # nbgrader rolls its session back, and says why


@pytest.mark.parametrize(("step", "error"), [(fail, ZeroDivisionError), (add_again, InvalidEntry)])
def test_one_transaction_that_fails_leaves_nothing(path, step, error):
    url = f"sqlite:///{path}"

    def write(kept: KeptOpen) -> None:
        with kept.one_transaction(url, "default_course"):
            hand_in(url, "ada")
            step(url)

    with kept_open() as kept:
        with pytest.raises(error):
            write(kept)
        assert rows(path) == (0, 0)
        hand_in(url, "bob")
    assert rows(path) == (1, 1)


def test_a_new_gradebook_is_of_nbgraders_version_without_its_command(tmp_path, monkeypatch):
    with closing(sqlite3.connect(new_gradebook())) as connection:  # as nbgrader alone makes it
        version = connection.execute("select version_num from alembic_version").fetchall()
    monkeypatch.setenv("PATH", "")
    with version_in_process():
        Gradebook(f"sqlite:///{tmp_path}/new.db").close()
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        assert connection.execute("select version_num from alembic_version").fetchall() == version
    with pytest.raises(FileNotFoundError, match="alembic"):  # nbgrader's own is back
        Gradebook(f"sqlite:///{tmp_path}/other.db")
