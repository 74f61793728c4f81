"""The instructor's side of a notebook, as it is sent and as it is named."""

from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.execution.spec import GradingSpec, pack, submission_digest, unpack
from autograder.limits import Limits


@pytest.fixture
def spec(tmp_path):
    for name in ("lab", "judge"):
        (tmp_path / name / "inner").mkdir(parents=True)
        (tmp_path / name / "inner" / "data").write_bytes(name.encode())
    source = new_notebook(cells=[new_code_cell("x = 1", id="a")])
    environment = (("A", "1"),)
    return GradingSpec(
        source, Limits(call_seconds=3), ("numpy",), environment, (), tmp_path / "lab", tmp_path / "judge"
    )


def test_a_task_is_elsewhere_what_it_was_here(spec, tmp_path):
    there = GradingSpec.unpack(replace(spec, preload_also=("scipy",)).pack(), tmp_path / "there")
    assert there.digest == spec.digest
    assert (there.limits, there.preload, there.preload_also) == (spec.limits, ("numpy",), ("scipy",))
    assert (there.judge_files / "inner" / "data").read_bytes() == b"judge"
    assert not str(there.released_files).startswith(str(spec.released_files))


def test_a_spec_without_files_stays_so(spec, tmp_path):
    there = GradingSpec.unpack(
        replace(spec, released_files=None, judge_files=None).pack(), tmp_path / "there"
    )
    assert (there.released_files, there.judge_files) == (None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"limits": Limits(call_seconds=4)},
        {"source": new_notebook(cells=[new_code_cell("x = 2", id="a")])},
        {"environment": (("A", "2"),)},
        {"preload": ("numpy", "scipy")},
        {"judge_files": None},
    ],
)
def test_what_a_result_depends_on_changes_the_name(spec, change):
    assert replace(spec, **change).digest != spec.digest


def test_another_file_of_the_judge_changes_the_name(spec):
    before = replace(spec).digest
    (spec.judge_files / "inner" / "data").write_bytes(b"another")
    assert replace(spec).digest != before


def test_submissions_differ_by_notebook_and_files(tmp_path):
    (tmp_path / "own").mkdir()
    digests = [
        submission_digest(None, None),
        submission_digest(b"", None),
        submission_digest(b"", tmp_path / "own"),
    ]
    (tmp_path / "own" / "a").write_text("")
    assert len({*digests, submission_digest(b"", tmp_path / "own")}) == 4


def test_links_are_not_sent(tmp_path):
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "link").symlink_to("/etc/hostname")
    (tmp_path / "from" / "file").write_text("1")
    packed = pack({"a": b"1"}, {"files": tmp_path / "from", "none": None})
    assert unpack(packed, lambda: tmp_path / "to") == ({"a": b"1"}, {"files": tmp_path / "to" / "files"})
    assert [path.name for path in (tmp_path / "to" / "files").iterdir()] == ["file"]
