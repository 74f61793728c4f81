"""Operators and other special methods of the student's classes."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "operators"

VECTOR = """
    class Vector:
        def __init__(self, x, y):
            self.x, self.y = x, y
        def __add__(self, other):
            return Vector(self.x + other.x, self.y + other.y)
        def __mul__(self, k):
            return Vector(self.x * k, self.y * k)
        __rmul__ = __mul__
        def __neg__(self):
            return Vector(-self.x, -self.y)
        def __eq__(self, other):
            return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)
        def __hash__(self):
            return hash((self.x, self.y))
        def __abs__(self):
            return (self.x ** 2 + self.y ** 2) ** 0.5
        def __repr__(self):
            return f"Vector({self.x}, {self.y})"
        def __bool__(self):
            return bool(self.x or self.y)
"""
VECTOR_OTHER = """
    from dataclasses import dataclass
    import math
    @dataclass(frozen=True)
    class Vector:
        x: float
        y: float
        def __add__(self, v):
            return type(self)(self.x + v.x, self.y + v.y)
        def __mul__(self, k):
            return Vector(k * self.x, k * self.y)
        def __rmul__(self, k):
            return self * k
        def __neg__(self):
            return -1 * self
        def __abs__(self):
            return math.hypot(self.x, self.y)
        def __bool__(self):
            return abs(self) > 0
        def __repr__(self):
            return "Vector(%r, %r)" % (self.x, self.y)
"""
VECTOR_BARE = "class Vector:\n    def __init__(self, x, y):\n        self.x, self.y = x, y"

DECK = """
    class Deck:
        def __init__(self):
            self.cards = [r + s for s in "SH" for r in "A23"]
        def __len__(self):
            return len(self.cards)
        def __getitem__(self, k):
            return self.cards[k]
        def __setitem__(self, k, card):
            self.cards[k] = card
        def __delitem__(self, k):
            del self.cards[k]
        def __contains__(self, card):
            return card in self.cards
        def __iter__(self):
            return iter(self.cards)
