"""Hidden tests leave the feedback, and nothing is said of options that nobody set."""

import logging

from nbconvert import HTMLExporter
from traitlets.config import Config

from autograder.plugin.hide_tests import HideTests
from course.sample_class.notebooks import graded, notebook

HIDDEN = "assert f(1) == 1\n### BEGIN HIDDEN TESTS\nassert f(2) == 2\n### END HIDDEN TESTS"


def said(caplog, config: Config) -> list[str]:
    """Give what is logged while the tests of one notebook are hidden as an exporter does it."""
    tests = [graded(f"test_{number}", 1, HIDDEN) for number in range(3)]
    with caplog.at_level(logging.WARNING):
        exporter = HTMLExporter(config=config)
        hide = HideTests(parent=exporter)
        feedback, _ = hide.preprocess(notebook(*tests), {})
    assert [cell.source.strip() for cell in feedback.cells] == ["assert f(1) == 1"] * 3
    return [record.getMessage() for record in caplog.records]


def test_what_nbconvert_sets_for_pages_is_no_option_that_nobody_knows(caplog):
    assert said(caplog, Config()) == []


def test_an_option_that_does_not_exist_is_named_once_for_all_cells(caplog):
    config = Config()
    config.ClearHiddenTests.no_such_option = "x"
    (message,) = said(caplog, config)
    assert "no_such_option" in message


def test_other_marks_of_hidden_tests_are_honoured():
    config = Config()
    config.ClearHiddenTests.begin_test_delimeter = "# SECRET"
    config.ClearHiddenTests.end_test_delimeter = "# PUBLIC"
    test = graded("test", 1, "assert f(1) == 1\n# SECRET\nassert f(2) == 2\n# PUBLIC")
    feedback, _ = HideTests(config=config).preprocess(notebook(test), {})
    assert "f(2)" not in feedback.cells[0].source
