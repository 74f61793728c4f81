"""Tests as instructors write them: what one kernel tells apart, judge and worker tell apart.

Each case is the instructor's solution, a test, right answers, and wrong ones that earned the points
of the right ones, or right ones that lost them.
"""

# ruff: noqa: E501 - each submission is one string

import pytest

from autograder.protocol.bounds import Bounds, SerializationError
from autograder.protocol.serialization import MAGIC, pack, pack_answer, unpack
from tests.autograder.execution.test_border import Kind

CATCH = "try:\n    {}\nexcept {} as error:\n    pass\nelse:\n    assert False, 'no error'\n"
BANK = "class BankError(Exception): pass\nclass Poor(BankError):\n    def __init__(self, missing):\n        super().__init__(f'{missing} missing')\n        self.missing = missing\ndef pay(x):\n    if x > 3: raise Poor(x - 3)\n    return x"
IGNORING = "class ignoring:\n    def __init__(self, *kinds): self.kinds = kinds\n    def __enter__(self): return self\n    def __exit__(self, kind, error, trace): return kind is not None and issubclass(kind, self.kinds)"
POINT = "class P:\n    def __init__(self, x): self.x = x\n    def __eq__(self, o): return isinstance(o, P) and self.x == o.x\n    def __hash__(self): return hash(self.x)\n"
BENT = "a = []; a.append(a); return a"  # a value that cannot cross

