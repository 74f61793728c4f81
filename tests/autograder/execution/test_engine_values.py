"""Values cross between a test and the student's code as in one kernel, or words say why not."""

# ruff: noqa: E501 - each submission is one string

import pytest

SAME_AS_IN_ONE_KERNEL = {
    "an array is an array": ("z = np.arange(3.0)", "assert isinstance(z, np.ndarray)\nassert z.sum() == 3"),
    "a number is a number": ("x = 5", "assert x == 5\nassert type(x) is int"),
    "a subclass arrives as the exact type": (
        "class N(list): pass\nx = N([1, 2])",
        "assert isinstance(x, list)\nassert x == [1, 2]",
    ),
    "None is None": ("x = None", "assert x is None"),
    "a dictionary of arrays": (
        "d = {'a': np.ones(2), (1, 2): [3]}",
        "assert d['a'][1] == 1\nassert d[1, 2] == [3]",
    ),
    "a function": (
        "def f(a, b=2): return a * b",
        "assert f(3) == 6\nassert f(3, b=4) == 12\nassert callable(f)",
    ),
    "its signature, name and text": (
        "def f(a, b=2, *c, **d):\n    'Doc.'",
        "import inspect\nassert str(inspect.signature(f)) == '(a, b=2, *c, **d)'\n"
        "assert f.__name__ == 'f' and f.__doc__ == 'Doc.' and inspect.isfunction(f)",
    ),
    "a function that takes functions": (
        "def apply(g, x): return g(x)",
        "assert apply(lambda v: v + 1, 3) == 4\nassert apply(np.sqrt, 9.0) == 3\nassert apply(abs, -1) == 1",
    ),
    "a function that takes the student's own": (
        "def one(): return 1\ndef twice(g): return g() + g()",
        "assert twice(one) == 2",
    ),
    "functions that call each other": (
        "def down(g, n): return 0 if n == 0 else 1 + g(n - 1)",
        "def up(n): return down(up, n)\nassert up(5) == 5",
    ),
    "an exception of a function of the test": (
        "def catch(g):\n    try: g()\n    except ZeroDivisionError: return 'caught'",
        "assert catch(lambda: 1 / 0) == 'caught'",
    ),
    "a function that returns a function": ("def adder(n): return lambda x: x + n", "assert adder(2)(3) == 5"),
    "an exception that a test asserts": (
        "def f(): raise ValueError('no good')",
        "try:\n    f()\nexcept ValueError as error:\n    assert str(error) == 'no good'\nelse:\n    assert False",
    ),
    "an exception class of the student": (
        "class Mine(KeyError): pass\ndef f(): raise Mine('k')",
        "try:\n    f()\nexcept Mine:\n    pass\ntry:\n    f()\nexcept KeyError:\n    pass",
    ),
    "a generator": (
        "def count():\n    got = yield 1\n    yield got",
        "import types\ng = count()\nassert isinstance(g, types.GeneratorType)\nassert next(g) == 1\n"
        "assert g.send(7) == 7\nassert list(count()) == [1, None]",
    ),
    "an iterator": ("m = map(abs, [-1, 2])", "assert list(m) == [1, 2]"),
    "a changed argument": (
        "def change(a, b):\n    a[0] = 9\n    b['k'] = [1]\n    return a",
        "a, b = np.zeros(3), {}\nc = change(a, b)\nassert a[0] == 9 and c is a and b == {'k': [1]}",
    ),
    "a changed list keeps what is in it": (
        "def change(a): a[0].append(1); a.append(2)",
        "inner = []\na = [inner]\nchange(a)\nassert inner == [1] and a == [[1], 2]",
    ),
    "printing": (
        "def hello(): print('hello')",
        "import contextlib, io\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    hello()\n"
        "assert out.getvalue() == 'hello\\n'",
    ),
    "objects of a class": (
        "class P:\n    def __init__(self, x): self.x = x\n    def double(self): return 2 * self.x",
        "p = P(4)\nassert p.x == 4 and p.double() == 8 and isinstance(p, P)\np.x = 5\nassert p.double() == 10\n"
        "assert type(p).__name__ == 'P'",
    ),
    "operators of a class that was asked for": (
        "class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o): return V(self.x + o.x)\n"
        "    def __mul__(self, k): return V(self.x * k)\n    def __eq__(self, o): return self.x == o.x",
        "assert V(1) + V(2) == V(3)\nassert V(2) * 3 == V(6)\nassert not V(1) == V(2)",
    ),
    "a seed of the test": (
        "def draw(): return np.random.rand(2)",
        "np.random.seed(3)\na = draw()\nnp.random.seed(3)\nassert np.array_equal(a, np.random.rand(2))",
    ),
    "a random generator as argument": (
        "def draw(rng): return rng.random()",
        "a, b = np.random.default_rng(1), np.random.default_rng(1)\nassert draw(a) == b.random()\n"
        "assert draw(a) == b.random()",
    ),
    "names in globals()": ("x = 1", "assert 'x' in globals()\nassert 'y' not in globals()"),
    "a name that is missing": ("x = 1", "try:\n    y\nexcept NameError:\n    pass\nelse:\n    assert False"),
    "a named tuple": (
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\np = P(1, 2)",
        "assert p.y == 2 and p == (1, 2)",
    ),
    "a context manager": (
        "import contextlib\n@contextlib.contextmanager\ndef box():\n    yield 4",
        "with box() as four:\n    assert four == 4",
    ),
    "a changed name between cells": ("x = 1", "x = x + 1\nassert x == 2"),
}


