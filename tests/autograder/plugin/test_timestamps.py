"""A time of handing in is read in its zone; one that is none stops nothing, and is said."""

import logging
import os
from datetime import datetime

import pytest
from nbgrader import utils
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import collect
from tornado.web import HTTPError
from traitlets.config import Config

from autograder.plugin import formgrader
from autograder.plugin.timestamps import guarded_timestamps, read_times_with_care, time_of_handing_in


def config(**exchange: str) -> Config:
    return Config({"Exchange": exchange} if exchange else {})


@pytest.fixture
def careful(monkeypatch):
    """Replace nbgrader's reading of times until the end of the test."""
    for owner, name in (
        (utils, "parse_utc"),
        (collect, "parse_utc"),
        (CourseDirectory, "get_existing_timestamp"),
        (NbGraderAPI, "get_submitted_timestamp"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    return read_times_with_care


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("pipe", "not a regular file"),
        ("gigabytes", "has 107,374,182,400 bytes"),
        ("link", "not a regular file"),
        (b"yesterday", "'yesterday': is no date and time"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"0000-01-01 00:00", "year"),
        (b"", "no date and time"),
        (b" \n", "no date and time"),
        (b"2026-03-01", "without a time of day"),
        (b"2026-07-01 10:00 IST", "'IST' may be"),
    ],
)
def test_what_is_no_time_is_none_and_said(tmp_path, caplog, content, reason):
    path = tmp_path / "timestamp.txt"
    if content == "pipe":
        os.mkfifo(path)
    elif content == "link":
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes(content if isinstance(content, bytes) else b"")
    if content == "gigabytes":
        os.truncate(path, 100 * 2**30)
    course = CourseDirectory(root=str(tmp_path))
    with guarded_timestamps(course, logging.getLogger("test")):
        assert course.get_existing_timestamp(str(tmp_path)) is None
    assert "does not say when it was handed in: timestamp.txt: " in caplog.text
    assert reason in caplog.text
    time, problem = time_of_handing_in(tmp_path, config())
    assert time is None
    assert reason in problem
    assert "Error" not in problem


def test_a_time_is_read(tmp_path):
    (tmp_path / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    course = CourseDirectory(root=str(tmp_path))
    with guarded_timestamps(course, logging.getLogger("test")):
        assert course.get_existing_timestamp(str(tmp_path)).hour == 12
        assert course.get_existing_timestamp(str(tmp_path / "absent")) is None
    assert time_of_handing_in(tmp_path / "absent", config()) == (None, "")


def test_the_exchanges_zone_and_format_are_those_of_the_file(tmp_path):
    path = tmp_path / "timestamp.txt"
    path.write_text("2026-07-01 10:00:00.000000 IST")
    assert time_of_handing_in(tmp_path, config(timezone="Asia/Kolkata"))[0].hour == 4
    path.write_text("01.07.2026 10:00")
    settings = config(timezone="Europe/Berlin", timestamp_format="%d.%m.%Y %H:%M")
    assert time_of_handing_in(tmp_path, settings) == (datetime(2026, 7, 1, 8), "")
    path.write_bytes(b"\xef\xbb\xbf2026-07-01 10:00 CEST\r\n")  # as an editor on Windows keeps it
    assert time_of_handing_in(tmp_path, config())[0].hour == 8


def test_nbgrader_itself_reads_times_so(careful, tmp_path):
    course = CourseDirectory(root=str(tmp_path))
    folder = tmp_path / "submitted" / "ada" / "lab"
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("2026-07-01 10:00:00 CEST")
    careful(config())
    assert course.get_existing_timestamp(str(folder)).hour == 8
    assert NbGraderAPI(course).get_submitted_timestamp("lab", "ada").hour == 8
    assert utils.parse_utc("2026-07-01 10:00:00 +0200").hour == 8
    assert utils.parse_utc("2026-07-01") == datetime(2026, 7, 1)
    assert utils.parse_utc(None) is None
    with pytest.raises(ValueError, match="'IST' may be"):
        utils.parse_utc("2026-07-01 10:00 IST")
    (folder / "timestamp.txt").write_text("nothing")
    assert NbGraderAPI(course).get_submitted_timestamp("lab", "ada") is None


def test_the_formgrader_refuses_a_due_date_in_words(careful, monkeypatch):
    def put(_, name: str) -> None:
        utils.parse_utc("01/07/2026 10:00")

    monkeypatch.setattr(formgrader.apihandlers.AssignmentHandler, formgrader._PUT, put, raising=False)
    careful(config())
    with pytest.raises(HTTPError, match=r"400.*Due date '01/07/2026 10:00': may be 2026-01-07 10:00 or"):
        formgrader._put_assignment(object.__new__(formgrader.apihandlers.AssignmentHandler), "lab")


def test_what_is_collected_is_in_the_exchanges_zone_and_stops_for_no_name(careful):
    careful(config(timezone="Europe/Berlin"))
    assert collect.parse_utc("2026-07-01 10:00:00").hour == 8
    assert collect.parse_utc("2026-07-01 10:00:00 IST").hour == 10
    assert utils.parse_utc("2026-07-01 10:00:00").hour == 10  # what a program hands on is in UTC


def test_the_time_of_an_archive_is_read_back_as_it_was_meant(careful, monkeypatch, tmp_path):
    from nbgrader.apps import zipcollectapp

    monkeypatch.setattr(zipcollectapp, "parse_utc", zipcollectapp.parse_utc)
    careful(config(timezone="Europe/Berlin"))
    for text in ("2026-07-01 10:00:00", "2026-07-01 08:00:00 UTC"):
        (tmp_path / "timestamp.txt").write_text(str(zipcollectapp.parse_utc(text)))
        assert time_of_handing_in(tmp_path, config(timezone="Europe/Berlin"))[0].hour == 8
    assert zipcollectapp.parse_utc(None) is None  # of a collector that found an empty one
