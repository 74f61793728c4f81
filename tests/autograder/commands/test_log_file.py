"""The log of a grading holds every line that was said."""

import gc

import pytest
from nbgrader.apps import AutogradeApp

from autograder.batch.errors import GradeError
from autograder.commands.log_file import logged


def test_no_line_is_lost_where_an_older_application_of_the_process_is_collected(tmp_path):
    older = AutogradeApp()
    older.log.debug("its handlers are there")
    log, path = AutogradeApp().log, tmp_path / "grade.log"
    assert log is older.log
    path.write_text("of the last run")
    with logged(log, path) as warnings:
        log.warning("before")
        del older
        gc.collect()
        log.warning("after: %s", "übung")
        log.info("and more")
    lines = [line.split(" ", 2)[2] for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines == ["WARNING before", "WARNING after: übung", "INFO and more"]
    assert warnings == ["before", "after: übung"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_log_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "grade.log").mkdir()
    with (
        pytest.raises(GradeError, match=r"grade\.log: cannot be written \(Is a directory\)"),
        logged(AutogradeApp().log, tmp_path / "grade.log"),
    ):
        pass