@pytest.mark.parametrize("name", SAME_AS_IN_ONE_KERNEL)
def test_rule_4_as_in_one_kernel(graded, name):
    student, test = SAME_AS_IN_ONE_KERNEL[name]
    result = graded(student, test, template=student)
    assert result.messages == [""]
    assert result.scores == [1]


@pytest.mark.parametrize("name", SAME_AS_IN_ONE_KERNEL)
def test_the_same_tests_hold_in_one_kernel(name):
    student, test = SAME_AS_IN_ONE_KERNEL[name]
    names = {"__name__": "__main__"}
    exec("import numpy as np\n" + student, names)
    exec(test, names)


WRONG = {
    "a wrong number": ("x = 4", "assert x == 5, 'x must be 5'", "x must be 5"),
    "a check without words": ("x = 4", "assert x == 5", "a check did not hold"),
    "a missing name": ("y = 1", "assert x == 5", "`x` is not defined"),
    "its own exception": (
        "def f(): raise ValueError('no good')",
        "f()",
        "your code raised ValueError: no good",
    ),
    "an object instead of a number": (
        "class N:\n    def __eq__(self, o): return True\n    __hash__ = None\nx = N()",
        "assert x == 5",
        "expected plain data (a number, text, a list, an array …), got a N object",
    ),
    "an array of an own class's objects": (
        "class A: pass\nx = np.array([A(), 1])",
        "x",
        "an object of type A within a library's data",
    ),
    "a value that contains itself": ("x = []\nx.append(x)", "x", "contains itself"),
    "a changed argument of another shape": (
        "def f(a): a.resize((9,), refcheck=False)",
        "from autograder import checks\na = np.zeros(3)\nwith checks.in_place(a):\n    f(a)",
        "cannot be copied back",
    ),
}


