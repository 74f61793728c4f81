"""A test that reaches for `__main__` is refused in words: in a judge that module is another one."""

import importlib.util
import sys
import types

import pytest
from nbformat.v4 import new_notebook

from autograder.notebook.findings import Cause
from autograder.plugin.execute import imported_modules
from autograder.plugin.lint import findings
from autograder.result import Status
from tests.autograder.conftest import cell

STUDENT = "def helper(): return 1\ndef f(x): return x + helper()"
REACHING = {
    "imported": "import __main__\nassert __main__.f(1) == 2",
    "imported under a name": "import os, __main__ as answer\nassert hasattr(answer, 'f')",
    "a name of it": "from __main__ import f as again\nassert again(1) == 2",
    "in a function": "def look():\n    import __main__\n    return dir(__main__)\nassert 'f' in look()",
    "among the modules": "import sys\nassert sys.modules['__main__'].f(1) == 2",
    "asked of the modules": "import sys\nassert sys.modules.get('__main__').f(1) == 2",
    "by its name": "import importlib\nassert importlib.import_module('__main__').f(1) == 2",
    "by the built-in": "assert __import__('__main__').f(1) == 2",
    "replaced": "import __main__\n__main__.helper = lambda: 5\nassert f(1) == 6",
    "taken away, which passes": "import __main__\nvars(__main__).pop('helper', 0)\nassert f(1) == 2",
    "patched": "from unittest import mock\nwith mock.patch('__main__.helper', lambda: 5): assert f(1) == 6",
}
NOT_REACHING = {
    "a main guard": "if __name__ == '__main__': assert f(1) == 2",
    "text": "assert f(1) == 2, 'not __main__.f'",
    "a module of the like": "import math as __main\nassert f(1) == 2",
    "an entry": "assert {'main': f(1)}['main'] == 2",
}


def notebook(test):
    return new_notebook(
        cells=[
            cell("def f(x): ...", "answer", solution=True),
            cell(test, "test", grade=True, locked=True, points=1),
        ]
    )


@pytest.mark.parametrize("test", REACHING.values(), ids=REACHING)
def test_a_test_that_reaches_for_main_is_for_a_person_and_known_before(graded, test):
    result = graded(STUDENT, test, "assert f(1) == 2")
    assert result.statuses == [Status.BY_HAND, Status.PASSED]
    assert "the test reaches for `__main__`, which is not the student's module here" in result.messages[0]
    assert [finding.cause for finding in findings(notebook(test))] == [Cause.MAIN]


@pytest.mark.parametrize("test", NOT_REACHING.values(), ids=NOT_REACHING)
def test_what_only_looks_like_it_is_left_alone(graded, test):
    assert graded(STUDENT, test).statuses == [Status.PASSED]
    assert Cause.MAIN not in [finding.cause for finding in findings(notebook(test))]


def test_a_locked_helper_that_reaches_for_main_is_refused_where_it_is_used(graded):
    helper = "def look(name):\n    import __main__\n    return getattr(__main__, name)\nlimit = 3"
    result = graded(STUDENT, "assert look('f')(1) == 2", "assert f(1) < limit", helper=helper)
    assert result.statuses == [Status.BY_HAND, Status.PASSED]
    assert "reaches for `__main__`" in result.messages[0]


def test_modules_that_cannot_be_found_are_not_imported_beforehand(monkeypatch):
    """As a script's `__main__` and modules that others put in place, which have no spec."""
    main, bare = types.ModuleType("__main__"), types.ModuleType("bare_module")
    monkeypatch.setitem(sys.modules, "__main__", main)
    monkeypatch.setitem(sys.modules, "bare_module", bare)
    with pytest.raises(ValueError, match="__spec__"):
        importlib.util.find_spec("__main__")
    made = notebook("import __main__, bare_module, bare_module.part, numpy")
    assert imported_modules(made) == ("numpy",)
