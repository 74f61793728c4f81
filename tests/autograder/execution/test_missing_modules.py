"""A test that cannot have a module is for a person: the machine falls short, not the answer."""

import pytest

from autograder.result import Status

RIGHT = "def f(x): return x + 1"
WHERE = "which is not installed where this is graded"


@pytest.mark.parametrize(
    "test",
    [
        "import no_such_package\nassert f(1) == 2",
        "from no_such_package.stats import t_test\nassert t_test(f(1), 2)",
        "assert no_such.close(f(1), 2)",
        "def near(a, b):\n    import no_such_package\n    return a == b\nassert near(f(1), 2)",
    ],
    ids=["imported", "imported from", "imported by the lab", "imported when it is called"],
)
def test_a_module_that_is_not_installed_costs_no_points(graded, test):
    result = graded(RIGHT, test, "assert f(1) == 2", helper="import no_such_package as no_such")
    assert result.statuses == [Status.BY_HAND, Status.PASSED]
    assert f"`no_such_package`, {WHERE}" in result.messages[0]
    assert "so a person grades it" in result.messages[0]


def test_a_name_that_a_module_has_not_costs_no_points(graded):
    result = graded(RIGHT, "from math import no_such_function\nassert no_such_function(f(1)) == 2")
    assert result.statuses == [Status.BY_HAND]
    assert "cannot import name 'no_such_function' from 'math'" in result.messages[0]


def test_what_the_students_code_cannot_import_is_the_students(graded):
    student = "def f(x):\n    import no_such_package\n    return x + 1"
    result = graded(student, "assert f(1) == 2", "import math\nassert f(1) == 2 or math")
    assert result.statuses == [Status.FAILED, Status.FAILED]
    assert result.messages[0] == "your code raised ModuleNotFoundError: No module named 'no_such_package'"


def test_a_test_may_look_for_a_module_itself(graded):
    test = "try:\n    import no_such_package\nexcept ImportError:\n    pass\nassert f(1) == 3"
    result = graded(RIGHT, test)
    assert result.statuses == [Status.FAILED]


def test_a_cell_of_the_instructors_that_failed_costs_no_points(graded):
    helper = "table = open('not there.csv').read()\nlimit = 3"
    result = graded(RIGHT, "assert table\nassert f(1) == 2", "assert f(1) < limit", helper=helper)
    assert result.statuses == [Status.BY_HAND, Status.PASSED]
    assert "the instructor's cell that sets `table` failed: FileNotFoundError" in result.messages[0]


def test_what_an_earlier_test_did_not_get_to_is_lost(graded):
    result = graded(RIGHT, "assert f(1) == 5\ny = f(2)", "assert y == 3")
    assert result.statuses == [Status.FAILED, Status.FAILED]
    assert "`y` is set by an earlier test, which did not get that far" in result.messages[1]


def test_a_network_is_for_a_person_where_there_is_no_keras(graded):
    helper = "import sys\nsys.modules['keras'] = None"
    test = "from autograder.trained import trained_model\ntrained_model('model.keras')"
    result = graded(RIGHT, test, helper=helper)
    assert result.statuses == [Status.BY_HAND]
    assert f"`keras`, {WHERE}" in result.messages[0]
