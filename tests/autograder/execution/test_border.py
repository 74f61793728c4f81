"""The worker's word proves nothing: answers of each kind that ask for points, honest ones beside.

Each case is the instructor's solution, a test, right answers, and wrong ones.
"""

# ruff: noqa: E501 - each submission is one string

from dataclasses import dataclass

import pytest

from tests.autograder.execution.test_engine_rules import LYING

METACLASS = """
class Meta(type):
    def __eq__(cls, other): return True
    def __ne__(cls, other): return False
    def __lt__(cls, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __add__(cls, other): return cls
    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __abs__ = __add__
    def __hash__(cls): return 0
"""
AGREEABLE = """
class Agreeable:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __add__(self, other): return self
    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __add__
    def __abs__(self): return self
    def __hash__(self): return 0
"""
VECTOR = """
class Vector:
    def __init__(self, *parts): self.parts = list(parts)
    def __eq__(self, other): return self.parts == other.parts
    def __add__(self, other): return Vector(*(a + b for a, b in zip(self.parts, other.parts)))
    def __mul__(self, k): return Vector(*(k * a for a in self.parts))
    def __lt__(self, other): return self.parts < other.parts
    def copy(self): return Vector(*self.parts)
    def me(self): return self
"""


@dataclass(frozen=True)
class Kind:
    """One kind of answer."""

    solution: str
    test: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


