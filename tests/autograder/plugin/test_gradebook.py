"""The gradebook while a class is graded: what is committed when, and what is left unsaid."""

import shutil
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook, InvalidEntry
from sqlalchemy import Engine, event
from sqlalchemy.exc import SAWarning

from autograder.plugin.gradebook import KeptOpen, kept_open, make_row, quiet, version_in_process
from autograder.plugin.notebook_context import KEY
from autograder.plugin.save_grades import SaveGrades
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


class Statements:
    """The statements that a gradebook's connections are given in a block."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(Engine, "before_cursor_execute", self._note)
        return self.all

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, connection, cursor, statement, *_: object) -> None:
        self.all.append(statement)


def test_the_courses_row_is_looked_for_once_and_again_where_it_was_rolled_back(path):
    url = f"sqlite:///{path}"

    def courses() -> list:
        with sqlite3.connect(path) as connection:
            return sorted(connection.execute("select id from course").fetchall())

    def fail_in(kept: KeptOpen) -> None:
        with kept.one_transaction(url, "default_course"):
            Gradebook(url, "other").close()
            raise ZeroDivisionError

    with kept_open() as kept:
        with pytest.raises(ZeroDivisionError):
            fail_in(kept)
        assert courses() == [("default_course",)]
        with Statements() as statements, kept.one_transaction(url, "default_course"):
            for _ in range(3):
                Gradebook(url, "other").close()
        assert sum("FROM course" in text for text in statements) == 1
        assert courses() == [("default_course",), ("other",)]
        with Statements() as statements:
            for _ in range(2):
                with kept.one_transaction(url, "default_course"):
                    Gradebook(url, "other").close()
        assert [text for text in statements if "course" in text] == []


COUNTS = {"one": 1, "many": 9}  # cells of notebooks


@pytest.fixture
def submitted(path):
    """Put two notebooks, of few and of many cells, into the gradebook, and a submission of both."""
    url = f"sqlite:///{path}"
    with quiet(), Gradebook(url) as gradebook:
        for notebook, count in COUNTS.items():
            gradebook.add_notebook(notebook, "ps1")
            gradebook.add_task_cell("essay", notebook, "ps1", max_score=2, cell_type="markdown")
            for number in range(count):
                gradebook.add_grade_cell(f"q{number}", notebook, "ps1", max_score=2, cell_type="code")
                gradebook.add_solution_cell(f"a{number}", notebook, "ps1")
    hand_in(url, "ada")
    return url


def save_grades(url: str, notebook: str, score: float) -> None:
    names = [f"q{number}" for number in range(COUNTS[notebook])]
    result = SimpleNamespace(cells={name: SimpleNamespace(score=score) for name in names})
    context = SimpleNamespace(
        time_unclear="", unreadable=False, undecided=False, settled=True, reason="", beside={}, result=result
    )
    marks = {
        "grade": True,
        "solution": False,
        "task": False,
        "locked": True,
        "schema_version": 3,
        "points": 2,
    }
    cells = [new_code_cell("", metadata={"nbgrader": marks | {"grade_id": name}}) for name in names]
    ids = {"db_url": url, "notebook": notebook, "assignment": "ps1", "student": "ada"}
    SaveGrades().preprocess(new_notebook(cells=cells), {"nbgrader": ids, KEY: context})


def test_the_grades_of_many_cells_take_no_more_queries_than_those_of_one(submitted):
    seen = {}
    for notebook, count in COUNTS.items():
        with kept_open(), Statements() as statements:
            save_grades(submitted, notebook, 1.5)
        seen[notebook] = len([text for text in statements if "PRAGMA" not in text])
        with Gradebook(submitted) as gradebook:
            row = gradebook.find_submission_notebook(notebook, "ps1", "ada")
            given = {grade.name: grade.auto_score for grade in row.grades}
        assert given == {"essay": 0.0} | {f"q{number}": 1.5 for number in range(count)}
    assert seen["one"] == seen["many"]


def test_a_score_beyond_the_cells_is_an_error_that_names_it(submitted):
    with kept_open(), pytest.raises(ValueError, match=r"q0: score must be between 0 and 2\.0, got 2\.5"):
        save_grades(submitted, "one", 2.5)
