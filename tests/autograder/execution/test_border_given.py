"""What a test gives to the student's code and asks about it, as in one kernel.

Each case is the instructor's solution, a test, right answers, and wrong ones.
"""

# ruff: noqa: E501 - each submission is one string

import pytest

from tests.autograder.execution.test_border import Kind

KINDS = {
    # --- objects of libraries
    "a generator that is consumed as far as needed": Kind(
        "def first(xs, k): return next(x for x in xs if x > k)",
        "seen = []\ndef numbers():\n    for k in range(9):\n        seen.append(k)\n        yield k\nassert first(numbers(), 2) == 3 and seen == [0, 1, 2, 3]\nassert first(iter([1, 5]), 3) == 5 and first(map(abs, [-7]), 3) == 7 and first(zip([9]), (1,)) == (9,)",
        wrong=("def first(xs, k): return [x for x in xs if x > k][0]",),
    ),
    "a generator that is sent to": Kind(
        "def drive(g):\n    next(g)\n    return [g.send(1), g.send(2)]",
        "def total():\n    s = 0\n    while True:\n        s += yield s\nassert drive(total()) == [1, 3]",
        wrong=("def drive(g): return [next(g), next(g)]",),
    ),
    "a stream": Kind(
        "import csv\ndef rows(f): return list(csv.reader(f))\ndef log(f, x): print(x, file=f)",
        "import io\nassert rows(io.StringIO('a,b\\n1,2\\n')) == [['a', 'b'], ['1', '2']]\nout = io.StringIO()\nlog(out, 'x')\nassert out.getvalue() == 'x\\n'",
        right=("def rows(f): return [line.strip().split(',') for line in f]\ndef log(f, x): f.write(f'{x}\\n')",),
        wrong=("def rows(f): return f.readlines()\ndef log(f, x): f.write(x)",),
    ),
    "a list of the test's own kind": Kind(
        "def total(xs): return sum(xs[k] for k in range(len(xs))) if isinstance(xs, list) else None",
        "class Counting(list):\n    reads = 0\n    def __getitem__(self, k):\n        Counting.reads += 1\n        return super().__getitem__(k)\nassert total(Counting([1, 2])) == 3 and Counting.reads == 2",
        wrong=("def total(xs): return sum(list(xs))",),
    ),
    "a class of the test's": Kind(
        "def many(kind, n): return [kind(k) for k in range(n)]\ndef named(kind): return kind.label() + kind.__name__",
        "class P:\n    def __init__(self, x): self.x = x\n    @classmethod\n    def label(cls): return 'a'\nassert [p.x for p in many(P, 3)] == [0, 1, 2] and named(P) == 'aP'\nassert all(isinstance(p, P) for p in many(P, 2))",
        wrong=("def many(kind, n): return [n] * n\ndef named(kind): return kind.label()",),
    ),
    "a class in the place of a library's": Kind(
        "import datetime\ndef age(y): return datetime.date.today().year - y\ndef is_day(x): return isinstance(x, datetime.date)",
        "import datetime\nfrom unittest.mock import patch\nclass Fixed(datetime.date):\n    @classmethod\n    def today(cls): return cls(2030, 1, 1)\nwith patch('datetime.date', Fixed):\n    assert age(2000) == 30 and is_day(Fixed.today()) and not is_day(3)",
        wrong=("def age(y): return 2029 - y\ndef is_day(x): return True",),
    ),
    "days of the student's own kind": Kind(
        "import datetime\nclass Day(datetime.date): pass\nclass Time(datetime.datetime): pass\ndef f(): return Day(2024, 1, 2), Time(2024, 1, 2, 3, fold=1)",
        "import datetime\nassert f() == (datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3)) and f()[1].fold == 1",
        wrong=("import datetime\nclass Day(datetime.date):\n    def __eq__(self, o): return True\n    __hash__ = None\ndef f(): return Day(2000, 1, 1), Day(2000, 1, 1)",),
    ),
    "threads of the answer's that call the test": Kind(
        "from concurrent.futures import ThreadPoolExecutor\ndef parallel(f, xs):\n    with ThreadPoolExecutor(4) as pool: return list(pool.map(f, xs))",
        "assert parallel(lambda x: x * x, list(range(40))) == [k * k for k in range(40)]",
        wrong=("def parallel(f, xs): return [f(x) for x in xs[:-1]]",),
    ),
    # --- asynchronous code
    "an asynchronous generator": Kind(
        "import asyncio\nasync def ticks(n):\n    for k in range(n):\n        await asyncio.sleep(0)\n        yield k",
        "assert [k async for k in ticks(3)] == [0, 1, 2]",
        wrong=("async def ticks(n): yield n", "async def ticks(n): return list(range(n))"),
    ),
    "asynchronous iterators and managers of its own": Kind(
        "class Ticks:\n    def __init__(self, n): self.n = n\n    def __aiter__(self): return self\n    async def __anext__(self):\n        self.n -= 1\n        if self.n < 0: raise StopAsyncIteration\n        return self.n\n    async def __aenter__(self): return self\n    async def __aexit__(self, *error): self.n = -9\n    def __await__(self):\n        yield from ()\n        return self.n",
        "t = Ticks(3)\nassert [k async for k in t] == [2, 1, 0]\nasync with Ticks(2) as t:\n    assert t.n == 2 and await anext(t) == 1 and await t == 1\nassert t.n == -9",
        wrong=("class Ticks:\n    def __init__(self, n): self.n = n\n    def __iter__(self): return iter(range(self.n))",),
    ),
    # --- what a test asks about classes and objects
    "what a class is derived from": Kind(
        "import enum, threading\nclass Color(enum.Enum):\n    RED = 1\nclass Task(threading.Thread): pass\nclass Stack(list): pass\nclass Bag:\n    def __iter__(self): return iter(())\nclass Square(Shape): pass",
        "import enum, threading, collections.abc\nassert issubclass(Color, enum.Enum) and not issubclass(Color, enum.IntEnum) and issubclass(Task, (int, threading.Thread)) and issubclass(Stack, list)\nassert issubclass(Square, Shape) and issubclass(Square, object) and isinstance(Square(), Shape) and not issubclass(Task, Shape)\nassert issubclass(Bag, collections.abc.Iterable) and not issubclass(Bag, collections.abc.Sized) and issubclass(bool, int)",
        wrong=("import enum, threading\nclass Color:\n    RED = 1\nclass Task: pass\nclass Stack: pass\nclass Bag: pass\nclass Square: pass",),
    ),
    "attributes with special names": Kind(
        "class V:\n    def __init__(self): self.x = 1\n    def __add__(self, o): return self\n    def __reversed__(self): return iter(())\nv = V()",
        "assert hasattr(V, '__add__') and hasattr(v, '__reversed__') and not hasattr(v, '__sub__') and not hasattr(V, '__iter__') and hasattr(v, 'x')",
        wrong=("class V:\n    def __init__(self): self.x = 1\nv = V()",),
    ),
    "members": Kind(
        "class Stack:\n    limit = 3\n    def __init__(self): self.items = []\n    def push(self, x): self.items.append(x)",
        "import inspect\nassert [name for name, _ in inspect.getmembers(Stack, inspect.isfunction)] == ['__init__', 'push']\ns = Stack()\nassert inspect.ismethod(s.push) and not inspect.isfunction(s.push) and dict(inspect.getmembers(s))['limit'] == 3\nassert list(inspect.signature(s.push).parameters) == ['x'] and list(inspect.signature(Stack.push).parameters) == ['self', 'x'] and not inspect.isabstract(Stack)",
        wrong=("class Stack(list):\n    push = list.append",),
    ),
    "a built-in function under another name": Kind(
        "def total(x): return sum(x)",
        "import inspect\nassert inspect.isfunction(total) and not inspect.isbuiltin(total) and total([1]) == 1",
        wrong=("total = sum",),
    ),
    "the code of a lambda": Kind(
        "rate = 2\nnet = lambda x: x * rate",
        "assert net(3) == 6 and 'rate' in net.__code__.co_names and net.__code__.co_argcount == 1",
        wrong=("rate = 2\nnet = lambda x: 2 * x",),
    ),
    "a dataclass": Kind(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: float\n    y: float = 0.0",
        "import dataclasses, typing\nassert dataclasses.is_dataclass(P) and dataclasses.is_dataclass(P(1)) and hasattr(P, '__dataclass_fields__')\nassert [f.name for f in dataclasses.fields(P)] == ['x', 'y'] and dataclasses.asdict(P(1)) == {'x': 1, 'y': 0} and dataclasses.astuple(P(1)) == (1, 0)\nassert dataclasses.replace(P(1), y=5) == P(1, 5) and typing.get_type_hints(P) == {'x': float, 'y': float}",
        wrong=("class P:\n    def __init__(self, x, y=0): self.x, self.y = x, y\n    def __eq__(self, o): return True\n    __hash__ = None",),
    ),
    "an enumeration of numbers": Kind(
        "from enum import IntEnum, Flag, StrEnum\nclass Level(IntEnum):\n    LOW = 1\n    HIGH = 5\n    TOP = 5\nclass Right(Flag):\n    R = 1\n    W = 2\nclass Word(StrEnum):\n    A = 'a'\ndef up(x): return Level.HIGH if x is Level.LOW else None\ndef both(a, b): return a | b\ndef names(): return {k.name: k for k in Level}",
        "import inspect\nfrom enum import Enum, IntEnum, Flag\nassert 'Word' in inspect.getsource(Word)\nassert issubclass(Level, IntEnum) and Level.LOW.value == 1 == Level.LOW and Level.LOW < Level.HIGH and Level(5) is Level.HIGH is Level.TOP and [x.name for x in Level] == ['LOW', 'HIGH'] and isinstance(Level.LOW, Level)\nassert up(Level.LOW) is Level.HIGH and up(Level.HIGH) is None and both(Right.R, Right.W) == Right.R | Right.W and both(Right.R, Right.W) is Right(3)\nassert Word.A == 'a' and Word('a').name == 'A' and isinstance(Right.R, Flag) and names() == {'LOW': Level.LOW, 'HIGH': Level.HIGH} and type(up(Level.LOW)) is Level",
        right=("import enum\nLevel = enum.IntEnum('Level', {'LOW': 1, 'HIGH': 5, 'TOP': 5})\nRight = enum.Flag('Right', 'R W')\nclass Word(str, enum.Enum):\n    A = 'a'\ndef up(x): return {Level.LOW: Level.HIGH}.get(x)\nboth = lambda *r: Right(sum(x.value for x in r))\nnames = lambda: dict(list(Level.__members__.items())[:2])",),
        wrong=("class Level:\n    LOW = 1\n    HIGH = TOP = 5\nclass Right:\n    R, W = 1, 2\nclass Word:\n    A = 'a'\ndef up(x): return 5 if x == 1 else None\ndef both(a, b): return a | b\ndef names(): return {}",),
    ),
    "an enumeration with methods": Kind(
        "from enum import Enum\nclass Planet(Enum):\n    EARTH = (6, 1)\n    MARS = (1, 2)\n    def __init__(self, mass, moons): self.mass, self.moons = mass, moons\n    @property\n    def heavy(self): return self.mass > 3\n    def next(self): return Planet.MARS",
        "assert Planet.EARTH.mass == 6 and Planet.EARTH.heavy is True and Planet.EARTH.next() is Planet.MARS and [p.name for p in Planet] == ['EARTH', 'MARS']",
        wrong=("from enum import Enum\nclass Planet(Enum):\n    EARTH = (6, 1)\n    MARS = (1, 2)",),
    ),
    "what an exception was raised from": Kind(
        "class Bad(ValueError): pass\ndef parse(t):\n    try:\n        return int(t)\n    except ValueError as error:\n        new = Bad('no')\n        new.add_note('seen')\n        raise new from error\ndef again():\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        raise KeyError('k')",
        "try:\n    parse('x')\nexcept Bad as error:\n    assert type(error.__cause__) is ValueError and 'invalid' in str(error.__cause__) and error.__notes__ == ['seen'] and error.__suppress_context__\nelse:\n    assert False\ntry:\n    again()\nexcept KeyError as error:\n    assert isinstance(error.__context__, ZeroDivisionError) and error.__cause__ is None",
        wrong=(
            "class Bad(ValueError): pass\ndef parse(t): raise Bad('no')\ndef again(): raise KeyError('k')",
            "class Bad(ValueError): pass\ndef parse(t):\n    new = Bad('no')\n    new.add_note('seen')\n    raise new from new\ndef again():\n    raise KeyError('k') from ZeroDivisionError()",
        ),
    ),
    # --- the state around a call
    "the state of a generator that is read and set": Kind(
        "import random\nimport numpy as np\ndef pick(): return random.random(), np.random.rand()",
        "import random\npick()\nstate, other = random.getstate(), np.random.get_state()\nfirst = [pick(), pick()]\nrandom.setstate(state)\nnp.random.set_state(other)\nassert [pick(), pick()] == first and pick() != first[1]",
        wrong=("import os\ndef pick(): return os.urandom(8)", "def pick(): return 0.5, 0.5"),
    ),
    "a folder that the test changes to": Kind(
        "import os\ndef here(): return os.path.basename(os.getcwd())\ndef write(path):\n    with open(path, 'w') as f: f.write('x')",
        "import os\nos.makedirs('deep/er', exist_ok=True)\nold = os.getcwd()\nos.chdir('deep/er')\ntry:\n    assert here() == 'er'\n    write('a.txt')\n    write(os.path.join(old, 'b.txt'))\n    assert open('a.txt').read() == 'x' and open('../../b.txt').read() == 'x'\nfinally:\n    os.chdir(old)\nassert here() != 'er' and open('deep/er/a.txt').read() == 'x'",
        wrong=("def here(): return 'er'\ndef write(path): pass",),
    ),
}  # fmt: skip
HELPER = "import numpy as np\nclass Shape: pass"