KINDS = {
    # --- what the border refuses is no error of the student's
    "a type error": Kind(
        "def f(x):\n    if not isinstance(x, int): raise TypeError('int')\n    return x * x",
        "assert f(3) == 9\n" + CATCH.format("f('a')", "TypeError"),
        wrong=(
            f"def f(x):\n    if x == 3: return 9\n    {BENT}",
            "import numpy as np\ndef f(x): return 9 if x == 3 else np.array([None])",
            "def f(x): return 9 if x == 3 else {2 ** 70: 1}",
        ),
    ),
    "an operator that is not there": Kind(
        "class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o):\n        return V(self.x + o.x) if isinstance(o, V) else NotImplemented",
        "assert (V(1) + V(2)).x == 3\n" + CATCH.format("V(1) + 3", "TypeError"),
        wrong=(f"class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o):\n        if isinstance(o, V): return V(self.x + o.x)\n        {BENT}",),
    ),
    "results that have no order": Kind(
        "def pair(x): return (x, 'a')",
        CATCH.format("pair(1) < 3", "TypeError") + "assert pair(1)[0] == 1",
        wrong=("class Pair:\n    def __getitem__(self, i): return 1\n    def __lt__(self, o): return True\ndef pair(x): return Pair()",),
    ),
    # --- two containers that are one
    "rows": Kind(
        "def zeros(n, m): return [[0] * m for _ in range(n)]",
        "z = zeros(3, 2)\nz[0][0] = 1\nassert z == [[1, 0], [0, 0], [0, 0]]",
        wrong=("def zeros(n, m): return [[0] * m] * n",),
    ),
    "values of a dictionary": Kind(
        "def groups(keys): return {k: [] for k in keys}",
        "g = groups('ab')\ng['a'].append(1)\nassert g == {'a': [1], 'b': []}",
        wrong=("def groups(keys): return dict.fromkeys(keys, [])",),
    ),
    "a deep copy": Kind(
        "import copy\ndef clone(m): return copy.deepcopy(m)",
        "a = [[1, 2], [3]]\nb = clone(a)\nb[0][0] = 99\nassert a == [[1, 2], [3]] and b == [[99, 2], [3]]",
        right=("def clone(m): return [list(row) for row in m]",),
        wrong=("def clone(m): return list(m)",),
    ),
    "a shallow copy": Kind(
        "def clone(m): return list(m)",
        "a = [[1], [2]]\nb = clone(a)\nassert b == a and b is not a and all(p is q for p, q in zip(a, b, strict=True))",
        right=("def clone(m): return m[:]",),
        wrong=("import copy\ndef clone(m): return copy.deepcopy(m)",),
    ),
    "a copy of a part of an array": Kind(
        "def first(a): return a[:2].copy()",
        "a = np.arange(4.0)\nb = first(a)\nb[0] = 9\nassert a[0] == 0 and b[0] == 9",
        right=("import numpy as np\ndef first(a): return np.array(a[:2])",),
        wrong=("def first(a): return a[:2]", "def first(a): return a[::-1][-2:][::-1]"),
    ),
    "a view of an array": Kind(
        "def turned(a): return a.T",
        "a = np.arange(6.0).reshape(2, 3)\nassert np.shares_memory(turned(a), a)\nturned(a)[2, 1] = 9\nassert a[1, 2] == 9",
        right=("def turned(a): return a.transpose()",),
        wrong=("def turned(a): return a.T.copy()",),
    ),
    "a list that was changed and is returned in part": Kind(
        "def first(rows): return [*rows[0], 5]",
        "rows = [[1], [2]]\nassert first(rows) == [1, 5]",
        right=("def first(rows):\n    rows[0].append(5)\n    return rows[0]",),
    ),
    # --- arguments that must stay as they are
    "an argument that is looked at again": Kind(
        "def ordered(x): return sorted(x)",
        "x = [3, 1, 2]\nassert ordered(x) == [1, 2, 3]\nassert x == [3, 1, 2]",
        right=("def ordered(x):\n    x = list(x)\n    x.sort()\n    return x",),
        wrong=("def ordered(x):\n    x.sort()\n    return x",),
    ),
    "an array that is looked at again": Kind(
        "def doubled(x): return 2 * x",
        "x = np.arange(3.0)\nbefore = x.copy()\nout = doubled(x)\nassert np.array_equal(out, [0, 2, 4]) and np.array_equal(x, before)\nnp.testing.assert_array_equal(x, before)",
        wrong=("def doubled(x):\n    x *= 2\n    return x",),
    ),
    "arguments of a loop that are looked at again": Kind(
        "def ordered(x): return sorted(x)",
        "for x in ([2, 1], [3, 2]):\n    before = list(x)\n    assert ordered(x) == sorted(before)\n    assert x == before",
        wrong=("def ordered(x):\n    x.sort()\n    return x",),
    ),
    "an argument from which the test computes": Kind(
        "def ordered(x): return sorted(x)",
        "x = [3, 1, 2]\nassert x[0] == 3\nout = ordered(x)\nassert out == sorted(x) and len(x) == 3",
        right=("def ordered(x):\n    x.sort()\n    return x",),
        wrong=("def ordered(x):\n    x.clear()\n    return []",),
    ),
    "one object under two names": Kind(
        "def fill(a): a[:] = 1\ndef total(a): return a.sum()",
        "a = np.zeros(4)\nfill(a)\nassert a.sum() == 4\nassert total(a) == a.sum()",
        wrong=("class C:\n    n = 0\n    def __call__(self, a):\n        self.n += 1\n        a[:] = self.n == 1\n        return 0\nfill = total = C()",),
    ),
    # --- context managers and generators learn what is raised in them
    "a manager that cleans up": Kind(
        "from contextlib import contextmanager\nlog = []\n@contextmanager\ndef logged():\n    log.append('in')\n    try: yield\n    finally: log.append('out')",
        CATCH.format("with logged(): raise ValueError('x')", "ValueError") + "assert log[-2:] == ['in', 'out']",
        right=("log = []\nclass logged:\n    def __enter__(self): log.append('in')\n    def __exit__(self, *a): log.append('out')",),
        wrong=("from contextlib import contextmanager\nlog = []\n@contextmanager\ndef logged():\n    log.append('in')\n    yield\n    log.append('out')",),
    ),
    "a manager that keeps errors back": Kind(
        IGNORING,
        "with ignoring(ValueError):\n    int('x')\n" + CATCH.format("with ignoring(ValueError): 1 / 0", "ZeroDivisionError"),
        right=("from contextlib import contextmanager\n@contextmanager\ndef ignoring(*kinds):\n    try: yield\n    except kinds: pass",),
        wrong=(
            "class ignoring:\n    def __init__(self, *kinds): pass\n    def __enter__(self): return self\n    def __exit__(self, *a): return True",
            "class ignoring:\n    def __init__(self, *kinds): pass\n    def __enter__(self): return self\n    def __exit__(self, *a): return False",
        ),
    ),
    "a manager that keeps failures back": Kind(
        "class timer:\n    def __enter__(self): return self\n    def __exit__(self, *a): self.seconds = 1\ndef f(x): return [x * x]",
        "with timer() as t:\n    assert f(3)[0] == 9\nassert t.seconds >= 0",
        wrong=(
            "class timer:\n    def __enter__(self): return self\n    def __exit__(self, *a):\n        self.seconds = 1\n        return True\ndef f(x): return [0]",
            "class timer:\n    def __enter__(self): return self\n    def __exit__(self, *a):\n        self.seconds = 1\n        return True\ndef f(x): return []",
        ),
    ),
    "a generator that is thrown into": Kind(
        "def g():\n    try: yield 1\n    except ValueError as e: yield str(e)",
        "it = g()\nassert next(it) == 1\nassert it.throw(ValueError('x')) == 'x'\nassert list(it) == []",
        wrong=("def g():\n    yield 1\n    yield 'x'",),
    ),
    "a coroutine": Kind(
        "async def f(x): return x * x",
        "import asyncio\nassert asyncio.run(f(3)) == 9",
        wrong=("async def f(x): return 0", "def f(x): return 9"),
    ),
    # --- exceptions
    "a family of exceptions": Kind(
        BANK,
        "assert pay(2) == 2 and issubclass(Poor, BankError)\n"
        "try:\n    pay(5)\nexcept BankError as error:\n    assert str(error) == '2 missing' and error.missing == 2\nelse:\n    assert False",
        right=(BANK.replace("Poor(BankError)", "Poor(BankError, ValueError)"),),
        wrong=(BANK.replace("Poor(BankError)", "Poor(Exception)"), BANK.replace("self.missing = missing", "pass")),
    ),
    "an exception of a library": Kind(
        "import json, numpy as np\ndef inv(a): return np.linalg.inv(a)\ndef load(s): return json.loads(s)",
        "import json\n" + CATCH.format("inv(np.zeros((2, 2)))", "np.linalg.LinAlgError") + CATCH.format("load('{')", "json.JSONDecodeError"),
        wrong=("import numpy as np\ndef inv(a): return np.linalg.inv(a)\ndef load(s): raise ValueError", "import json\ndef load(s): return json.loads(s)\ndef inv(a): raise ValueError('Singular matrix')"),
    ),
    "a frozen dataclass": Kind(
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Q:\n    x: int\n    y: int = 0",
        "import dataclasses\nq = Q(1, 2)\nassert q == Q(1, 2) and q != Q(2, 1) and repr(q) == 'Q(x=1, y=2)'\n" + CATCH.format("q.x = 3", "dataclasses.FrozenInstanceError") + "assert q.x == 1 and len({q, Q(1, 2)}) == 1",
        wrong=("from dataclasses import dataclass\n@dataclass\nclass Q:\n    x: int\n    y: int = 0",),
    ),
    # --- functions and decorators
    "a decorator": Kind(
        "import functools\ndef counted(f):\n    @functools.wraps(f)\n    def w(*a, **k):\n        w.calls += 1\n        return f(*a, **k)\n    w.calls = 0\n    return w",
        "@counted\ndef double(x):\n    'Doubles.'\n    return 2 * x\nassert double(2) == 4 and double(x=3) == 6\nassert double.calls == 2\n"
        "double.calls = 5\ndouble(1)\nassert double.calls == 6 and double.__name__ == 'double' and double.__doc__ == 'Doubles.'",
        wrong=(
            "import functools\ndef counted(f):\n    @functools.wraps(f)\n    def w(*a, **k): return f(*a, **k)\n    w.calls = 0\n    return w",
            "def counted(f):\n    def w(*a, **k):\n        w.calls += 1\n        return f(*a, **k)\n    w.calls = 0\n    return w",
        ),
    ),
    "a decorator of a recursive function": Kind(
        "def memoize(f):\n    known = {}\n    def w(n):\n        if n not in known: known[n] = f(n)\n        return known[n]\n    return w",
        "calls = []\n@memoize\ndef fib(n):\n    calls.append(n)\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nassert fib(60) == 1548008755920\nassert len(calls) == 61",
        right=("import functools\nmemoize = functools.lru_cache(None)",),
        wrong=("def memoize(f): return lambda n: 1548008755920",),
    ),
    "what a function says of itself": Kind(
        "import math\nsquare = lambda x: x * x\ndef f(x: int, y=2) -> int: return x",
        "import inspect, types\nassert square(3) == 9 and square.__name__ == '<lambda>' and isinstance(f, types.FunctionType)\n"
        "assert f.__annotations__ == {'x': int, 'return': int} and f.__defaults__ == (2,) and inspect.isfunction(f)\n"
        "assert f == f and f != square and f.__qualname__ == 'f' and not hasattr(f, 'calls')",
        wrong=("def square(x): return x * x\ndef f(x: int, y=2) -> int: return x", "square = lambda x: x * x\ndef f(x, y=2): return x"),
    ),
    # --- classes
    "objects in a set": Kind(
        POINT,
        "assert len({P(1), P(1), P(2)}) == 2\nassert hash(P(3)) == hash(P(3))\nassert {P(1): 'a'}[P(1)] == 'a' and P(2) in {P(1), P(2)}",
        wrong=("class P:\n    def __init__(self, x): self.x = x", POINT.replace("__hash__", "hash"), POINT.replace("hash(self.x)", "id(self)")),
    ),
    "an operator that works in place": Kind(
        "class V:\n    def __init__(self, x): self.x = x\n    def __iadd__(self, o):\n        self.x += o.x\n        return self\n    def __add__(self, o): return V(self.x + o.x)",
        "v = u = V(1)\nv += V(2)\nassert v.x == 3 and u is v and u.x == 3",
        wrong=("class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o): return V(self.x + o.x)",),
    ),
    "a format": Kind(
        "class M:\n    def __init__(self, x): self.x = x\n    def __format__(self, how): return format(self.x, how or '.2f') + ' EUR'\ndef f(x): return x",
        "assert f'{M(3)}' == '3.00 EUR' and f'{M(3):.1f}' == '3.0 EUR' and f'{f(2.5):.2f}' == '2.50'",
        wrong=(
            "class M:\n    def __init__(self, x): self.x = x\n    def __str__(self): return '3.00 EUR'\ndef f(x): return x",
            "class M:\n    def __init__(self, x): self.x = x\n    def __format__(self, how): return format(self.x, how or '.2f') + ' EUR'\nclass T:\n    def __format__(self, how): return '2.50'\ndef f(x): return T()",
        ),
    ),
    "names that begin with an underscore": Kind(
        "class Stack:\n    def __init__(self): self._items, self._name, self._ask, self._type = [], 'stack', 1, 2\n    def push(self, x): self._items.append(x)",
        "s = Stack()\ns.push(2)\nassert s._items == [2] and s._name == 'stack' and (s._ask, s._type) == (1, 2) and hasattr(s, '_items')\ns._name = 'pile'\nassert s._name == 'pile'",
        wrong=("class Stack:\n    def push(self, x): pass", "class Stack:\n    def __init__(self): self._name, self._ask, self._type = 'stack', 1, 2\n    def push(self, x): pass"),
    ),
    "special methods that are there": Kind(
        "class Count:\n    'Counts.'\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n    def __next__(self):\n        self.n += 1\n        return self.n",
        "from collections.abc import Iterator, Sized\nassert isinstance(Count(), Iterator) and not isinstance(Count(), Sized) and not callable(Count())\n"
        "assert hasattr(Count, '__next__') and not hasattr(Count, '__len__') and Count.__doc__ == 'Counts.' and vars(Count()) == {'n': 0}",
        wrong=(
            "class Count:\n    'Counts.'\n    def __init__(self): self.n = 0",
            "class Count:\n    'Counts.'\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n    def __next__(self): return 1\n    def __call__(self): return 1",
            "class Count:\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n    def __next__(self): return 1",
        ),
    ),
    "one instance": Kind(
        "class S:\n    _one = None\n    def __new__(cls):\n        if cls._one is None: cls._one = super().__new__(cls)\n        return cls._one",
        "assert S() is S()",
        wrong=("class S: pass", "class S:\n    def __eq__(self, o): return True"),
    ),
    "members of an enumeration": Kind(
        "from enum import Enum\nclass Color(Enum):\n    RED = 1\n    BLUE = 2\ndef other(c): return Color.BLUE if c is Color.RED else Color.RED",
        "assert Color(1) == Color.RED and Color['BLUE'].value == 2 and len(Color) == 2 and Color.RED != Color.BLUE\nassert other(Color.RED) == Color.BLUE and other(Color.BLUE) in [Color.BLUE, Color.RED]",
        wrong=("from enum import Enum\nclass Color(Enum):\n    RED = 1\n    BLUE = 2\ndef other(c): return c", "class Color:\n    RED = 1\n    BLUE = 2\ndef other(c): return 3 - c"),
    ),
    "dates": Kind(
        "import datetime\ndef later(d): return d + datetime.timedelta(days=1)",
        "import datetime\nassert later(datetime.date(2024, 2, 28)) == datetime.date(2024, 2, 29)\n"
        "zone = datetime.timezone(datetime.timedelta(hours=2))\nassert later(datetime.datetime(2023, 12, 31, 5, tzinfo=zone)) == datetime.datetime(2024, 1, 1, 5, tzinfo=zone)",
        wrong=("def later(d): return d", "import datetime\nclass D(datetime.date):\n    def __eq__(self, o): return True\n    __hash__ = None\ndef later(d): return D(2000, 1, 1)"),
    ),
}  # fmt: skip