KINDS = {
    # --- a class is what the judge looked up under its name
    "a value called like a requested class": Kind(
        VECTOR + "def length(v): return (v[0] ** 2 + v[1] ** 2) ** 0.5",
        "assert length([3, 4]) == 5\nassert abs(length([6, 8]) - 10) < 1e-9",
        wrong=(
            VECTOR + METACLASS + "Fake = Meta('Vector', (), {})\ndef length(v): return Fake",
            VECTOR.replace("class Vector:", METACLASS + "class Vector(metaclass=Meta):") + "def length(v): return Vector",
            VECTOR + AGREEABLE + "Agreeable.__name__ = Agreeable.__qualname__ = 'Vector'\ndef length(v): return Agreeable()",
            VECTOR + AGREEABLE + "class Vector(Vector, Agreeable): pass\ndef length(v): return Vector()",
        ),
    ),
    "a requested class in the place of a value": Kind(
        "class Vector: pass\nlimit = 3",
        "assert limit == 3\nassert Vector",
        wrong=(
            METACLASS + "class Vector(metaclass=Meta): pass\nlimit = Vector",
            METACLASS + "class Vector(metaclass=Meta): pass\nlimit = [Vector][0]",
            AGREEABLE + "class Vector(Agreeable): pass\nlimit = Vector()",
        ),
    ),
    "a requested class has its operators": Kind(
        VECTOR,
        """
        v, w = Vector(1, 2), Vector(3, 4)
        assert v + w == Vector(4, 6) and v * 3 == Vector(3, 6) and not v == w and v != w
        assert sorted([w, v])[0] == v and v < w and not w < v
        assert v.copy() == v and Vector(1, 2).me() == v and v == v
        assert Vector == Vector and Vector != 3 and type(v).__name__ == "Vector"
        """,
        right=(VECTOR, VECTOR.replace("class Vector:", "class Base: pass\nclass Vector(Base):")),
        wrong=(VECTOR.replace("a + b", "a - b"), VECTOR.replace("self.parts < other", "self.parts > other")),
    ),
    "a function that makes instances of a requested class": Kind(
        VECTOR + "def add(v, w): return v + w",
        "assert add(Vector(1), Vector(2)) == Vector(3)\nassert Vector(3) == add(Vector(1), Vector(2))",
        right=(VECTOR + "def add(v, w):\n    v = v.copy()\n    v.parts[0] += w.parts[0]\n    return v",),
        wrong=(
            VECTOR + AGREEABLE + "def add(v, w): return Agreeable()",
            VECTOR + "def add(v, w): return v",
        ),
    ),
    # --- two objects of the submission
    "monotony": Kind(
        "def area(r): return 3.14 * r * r",
        "assert area(1) < area(2) <= area(3)\nassert area(3) > area(2)\nassert area(1) != area(2)",
        wrong=(
            AGREEABLE + "def area(r): return Agreeable()",
            AGREEABLE.replace("return False", "return True") + "def area(r): return Agreeable()",
            "def area(r): return 3",
        ),
    ),
    "linearity": Kind(
        "def double(x): return 2 * x",
        "assert double(1) + double(2) == double(3)\nassert double(4) - double(3) == double(1)",
        wrong=(
            AGREEABLE + "def double(x): return Agreeable()",
            AGREEABLE + "one = Agreeable()\ndef double(x): return one",
            "import numpy as np\n" + AGREEABLE + "def double(x): return np.array([Agreeable()], dtype=object)",
            "import datetime\nclass Day(datetime.date):\n    def __add__(self, o): return self\n    __sub__ = __add__\n"
            "    def __eq__(self, o): return True\n    __hash__ = None\ndef double(x): return Day(2000, 1, 1)",
            "import fractions, decimal\nclass N(fractions.Fraction):\n    def __eq__(self, o): return True\n    __hash__ = None\n"
            "    def __add__(self, o): return self\n    __sub__ = __add__\ndef double(x): return N(x % 2)",
        ),
    ),
    "length": Kind(
        "def norm(v): return sum(abs(a) for a in v)",
        "assert abs(norm([3, -4]) - norm([4, -3])) < 1e-9\nassert norm([1]) + norm([2]) >= norm([3])\nassert norm([1]) > 0",
        wrong=(AGREEABLE + "def norm(v): return Agreeable()",),
    ),
    "two functions of the submission": Kind(
        "def encode(s): return s[::-1]\ndef decode(s): return s[::-1]",
        "assert decode(encode('abc')) == 'abc'\nassert encode('ab') == decode('ab')",
        wrong=(AGREEABLE + "def encode(s): return Agreeable()\ndef decode(s): return Agreeable()",),
    ),
    "named tuples": Kind(
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef f(): return P(1, 2)",
        "p = f()\nassert p == (1, 2) and p.count(1) == 1 and p.index(2) == 1",
        right=("from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int\ndef f(): return P(1, 2)",),
        wrong=(
            "from collections import namedtuple\nP = namedtuple('P', 'count index')\ndef f(): return P(lambda v: 1, lambda v: 1)",
            "from collections import namedtuple\nclass P(namedtuple('P', 'x y')):\n    def __eq__(self, o): return True\ndef f(): return P(0, 0)",
        ),
    ),
    # --- modules
    "a module is a reference": Kind(
        "m, n = __import__('math'), __import__('numpy')\ndef f(x): return x",
        "m.pi = n.pi = 3\nassert m.pi == 3\nimport math, numpy\nassert math.pi > 3.1 and numpy.pi > 3.1\nassert f(2) == 2",
        right=("import math, numpy\nm, n = math, numpy\nf = lambda x: x",),
    ),
    "a function of a library": Kind(
        "import math\nroot = math.sqrt",
        "assert root(9) == 3\nimport math\nassert math.sqrt(4) == 2",
        right=("import numpy\nroot = numpy.sqrt", "root = lambda x: x ** 0.5"),
        wrong=("import math\nroot = math.floor",),
    ),
    # --- control flow
    "a stop in map": Kind(
        "def f(x): return x * x",
        "pairs = zip(map(f, [1, 2, 3]), [1, 4, 9])\nassert all(a == b for a, b in pairs)\n"
        "assert list(filter(lambda x: f(x) != x * x, [1, 2, 3])) == []",
        wrong=(
            "def f(x): raise StopIteration",
            "class Stop(StopIteration): pass\ndef f(x): raise Stop",
            "def f(x): next(iter([]))",
            "def f(x): raise StopAsyncIteration",
            "def f(x): raise GeneratorExit",
            "def f(x): raise KeyboardInterrupt",
            "def f(x): raise SystemExit(0)",
            "class E(BaseException): pass\ndef f(x): raise E",
        ),
    ),
    "a stop from an attribute or an item": Kind(
        "class Box:\n    size = 3\n    def __getitem__(self, key): return 2 * key\n    def __len__(self): return 3\n    def __contains__(self, x): return x == 1\nbox = Box()",
        "assert all(value == 3 for value in map(lambda _: box.size, [1, 2]))\n"
        "assert [box[k] for k in (1, 2)] == [2, 4]\n"
        "assert all(a == b for a, b in zip(map(box.__class__.__name__.__add__, ['a']), ['Boxa']))\n"
        "assert list(map(lambda k: box[k], [1, 2])) == [2, 4]\nassert list(map(len, [box])) == [3]",
        wrong=(
            "class Box:\n    @property\n    def size(self): raise StopIteration\n    def __getitem__(self, key): return 2 * key\n    def __len__(self): return 3\nbox = Box()",
            "class Box:\n    size = 3\n    def __getitem__(self, key): raise StopIteration\n    def __len__(self): return 3\nbox = Box()",
            "class Box:\n    size = 3\n    def __getitem__(self, key): return 2 * key\n    def __len__(self): raise StopIteration\nbox = Box()",
        ),
    ),
    "an iterator ends": Kind(
        "def count(n):\n    yield from range(n)\n    return 'end'\nclass Count:\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n"
        "    def __next__(self):\n        self.n += 1\n        if self.n > 2: raise StopIteration\n        return self.n",
        """
        assert list(count(3)) == [0, 1, 2] and list(Count()) == [1, 2]
        g = count(0)
        try:
            next(g)
        except StopIteration as stop:
            assert stop.value == "end"
        else:
            assert False
        assert next(iter(Count())) == 1
        """,
        right=(
            "class Count(list):\n    def __init__(self): super().__init__([1, 2])\ndef count(n):\n    for i in range(n): yield i\n    return 'end'",
        ),
        wrong=("def count(n): yield from range(n)\ndef Count(): return [1, 2]",),
    ),
    "an error that a test expects": Kind(
        "def pop(a):\n    if not a: raise IndexError('empty')\n    return a[-1]",
        """
        try:
            pop([])
        except IndexError as error:
            assert "empty" in str(error)
        else:
            assert False, "no error"
        """,
        right=("class Empty(IndexError): pass\ndef pop(a): raise Empty('it is empty')",),
        wrong=("def pop(a): raise StopIteration('empty')", "def pop(a): raise SystemExit('empty')"),
    ),
    # --- arguments
    "sorted": Kind(
        "def f(x): return sorted(x)",
        "x = [3, 1, 2]\nassert f(x) == sorted(x)",
        right=("def f(x):\n    x.sort()\n    return x", "def f(x):\n    x = list(x)\n    x.sort()\n    return x"),
        wrong=("def f(x):\n    x.clear()\n    return []", "def f(x):\n    x.clear()\n    return x"),
    ),
    "zeroed inputs": Kind(
        "import numpy as np\ndef scale(a, k): return k * a",
        "a = np.arange(6.0)\nout = scale(a, 3)\nassert np.allclose(out, 3 * a)\nassert np.allclose(scale(a, k=2), 2 * a)",
        right=("def scale(a, k):\n    a *= k\n    return a", "def scale(a, k):\n    a = a.copy()\n    a *= k\n    return a"),
        wrong=("def scale(a, k):\n    a[:] = 0\n    return a", "def scale(a, k):\n    a.fill(0)\n    return a * 0"),
    ),
    "a dictionary, a set and bytes": Kind(
        "def count(d, s, b): return len(d) + len(s) + len(b)",
        "d, s, b = {'a': 1}, {1, 2}, bytearray(b'xy')\nassert count(d, s=s, b=b) == len(d) + len(s) + len(b)",
        wrong=("def count(d, s, b):\n    d.clear(); s.clear(); b.clear()\n    return 0",),
    ),
    "an argument that the solution changes": Kind(
        "def push(a, x):\n    a.append(x)\n    return a",
        "a = [1]\nassert push(a, 2) is a and a == [1, 2]",
        right=("push = lambda a, x: (a.append(x), a)[1]", "def push(a, x):\n    a += [x]\n    return a"),
        wrong=("def push(a, x): return a + [x]", "def push(a, x): a.append(x)", "def push(a, x):\n    a.clear()\n    return a"),
    ),
    "an argument of a method that the solution changes": Kind(
        "class Sorter:\n    def sort(self, a): a.sort()",
        "a = [2, 1]\nSorter().sort(a)\nassert a == [1, 2]",
        right=("class Sorter:\n    def sort(self, a): a[:] = sorted(a)",),
        wrong=("class Sorter:\n    def sort(self, a): return sorted(a)",),
    ),
    "one function changes, another does not": Kind(
        "def fill(a): a[:] = 1\ndef total(a): return a.sum()",
        "a = np.zeros(4)\nfill(a)\nassert a.sum() == 4\nassert total(a) == a.sum()",
        right=("def fill(a):\n    for i in range(len(a)): a[i] = 1\ndef total(a): return sum(a)",),
        wrong=("def fill(a): a[:] = 1\ndef total(a):\n    a[:] = 0\n    return 0", "def fill(a): a[:] = 1\ntotal = lambda a: [fill(a), a.fill(0)][0] or 0"),
    ),
    "a change by hand": Kind(
        "def push(a): return [*a, 1]",
        "from autograder import checks\na, b = [], []\nwith checks.in_place(a):\n    out = push(a)\nassert a == [1] or out == [1]\nassert push(b) == b + [1]",
        right=("def push(a): a.append(1)\nold = push\ndef push(a):\n    out = [*a, 1]\n    old(a)\n    return out",),
        wrong=("def push(a):\n    a.append(1)\n    a.append(1)\n    return a",),
    ),
    "a function under two names": Kind(
        "def add(a, x): return a + [x]\ndef push(a, x): a.append(x)",
        "a, b = [1], [1]\nassert add(a, 2) == a + [2]\npush(b, 2)\nassert b == [1, 2]",
        wrong=("def push(a, x): a.append(x)\nadd = push", "def add(a, x):\n    a.clear()\n    return [x]\npush = add"),
    ),
}  # fmt: skip


