"""A student's class that is derived from data: what the test makes of it stays whole."""

import pytest

from autograder.protocol.derived import has_own
from autograder.result import Status

STACK = "class Stack(list):\n    def top(self): return self[-1]\ndef made(): return Stack([1, 2])"
SAME = {
    "a list": (
        STACK,
        "s = Stack([1, 2])\nassert s.top() == 2 and s == [1, 2] and len(s) == 2 and s[0] == 1\n"
        "s.append(3)\nassert s.top() == 3 and sorted(s) == [1, 2, 3] and s[1:] == [2, 3] and 3 in s\n"
        "assert isinstance(s, Stack) and isinstance(s, list) and type(s) is Stack",
        "class Stack(list):\n    def top(self): return self[0]",
    ),
    "a list that refuses": (
        "class Two(list):\n    def append(self, x):\n        if len(self) < 2: super().append(x)",
        "t = Two()\nfor i in range(4): t.append(i)\nassert t == [0, 1] and list(t) == [0, 1]",
        "class Two(list):\n    pass",
    ),
    "a dict": (
        "class Bag(dict):\n    def __missing__(self, key): return 0\n"
        "    def most(self): return max(self, key=self.get)",
        "b = Bag(a=1, b=2)\nassert b.most() == 'b' and b['x'] == 0 and b == {'a': 1, 'b': 2}\n"
        "b['c'] = 9\nassert b.most() == 'c' and dict(b)['c'] == 9 and isinstance(b, dict)",
        "class Bag(dict):\n    def most(self): return 'b'",
    ),
    "a number": (
        "class Mod(int):\n    def __add__(self, other): return Mod((int(self) + int(other)) % 7)",
        "assert Mod(5) + Mod(4) == 2\nassert (Mod(5) + Mod(4)) + Mod(6) == Mod(1)\nassert int(Mod(3)) == 3",
        "class Mod(int):\n    def half(self): return self / 2",
    ),
    "a text": (
        "class Name(str):\n    def shout(self): return self.upper() + '!'",
        "assert Name('a').shout() == 'A!' and Name('a') + 'b' == 'ab' and Name('ab')[0] == 'a'",
        "class Name(str):\n    def shout(self): return self.upper()",
    ),
    "a tuple": (
        "class V(tuple):\n    def __add__(self, other): return V(a + b for a, b in zip(self, other))",
        "assert V((1, 2)) + V((1, 1)) == V((2, 3)) and V((1, 2))[0] == 1",
        "class V(tuple):\n    pass",
    ),
    "a named tuple with a method": (
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int = 4\n"
        "    def norm(self): return self.x ** 2 + self.y ** 2",
        "p = P(3)\nassert p.norm() == 25 and p.x == 3 and p == (3, 4) and p._asdict() == {'x': 3, 'y': 4}\n"
        "x, y = p\nassert (x, y) == (3, 4) and isinstance(p, P) and isinstance(p, tuple) and p[1] == 4",
        "from collections import namedtuple\nP = namedtuple('P', 'x y', defaults=[4])",
    ),
    "named tuples": (
        "from collections import namedtuple\nCard = namedtuple('Card', 'rank suit')\n"
        "def hand(): return [Card('A', 'S'), Card(2, 'H')]",
        "assert all(isinstance(card, Card) for card in hand()) and not isinstance(('A', 'S'), Card)\n"
        "assert type(hand()[0]) is Card and type(hand()[0]) == Card and isinstance(Card(1, 2), Card)",
        "from collections import namedtuple\nCard = namedtuple('Card', 'rank suit')\n"
        "def hand(): return [('A', 'S'), Card(2, 'H')]",
    ),
    "an ordered dict": (
        "from collections import OrderedDict\nclass LRU(OrderedDict):\n"
        "    def put(self, k, v):\n        self[k] = v\n        self.move_to_end(k)\n"
        "        if len(self) > 2: self.popitem(last=False)",
        "c = LRU()\nfor k in 'abca': c.put(k, 1)\nassert list(c) == ['c', 'a'] and 'b' not in c",
        "from collections import OrderedDict\nclass LRU(OrderedDict):\n"
        "    def put(self, k, v):\n        self[k] = v",
    ),
    "a date": (
        "import datetime\nclass Day(datetime.date):\n"
        "    def next(self): return Day.fromordinal(self.toordinal() + 1)",
        "d = Day(2020, 2, 28)\nassert d.next() == Day(2020, 2, 29) and d.year == 2020 and isinstance(d, Day)",
        "import datetime\nclass Day(datetime.date):\n    def next(self): return self",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("solution", "test", "wrong"), SAME.values(), ids=SAME)
def test_what_the_test_makes_is_graded_as_in_one_kernel(graded, solution, test, wrong):
    exec(solution + "\n" + test, {"__name__": "__main__"})
    result = graded(solution, test, template=solution)
    assert (result.statuses, result.messages) == ([Status.PASSED], [""])
    result = graded(wrong, test, template=solution)
    assert result.scores == [0]
    assert result.statuses in ([Status.FAILED], [Status.BY_HAND])


FOR_A_PERSON = {
    "a method of what a function gives": (STACK, "assert made().top() == 2"),
    "its class": (STACK, "assert isinstance(made(), Stack)"),
    "that it is none": (STACK, "assert not isinstance([1], Stack)"),
    "its type": (STACK, "assert type(made()) is Stack"),
    "its type, compared": (STACK, "assert type(made()) == Stack"),
    "an index": ("class Mod(int):\n    def half(self): return self / 2", "assert max(range(Mod(3))) == 2"),
    "an array": ("import numpy as np\nclass A(np.ndarray):\n    def twice(self): return self * 2\n"
                 "def made(): return np.zeros(2).view(A)", "assert made().twice().sum() == 0"),
}  # fmt: skip


@pytest.mark.parametrize(("solution", "test"), FOR_A_PERSON.values(), ids=FOR_A_PERSON)
def test_what_is_left_behind_is_for_a_person_and_no_zero(graded, solution, test):
    result = graded(solution, test, template=solution)
    assert result.statuses == [Status.BY_HAND]
    assert (
        "copies of their plain data" in result.messages[0] or "copy of its plain data" in result.messages[0]
    )


def test_what_the_solution_does_not_leave_behind_costs_the_answer_its_points(graded):
    plain = "def made(): return [1, 2]"
    own = STACK.replace("[1, 2]", "[1, 3]")
    assert graded(own, "assert made() == [1, 2]", template=plain).statuses == [Status.FAILED]
    assert graded(STACK, "assert made() == [1, 2]", template=plain).statuses == [Status.PASSED]


def test_only_what_the_test_makes_of_an_asked_class_passes_for_data(graded):
    """A class that says of itself what it is: an object that a function gives is no list by it."""
    student = """
class Box(list):
    def __eq__(self, other): return True
    def own(self): return 1
kept = []
def f(x):
    kept.append(Box([x]))
    return kept[-1]
"""
    solution = "class Box:\n    pass\ndef f(x): return [x]"
    for test in ("assert f(3) == [4]", "b = Box()\nassert f(3) == [4]", "assert isinstance(f(3), float)"):
        assert graded(student, test, template=solution).scores == [0]


def has_own_of(code):
    names = {"__name__": "__main__"}
    exec(code, names)
    return has_own(names["C"])


def test_a_class_without_anything_of_its_own_is_data():
    named = "from typing import NamedTuple\nclass C(NamedTuple):\n    'text'\n    x: int\n    y: int = 3"
    assert not has_own_of(named)
    assert not has_own_of("from collections import namedtuple\nC = namedtuple('C', 'x y', defaults=[1])")
    assert not has_own_of("class C(float): pass")
    assert not has_own_of("class C:\n    def f(self): pass")
    assert not has_own_of("class C(ValueError):\n    def f(self): pass")
    assert has_own_of(named + "\n    def f(self): pass")
    assert has_own_of("from collections import namedtuple\nclass C(namedtuple('B', 'x')):\n    z = 3")
    assert has_own_of("class B(list):\n    def f(self): pass\nclass C(B): pass")
    assert not has_own(list)
