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
MOCK = "import sys\nfrom unittest.mock import Mock, patch\n"
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
    "a name's attribute patched": f"{MOCK}with patch('__main__.helper.x', 5, create=True): f(1)",
    "its own name patched": f"{MOCK}with patch('__main__.__name__', 'm'): f(1)",
    "patched and asked": f"{MOCK}with patch('__main__.helper', int): sys.modules['__main__'].f(1)",
}
NOT_REACHING = {
    "a main guard": "if __name__ == '__main__': assert f(1) == 2",
    "text": "assert f(1) == 2, 'not __main__.f'",
    "a module of the like": "import math as __main\nassert f(1) == 2",
    "an entry": "assert {'main': f(1)}['main'] == 2",
}


PATCHED = {
    "by its name": "with patch('__main__.helper', lambda: 5): assert f(1) == 6\nassert f(1) == 2",
    "by a mock": "with patch('__main__.helper', return_value=5) as fake:\n    assert f(1) == 6\n"
    "    fake.assert_called_once_with()",
    "by the notebook's name": "with patch(f'{__name__}.helper', lambda: 5): assert f(1) == 6",
    "by a decorator": "@patch('__main__.helper', return_value=5)\ndef test(fake):\n    assert f(1) == 6\n"
    "    assert fake.called\ntest()",
    "by a patcher": "patcher = patch('__main__.helper')\npatcher.start().return_value = 5\n"
    "try: assert f(1) == 6\nfinally: patcher.stop()\nassert f(1) == 2",
    "among the modules": "with patch.object(sys.modules['__main__'], 'helper', lambda: 5): assert f(1) == 6",
    "many": "with patch.multiple('__main__', helper=lambda: 5): assert f(1) == 6",
    "with its signature": "with patch('__main__.helper', autospec=True) as fake:\n"
    "    fake.return_value = 5\n    assert f(1) == 6",
    "with another within": "with patch('__main__.helper', lambda: 5):\n"
    "    with patch('__main__.helper', lambda: 7): assert f(1) == 8\n    assert f(1) == 6",
    "what it replaced is called": "with patch('__main__.helper', wraps=helper) as fake: assert f(1) == 2\n"
    "assert fake.call_count == 1",
}
WRONG = {
    "it does not call the helper": "def helper(): return 1\ndef f(x): return 2 if x == 1 else x",
    "it calls it twice": "def helper(): return 1\ndef f(x): return x + helper() + helper() - 1",
    "it sets the helper itself": "def helper(): return 1\ndef f(x):\n"
    "    global helper\n    helper = lambda: 1\n    return x + helper()",
}
SECRET = "import __main__, sys\ndef helper(): return 1\nkept = []\ndef f(x):\n"
HOSTILE = {
    "it keeps the test's function": SECRET
    + "    kept.append(helper)\n    return x + kept[0]() if len(kept) > 9 else kept[0].return_value",
    "it looks into the test's function": SECRET
    + "    return x + helper.__globals__['patch'].new.return_value",
    "it has the mock say that it was called": SECRET
    + "    helper.called = helper.call_count = 1\n    helper.assert_called_once_with = lambda: None\n"
    "    return 2",
    "it puts its own into the module": SECRET
    + "    __main__.helper = lambda: 5\n    sys.modules['__main__'].helper = __main__.helper\n    return 2",
    "its helper claims to be any": "class Any:\n    def __call__(self): return 1\n"
    "    def __eq__(self, other): return True\n    def __getattr__(self, name): return self\n"
    "helper = Any()\ndef f(x): return Any()",
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


@pytest.mark.parametrize("test", PATCHED.values(), ids=PATCHED)
def test_a_patched_name_is_replaced_for_the_students_functions(graded, test):
    assert Cause.MAIN not in [finding.cause for finding in findings(notebook(test))]
    result = graded(STUDENT, MOCK + test, "assert f(1) == 2")
    assert result.statuses == [Status.PASSED, Status.PASSED], result.messages


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG)
def test_a_wrong_answer_fails_where_its_helper_is_patched(graded, answer):
    mocked = "with patch('__main__.helper', side_effect=[5]) as fake: assert f(1) == 6"
    result = graded(answer, MOCK + mocked, template=STUDENT)
    assert result.statuses == [Status.FAILED]
    assert result.scores == [0]


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_a_patched_name_gives_a_submission_nothing(graded, answer):
    counted = "with patch('__main__.helper', return_value=5) as fake:\n    assert f(1) == 6\n"
    counted += "    fake.assert_called_once_with()\nassert f(1) == 2"
    result = graded(answer, MOCK + counted, "assert f(1) == 2 and helper() == 1", template=STUDENT)
    assert not result.scores[0]
    assert result.statuses[0] in (Status.FAILED, Status.BY_HAND)


@pytest.mark.parametrize("test", ["with patch('__main__.api') as api: ", "api = Mock()\n"])
def test_an_object_in_the_place_of_another_whose_methods_are_used_is_for_a_person(graded, test):
    answer = "class API:\n    def get(self): return 3\napi = API()\ndef f(): return api.get()"
    test += "api.get.return_value = 5; assert f() == 5"
    result = graded(answer, MOCK + test, template=answer)
    assert result.statuses == [Status.BY_HAND]
    assert "the code uses `.get` of an object that a test puts in the place of another" in result.messages[0]


def test_a_name_that_the_student_does_not_bind_cannot_be_patched(graded):
    result = graded("def f(x): return 2", MOCK + PATCHED["by a mock"], template=STUDENT)
    assert result.statuses == [Status.FAILED]
    assert "does not have the attribute 'helper'" in result.messages[0]


def test_a_built_in_is_patched_as_a_name_of_the_notebook(graded):
    test = "with patch('__main__.input', return_value='4'): assert f() == 4"
    answers = "def f(): return int(input())", "def f(): return 5"
    assert [graded(answer, MOCK + test).scores for answer in answers] == [[1], [0]]


def test_what_a_patch_puts_there_and_cannot_be_given_is_for_a_person(graded):
    answer = "names = ['a']\ndef f(): return len(names)"
    result = graded(
        answer, MOCK + "with patch('__main__.names', ['a', 'b']): assert f() == 2", "assert f() == 1"
    )
    assert result.statuses == [Status.BY_HAND, Status.PASSED]
    assert "the test sets `names`" in result.messages[0]


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
