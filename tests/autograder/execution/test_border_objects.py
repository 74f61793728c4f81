"""Objects that stay in the worker: what a test learns of them is right, or refused in words.

Each case is the instructor's solution, a test, right answers, and wrong ones.
"""

# ruff: noqa: E501 - each submission is one string

import pytest

from tests.autograder.execution.test_border import Kind

STACK = "class Stack:\n    def __init__(self): self.items = []\n    def push(self, x):\n        self.items.append(x)\n        return self\n"
KINDS = {
    "the type of an object": Kind(
        STACK + "def make(): return Stack()",
        "s = Stack()\nassert type(s) is Stack and type(s) == Stack and type(make()) is Stack\nassert type(3) is int and isinstance(Stack, type)\nassert type(make()) is not int",
        wrong=(STACK + "def make(): return 3", STACK + "Old = Stack\nclass Stack(Old): pass\ndef make(): return Old()"),
    ),
    "an object that returns itself": Kind(
        STACK, "a, b = Stack(), Stack()\nassert a.push(1) is a and a.push(2) is not b",
        wrong=(STACK.replace("return self", "return Stack()"), STACK.replace("return self", "return None")),
    ),
    "a library's object": Kind(
        "import re, threading\ndef find(s): return re.search('[0-9]+', s)\ndef squares(n): return map(lambda x: x * x, range(n))\nlock = threading.Event()",
        "import re, threading\nfrom collections.abc import Iterator\nm = find('a12')\nassert isinstance(m, re.Match) and type(m) is re.Match and not isinstance(m, str) and m.group() == '12'\n"
        "assert isinstance(squares(3), map) and isinstance(squares(3), Iterator) and list(squares(3)) == [0, 1, 4]\nassert isinstance(lock, threading.Event) and not lock.is_set()",
        wrong=(
            "import re, threading\nclass M:\n    def group(self): return '12'\ndef find(s): return M()\ndef squares(n): return map(lambda x: x * x, range(n))\nlock = threading.Event()",
            "import re, threading\nfind = lambda s: re.search('[0-9]+', s)\ndef squares(n): return [x * x for x in range(n)]\nlock = threading.Event()",
        ),
    ),
    "a class derived from a library's": Kind(
        "import threading\nclass Task(threading.Thread):\n    def run(self): self.done = 1\n    def __init_subclass__(cls): raise RuntimeError\nt = Task()",
        "import threading\nassert isinstance(t, threading.Thread) and isinstance(t, Task) and type(t) is Task and not isinstance(t, dict)\nt.run()\nassert t.done == 1",
        wrong=("class Task:\n    def run(self): self.done = 1\nt = Task()",),
    ),
    "data is data": Kind(
        "def f(x): return [x]",
        "r = f(3)\nassert isinstance(r, list) and type(r) is list and r == [3]",
        wrong=(
            "class L:\n    __class__ = list\n    def __eq__(self, o): return True\ndef f(x): return L()",
            "class L:\n    def __eq__(self, o): return True\nL.__module__, L.__qualname__, L.__name__ = 'builtins', 'list', 'list'\ndef f(x): return L()",
            "def f(x): return iter([x])",
        ),
    ),
    "the source of a function": Kind(
        "def fact(n):\n    # recursive\n    return 1 if n == 0 else n * fact(n - 1)\nclass A:\n    def m(self, k=1):\n        return k",
        "import ast, inspect\nsource = inspect.getsource(fact)\nassert source.startswith('def fact') and 'recursive' in source and 'for' not in source\n"
        "assert not any(isinstance(n, (ast.For, ast.While)) for n in ast.walk(ast.parse(source)))\nassert fact(4) == 24 and fact.__code__.co_varnames == ('n',) and 'fact' in fact.__code__.co_names\n"
        "assert inspect.getsource(A.m).strip().startswith('def m(self') and inspect.getsourcelines(fact)[1] == 1\nassert not inspect.isgeneratorfunction(fact) and 'class A' in inspect.getsource(A)",
        right=("import functools\n@functools.lru_cache\ndef fact(n):\n    # recursive\n    return n * fact(n - 1) if n else 1\nclass A:\n    def m(self, k): return 2",)[:0],
        wrong=(
            "def fact(n):\n    # recursive\n    r = 1\n    for k in range(n): r *= k + 1\n    return r\nclass A:\n    def m(self, k): return 2",
            "def fact(n):\n    while False: pass\n    # recursive\n    return 1 if n == 0 else n * fact(n - 1)\nclass A:\n    def m(self, k): return 2",
        ),
    ),
    "names": Kind(
        "total = 3\ndef helper(): pass", "assert 'helper' in dir() and 'total' in dir() and 'other' not in dir()", wrong=("total = 3", "def helper(): pass"),
    ),
    "figures": Kind(
        "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\ndef draw(ax):\n    ax.plot([1, 2], [3, 4], color='red')\n    ax.set_xlabel('time')\nfig, own = plt.subplots()\nown.set_title('mine')",
        "import matplotlib.pyplot as plt\nfrom matplotlib.axes import Axes\nassert plt.gca().get_title() == 'mine' and plt.get_fignums() == [1]\nfig, axes = plt.subplots(2, 2)\nax = plt.subplot(2, 2, 1)\ndraw(ax)\n"
        "assert ax.get_xlabel() == 'time' and list(ax.lines[0].get_xdata()) == [1, 2] and len(ax.lines) == 1\nassert isinstance(ax, Axes) and plt.gca() is ax\nplt.close('all')\nassert plt.get_fignums() == []",
        wrong=("import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\ndef draw(ax): plt.plot([9])\nfig, own = plt.subplots()\nown.set_title('mine')",),
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
    exec(
        f"{answer}\n{kind.test}", {"__name__": "__main__"}
    ) if "getsource" not in kind.test and "dir()" not in kind.test else None
    result = graded(
        answer, kind.test, template=kind.solution, call_seconds=20, question_seconds=30, cell_seconds=20
    )
    assert result.scores == [1], result.cells[0].detail or result.messages


@pytest.mark.parametrize(("kind", "answer"), answers("wrong"))
def test_what_does_not_has_none(graded, kind, answer):
    result = graded(
        answer, kind.test, template=kind.solution, call_seconds=20, question_seconds=30, cell_seconds=20
    )
    assert (result.scores, result.statuses) == ([0], ["failed"]), result.messages


PERSON = {
    "a library's value used as data": ("import inspect\ndef g(): return inspect.signature(lambda x: x)", "import inspect\nassert g() == inspect.signature(lambda x: x)", "Signature"),
    "a class derived from the student's": (STACK, "class Mine(Stack): pass\nassert Mine().push(1)", "derives a class"),
    "a name that is bound by exec": ("exec('def f(x): return x')", "import inspect\nassert 'for' not in inspect.getsource(f)", "exec"),
    "source that the test would run": ("def f(x): return x", "import inspect\nnames = {}\nexec(inspect.getsource(f), names)\nassert names['f'](2) == 2", "exec"),
    "source that a function of the test would run": ("def f(x): return x", "import inspect\ndef again(text): return exec(compile(text, 'a', 'exec'))\nagain(inspect.getsource(f))", "exec"),
    "a decorator that is not known": ("def swap(g): return lambda x: x\n@swap\ndef f(x): return x", "import inspect\nassert 'for' not in inspect.getsource(f)", "swap"),
}  # fmt: skip


@pytest.mark.parametrize("name", PERSON)
def test_what_cannot_be_judged_is_for_a_person(graded, name):
    answer, test, words = PERSON[name]
    result = graded(answer, test, template=answer)
    assert result.statuses == ["by hand"], result.messages
    assert words in result.messages[0]


def test_a_class_that_says_it_is_a_librarys_wins_no_points(graded):
    liar = "import re\nclass M:\n    def __eq__(self, o): return True\n    def group(self): return 'no'\nM.__module__, M.__qualname__ = 're', 'Match'\ndef f(s): return M()"
    honest = "import re\ndef f(s): return re.match('a', s)"
    tests = [
        "import re\nm = f('a')\nassert isinstance(m, re.Match)",
        "assert f('a') == 'a'",
        "assert f('a').group() == 'a'",
    ]
    result = graded(liar, *tests, template=honest)
    assert result.scores == [0, 0, 0], result.messages


DOG = """
from types import SimpleNamespace
from unittest.mock import Mock
SECRET = 'withheld-4711'
class Dog:
    kind = 'dog'
    def __init__(self, name): self.name, self._private = name, SECRET
    def bark(self, n): return self.name * n
    def __len__(self): return 5
dog = Dog('rex')
"""
USE = "def f(d): return d\ndef g(d):\n    d.age = 3\n    return d.bark(2) + d.kind + str(len(d))\ndef h(m):\n    m.send('a', n=1)\n    return m.size"


def test_an_object_of_the_tests_own_class_is_used_and_comes_back(graded):
    test = (
        DOG
        + "assert f(dog) is dog and f([dog])[0] is dog\nassert g(dog) == 'rexrexdog5' and dog.age == 3\nm = Mock(size=7)\nassert h(m) == 7\nm.send.assert_called_once_with('a', n=1)\nassert f(SimpleNamespace(a=1)).a == 1\nassert not hasattr(dog, 'x')"
    )
    result = graded(USE, test)
    assert result.scores == [1], result.cells[0].detail or result.messages
    assert graded(USE.replace("d.age = 3", "pass"), test).scores == [0]


THIEF = """
tried = 0
def f(d):
    global tried
    found = []
    ask = object.__getattribute__(d, '_ask')
    for name in ('__globals__', '__dict__', '__class__', '__closure__', '__self__', '__init__', '__code__', '_private', 'bark.__globals__', '__func__', '__reduce__', '__getattribute__'):
        for way in (lambda: getattr(d, name), lambda: getattr(d.bark, name), lambda: ask('get', name), lambda: ask('special', name), lambda: ask('set', name, 1), lambda: d.bark(name)):
            try:
                found.append(repr(way()))
            except Exception as error:
                found.append(repr(error))
            tried += 1
    return ' '.join(found)
"""


def test_no_name_leads_from_an_object_to_the_test(graded):
    test = DOG + "assert SECRET not in f(dog)\nassert tried == 72"
    result = graded(THIEF, test)
    assert result.scores == [1], result.cells[0].detail or result.messages
