"""A runner keeps few specs' files, and those of a spec as long as a submission is graded by it."""

import tempfile

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.batch import job
from autograder.execution.spec import GradingSpec
from autograder.result import Result

SUBMISSION = job.packed_submission(b"", None, b"key")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Give the folder in which a runner unpacks."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(job, "MAX_SPECS", 1)
    return folder


@pytest.fixture
def specs(tmp_path):
    """Give two packed specs; a file says which is which."""
    packed = {}
    for name in ("first", "second"):
        files = tmp_path / name
        files.mkdir()
        (files / "name").write_text(name)
        source = new_notebook(cells=[new_code_cell(name, id="a")])
        packed[name] = job.packed_spec(GradingSpec(source, released_files=files, judge_files=files))
    return packed


def kept(place):
    return sorted(path.read_text() for path in place.glob("autograder-spec-*/released/name"))


def test_a_specs_files_stay_until_its_last_submission_is_graded(place, specs, monkeypatch):
    runner, seen = job.JobRunner(), []

    def grade(spec, _):
        name = (spec.released_files / "name").read_text()
        if name == "first" and len(seen) < 2:
            seen.append(name)
            # as other threads do: one that is graded by the same spec, which ends, and another
            runner.run(specs["first"], SUBMISSION)
            runner.run(specs["second"], SUBMISSION)
        seen.append([(files / "name").read_text() for files in (spec.released_files, spec.judge_files)])
        return Result({})

    monkeypatch.setattr(runner.engine, "grade", grade)
    runner.run(specs["first"], SUBMISSION)
    first, second = ["first"] * 2, ["second"] * 2
    assert seen == ["first", "first", first, second, first, second, first]
    assert kept(place) == ["first"]
    runner.run(specs["second"], SUBMISSION)
    assert kept(place) == ["second"]  # nobody uses the other
    runner.close()
    assert kept(place) == []


def test_a_spec_of_a_submission_that_fails_is_out_of_use(place, specs, monkeypatch):
    runner = job.JobRunner()

    def grade(*_):
        raise ValueError("the source is wrong")

    monkeypatch.setattr(runner.engine, "grade", grade)
    for name in specs:
        with pytest.raises(ValueError, match="the source is wrong"):
            runner.run(specs[name], SUBMISSION)
    assert kept(place) == ["second"]
    runner.close()
