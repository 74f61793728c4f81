"""nbgrader's own tests with the plugin: those that differ are the ones that the guide names."""

from pathlib import Path

import pytest

from tests.autograder.nbgrader_suite.suite import TESTS, differences, names, run

GUIDE = Path(__file__).parents[3] / "book" / "grading.md"
NAMES = frozenset(one["test"] for one in differences())
LEAST = 700  # names of tests that pass, so that many that no longer run are noticed


def test_the_guide_names_each_difference_and_no_other():
    text = GUIDE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`test_" in line]
    wanted = [
        f"| {one['nbgrader']} | {one['here']} | {{ref}}`{one['guide']}` | `{one['test']}` |"
        for one in differences()
    ]
    assert rows == wanted
    assert all(f"({one['guide']})=" in text for one in differences())


needed = pytest.mark.skipif(not TESTS.is_dir(), reason="this nbgrader is installed without its tests")


@needed
@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
def test_with_the_plugin_no_other_of_nbgraders_tests_fails(tmp_path):
    found = run(tmp_path / "plugin", plugin=True)
    differ = [name for name in names(found.failed) if name in NAMES]
    assert differ == sorted(NAMES)
    others = frozenset(names(found.failed)) - NAMES  # such as those that need nbgrader's own checkout
    if others:
        stock = run(tmp_path / "stock", plugin=False, only=others)
        assert {test for test in found.failed if names(frozenset({test}))[0] in others} <= stock.failed
    assert len(found.passed) >= LEAST


@needed
@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
def test_in_stock_nbgrader_those_that_differ_pass(tmp_path):
    found = run(tmp_path / "stock", plugin=False, only=NAMES)
    assert set(names(found.passed)) >= NAMES
    assert not found.failed


@needed
@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
def test_the_plugin_is_in_every_process(tmp_path):
    """One that differs fails with the plugin and passes without."""
    one = frozenset({"test_grade_empty_timestamp"})
    assert names(run(tmp_path / "plugin", plugin=True, only=one).failed) == sorted(one)
    assert names(run(tmp_path / "stock", plugin=False, only=one).passed) == sorted(one)