def answers(what):
    """Every case's answers of one sort, each with its case's name."""
    return [
        pytest.param(kind, answer, id=f"{name}-{number}")
        for name, kind in KINDS.items()
        for number, answer in enumerate(getattr(kind, what))
    ]


def solutions():
    return [pytest.param(kind, kind.solution, id=name) for name, kind in KINDS.items()]


@pytest.mark.parametrize(("kind", "answer"), [*solutions(), *answers("right")])
def test_an_honest_answer_has_its_points(graded, kind, answer):
    result = graded(answer, kind.test, template=kind.solution)
    assert result.messages == [""], result.messages
    assert result.scores == [1]


@pytest.mark.parametrize(("kind", "answer"), answers("wrong"))
def test_an_answer_that_is_no_answer_has_none(graded, kind, answer):
    result = graded(answer, kind.test, template=kind.solution)
    assert result.scores == [0]
    assert result.statuses == ["failed"]
    cell = result.result.outputs.get("s1", [])
    assert not any(output["output_type"] == "error" for output in cell), cell  # the answer ran


# --- random numbers

WIND_BACK = """
import random
import numpy as np
def again():
    _, keys, position, *rest = np.random.get_state()
    if position < 2: return -1.0
    np.random.set_state(("MT19937", keys, position - 2, 0, 0.0))
    return np.random.rand()
def again_in_python():
    version, state, gauss = random.getstate()
    if state[-1] < 2: return -1.0
    random.setstate((version, (*state[:-1], state[-1] - 2), None))
    return random.random()
"""