def answers(sort):
    return [
        pytest.param(kind, answer, id=f"{name}-{number}")
        for name, kind in KINDS.items()
        for number, answer in enumerate((kind.solution, *kind.right) if sort == "right" else kind.wrong)
    ]


def given(graded, kind, answer):
    return graded(
        answer, kind.test, helper=HELPER, template=kind.solution, call_seconds=20, question_seconds=30
    )


@pytest.mark.parametrize(("kind", "answer"), answers("right"))
def test_what_holds_in_one_kernel_has_its_points(graded, kind, answer):
    result = given(graded, kind, answer)
    assert result.scores == [1], result.cells[0].detail or result.messages


@pytest.mark.parametrize(("kind", "answer"), answers("wrong"))
def test_what_does_not_has_none(graded, kind, answer):
    result = given(graded, kind, answer)
    assert (result.scores, result.statuses) == ([0], ["failed"]), result.messages


PERSON = {
    "a connection": ("def f(c): return c.execute('select 1').fetchone()[0]", "import sqlite3\nassert f(sqlite3.connect(':memory:')) == 1", "`execute`"),
    "a connection in a block": ("def f(c):\n    with c: return 1", "import sqlite3\nassert f(sqlite3.connect(':memory:')) == 1", "`__enter__`"),
    "the file of a stream": ("def f(s): return s.fileno() > 0", "with open('a.txt', 'w') as s:\n    assert f(s)", "`fileno`"),
    "a special attribute that is not told": ("class P:\n    __weird__ = 1\np = P()", "assert p.__weird__ == 1", "`__weird__`"),
    "an object made by the type of another": ("import threading\nclass T(threading.Thread): pass\nt = T()", "assert t.__class__()", "by the type"),
    "a class of exceptions": ("def f(kind): raise kind('x')", "class Mine(Exception): pass\ntry:\n    f(Mine)\nexcept Mine:\n    pass", "exceptions"),
    "a folder outside of the test's": ("import os\ndef f(): return os.getcwd()", "import os\nold = os.getcwd()\nos.chdir('/')\ntry:\n    assert f() == '/'\nfinally:\n    os.chdir(old)", "outside"),
    "an iteration without end": ("def f(xs): return next(x for x in xs if x > 5)", "class Up:\n    def __iter__(self):\n        k = 0\n        while True:\n            yield k\n            k += 1\nassert f(Up()) == 6", "items"),
}  # fmt: skip


