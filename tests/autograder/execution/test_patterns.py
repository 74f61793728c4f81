"""`match` in a test, on values and classes of the student's: in one kernel, and by the engine."""

import textwrap

import pytest

from autograder.execution.scoring import fault_of_engine
from autograder.result import Status

POINT = """
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int = 0
def made(*args): return Point(*args)
"""
ITEM = """
class Item:
    __match_args__ = ('price',)
    def __init__(self, price): self.price = price
"""
BOX = """
class Box:
    def __init__(self, value): self.value = value
    @property
    def half(self): return self.value / 2
"""
SAME = {
    "by name": (POINT, """
        match Point(0, 3):
            case Point(x=1): assert False
            case Point(x=0, y=y): pass
        assert y == 3
        """),
    "by place": (POINT, """
        match made(0, 3):
            case Point(0, y): assert y == 3
            case _: assert False
        """),
    "too many places": (POINT, """
        try:
            match made(0, 3):
                case Point(0, y, z): pass
        except TypeError as error:
            assert str(error) == 'Point() accepts 2 positional sub-patterns (3 given)'
        else:
            assert False
        """),
    "one of several, under a name": (POINT, """
        match made(1, 3):
            case Point(x=0) | Point(x=1, y=3) as p: assert p.y == 3
            case _: assert False
        """),
    "in a list and a dict": (POINT, """
        match [made(1, 2), 3, 4], {'a': [made(1, 2), 3]}:
            case [Point(x=1), *rest], {'a': [Point(y=2), *_], **more}: assert (rest, more) == ([3, 4], {})
            case _: assert False
        """),
    "nested": ("""
        class Node:
            __match_args__ = ('value', 'next')
            def __init__(self, value, next=None): self.value, self.next = value, next
        def chain(values): return Node(values[0], chain(values[1:])) if values else None
        """, """
        match chain([1, 2, 3]):
            case Node(1, Node(2, Node(3, None))): pass
            case _: assert False
        """),
    "in a function": (POINT + BOX, """
        def kind(value):
            match value:
                case Box(half=half) if half > 1: return half
                case Point(x, y) if x > y: return 'gt'
                case Point(): return 'p'
                case int(n) | float(n): return n
                case str(): return 's'
                case [a, b]: return a + b
                case {'k': v}: return v
                case None: return None
        given = (Box(3), Point(3, 1), Point(1, 3), 2, 2.5, 'x', [1, 2], {'k': 5}, None)
        assert [kind(value) for value in given] == [1.5, 'gt', 'p', 2, 2.5, 's', 3, 5, None]
        """),
    "of derived classes": ("""
        from abc import ABC, abstractmethod
        class Shape(ABC):
            @abstractmethod
            def area(self): ...
        class Square(Shape):
            def __init__(self, side): self.side = side
            def area(self): return self.side ** 2
        class Dot(Shape):
            def area(self): return 0
        """, """
        match Square(3):
            case Dot(): assert False
            case Shape(side=side): assert side == 3
            case _: assert False
        match Dot():
            case Square() | Shape(side=_): assert False
            case Shape(): pass
            case _: assert False
        """),
    "a named tuple": ("""
        from typing import NamedTuple
        class Card(NamedTuple):
            rank: str
            suit: str
        """, """
        match Card('A', 'S'):
            case Card(rank='B'): assert False
            case Card('A', suit=suit): assert suit == 'S'
            case _: assert False
        match Card('A', 'S'):
            case (rank, suit): assert rank == 'A'
        """),
    "an enumeration": ("""
        from enum import Enum
        class Color(Enum):
            RED = 1
            BLUE = 2
            def low(self): return self.name.lower()
        def pick(): return Color.RED
        """, """
        match pick():
            case Color.BLUE: assert False
            case Color.RED: pass
            case _: assert False
        match pick():
            case Color(value=1): pass
            case _: assert False
        """),
    "an exception": ("""
        class Bad(ValueError):
            def __init__(self, code):
                super().__init__(f'bad {code}')
                self.code = code
        def fail(): raise Bad(3)
        """, """
        try:
            fail()
        except Exception as error:
            match error:
                case KeyError(): assert False
                case Bad(code=code): assert code == 3
                case _: assert False
        """),
    "a sequence of its own": ("""
        from collections.abc import Sequence
        class Row(Sequence):
            def __init__(self, *values): self.values = values
            def __len__(self): return len(self.values)
            def __getitem__(self, place): return self.values[place]
        """, """
        match Row(1, 2, 3):
            case [a, b]: assert False
            case [a, *rest]: assert (a, rest) == (1, [2, 3])
            case _: assert False
        match Row():
            case [_, *_]: assert False
            case []: pass
            case _: assert False
        """),
    "a mapping of its own": ("""
        from collections.abc import Mapping
        class Table(Mapping):
            def __init__(self, **values): self.values_ = values
            def __len__(self): return len(self.values_)
            def __getitem__(self, key): return self.values_[key]
            def __iter__(self): return iter(self.values_)
        """, """
        match Table(a=1, b=2):
            case {'c': _}: assert False
            case {'a': a, **rest}: assert (a, rest) == (1, {'b': 2})
            case _: assert False
        assert Table(a=1).get('x', 5) == 5 and Table(a=1).get('x') is None
        """),
    "data with something added": ("""
        class Stack(list):
            def top(self): return self[-1]
        """, """
        match Stack([1, 2]):
            case [1]: assert False
            case list([1, _]) as s: assert s.top() == 2
            case _: assert False
        match Stack([1, 2]):
            case dict(): assert False
            case Stack([a, b]): assert b == 2
            case _: assert False
        """),
    "what only looks like a sequence": ("""
        class Row:
            def __len__(self): return 2
            def __getitem__(self, place): return [1, 2][place]
        """, """
        match Row():
            case [_, _]: assert False
            case Row(): pass
        """),
    "an attribute that is missing": (BOX, """
        match Box(3):
            case Box(other=_): assert False
            case Box(half=1.5): pass
            case _: assert False
        """),
    "a name that is not needed": (POINT, """
        match Point(1):
            case Point(): pass
            case Nothing(): pass
        """),
    "a class that is given": (POINT + BOX, """
        def matches(kind, value):
            match value:
                case kind(): return True
            return False
        assert matches(Box, Box(1)) and not matches(Box, Point(1)) and not matches(str, Box(1))
        """),
    "in a class's body": (BOX, """
        class Both:
            match Box(4):
                case Box(value=value): got = value
            second = Box(got)
            all = [Box(n).value for n in range(2)]
            Box = Box
            def half(self): return Box(5).half
        assert (Both.got, Both.second.half, Both.all, Both().half(), Both.Box) == (4, 2, [0, 1], 2.5, Box)
        """),
}  # fmt: skip


