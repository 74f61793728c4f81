"""A time of handing in that is none stops nothing."""

import logging
import os

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.plugin.timestamps import guarded_timestamps


@pytest.mark.parametrize("kind", ["pipe", "gigabytes", "link", "words", "bytes", "year 0"])
def test_what_is_no_time_is_none_and_said(tmp_path, caplog, kind):
    path = tmp_path / "timestamp.txt"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to("/dev/zero")
    else:
        content = {"words": b"yesterday", "bytes": b"\xff\xfe", "year 0": b"0000-01-01"}.get(kind, b"")
        path.write_bytes(content)
    if kind == "gigabytes":
        os.truncate(path, 100 * 2**30)
    course = CourseDirectory(root=str(tmp_path))
    with guarded_timestamps(course, logging.getLogger("test")):
        assert course.get_existing_timestamp(str(tmp_path)) is None
    assert "is no date and time" in caplog.text


def test_a_time_is_read(tmp_path):
    (tmp_path / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    course = CourseDirectory(root=str(tmp_path))
    with guarded_timestamps(course, logging.getLogger("test")):
        assert course.get_existing_timestamp(str(tmp_path)).hour == 12
        assert course.get_existing_timestamp(str(tmp_path / "absent")) is None
