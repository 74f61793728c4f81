"""A submission of a few lines, graded by a few tests."""

import functools
import textwrap
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.execution.engine import Engine
from autograder.execution.spec import GradingSpec, Submission
from autograder.limits import Limits

FAST = Limits(
    call_seconds=1.5,
    cell_seconds=3,
    question_seconds=4,
    submission_seconds=30,
    memory_bytes=400 * 2**20,
    processes=40,
)


def cell(code, grade_id, **flags):
    made = new_code_cell(textwrap.dedent(code).strip(), id=grade_id)
    made.metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id, "grade": False, "solution": False,
                                 "locked": False, "task": False, **flags}  # fmt: skip
    return made


class Graded:
    """The result of one submission, with short names."""

    def __init__(self, result):
        self.result = result
        self.cells = list(result.cells.values())
        self.scores = [one.score for one in self.cells]
        self.statuses = [one.status for one in self.cells]
        self.messages = [one.message for one in self.cells]

    def shown(self, key="s1"):
        """All text that a cell of the student showed."""
        return "".join(
            str(out.get("text", "")) + str(out.get("data", "")) + str(out.get("evalue", ""))
            for out in self.result.outputs.get(key, [])
        )


@pytest.fixture(scope="session")
def engine():
    with Engine() as engine:
        yield engine


def grade(
    engine,
    student,
    *tests,
    helper="import numpy as np",
    template="pass",
    points=1,
    files=None,
    judge=None,
    own=None,
    preload=(),
    seed_key=None,
    **limits,
):
    """Grade a student's code by tests; return `Graded`."""
    asked = [
        cell(code, f"t{number}", grade=True, locked=True, points=points) for number, code in enumerate(tests)
    ]
    setup = cell(helper, "setup", locked=True)
    source = new_notebook(cells=[setup, cell(template, "answer", solution=True), *asked])
    parts = [student] if isinstance(student, str) else student
    answers = [
        cell(parts[0], "answer", solution=True),
        *map(new_code_cell, map(textwrap.dedent, parts[1:])),
    ]
    submission = new_notebook(cells=[setup, *answers, *asked])
    spec = GradingSpec(source, replace(FAST, **limits), preload, released_files=files, judge_files=judge)
    return Graded(engine.grade(spec, Submission(submission, own, seed_key)))


@pytest.fixture
def graded(engine):
    """Return a function: student's code and tests → `Graded`."""
    return functools.partial(grade, engine)


@pytest.fixture
def graded_with_keras(graded):
    """Return `graded`, its processes forked from one that has imported Keras."""
    return functools.partial(graded, preload=("keras", "tensorflow"))
