"""One lab's notebooks, cases and answers, for the tests of it."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

import pytest

from autograder.checks.case import load
from autograder.checks.grader import Grader, graded_by
from autograder.execution.quick_variables import made_quickly
from course import examples
from tests.labs.cells import Lab


class LabFixtures:
    """The notebooks, cases and answers of one lab, tried as where a submission is graded.

    Attributes
    ----------
    lab : str
        A folder of solutions/.
    handed_in : tuple of Path
        Files that a student hands in beside the notebook.
    """

    lab: ClassVar[str]
    handed_in: ClassVar[tuple[Path, ...]] = ()
    instructors: ClassVar[Lab]
    students: ClassVar[Lab]

    def __init_subclass__(cls):
        if "lab" in vars(cls):
            cls.instructors, cls.students = Lab(cls.lab), Lab(cls.lab, "labs")
            cls.reference = examples.reference(cls.lab)

    @pytest.fixture(autouse=True)
    def folder_of_a_submission(self, tmp_path, monkeypatch):
        """Work in a folder of released and submitted files; the judge's folder is named."""
        for path in (self.students.folder / "examples.npz", *self.handed_in):
            shutil.copy(path, tmp_path)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("AUTOGRADER_JUDGE", str(self.instructors.folder / "judge"))

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def variables_as_where_it_is_graded(cls):
        with made_quickly():
            yield

    @pytest.fixture
    def use_secret(self):
        """Give a function that sets the course secret until the test ends."""
        with ExitStack() as graders:
            yield lambda key: graders.enter_context(graded_by(Grader(key)))

    @pytest.fixture(scope="class")
    @classmethod
    def answered(cls):
        """Give the names of the instructor's notebook, its graded functions defined."""
        return cls.instructors.namespace(cls.reference.FUNCTIONS)

    @pytest.fixture(scope="class")
    @classmethod
    def visible_cases(cls):
        return load(cls.students.folder / "examples.npz")

    @pytest.fixture(scope="class")
    @classmethod
    def hidden_cases(cls):
        return {function: cls.reference.cases(function) for function in cls.reference.FUNCTIONS}

    def assert_full_marks(self, function: str, names: dict) -> None:
        points, words = self.instructors.score(f"test_{function}", dict(names))
        assert points == self.instructors.points(f"test_{function}"), words
