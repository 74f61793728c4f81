"""Type checks, dataclasses, named tuples and enums."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "type checks, dataclasses, enums"

POINT = "from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: float\n    y: float = 0.0"
COLOR = "from enum import Enum\nclass Color(Enum):\n    RED = 1\n    GREEN = 2"

IDIOMS = [
    idiom(
        "isinstance-builtin",
        "`isinstance(x, (int, float))`, `type(x) == list`, `not isinstance(x, bool)`",
        "def stats(a):\n    return {'n': len(a), 'mean': sum(a) / len(a), 'values': sorted(a), 'any': any(a)}",
        """
        got = stats([2, 1])
        assert type(got) == dict and isinstance(got, dict)
        assert isinstance(got["n"], int) and type(got["n"]) is int
        assert isinstance(got["mean"], (int, float)) and not isinstance(got["mean"], bool)
        assert type(got["values"]) in (list, tuple)
        assert got["any"] is True and all(isinstance(k, str) for k in got)
        """,
        [
            "import statistics\ndef stats(a):\n    return dict(any=bool(max(a)), values=tuple(sorted(a)), mean=statistics.mean(a), n=len(a))"
        ],
        [
            "def stats(a):\n    return [len(a), sum(a) / len(a), a]",
            "def stats(a):\n    return {'n': str(len(a)), 'mean': 1, 'values': a, 'any': True}",
        ],
    ),
    idiom(
        "type-name",
        "`type(x).__name__`, `str(type(x))`",
        "value = {1, 2}",
        """
        assert type(value).__name__ == "set"
        assert str(type(value)) == "<class 'set'>"
        assert value.__class__ is set
        """,
        ["value = set([2, 1, 1])"],
        ["value = {}", "value = frozenset([1, 2])"],
    ),
    idiom(
        "abc-checks",
        "`isinstance(x, collections.abc.Sequence)`, `numbers.Number`",
        "def make():\n    return [1, 2.5, 3 + 1j]",
        """
        from collections.abc import Sequence, Iterable
        import numbers
        got = make()
        assert isinstance(got, Sequence) and isinstance(got, Iterable)
        assert all(isinstance(x, numbers.Number) for x in got)
        """,
        ["def make():\n    return (1, 2.0, 5j)"],
        ["def make():\n    return {1, 2}", "def make():\n    return ['1']"],
    ),
    idiom(
        "dataclass-basics",
        "a dataclass: `==`, defaults, `repr`",
        POINT,
        """
        assert Point(1, 2) == Point(1, 2) and Point(1) == Point(1, 0.0)
        assert Point(1, 2) != Point(2, 1)
        assert repr(Point(1, 2)) == "Point(x=1, y=2)"
        assert Point(y=3, x=1).y == 3
        """,
        [
            "class Point:\n    def __init__(self, x, y=0.0):\n        self.x, self.y = x, y\n    def __eq__(self, o):\n        return vars(self) == vars(o)\n    def __repr__(self):\n        return f'Point(x={self.x}, y={self.y})'"
        ],
        ["class Point:\n    def __init__(self, x, y=0.0):\n        self.x, self.y = x, y"],
    ),
    idiom(
        "dataclass-tools",
        "`dataclasses.fields`, `asdict`, `replace`, `is_dataclass`",
        POINT,
        """
        import dataclasses
        assert dataclasses.is_dataclass(Point)
        assert [f.name for f in dataclasses.fields(Point)] == ["x", "y"]
        assert dataclasses.asdict(Point(1, 2)) == {"x": 1, "y": 2}
        assert dataclasses.replace(Point(1, 2), y=5) == Point(1, 5)
        """,
        [
            "import dataclasses\n@dataclasses.dataclass(order=True)\nclass Point:\n    x: float\n    y: float = 0"
        ],
        ["class Point:\n    def __init__(self, x, y=0.0):\n        self.x, self.y = x, y"],
        instead="""
        p = Point(1, 2)
        assert hasattr(Point, "__dataclass_fields__"), "make Point a dataclass"
        assert (p.x, p.y) == (1, 2) and p == Point(1, 2)
        """,
    ),
    idiom(
        "frozen-dataclass",
        "a frozen dataclass cannot be changed",
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Key:\n    name: str",
        """
        key = Key("a")
        try:
            key.name = "b"
        except AttributeError:
            pass
        else:
            assert False, "Key should be frozen"
        assert {Key("a"): 1}[Key("a")] == 1
        """,
        ["from typing import NamedTuple\nclass Key(NamedTuple):\n    name: str"],
        ["from dataclasses import dataclass\n@dataclass\nclass Key:\n    name: str"],
    ),
    idiom(
        "namedtuple",
        "a named tuple: by name, by place, unpacked",
        "from collections import namedtuple\nCard = namedtuple('Card', 'rank suit')\ncard = Card('A', 'S')",
        """
        rank, suit = card
        assert card.rank == "A" and card[1] == "S" and (rank, suit) == ("A", "S")
        assert card == ("A", "S") and isinstance(card, tuple)
        assert card._fields == ("rank", "suit")
        assert card._replace(suit="H").suit == "H"
        """,
        [
            "from typing import NamedTuple\nclass Card(NamedTuple):\n    rank: str\n    suit: str = 'S'\ncard = Card(rank='A')"
        ],
        ["card = ('A', 'S')"],
    ),
    idiom(
        "namedtuple-isinstance",
        "`isinstance(x, Card)`, `type(x) is Card` for the student's named tuple",
        "from collections import namedtuple\nCard = namedtuple('Card', 'rank suit')\ndef hand():\n    return [Card('A', 'S'), Card('2', 'H')]",
        """
        assert all(isinstance(card, Card) for card in hand())
        assert type(hand()[0]) is Card and not isinstance(("A", "S"), Card)
        """,
        [
            "from typing import NamedTuple\nclass Card(NamedTuple):\n    rank: str\n    suit: str\ndef hand():\n    return list(map(Card, 'A2', 'SH'))"
        ],
        [
            "from collections import namedtuple\nCard = namedtuple('Card', 'rank suit')\ndef hand():\n    return [('A', 'S'), ('2', 'H')]"
        ],
    ),
    idiom(
        "namedtuple-method",
        "a named tuple with methods and operators of its own",
        "from typing import NamedTuple\nclass Vector(NamedTuple):\n    x: float\n    y: float = 0\n    def __add__(self, other):\n        return Vector(self.x + other.x, self.y + other.y)\n    def norm(self):\n        return (self.x ** 2 + self.y ** 2) ** 0.5",
        """
        v = Vector(3, 4)
        assert v.norm() == 5 and v == (3, 4) and isinstance(v, tuple)
        assert v + Vector(1) == Vector(4, 4)
        assert (v + v).norm() == 10
        """,
        [
            "from collections import namedtuple\nclass Vector(namedtuple('Vector', 'x y', defaults=[0])):\n    def __add__(self, o):\n        return type(self)(*(a + b for a, b in zip(self, o)))\n    norm = lambda self: abs(complex(*self))"
        ],
        [
            "from typing import NamedTuple\nclass Vector(NamedTuple):\n    x: float\n    y: float = 0\n    def norm(self):\n        return (self.x ** 2 + self.y ** 2) ** 0.5"
        ],
    ),
    idiom(
        "list-subclass",
        "a class derived from `list`, with methods of its own and `append` replaced",
        "class Even(list):\n    def append(self, x):\n        if x % 2 == 0:\n            super().append(x)\n    def half(self):\n        return [x // 2 for x in self]",
        """
        e = Even([2])
        for x in range(5):
            e.append(x)
        assert e == [2, 0, 2, 4] and e.half() == [1, 0, 1, 2]
        assert isinstance(e, list) and isinstance(e, Even) and len(e) == 4 and sorted(e)[-1] == 4
        """,
        [
            "class Even(list):\n    def append(self, x):\n        if not x % 2:\n            self.extend([x])\n    def half(self):\n        return list(map(lambda x: x // 2, self))"
        ],
        [
            "class Even(list):\n    def half(self):\n        return [x // 2 for x in self]",
            "class Even(list):\n    def append(self, x):\n        if x % 2 == 0:\n            super().append(x)\n    def half(self):\n        return [x / 4 for x in self]",
        ],
    ),
    idiom(
        "dict-subclass",
        "a class derived from `dict` or `OrderedDict`: `__missing__`, a cache of a size",
        "from collections import OrderedDict\nclass Cache(OrderedDict):\n    def __init__(self, size):\n        super().__init__()\n        self.size = size\n    def __setitem__(self, key, value):\n        super().__setitem__(key, value)\n        if len(self) > self.size:\n            self.popitem(last=False)\n    def __missing__(self, key):\n        return None",
        """
        c = Cache(2)
        for key in "abc":
            c[key] = key.upper()
        assert list(c) == ["b", "c"] and c["c"] == "C" and c["a"] is None
        assert "a" not in c and len(c) == 2 and isinstance(c, dict)
        assert dict(c) == {"b": "B", "c": "C"}
        """,
        [
            "class Cache(dict):\n    def __init__(self, size):\n        self.size = size\n    def __setitem__(self, key, value):\n        if key not in self and len(self) == self.size:\n            del self[next(iter(self))]\n        super().__setitem__(key, value)\n    def __missing__(self, key):\n        pass"
        ],
        ["class Cache(dict):\n    def __init__(self, size):\n        self.size = size"],
    ),
    idiom(
        "number-subclass",
        "a class derived from `int`, `float` or `str` with operators of its own",
        "class Mod7(int):\n    def __new__(cls, value):\n        return super().__new__(cls, value % 7)\n    def __add__(self, other):\n        return Mod7(int(self) + int(other))",
        """
        assert Mod7(9) == 2 and Mod7(5) + Mod7(4) == 2
        assert Mod7(5) + Mod7(4) + Mod7(6) == Mod7(1)
        assert isinstance(Mod7(3), int) and Mod7(3) < 4 and int(Mod7(8)) == 1
        """,
        [
            "class Mod7(int):\n    def __new__(cls, n):\n        return int.__new__(cls, int(n) % 7)\n    def __add__(self, o):\n        return type(self)(int.__add__(self, int(o)))"
        ],
        ["class Mod7(int):\n    def __new__(cls, value):\n        return super().__new__(cls, value % 7)"],
    ),
    idiom(
        "data-subclass-returned",
        "`isinstance(f(), Tags)` for the student's class derived from `set`, `float` …",
        "class Tags(set):\n    pass\ndef tags(text):\n    return Tags(text.split())",
        "assert isinstance(tags('a b a'), Tags)\nassert tags('a b a') == {'a', 'b'}",
        [
            "class Tags(set):\n    pass\ndef tags(text):\n    made = Tags()\n    made.update(text.split())\n    return made"
        ],
        ["class Tags(set):\n    pass\ndef tags(text):\n    return set(text)"],
        instead="assert issubclass(Tags, set)\nassert tags('a b a') == {'a', 'b'}",
        reason="what a function gives comes as a copy of its plain data",
    ),
    idiom(
        "enum-members",
        "an enum: members, values, by name and by value, iteration",
        COLOR,
        """
        from enum import Enum
        assert issubclass(Color, Enum)
        assert Color.RED.value == 1 and Color.GREEN.name == "GREEN"
        assert Color(1) is Color.RED and Color["GREEN"] == Color.GREEN
        assert [c.name for c in Color] == ["RED", "GREEN"] and len(Color) == 2
        assert Color.RED != Color.GREEN and isinstance(Color.RED, Color)
        """,
        [
            "import enum\nColor = enum.Enum('Color', ['RED', 'GREEN'])",
            "from enum import IntEnum\nclass Color(IntEnum):\n    RED = 1\n    GREEN = 2",
        ],
        ["class Color:\n    RED = 1\n    GREEN = 2"],
    ),
    idiom(
        "enum-from-function",
        "a function that takes and returns enum members",
        COLOR + "\ndef other(c):\n    return Color.GREEN if c is Color.RED else Color.RED",
        """
        assert other(Color.RED) is Color.GREEN
        assert other(other(Color.RED)) == Color.RED
        assert other(Color.GREEN).value == 1
        """,
        [
            "from enum import Enum, auto\nclass Color(Enum):\n    RED = auto()\n    GREEN = auto()\ndef other(c):\n    return next(x for x in Color if x != c)"
        ],
        [COLOR + "\ndef other(c):\n    return c"],
    ),
    idiom(
        "protocol-and-abc",
        "`abc.ABC` cannot be instantiated (`TypeError`), its subclass of the test can",
        "from abc import ABC, abstractmethod\nclass Shape(ABC):\n    @abstractmethod\n    def area(self):\n        ...\n    def double(self):\n        return 2 * self.area()",
        """
        try:
            Shape()
        except TypeError:
            pass
        else:
            assert False, "Shape should be abstract"
        class Unit(Shape):
            def area(self):
                return 1
        assert Unit().double() == 2
        """,
        [
            "import abc\nclass Shape(metaclass=abc.ABCMeta):\n    @abc.abstractmethod\n    def area(self): pass\n    def double(self):\n        return self.area() + self.area()"
        ],
        [
            "class Shape:\n    def area(self):\n        return 0\n    def double(self):\n        return 2 * self.area()"
        ],
        instead="""
        from types import SimpleNamespace
        try:
            Shape()
        except TypeError:
            pass
        else:
            assert False, "Shape should be abstract"
        assert Shape.double(SimpleNamespace(area=lambda: 1)) == 2
        """,
    ),
    idiom(
        "collections-types",
        "`deque`, `defaultdict`, `OrderedDict`, `Counter` returned",
        "from collections import deque, defaultdict\ndef window(a):\n    return deque(a, maxlen=2)\ndef groups(words):\n    g = defaultdict(list)\n    for w in words:\n        g[w[0]].append(w)\n    return g",
        """
        from collections import deque, defaultdict
        w = window([1, 2, 3])
        assert isinstance(w, deque) and list(w) == [2, 3] and w.maxlen == 2
        w.append(4)
        assert list(w) == [3, 4]
        g = groups(["ab", "ac", "b"])
        assert isinstance(g, defaultdict) and g["a"] == ["ab", "ac"] and g["zz"] == []
        """,
        [
            "import collections as c\ndef window(a):\n    d = c.deque([], 2)\n    d.extend(a)\n    return d\ndef groups(words):\n    return c.defaultdict(list, {k: [w for w in words if w[0] == k] for k in {w[0] for w in words}})"
        ],
        ["def window(a):\n    return a[-2:]\ndef groups(words):\n    return {w[0]: [w] for w in words}"],
    ),
]
