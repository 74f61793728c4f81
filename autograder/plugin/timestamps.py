"""Times of handing in and due dates: read from files of students, and wherever nbgrader reads them.

nbgrader takes a time whose zone it does not know for UTC, and an offset such as ``+0200`` for so
many seconds. No configuration reaches the function that does it, so it is replaced where it is
called.
"""

from __future__ import annotations

import functools
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging import Logger
from pathlib import Path

from nbgrader import utils
from nbgrader.api import SubmittedAssignment
from nbgrader.apps import dbapp, zipcollectapp
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import collect
from nbgrader.utils import parse_utc as nbgraders_reading
from traitlets.config import Application, Config

from autograder.files import open_without_following
from autograder.plugin.course_config import config_of
from autograder.plugin.time_zones import UnclearTimeError, local_time, read_time

LONGEST = 1_000  # bytes
_START = "_autograder_start"  # nbgrader's own method, kept on its class


def time_of_handing_in(folder: Path, config: Config) -> tuple[datetime | None, str]:
    """Return when a submission was handed in, by its ``timestamp.txt``.

    Parameters
    ----------
    folder : Path
        The submission's.
    config : Config
        Of the course, whose ``Exchange.timezone`` and ``Exchange.timestamp_format`` are those in
        which nbgrader writes the time.

    Returns
    -------
    datetime or None
        In UTC and without a zone, as nbgrader keeps times.
    str
        Why it cannot be told, in words; "" where it can, and where there is no such file.
    """
    path = folder / "timestamp.txt"
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise UnclearTimeError("it is not a regular file")
        if status.st_size > LONGEST:
            raise UnclearTimeError(f"it has {status.st_size:,} bytes")
        with open_without_following(path) as file:
            text = file.read(LONGEST).decode("utf-8-sig")
        return _in_the_exchange(text, config), ""
    except FileNotFoundError:
        return None, ""
    except UnicodeDecodeError:
        return None, "timestamp.txt: it is no text in UTF-8"
    except UnclearTimeError as error:
        return None, f"timestamp.txt: {error}"
    except OSError as error:
        return None, f"timestamp.txt: it cannot be read ({error.strerror})"


@contextmanager
def guarded_timestamps(coursedir: CourseDirectory, log: Logger) -> Iterator[None]:
    """Take a ``timestamp.txt`` that cannot be read for none, and say so, within the block."""
    coursedir.get_existing_timestamp = functools.partial(_existing, coursedir, log=log)
    try:
        yield
    finally:
        del coursedir.get_existing_timestamp


def read_times_with_care(c: Config) -> None:
    """Let nbgrader read times by `read_time`, in the configuration's ``Exchange.timezone``.

    May be called again, by each configuration that is read.
    """

    def from_exchange(text: str | datetime) -> datetime:
        try:
            return _in_the_exchange(text, _settings(c))
        except UnclearTimeError:  # it decides only which is the latest; grading looks again
            return nbgraders_reading(text)

    def from_archive(text: str | datetime | None) -> datetime | None:
        if text is None:
            return None
        time = _in_the_exchange(text, _settings(c))
        return local_time(time, _zone(_settings(c)))  # it is written without a zone, and read back

    utils.parse_utc = functools.partial(_in_utc, c)
    collect.parse_utc, zipcollectapp.parse_utc = from_exchange, from_archive
    CourseDirectory.get_existing_timestamp = _existing
    NbGraderAPI.get_submitted_timestamp = _submitted
    SubmittedAssignment.duedate = property(_due)
    for app in (dbapp.DbAssignmentAddApp, dbapp.DbAssignmentImportApp):
        if _START not in vars(app):
            setattr(app, _START, app.start)
            app.start = _refused_in_words(app.start)


def _settings(c: Config) -> Config:
    """Return the settings of one file, or those of the process where that names no zone."""
    if not _setting(c, "timezone") and Application.initialized():
        return Application.instance().config
    return c


def _in_utc(config: Config, text: str | datetime | None) -> datetime | None:
    """Return what nbgrader's `parse_utc` should."""
    if isinstance(text, str):
        return read_time(text, _zone(_settings(config)), bare="UTC", whole=False)
    if text is not None and text.tzinfo is not None:
        return text.astimezone(UTC).replace(tzinfo=None)
    return text


def _in_the_exchange(text: str, config: Config) -> datetime:
    return read_time(text, _zone(config), form=_setting(config, "timestamp_format"))


def _zone(config: Config) -> str:
    return _setting(config, "timezone") or "UTC"


def _setting(config: Config, name: str) -> str:
    value = config["Exchange"].get(name) if "Exchange" in config else None
    return value if isinstance(value, str) else ""


def _due(submission: SubmittedAssignment) -> datetime | None:
    """Return a student's due date; an extension of none is none, where nbgrader fails."""
    due = submission.assignment.duedate
    return due if due is None or submission.extension is None else due + submission.extension


def _existing(coursedir: CourseDirectory, dest_path: str, log: Logger | None = None) -> datetime | None:
    time, problem = time_of_handing_in(Path(dest_path), config_of(coursedir))
    if problem:
        (log or coursedir.log).warning(
            "%s does not say when it was handed in: %s", os.path.join(dest_path, "timestamp.txt"), problem
        )
    return time


def _submitted(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    coursedir = api.coursedir
    folder = coursedir.format_path(coursedir.submitted_directory, student_id, assignment_id)
    return time_of_handing_in(Path(folder).absolute(), config_of(coursedir))[0]


def _refused_in_words(start: Callable[[dbapp.NbGrader], None]) -> Callable[[dbapp.NbGrader], None]:
    @functools.wraps(start)
    def refusing(app: dbapp.NbGrader) -> None:
        try:
            start(app)
        except UnclearTimeError as error:
            app.fail(f"Due date {error}")

    return refusing
