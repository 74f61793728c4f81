"""The data of a report, from the gradebook, the store and the folders of submissions."""

import hashlib
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.plugin.gradebook import quiet
from autograder.plugin.report_data import gather
from autograder.result import Result
from autograder.store import Record, Store
from tests.autograder.classroom import new_gradebook

LAB = "series"


@pytest.fixture(scope="module")
def coursedir(tmp_path_factory):
    """A course whose gradebook has the points of ada, and of zoe only that she handed in."""
    coursedir = CourseDirectory(root=str(tmp_path_factory.mktemp("course")))
    shutil.copyfile(new_gradebook(), Path(coursedir.root) / "gradebook.db")
    with quiet(), Gradebook(coursedir.db_url) as gradebook:
        gradebook.add_assignment(LAB)
        gradebook.add_notebook(LAB, LAB)
        gradebook.add_grade_cell("test", LAB, LAB, max_score=2, cell_type="code")
        gradebook.add_source_cell("test", LAB, LAB, source="assert True", cell_type="code", locked=True)
        for student in ("ada", "zoe"):
            gradebook.add_student(student)
            gradebook.add_submission(LAB, student)
        gradebook.add_assignment("two")
        for name in ("first", "second"):
            gradebook.add_notebook(name, "two")
            gradebook.add_grade_cell("test", name, "two", max_score=2, cell_type="code")
            gradebook.add_source_cell("test", name, "two", source="", cell_type="code", locked=True)
        gradebook.add_submission("two", "ada")
        for name in ("first", "second"):
            gradebook.find_grade("test", name, "two", "ada").auto_score = 0
        gradebook.find_grade("test", LAB, LAB, "ada").auto_score = 2
        gradebook.db.commit()
    return coursedir


def test_who_has_no_points_yet_waits_and_is_no_part_of_the_report(coursedir):
    data = gather(coursedir, LAB)
    assert [submission.student for submission in data.submissions] == ["ada"]
    assert data.submissions[0].scores == {"test": 2}
    assert data.waiting == ("zoe",)


def test_the_files_of_a_submission_are_those_that_were_not_released(coursedir):
    root = Path(coursedir.root)
    released, submitted = root / "release" / LAB, root / "submitted" / "ada" / LAB
    for folder in (released, submitted):
        folder.mkdir(parents=True)
        (folder / "digits.npz").write_bytes(b"released")
    (released / "start.keras").write_bytes(b"untrained")
    (submitted / "start.keras").write_bytes(b"trained")
    (submitted / "timestamp.txt").write_text("2030-01-01 11:00:00 UTC")
    data = gather(coursedir, LAB)
    assert data.submissions[0].files == {"start.keras": hashlib.sha256(b"trained").hexdigest()}


def test_the_reading_of_submissions_is_counted_to_its_end(coursedir):
    counts = []
    gather(coursedir, LAB, lambda done, total: counts.append((done, total)))
    assert counts == [(1, 2), (2, 2)]


def test_of_two_notebooks_the_one_that_is_missing_is_named(coursedir):
    store = Store(Path(coursedir.root), "two")
    results = {"first": Result({}), "second": Result({}, reason="no notebook of this name was handed in")}
    keys = {name: store.key([name]) for name in results}
    for name, key in keys.items():
        store.keep(key, results[name])
    store.add_record(Record("ada", "two", "", "2030-01-01T11:00:00+00:00", "tests", keys))
    (submission,) = gather(coursedir, "two").submissions
    assert submission.reason == "second.ipynb: no notebook of this name was handed in"
    assert submission.scores == {"first/test": 0, "second/test": 0}
