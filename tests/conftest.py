"""Settings for every test."""

import gc
import os
import sys
from pathlib import Path

import pytest

from autograder.execution.environment import QUIET
from tests.children import QUICK_IMPORTS

HERE = Path(__file__).parent
sys.path.insert(0, str(QUICK_IMPORTS))
os.environ["PYTHONPATH"] = os.pathsep.join(
    path for path in (str(QUICK_IMPORTS), os.environ.get("PYTHONPATH", "")) if path
)

for variable, value in {**QUIET, "KERAS_BACKEND": "tensorflow"}.items():
    os.environ.setdefault(variable, value)

# Modules that take minutes: where several processes share the tests, they are begun first, so that
# none of them is what the others wait for in the end.
LONG = (
    "autograder/corpus/test_corpus.py", "labs/test_decoder.py", "labs/test_students.py",
    "labs/test_encoder.py", "walks/test_instructor.py", "walks/test_student.py",
    "autograder/plugin/test_nbgrader.py", "autograder/plugin/test_side_by_side.py",
    "labs/test_mnist.py", "book/test_browser.py",
)  # fmt: skip


def pytest_configure():
    """Let the log of absl, which TensorFlow imports, go to a stream that is never closed.

    A command of nbgrader that runs in this process configures logging anew, by which all handlers
    are closed. That of absl closes the stream that was standard error when it was imported, which
    is pytest's own: each later test would then fail.
    """
    from absl import logging

    logging.get_absl_handler().python_handler.setStream(sys.__stderr__)


def pytest_collection_modifyitems(config, items):
    """Leave out what is exhaustive; begin with the long modules where processes share the tests."""
    if "exhaustive" not in config.option.markexpr:  # a -m of one's own would replace one in addopts
        left_out = {item for item in items if item.get_closest_marker("exhaustive")}
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=[*left_out])
    if hasattr(config, "workerinput"):
        order = {name: number for number, name in enumerate(LONG)}
        items.sort(key=lambda item: order.get(item.path.relative_to(HERE).as_posix(), len(LONG)))


def pytest_collection_finish():
    """Take what was imported out of all later looks for garbage, which would walk it each time."""
    gc.collect()
    gc.freeze()


def _path_as_before():
    """Take from the path what was put there: nbgrader's commands leave the folder they ran in.

    In the end, each module that a fork server imports would be looked for in fifty folders first.
    """
    before = list(sys.path)
    yield
    sys.path[:] = before


_after_each_test = pytest.fixture(autouse=True)(_path_as_before)
_after_each_module = pytest.fixture(autouse=True, scope="module")(_path_as_before)


@pytest.fixture(scope="session")
def chromium():
    """Give a headless Chromium, or skip where there is none."""
    from course.browser import ARGUMENTS, chromium

    path = chromium()
    if not path:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
