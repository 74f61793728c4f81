"""Submissions graded with a key for the numbers of hidden tests."""

import pytest


@pytest.fixture
def graded_with(graded, monkeypatch):
    """Return a function: key, student's code and tests → `Graded`."""
    from autograder.execution import engine

    grade = engine.grade

    def run(key, student, *tests, **options):
        monkeypatch.setattr(engine, "grade", lambda *args, **kwargs: grade(*args, **kwargs, variant_key=key))
        return graded(student, *tests, **{"call_seconds": 5, **options})

    return run