RIGHT = {
    "an array of an own class's objects": "x = np.array([1, 2])",
    "a value that contains itself": "x = []",
    "a changed argument of another shape": "def f(a): a[:] = 1",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_or_cannot_cross_says_so(graded, name):
    student, test, words = WRONG[name]
    result = graded(student, test, template=RIGHT.get(name, student))
    assert result.scores == [0]
    assert result.statuses == ["failed"]
    assert words in result.messages[0]


def test_a_lock_passed_by_the_test_is_no_fault_of_the_answer(graded):
    given = graded("def f(x): pass", "import threading\nf(threading.Lock())")
    assert given.scores == [None]
    assert "the test cannot pass this" in given.messages[0]


def test_an_exercise_may_ask_for_the_name_of_a_builtin_function(graded):
    wrong = graded("def sum(v): return 0", "assert sum([1, 2]) == 3", template="def sum(v): ...")
    right = graded("def sum(v): return v[0] + v[1]", "assert sum([1, 2]) == 3", template="def sum(v): ...")
    assert wrong.scores == [0]
    assert right.scores == [1]


def test_partial_credit(graded):
    tests = [
        "0.5",
        "True",
        "False",
        "2",
        "-1",
        "float('nan')",
        "'text'",
        "np.float64(0.25)",
        "None",
        "x",
        "0.5;",
    ]
    result = graded("x = 0.75", *tests)
    assert result.scores == [0.5, 1, 0, 1, 0, 0, 1, 0.25, 1, 0.75, 1]
    assert result.statuses == [
        "partial",
        "passed",
        "failed",
        "passed",
        "failed",
        "failed",
        "passed",
        "partial",
        "passed",
        "partial",
        "passed",
    ]


def test_cells_show_what_jupyter_shows(graded):
    result = graded(
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\n!echo from a shell\n%time pass\nnp.arange(3)",
        "assert True",
    )
    kinds = [(out["output_type"], out.get("name")) for out in result.result.outputs["s1"]]
    assert ("stream", "stderr") in kinds
    assert kinds[-1] == ("execute_result", None)
    assert all(text in result.shown() for text in ("out\n", "err\n", "from a shell", "array([0, 1, 2])"))


def test_a_semicolon_hides_a_value(graded):
    assert graded("x = 3\nx;", "assert x == 3").result.outputs["s1"] == []


def test_an_error_in_a_cell_is_shown_and_the_next_cells_run(graded):
    result = graded(["1 / 0", "x = 3"], "assert x == 3")
    assert result.scores == [1]
    error = result.result.outputs["s1"][-1]
    assert error["ename"] == "ZeroDivisionError"
    assert any("1 / 0" in line or "ZeroDivisionError" in line for line in error["traceback"])


@pytest.mark.parametrize(
    "student",
    [
        "def f(x):\n    import warnings\n    warnings.warn('slow')\n    return x",
        "import sys\ndef f(x):\n    print('working', file=sys.stderr)\n    return x",
        "def helper(x): return x\ndef f(x): return helper(x)",
        "def f(x):\n    for i in range(300): print('\\r', i, end='')\n    return x",
        "import functools\n@functools.lru_cache\ndef f(x): return x",
        "f = lambda x: x",
        "class F:\n    def __call__(self, x): return x\nf = F()",
        "from functools import partial\nf = partial(lambda y, x: x, 1)",
        "def f(x): return np.int64(x)",
        "import time\ndef f(x):\n    time.sleep(0.3)\n    return x",
        "import threading\nthreading.Thread(target=print).start()\ndef f(x): return x",
        "import subprocess\nsubprocess.run(['true'], check=True)\ndef f(x): return x",
        "from multiprocessing.dummy import Pool\ndef f(x): return Pool(2).map(abs, [x])[0]",
        ["exit()", "def f(x): return x"],
    ],
)
def test_rule_4_other_ways_of_writing_the_answer(graded, student):
    assert graded(student, "assert f(3) == 3").scores == [1]


def test_files_of_the_lab_are_there_for_both_and_the_judges_only_for_the_judge(graded, tmp_path):
    files, judge = tmp_path / "lab", tmp_path / "judge"
    (files / "data").mkdir(parents=True)
    judge.mkdir()
    (files / "data" / "x.txt").write_text("shared")
    (judge / "key.txt").write_text("secret")
    student = """
    import os
    x = open('data/x.txt').read()
    def look(): return [os.environ.get('AUTOGRADER_JUDGE'), os.getcwd()]
    """
    test = f"""
    import os
    assert x == open('data/x.txt').read() == 'shared'
    assert open(os.environ['AUTOGRADER_JUDGE'] + '/key.txt').read() == 'secret'
    assert look()[0] is None and look()[1] != os.getcwd() and {str(judge)!r} == os.environ['AUTOGRADER_JUDGE']
    """
    result = graded(student, test, files=files, judge=judge)
    assert result.messages == [""]


def test_an_instructors_cell_may_use_the_students_names(graded):
    helper = "import numpy as np\nK = 3\nshow = answer_of_student + 1\nL = 4"
    result = graded("answer_of_student = 1", "assert K == 3 and L == 4", helper=helper)
    assert result.scores == [1]


def test_files_that_were_handed_in_are_the_workers_alone(graded, tmp_path):
    own, lab = tmp_path / "own", tmp_path / "lab"
    own.mkdir()
    lab.mkdir()
    (own / "mine.py").write_text("def f(x): return x")
    (own / "data.txt").write_text("changed")
    (lab / "data.txt").write_text("the lab's")
    (own / "math.py").write_text("def sqrt(x): return 7")
    test = "import os\nassert f(3) == 3\nassert data == \"the lab's\"\nassert 'mine.py' not in os.listdir()"
    result = graded("from mine import f\ndata = open('data.txt').read()", test, files=lab, own=own)
    assert result.messages == [""]


MISTAKES = """
from autograder import checks
case = checks.Case("f", {"x": 3}, 6, mistakes={"squared": checks.Mistake(9, "."), "cubed": checks.Mistake(27, ".")})
"""
PARTS = "checks.partial(1, {'a': lambda: checks.agrees(f, case), 'b': lambda: checks.agrees(g, case)})"


@pytest.mark.parametrize(
    ("student", "test", "mistakes"),
    [
        ("def f(x): return x * x", "checks.agrees(f, case)", ("squared",)),
        ("def f(x): return x**3\ndef g(x): return x**2", PARTS, ("cubed", "squared")),
        ("def f(x): return 2 * x\ndef g(x): return x**2", PARTS, ("squared",)),
        ("def f(x): return 2 * x", "checks.agrees(f, case)", ()),
        ("def f(x): return 5", "checks.agrees(f, case)", ()),
        # What a submission says of itself is no record.
        ("def f(x):\n    raise ValueError('This looks like a known mistake: squared.')",
         "checks.agrees(f, case)", ()),
        ("from autograder.checks.grader import Grader, current_grader as c\nc.set(Grader(recognised=['squared']))"
         "\nprint('set', c.get().recognised)\ndef f(x): return 5", "checks.agrees(f, case)", ()),
    ],
)  # fmt: skip
def test_the_judge_records_the_mistakes_that_it_recognised(graded, student, test, mistakes):
    result = graded(student, test, "assert True", helper=MISTAKES)
    first, second = result.cells
    assert first.mistakes == mistakes
    assert second.mistakes == ()
    assert ("set ['squared']" in result.shown()) == ("recognised=['squared']" in student)