def answers(sort):
    return [
        pytest.param(kind, answer, id=f"{name}-{number}")
        for name, kind in KINDS.items()
        for number, answer in enumerate((kind.solution, *kind.right) if sort == "right" else kind.wrong)
    ]


@pytest.mark.parametrize(("kind", "answer"), answers("right"))
def test_what_holds_in_one_kernel_has_its_points(graded, kind, answer):
    result = graded(answer, kind.test, template=kind.solution, call_seconds=5, question_seconds=15)
    assert result.scores == [1], result.messages


@pytest.mark.parametrize(("kind", "answer"), answers("wrong"))
def test_what_does_not_has_none(graded, kind, answer):
    result = graded(answer, kind.test, template=kind.solution, call_seconds=5, question_seconds=15)
    assert result.scores == [0]
    assert result.statuses == ["failed"]
    assert "is not defined" not in result.messages[0]  # the answer ran


# --- what is told


ADDRESSES = """
import gc, sys
from autograder.execution.worker import Worker
worker, = (thing for thing in gc.get_objects() if type(thing) is Worker)
heard, honest = [], worker.values._callback
def listen(number, *rest):
    heard.append(number)
    return honest(number, *rest)
worker.values._callback = listen
def apply(h, x): return h(x)
def numbers(): return heard
"""


