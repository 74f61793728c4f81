"""A plugin of pytest for nbgrader's tests: they wait for no disk, and have our plugin if asked.

Most of nbgrader's tests call its classes in the process of the test, where no file of settings is
read. ``AUTOGRADER_SUITE=plugin`` says that those classes are to be the plugin's.
"""

import functools
import os
import sys

import nbgrader.api
import sqlalchemy
from sqlalchemy.engine import Engine
from traitlets.config import Config

import autograder.plugin

WITH_PLUGIN = os.environ.get("AUTOGRADER_SUITE") == "plugin"
# each new gradebook asks for it, by a process of a second or two
nbgrader.api.get_alembic_version = functools.cache(nbgrader.api.get_alembic_version)


@sqlalchemy.event.listens_for(Engine, "connect")
def _wait_for_no_disk(connection, _record) -> None:
    """Leave writing to the system, as no gradebook of a test has to outlast a crash."""
    connection.execute("PRAGMA synchronous = OFF")


def configured() -> Config:
    """Return settings that have only what the plugin sets."""
    settings = Config()
    autograder.plugin.configure(settings)
    return settings


def pytest_collection_finish() -> None:
    """Give the tests of nbgrader's interface for the formgrader the plugin's settings."""
    if not WITH_PLUGIN:
        return
    configured()  # what it puts into nbgrader's modules
    tests = sys.modules.get("nbgrader.tests.apps.test_api")
    if tests is not None:
        tests.Config = configured
