"""Global names of the student's: read as they are now; where a test sets one, a person grades."""

# ruff: noqa: E501 - each submission is one string

import contextlib
import sys
import types

import pytest

from autograder import checks
from autograder.execution.set_globals import set_by_test
from autograder.result import Status

COUNTER = "counter = 0\ndef tick():\n    global counter\n    counter += 1"
KINDS = {
    "a counter": (COUNTER, "before = counter\ntick()\ntick()\nassert counter == before + 2", (
        "counter = 0\ndef tick():\n    counter = 1",
        "counter = 2\ndef tick(): pass",
    )),
    "a list that grows": ("log = []\ndef note(x): log.append(x)", "note(1)\nassert log == [1]\nnote(2)\nassert log == [1, 2]", (
        "log = []\ndef note(x):\n    log = [x]",
        "log = [1]\ndef note(x): pass",
    )),
    "a list that stays one object": ("items = [1, 2]\ndef total(): return sum(items)", "first = items\nassert total() == 3\nassert items is first", (
        "items = [1, 2]\ndef total():\n    global items\n    items = [2, 2]\n    return 3",
    )),
    "the test's threads": ("import threading\nclass Counter:\n    def __init__(self): self.n, self.lock = 0, threading.Lock()\n    def add(self):\n        with self.lock: self.n += 1", "import threading\nc = Counter()\nthreads = [threading.Thread(target=lambda: [c.add() for _ in range(20)]) for _ in range(4)]\n[t.start() for t in threads]\n[t.join() for t in threads]\nassert c.n == 80", (
        "class Counter:\n    n = 0\n    def add(self): self.n = 1",
    )),
    "the cells that have run": ("numbers = [n for n in range(9) if n % 2]", "source = ''.join(In)\nassert ' for ' in source and numbers == [1, 3, 5, 7]", ("numbers = [1, 3, 5, 7]")),
}  # fmt: skip
SQUARES = "def square(x): return x * x\ndef total(n): return sum(square(k) for k in range(n))"
SET = {
    "a number that a function reads": ("rate = 0.2\ndef net(x): return x * (1 - rate)", "rate = 0.5\nassert net(100) == 50\nrate = 0\nassert net(100) == 100", (
        "rate = 0.2\ndef net(x): return x * 0.5",
        "rate = 0.2\ndef net(x): return x * (1 - 0.2)",
    )),
    "a helper that is deleted": (SQUARES, "kept = square\ndel square\ntry: total(3)\nexcept NameError: pass\nelse: raise AssertionError('square is not used')\nfinally: square = kept\nassert total(3) == 5 and square(3) == 9", (
        "def square(x): return x * x\ndef total(n): return sum(k * k for k in range(n))",
        "def square(x): return x * x\ndef total(n): raise NameError('square')",
    )),
    "a helper in whose place the test puts its own": (SQUARES, "def square(x): return 10 * x\nassert total(3) == 30", (
        "def square(x): return x * x\ndef total(n): return sum(k * k for k in range(n))",
    )),
    "a helper that the test counts the calls of": (SQUARES, "from unittest import mock\nsquare = mock.Mock(side_effect=square)\nassert total(4) == 14\nassert square.call_count == 4", (
        "def square(x): return x * x\ndef total(n): return sum(k * k for k in range(n))",
    )),
    "a helper for one call": (SQUARES, "from autograder import checks\nwith checks.replaced(square=lambda x: -x):\n    assert total(3) == -3\nassert total(3) == 5 and square(3) == 9", (
        "def square(x): return x * x\ndef total(n): return sum(k * k for k in range(n))",
        "def square(x): return -x\ndef total(n): return sum(square(k) for k in range(n))",
    )),
    "a wrong helper that costs nothing more": (SQUARES, "from autograder import checks\nwith checks.replaced(square=lambda x: x * x):\n    assert total(3) == 5", (
        "def square(x): return x\ndef total(n): return sum(square(k) for k in range(n + 1))",
    )),
}  # fmt: skip
PERSON = {
    "sets what a function sets": ("count = 5\ndef add():\n    global count\n    count += 1", "count = 0\nadd()\nassert count == 1", "`count`"),
    "sets a container": ("seen = ['a']\ndef note(x): seen.append(x)", "seen = []\nnote('b')\nassert seen == ['b']", "`seen`"),
    "sets a class": ("class Dog: sound = 'woof'\ndef say(): return Dog.sound", "class Dog: sound = 'wau'\nassert say() == 'wau'", "`Dog`"),
    "changes a container": ("stock = {}\ndef add(item): stock[item] = stock.get(item, 0) + 1", "add('tea')\nstock['milk'] = 1\nadd('milk')\nassert stock['milk'] == 2", "`stock`"),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_name_is_read_as_it_is_now(graded, name):
    solution, test, wrong = KINDS[name]
    result = graded(solution, test, template=solution)
    assert result.scores == [1], result.messages
    for answer in wrong:
        assert graded(answer, test, template=solution).scores == [0], answer


@pytest.mark.parametrize("name", SET)
def test_the_students_functions_find_what_a_test_sets(graded, name):
    solution, test, wrong = SET[name]
    result = graded(solution, test, "assert True", template=solution)
    assert result.scores == [1, 1], result.messages
    for answer in wrong:
        assert graded(answer, test, template=solution).scores == [0], answer


def test_a_wrong_helper_does_not_spoil_what_is_built_on_it(graded):
    answer = "def square(x): return x\ndef total(n): return sum(square(k) for k in range(n))"
    tests = "assert square(3) == 9", SET["a wrong helper that costs nothing more"][1]
    assert graded(answer, *tests, template=SQUARES).scores == [0, 1]


def test_the_next_test_finds_the_students_helper_again(graded):
    taken = "del square\ntry: total(3)\nexcept NameError: pass"
    result = graded(SQUARES, taken, "assert total(3) == 5 and square(3) == 9", template=SQUARES)
    assert result.scores == [1, 1], result.messages


def test_what_the_solution_does_not_read_is_not_shown(graded):
    solution = "def total(numbers): return sum(numbers)"
    answer = """
expected = None
seen = []
def total(numbers):
    seen.append(expected)
    return expected
"""
    test = "expected = 6\nassert total([1, 2, 3]) == expected"
    result = graded(answer, test, "assert seen == [None]", template=solution)
    assert result.statuses == [Status.BY_HAND, Status.PASSED], result.messages


@pytest.mark.parametrize("value", [[], {}, int, object()])
def test_only_what_cannot_be_changed_is_put_in_a_helpers_place(value):
    with (
        pytest.raises(TypeError, match=r"square: expected a function, or a value that cannot"),
        checks.replaced(square=value),
    ):
        pass


def test_a_helper_is_replaced_in_one_kernel_as_well(monkeypatch):
    names = {"square": abs}
    monkeypatch.setitem(sys.modules, "__main__", types.SimpleNamespace(**names))
    main = vars(sys.modules["__main__"])
    with contextlib.suppress(ZeroDivisionError), checks.replaced(square=len, other=2):
        assert (main["square"], main["other"]) == (len, 2)
        raise ZeroDivisionError
    assert main == names


@pytest.mark.parametrize("name", PERSON)
def test_where_a_test_sets_what_the_students_functions_read_a_person_grades(graded, name):
    solution, test, words = PERSON[name]
    result = graded(solution, test, template=solution)
    assert result.statuses == [Status.BY_HAND], result.messages
    assert words in result.messages[0]


def test_a_name_that_no_function_reads_is_the_tests():
    cells = ["x = 3\ndef f(x): return x\ndef g():\n    y = x\n    return [z for z in y]", "w = 1"]
    assert set_by_test("x = 4", (), cells, ()) == "x"
    assert set_by_test("x = 4", (), cells, {"x"}) == ""
    assert set_by_test("w = 4\ny = 1\nz = 2\nf = 3", (), cells, ()) == ""
    assert set_by_test("for w in f(3): pass", ("x",), cells, {"x"}) == "x"
    assert set_by_test("x = 4", (), ["x = 3\ndef f(x): return x"], ()) == ""
