"""Objects of libraries that stay in the worker: what they are is right, or for a person."""

# ruff: noqa: E501 - each submission is one string

import functools

import pytest

from autograder.result import Status
from tests.autograder.execution.test_border import Kind

STACK = "class Stack:\n    def __init__(self): self.items = []\n"
SECONDS = {"call_seconds": 20, "cell_seconds": 20, "question_seconds": 30, "submission_seconds": 90}


@pytest.fixture
def graded(graded):
    """Give libraries the time that a busy machine takes to import them."""
    return functools.partial(graded, **SECONDS)


KINDS = {
    "a match": Kind(
        "import re\ndef first(text): return re.search(r'\\d+', text)",
        "import re\nm = first('a12')\nassert isinstance(m, re.Match) and m.group() == '12'\nassert type(m) is re.Match\nassert not isinstance(m, str)",
        right=("import re\ndef first(text): return next(re.finditer('[0-9]+', text))",),
        wrong=(
            "import re\ndef first(text): return re.findall(r'\\d+', text)",
            "class Match:\n    def group(self): return '12'\ndef first(text): return Match()",
            "class Match:\n    __module__ = 're'\n    __qualname__ = 'Match'\n    def group(self): return '12'\ndef first(text): return Match()",
        ),
    ),
    "an iterator": Kind(
        "def doubles(xs): return map(lambda x: 2 * x, xs)",
        "d = doubles([1, 2])\nassert isinstance(d, map) and type(d) is map\nassert not isinstance(d, (list, tuple))\nassert list(d) == [2, 4]",
        wrong=("def doubles(xs): return [2 * x for x in xs]", "def doubles(xs): return filter(None, [2, 4])"),
    ),
    "data was asked for, and an iterator came": Kind(
        "def doubles(xs): return [2 * x for x in xs]",
        "assert doubles([1, 2]) == [2, 4]",
        wrong=("def doubles(xs): return map(lambda x: 2 * x, xs)",),
    ),
    "a connection": Kind(
        "import sqlite3\ndef connect(): return sqlite3.connect(':memory:')",
        "import sqlite3\nc = connect()\nassert isinstance(c, sqlite3.Connection)\nassert c.execute('select 1 + 1').fetchall() == [(2,)]",
        wrong=("import sqlite3\ndef connect(): return sqlite3.connect(':memory:').cursor()",),
    ),
    "the class of an object of a requested class": Kind(
        STACK + "def make(): return Stack()",
        "s = make()\nassert type(s) is Stack and type(s) == Stack and isinstance(s, Stack)\nassert type(make()).__name__ == 'Stack'\nassert type(Stack) is type\nassert type(make).__name__ == 'function'\nassert type(3) is int",
        right=(STACK + "def make():\n    s = Stack()\n    return s",),
        wrong=(
            STACK + "class Other: pass\ndef make(): return Other()",
            STACK + "class Other:\n    __class__ = Stack\ndef make(): return Other()",
            STACK + "def make():\n    class Stack: pass\n    return Stack()",
            STACK + "class Sub(Stack): pass\ndef make(): return Sub()",
        ),
    ),
    "not of a class": Kind(
        STACK + "class Queue(Stack): pass\ndef make(kind): return Queue() if kind == 'queue' else Stack()",
        "assert type(make('queue')) is not Stack\nassert type(make('stack')) is Stack\nassert type(make('queue')) in (Stack, Queue)",
        wrong=(STACK + "class Queue(Stack): pass\ndef make(kind): return Stack()",),
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_right_answer_passes_and_a_wrong_one_does_not(graded, name):
    kind = KINDS[name]
    for answer in (kind.solution, *kind.right):
        result = graded(answer, kind.test, template=kind.solution)
        assert result.scores == [1], (answer, result.messages)
    for answer in kind.wrong:
        result = graded(answer, kind.test, template=kind.solution)
        assert result.scores == [0], answer
        assert result.statuses == [Status.FAILED], (answer, result.messages)


FIT = "import warnings\nfrom sklearn.linear_model import LinearRegression\ndef fit(x, y): return LinearRegression().fit(x, y)"


def test_an_estimator_is_one_and_its_methods_give_data(graded):
    pytest.importorskip("sklearn")
    test = "from sklearn.linear_model import LinearRegression\nm = fit([[0.], [1.], [2.]], [1., 3., 5.])\nassert isinstance(m, LinearRegression) and type(m) is LinearRegression\nassert abs(m.predict([[3.]])[0] - 7) < 1e-6\nassert np.allclose(m.coef_, [2])"
    assert graded(FIT, test).scores == [1]
    other = FIT.replace("LinearRegression", "Ridge")
    assert graded(other, test).statuses == [Status.FAILED]


def test_where_a_test_takes_a_librarys_object_for_data_a_person_grades(graded):
    pytest.importorskip("sklearn")
    result = graded(FIT, "assert fit([[0.], [1.]], [1., 3.]) == [1, 2]")
    assert result.statuses == [Status.BY_HAND]
    assert "sklearn.linear_model._base.LinearRegression" in result.messages[0]
    assert "the grader, not this answer, fell short" in result.messages[0]


def test_where_data_was_asked_for_an_object_of_the_students_own_class_fails(graded):
    own = "from sklearn.linear_model import LinearRegression\nclass Mine(LinearRegression): pass\ndef fit(x, y): return Mine().fit(x, y)"
    result = graded(own, "assert fit([[0.], [1.]], [1., 3.]) == [1, 2]")
    assert result.statuses == [Status.FAILED]