@pytest.mark.parametrize("name", PERSON)
def test_what_cannot_be_judged_is_for_a_person(graded, name):
    answer, test, words = PERSON[name]
    result = graded(answer, test, template=answer, call_seconds=20, question_seconds=30)
    assert result.statuses == ["by hand"], (result.statuses, result.messages)
    assert words in result.messages[0]


THIEF = """
tried = 0
def f(*given):
    global tried
    found = []
    names = 'gi_frame gi_code gi_yieldfrom f_globals buffer raw fileno name detach __self__ __globals__ __class__ __dict__ __init__ __func__ fit set_params __reduce__'
    for value in given:
        ask = object.__getattribute__(value, '_ask')
        for name in names.split():
            for way in (lambda: getattr(value, name), lambda: ask('get', name), lambda: ask('set', name, 1), lambda: ask('special', name)):
                try:
                    got = repr(way())
                    found.append(got if name[0] == '_' else name)
                except Exception:
                    pass
                tried += 1
    return found
"""


def test_no_name_leads_from_a_librarys_object_to_the_test(graded):
    test = """
    import io
    from sklearn.linear_model import LinearRegression
    SECRET = 'secret'
    class Own: pass
    def numbers():
        hidden = SECRET
        yield 1
    model = LinearRegression().fit([[0], [1]], [0, 1])
    with open('a.txt', 'w') as file:
        found = f(numbers(), io.StringIO(SECRET), file, model)
    assert found and not [text for text in found if SECRET in text or not text.startswith(('<', '(', '{'))]
    assert tried == 288
    assert model.predict([[2]])[0] > 1.9
    """
    pytest.importorskip("sklearn", reason="a fitted model is given")
    result = graded(THIEF, test, call_seconds=20, question_seconds=30)
    assert result.scores == [1], result.cells[0].detail or result.messages