def test_functions_of_the_test_are_known_by_numbers_that_are_no_addresses(graded):
    test = "def h(x): return x + 1\nassert apply(h, 1) == 2 and apply(lambda x: h(x), 1) == 2\nassert numbers() == [1, 2]"
    result = graded(ADDRESSES, test, template=ADDRESSES)
    assert result.scores == [1], result.messages


def test_how_far_a_number_is_from_the_expected_one_is_not_told(graded):
    tests = [
        "np.testing.assert_allclose(f(3), 2.625)",
        "np.testing.assert_array_almost_equal([f(3)], [2.625])",
        "np.testing.assert_array_less(2.625, f(3))",
    ]
    result = graded("def f(x): return 0.0", *tests)
    assert result.scores == [0] * 3
    assert not any("2.625" in message for message in result.messages), result.messages


SPY = """
told = []
class box:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): told.append(str(error))
def f(x): return 0
"""


def test_a_manager_is_not_told_what_an_assertion_says(graded):
    test = "with box():\n    assert f(3) == 2.625, f'2.625 expected, not {f(3)}'"
    result = graded(SPY, test, "assert told == ['']")
    assert result.scores == [0, 1], result.messages
    assert result.messages[0] == "2.625 expected, not 0"


# --- packets: containers that stand in more than one place