def test_numbers_that_a_test_has_drawn_are_not_drawn_again(graded):
    tests = [
        "import random\nrandom.seed()\nsecret = random.random()\nassert again_in_python() != secret",
        "np.random.seed()\nsecret = np.random.rand()\nassert again() != secret",
        "np.random.seed(5)\nsecret = np.random.rand(624)\nassert again() not in secret",
        "secret = np.random.rand()\nassert again() != secret",
    ]
    assert graded(WIND_BACK, *tests).messages == [""] * 4
    names = {"__name__": "__main__"}  # in one kernel it does draw them again
    exec(WIND_BACK, names)
    exec("np.random.seed(5)\nsecret = np.random.rand()\nassert again() == secret", names)
    exec("random.seed(5)\nsecret = random.random()\nassert again_in_python() == secret", names)


def test_a_seed_set_just_before_the_call_is_the_students_too(graded):
    student = "import random\ndef draw(): return np.random.rand(2).tolist() + [random.random()]"
    test = """
    import random
    for seed in (3, [1, 2], 2**32 - 1):
        np.random.seed(seed)
        random.seed(repr(seed))
        drawn = draw()
        np.random.seed(seed)
        random.seed(repr(seed))
        assert drawn == np.random.rand(2).tolist() + [random.random()]
    np.random.seed(3)
    np.random.rand()
    first = draw()
    np.random.seed(3)
    np.random.rand()
    assert draw()[:2] == first[:2], "the same test gives the same each time"
    """
    assert graded(student, test).messages == [""]