INHERITED = {
    "a path": (
        "import os, pathlib\nclass Here(type(pathlib.Path())): pass\nassert f(Here('.'), Here) == str(os.getpid())",
        "lambda p, H: H('/proc/self/stat').read_text().split()[0]",
        "lambda p, H: (p / '/proc/self/stat').read_text().split()[0]",
        "lambda p, H: p.joinpath('/proc/self/stat').read_bytes().split()[0].decode()",
    ),
    "a file": (
        "import io, os\nclass Log(io.FileIO): pass\nassert f(Log('/dev/null'), Log) == str(os.getpid())",
        "lambda p, H: H('/proc/self/stat').read().split()[0].decode()",
        "lambda p, H: (p.__init__('/proc/self/stat'), p.readall().split()[0].decode())[1]",
    ),
    "a module": (
        "import os, types\nclass M(types.ModuleType): pass\nassert f(M('m'), M) == str(os.getpid())",
        "lambda p, H: H('os').__loader__.get_data('/proc/self/stat').split()[0].decode()",
        "lambda p, H: H.mro()[1]('os').getpid()",
    ),
    "a class that answers": (
        "class Check:\n    def passed(self): return False\nf(Check(), Check)\nassert Check().passed()",
        "lambda p, H: setattr(H, 'passed', lambda self=None: True)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INHERITED)
def test_a_class_of_the_test_lends_nothing_that_reaches_the_judge(graded, name):
    test, *attempts = INHERITED[name]
    for attempt in attempts:
        answer = (
            f"tried = []\nattempt = {attempt}\ndef f(p, H):\n    tried.append(1)\n    return attempt(p, H)"
        )
        result = graded(answer, test, "assert tried == [1]", template="def f(p, H): return 1\ntried = [1]")
        assert result.scores[0] in (0, None), attempt
        assert result.scores[1] == 1, attempt


LENT = {
    "a date": (
        "import datetime\nclass Day(datetime.date):\n    @classmethod\n    def today(cls): return cls(2026, 11, 28)\nassert f(Day)",
        "def f(D): return D.today().year == 2026 and D(2025, 1, 2).isoformat() == '2025-01-02' and D.fromisoformat('2025-01-02') == D(2025, 1, 2)",
    ),
    "an error": (
        "class Broken(Exception):\n    code = 4\n    def words(self): return self.args\nassert f(Broken('a', 'b')) == 4",
        "def f(error): return error.code if error.words() == ('a', 'b') else 0",
    ),
    "a text stream": (
        "import io\nclass Page(io.StringIO):\n    pages = 1\npage = Page()\nf(page)\nassert page.getvalue() == '1'",
        "def f(page): page.write(str(page.pages))",
    ),
    "a counter": (
        "from collections import UserDict\nclass Box(UserDict):\n    pass\nbox = Box()\nf(box)\nassert box.data == {'a': 1}",
        "def f(box): box['a'] = len(box) + 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LENT)
def test_a_class_of_the_test_lends_what_computes(graded, name):
    test, answer = LENT[name]
    result = graded(answer, test, template=answer)
    assert result.scores == [1], result.messages