"""

IDIOMS = [
    idiom(
        "arithmetic",
        "`+`, `*`, `-x`, `3 * v`, `abs(v)`",
        VECTOR,
        """
        v = Vector(1, 2) + Vector(3, 4)
        assert (v.x, v.y) == (4, 6)
        assert (Vector(1, 2) * 3).y == 6 and (3 * Vector(1, 2)).x == 3
        assert (-Vector(1, 2)).x == -1
        assert abs(Vector(3, 4)) == 5
        """,
        [VECTOR_OTHER],
        [VECTOR_BARE],
    ),
    idiom(
        "equality-of-objects",
        "`==`, `!=` of the student's objects, in lists too",
        VECTOR,
        """
        assert Vector(1, 2) == Vector(1, 2)
        assert Vector(1, 2) != Vector(2, 1)
        assert not Vector(1, 2) == "Vector(1, 2)"
        assert Vector(1, 2) in [Vector(0, 0), Vector(1, 2)]
        assert [Vector(1, 1)] == [Vector(1, 1)]
        assert Vector(1, 1) + Vector(1, 1) == Vector(2, 2)
        """,
        [VECTOR_OTHER],
        [VECTOR_BARE],
    ),
    idiom(
        "hash-of-objects",
        "objects as members of a set and keys of a dict",
        VECTOR,
        """
        assert len({Vector(1, 2), Vector(1, 2), Vector(0, 0)}) == 2
        names = {Vector(1, 2): "a"}
        assert names[Vector(1, 2)] == "a"
        assert hash(Vector(1, 2)) == hash(Vector(1, 2))
        """,
        [VECTOR_OTHER],
        [VECTOR_BARE],
    ),
    idiom(
        "repr-and-str",
        "`repr(obj)`, `str(obj)`, `f'{obj}'`, `print(obj)`",
        VECTOR,
        """
        import io, contextlib
        v = Vector(1, 2)
        assert repr(v) == "Vector(1, 2)"
        assert str(v) == "Vector(1, 2)" and f"{v}" == "Vector(1, 2)"
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            print(v)
        assert out.getvalue() == "Vector(1, 2)\\n"
        assert eval(repr(v)).x == 1
        """,
        [VECTOR_OTHER],
        [VECTOR_BARE],
    ),
    idiom(
        "truth-of-object",
        "`bool(obj)`, `if obj`, `not obj`",
        VECTOR,
        "assert Vector(0, 1)\nassert not Vector(0, 0)\nassert bool(Vector(1, 0)) is True",
        [VECTOR_OTHER],
        [VECTOR_BARE],
    ),
    idiom(
        "container-protocol",
        "`len(obj)`, `obj[k]`, slices, `in`, `for`, `del obj[k]`",
        DECK,
        """
        deck = Deck()
        assert len(deck) == 6
        assert deck[0] == "AS" and deck[-1] == "3H"
        assert deck[:2] == ["AS", "2S"]
        assert "2H" in deck and "KH" not in deck
        assert [card for card in deck][1] == "2S"
        deck[0] = "XX"
        assert deck[0] == "XX"
        del deck[0]
        assert len(deck) == 5 and list(reversed(deck))[0] == "3H"
        """,
        [
            "class Deck(list):\n    def __init__(self):\n        super().__init__(r + s for s in 'SH' for r in 'A23')"
        ],
        [
            "class Deck:\n    def __init__(self):\n        self.cards = ['AS']\n    def __len__(self):\n        return 6\n    def __getitem__(self, k):\n        return self.cards[k]"
        ],
    ),
    idiom(
        "ordering",
        "`<`, `sorted`, `max` of objects (`total_ordering`)",
        """
        from functools import total_ordering
        @total_ordering
        class Version:
            def __init__(self, text):
                self.parts = tuple(map(int, text.split(".")))
            def __eq__(self, other):
                return self.parts == other.parts
            def __lt__(self, other):
                return self.parts < other.parts
        """,
        """
        assert Version("1.2") < Version("1.10")
        assert Version("2.0") >= Version("1.9") and Version("1.0") <= Version("1.0")
        ordered = sorted([Version("1.10"), Version("1.9"), Version("0.1")])
        assert ordered[0] == Version("0.1") and ordered[-1] == Version("1.10")
        assert max(ordered) == Version("1.10")
        """,
        [
            "class Version(tuple):\n    def __new__(cls, text):\n        return super().__new__(cls, [int(p) for p in text.split('.')])"
        ],
        ["class Version(str):\n    pass"],
    ),
    idiom(
        "callable-object",
        "`obj(3)` by `__call__`",
        "class Line:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n    def __call__(self, x):\n        return self.a * x + self.b",
        "f = Line(2, 1)\nassert f(3) == 7\nassert callable(f)\nassert [f(x) for x in range(3)] == [1, 3, 5]\nassert list(map(f, [0, 1])) == [1, 3]",
        ["def Line(a, b):\n    return lambda x: a * x + b"],
        [
            "class Line:\n    def __init__(self, a, b):\n        pass\n    def __call__(self, x):\n        return x"
        ],
    ),
    idiom(
        "inplace-operator",
        "`+=` changes the same object",
        """
        class Bag:
            def __init__(self, *items):
                self.items = list(items)
            def __iadd__(self, other):
                self.items.extend(other.items)
                return self
        """,
        """
        bag = Bag(1)
        same = bag
        bag += Bag(2, 3)
        assert bag.items == [1, 2, 3]
        assert bag is same and same.items == [1, 2, 3]
        """,
        [
            "class Bag:\n    def __init__(self, *items):\n        self.items = [*items]\n    def __iadd__(self, other):\n        self.items += other.items\n        return self"
        ],
        [
            "class Bag:\n    def __init__(self, *items):\n        self.items = list(items)\n    def __add__(self, other):\n        return Bag(*self.items, *other.items)"
        ],
    ),
    idiom(
        "not-implemented-operand",
        "`TypeError` for an operand of another type (`NotImplemented`)",
        "class Money:\n    def __init__(self, n):\n        self.n = n\n    def __add__(self, other):\n        if not isinstance(other, Money):\n            return NotImplemented\n        return Money(self.n + other.n)",
        """
        assert (Money(1) + Money(2)).n == 3
        try:
            Money(1) + 5
        except TypeError:
            pass
        else:
            assert False, "Money + int must not work"
        """,
        [
            "class Money:\n    def __init__(self, n):\n        self.n = n\n    def __add__(self, other):\n        if type(other) is not Money:\n            raise TypeError('money only')\n        return Money(self.n + other.n)"
        ],
        [
            "class Money:\n    def __init__(self, n):\n        self.n = n\n    def __add__(self, other):\n        return Money(self.n + getattr(other, 'n', other))"
        ],
    ),
    idiom(
        "matrix-multiplication",
        "`@` of the student's matrices, compared with NumPy",
        """
        class Matrix:
            def __init__(self, rows):
                self.rows = rows
            def __matmul__(self, other):
                columns = list(zip(*other.rows))
                return Matrix([[sum(a * b for a, b in zip(r, c)) for c in columns] for r in self.rows])
        """,
        """
        import numpy as np
        a, b = [[1, 2], [3, 4]], [[0, 1], [1, 0]]
        assert np.array_equal((Matrix(a) @ Matrix(b)).rows, np.array(a) @ np.array(b))
        """,
        [
            "import numpy as np\nclass Matrix:\n    def __init__(self, rows):\n        self.rows = np.asarray(rows)\n    def __matmul__(self, other):\n        return Matrix(self.rows.dot(other.rows))"
        ],
        [
            "import numpy as np\nclass Matrix:\n    def __init__(self, rows):\n        self.rows = np.asarray(rows)\n    def __matmul__(self, other):\n        return Matrix(self.rows * other.rows)"
        ],
    ),
]