def test_a_seed_of_tensorflow_that_has_drawn_is_not_passed_on(graded_with_keras):
    student = "import tensorflow as tf\ndef draw(): return tf.random.uniform(()).numpy()"
    test = """
    import tensorflow as tf
    tf.random.set_seed(7)
    first = draw()
    tf.random.set_seed(7)
    assert draw() == first
    tf.random.set_seed(7)
    assert tf.random.uniform(()).numpy() == first
    tf.random.set_seed(8)
    secret = tf.random.uniform(()).numpy()
    assert draw() != secret
    """
    assert graded_with_keras(student, test).messages == [""]


# --- what the instructor's solution changes


def test_the_solution_is_run_once_and_only_if_an_argument_was_changed(engine, graded, monkeypatch):
    runs = []
    run = engine._run

    def counted(under_way, spec, submission, changes, networks=b""):
        runs.append(changes is None)
        return run(under_way, spec, submission, changes, networks)

    monkeypatch.setattr(engine, "_run", counted)
    kind = KINDS["an argument that the solution changes"]
    tests = [kind.test, "b = []\nassert push(b, 3) == [3] and b == [3]"]
    plain = graded("def push(a, x): return [*a, x]", *tests, template=kind.solution)
    assert (plain.scores, runs, plain.result.changeable) == ([0, 0], [False], None)
    for _ in range(2):
        result = graded(kind.solution, *tests, template=kind.solution)
        assert result.scores == [1, 1]
    assert runs == [False, False, True, False]
    assert result.result.changeable == {"t0": ("push 0",), "t1": ("push 0",)}
    assert [cell.changes for cell in result.cells] == [("push 0",), ("push 0",)]


def test_a_student_is_told_that_the_function_changes_its_argument(graded):
    solution, test = (
        "def f(x): return sorted(x)",
        "x = [2, 1]\nassert f(x) == {}\nassert (x, f([])) == ([2, 1], [])",
    )
    in_place = "def f(x):\n    x.sort()\n    return x"
    tests = [test.format("[1, 2]"), test.format("[3]"), "x = {1}\nassert f(x=[3, 2]) == [2, 3]"]
    right, wrong, named = graded(in_place, *tests, template=solution).cells
    told = "`f` changes its argument 1; the test keeps what it passed: work on a copy"
    assert (right.score, wrong.score, named.score) == (1, 0, 1)
    assert told in str(right.outputs)
    assert wrong.message.endswith(told)
    assert "argument `x`" in str(named.outputs)


def test_a_solution_that_fails_lets_nothing_change(graded):
    solution = "def f(x):\n    x.clear()\n    return 1 / 0"
    result = graded("def f(x):\n    x.clear()\n    return []", "x = [1]\nassert f(x) == x", template=solution)
    assert result.scores == [0]


@pytest.mark.parametrize(
    "reply",
    [
        "Reply(ReplyKind.VALUE, 0, same=0)",
        "Reply(ReplyKind.VALUE, 0, same=1)",
        "Reply(ReplyKind.VALUE, 0, same='y')",
        "Reply(ReplyKind.VALUE, 0, changed={0: [1]})",
        "Reply(ReplyKind.VALUE, 0, changed={7: [1]})",
        "Reply(ReplyKind.VALUE, 0, changed={1: 3})",
    ],
)
def test_a_reply_speaks_only_of_arguments_that_can_change(graded, reply):
    result = graded(LYING.replace("{reply}", reply), "assert f(3) == 3", "assert told")
    assert result.scores == [0, 1]
    assert "an argument that cannot be changed" in result.messages[0]