@pytest.mark.parametrize(("student", "test"), SAME.values(), ids=SAME)
def test_a_match_is_as_in_one_kernel(graded, student, test):
    student, test = textwrap.dedent(student), textwrap.dedent(test)
    exec(student + test, {"__name__": "__main__"})
    result = graded(student, test, template=student)
    assert (result.statuses, result.messages) == ([Status.PASSED], [""])


PRICED = "match {}:\n    case Item(price=p): assert p == 9\n    case _: assert False"


@pytest.mark.parametrize(
    ("student", "test"),
    [
        ("def f(): return Item(9)", PRICED.format("f()")),
        ("class Big(Item):\n    def __init__(self): super().__init__(9)", PRICED.format("Big()")),
        ("class Big(Item): pass", "match Item(3):\n    case Big(): assert False\n    case Item(3): pass\n"),
    ],
)
def test_a_class_of_a_locked_cell_is_a_pattern(graded, student, test):
    result = graded(student, test, helper=ITEM)
    assert (result.statuses, result.messages) == ([Status.PASSED], [""])
    wrong = "class Other:\n    price = 9\ndef f(): return Other()\nclass Big(Other): pass"
    assert graded(wrong, test + "\nassert issubclass(Big, Item)", helper=ITEM).statuses == [Status.FAILED]


def test_a_locked_function_matches_the_students_classes(graded):
    helper = "def half(box):\n    match box:\n        case Box(half=h): return h\n    raise TypeError(box)"
    assert graded(BOX, "assert half(Box(3)) == 1.5", helper=helper).messages == [""]


WRONG = {
    "no such class": "class Other: pass",
    "no class": "def Box(value): return value",
    "no such attribute": "class Box:\n    def __init__(self, value): pass",
    "another class": "class Thing:\n    value = 3\ndef make(): return Thing()\nclass Box: pass",
    "parts that are none": "class Box:\n    __match_args__ = 'value'\n    def __init__(self, value): pass",
}  # fmt: skip


@pytest.mark.parametrize("student", WRONG.values(), ids=WRONG)
def test_what_does_not_match_fails(graded, student):
    test = "match make():\n    case Box(3): pass\n    case _: assert False"
    solution = (
        "class Box:\n    __match_args__ = ('value',)\n    def __init__(self, value): self.value = value"
    )
    make = "\ndef make(): return Box(3)\n"
    assert graded(solution + make, test).statuses == [Status.PASSED]
    student = student if "make" in student else student + make
    assert graded(student, test, template=solution + make).statuses == [Status.FAILED]


def test_a_class_says_of_itself_no_more_than_its_parts(graded):
    """Every instance is one of it, by its own word; the parts are what is compared."""
    student = """
class Meta(type):
    def __instancecheck__(cls, value): return True
    def __eq__(cls, other): return True
    __hash__ = type.__hash__
class Box(metaclass=Meta):
    __match_args__ = ('value', 'value', 'value')
    value = 4
def make(): return 3
"""
    for test in ("match make():\n    case Box(): assert False", "match 3:\n    case Box(): assert False"):
        assert graded(student, test).statuses == [Status.PASSED]
    test = "match Box():\n    case Box(3): pass\n    case _: assert False"
    assert graded(student, test).statuses == [Status.FAILED]


def test_code_that_is_not_a_cells_has_no_such_patterns():
    """A module in `judge/` is imported as it is: what it cannot match is for a person."""
    with pytest.raises(TypeError) as raised:
        exec("match 3:\n    case kind(): pass", {"kind": 4})
    assert "a proxy cannot be" in fault_of_engine(raised.value)