def test_a_container_stays_one_wherever_it_stands():
    row = [0]
    rows, named = unpack(pack([[row, row], {"a": row}]))
    assert rows[0] is rows[1] is named["a"]


def test_a_container_that_stands_again_counts_again():
    value = [1] * 10
    for _ in range(30):
        value = [value] * 10
    with pytest.raises(SerializationError, match="elements"):
        pack(value)
    chain = [[]]
    for _ in range(60):
        chain.append([chain[-1]])
    with pytest.raises(SerializationError, match="deeper"):
        pack(chain)


def packet(head):
    text = head.encode()
    return MAGIC + len(text).to_bytes(4, "big") + text


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ('["l", ["&", 0]]', "missing"),
        ('["l", ["l"], ["&", -1]]', "missing"),
        ('["l", ["l"], ["&", 7]]', "missing"),
        ('["l", ["l"], ["&", true]]', "missing"),
        ('["l", ["l"], ["&", 0, 0]]', "missing"),
        ('["^", 0]', "missing"),
        ('["^va", 0, "<f8", 0, [1], [8]]', "missing"),
        ('["l", ["l", ' + ", ".join(["1"] * 9) + "], " + ", ".join(['["&", 0]'] * 9) + "]", "elements"),
    ],
)
def test_a_number_of_no_container_is_refused(tree, words):
    with pytest.raises(SerializationError, match=words):
        unpack(packet(f'{{"value": {tree}, "blobs": []}}'), bounds=Bounds(items=50))


def test_an_answer_names_what_stood_in_the_question():
    inner, asked, came = [1], [], []
    question = pack([inner, [2]], parts=asked)
    heard = unpack(question, parts=came)
    answer, names = pack_answer({"a": heard[0], "b": [1]}, None, Bounds(), came)
    result = unpack(answer, known=asked)
    assert names
    assert result["a"] is inner
    assert result["b"] == inner
    assert result["b"] is not inner
