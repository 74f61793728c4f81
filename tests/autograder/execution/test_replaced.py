"""What a test replaces is replaced for the student's call: in one kernel, and by the engine."""

# ruff: noqa: E501 - each submission is one string

import json
import os
import subprocess
import sys
import timeit
import warnings

import numpy as np
import pytest

from autograder.execution.client import _warn
from autograder.execution.replacements import Replacements
from autograder.result import Status
from tests.autograder.execution.test_border import Kind
from tests.autograder.execution.test_engine_rules import LYING

ASK = "def ask(): return int(input('a? ')) + int(input('b? '))"
THROW = "import random\ndef throw(): return random.randint(1, 6)"
KINDS = {
    "a patched input": Kind(
        ASK,
        "from unittest.mock import patch\nwith patch('builtins.input', side_effect=['3', '4']) as fake:\n    assert ask() == 7\nassert fake.call_count == 2 and fake.call_args_list[0].args == ('a? ',)",
        wrong=("def ask(): return int(input('a? ')) * 2 + 1", "def ask(): return 7"),
    ),
    "a decorated test": Kind(
        ASK,
        "from unittest import mock\n@mock.patch('builtins.input', return_value='5')\ndef test(fake):\n    assert ask() == 10\n    assert fake.called\ntest()",
        wrong=("def ask(): return 10", "def ask(): return int(input())"),
    ),
    "an input of the test's own": Kind(
        ASK,
        "answers = iter(['3', '4'])\ninput = lambda prompt='': next(answers)\nassert ask() == 7",
        wrong=("def ask(): return int(input())",),
    ),
    "builtins.input assigned": Kind(
        ASK,
        "import builtins\nold = builtins.input\nbuiltins.input = lambda prompt='': '2'\ntry:\n    assert ask() == 4\nfinally:\n    builtins.input = old",
        wrong=("def ask(): return int(input())",),
    ),
    "__builtins__.input assigned": Kind(
        ASK,
        "old = __builtins__.input\n__builtins__.input = lambda prompt='': '2'\ntry:\n    assert ask() == 4\nfinally:\n    __builtins__.input = old",
        wrong=("def ask(): return int(input())",),
    ),
    "a patched print": Kind(
        "def hello(name): print('Hello', name, sep=', ')",
        "from unittest.mock import patch\nwith patch('builtins.print') as fake:\n    hello('Ada')\nfake.assert_called_once_with('Hello', 'Ada', sep=', ')",
        right=("def hello(name):\n    return print('Hello', name, sep=', ')",),
        wrong=(
            "def hello(name): print('Hello, ' + name)",
            "def hello(name): pass",
            "def hello(name): print('score: 1.0')\n",
        ),
    ),
    "a patched random.randint": Kind(
        THROW,
        "from unittest.mock import patch\nwith patch('random.randint', return_value=4) as fake:\n    assert throw() == 4\nfake.assert_called_with(1, 6)",
        right=("import random\ndef throw():\n    return int(random.randint(1, 6))",),
        wrong=("def throw(): return 4", "import random\ndef throw(): return random.randint(1, 5)"),
    ),
    "a reply that is a Mock": Kind(
        "from urllib import request\ndef stars(name): return request.urlopen(name).json()['stars']",
        "from unittest.mock import patch\nwith patch('urllib.request.urlopen') as fake:\n    fake.return_value.json.return_value = {'stars': 7}\n    assert stars('x') == 7\nfake.assert_called_once_with('x')\nfake.return_value.json.assert_called_once_with()",
        wrong=("def stars(name): return 7",),
    ),
    "patch.object": Kind(
        THROW,
        "import random\nfrom unittest.mock import patch\nwith patch.object(random, 'randint', side_effect=[1, 6]):\n    assert [throw(), throw()] == [1, 6]",
        wrong=("def throw(): return 1",),
    ),
    "an attribute of a module assigned": Kind(
        "import time\ndef wait():\n    t = time.time()\n    time.sleep(5)\n    return t",
        "import time\nold, naps = (time.sleep, time.time), []\ntime.sleep, time.time = naps.append, lambda: 12.5\nassert wait() == 12.5\nassert naps == [5]\ntime.sleep, time.time = old",
        wrong=("import time\ndef wait(): return time.time()",),
    ),
    "monkeypatch by setattr": Kind(
        "import os\ndef place(): return os.getcwd() + '/x'",
        "import os\nold = os.getcwd\nsetattr(os, 'getcwd', lambda: '/home/ada')\nassert place() == '/home/ada/x'\nos.getcwd = old",
        wrong=("import os\ndef place(): return os.getcwd()",),
    ),
    "os.environ": Kind(
        "import os\ndef mode(): return os.environ.get('MODE', 'none')",
        "import os\nfrom unittest.mock import patch\nassert mode() == 'none'\nwith patch.dict(os.environ, {'MODE': 'fast'}):\n    assert mode() == 'fast'\nassert mode() == 'none'\nos.environ['MODE'] = 'slow'\nassert mode() == 'slow'\ndel os.environ['MODE']\nassert mode() == 'none'",
        right=("import os\ndef mode():\n    return os.getenv('MODE', 'none')",),
        wrong=("def mode(): return 'none'",),
    ),
    "sys.stdin and sys.argv": Kind(
        "import sys\ndef total(): return sum(map(int, sys.stdin.read().split())) + len(sys.argv)",
        "import io, sys\nold = sys.stdin, sys.argv\nsys.stdin, sys.argv = io.StringIO('3\\n4\\n'), ['x', 'y']\nassert total() == 9\nsys.stdin, sys.argv = old",
        right=("import sys\ndef total():\n    return sum(int(line) for line in sys.stdin) + len(sys.argv)",),
        wrong=("def total(): return 0",),
    ),
    "what a call prints": Kind(
        "def hello(): print('hello')",
        "import contextlib, io\nfrom unittest.mock import patch\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    hello()\nassert out.getvalue() == 'hello\\n'\nwith patch('sys.stdout', new_callable=io.StringIO) as out:\n    hello()\nassert out.getvalue() == 'hello\\n'",
        wrong=("def hello(): return 'hello'",),
    ),
    "warnings that are recorded": Kind(
        "import warnings\ndef old(x):\n    warnings.warn('use new', DeprecationWarning)\n    return x",
        "import warnings\nwith warnings.catch_warnings(record=True) as log:\n    warnings.simplefilter('always')\n    assert old(3) == 3\n    assert old(4) == 4\nassert len(log) == 2 and 'use new' in str(log[0].message) and issubclass(log[0].category, DeprecationWarning)",
        wrong=(
            "def old(x): return x",
            "import warnings\ndef old(x):\n    warnings.warn('use new')\n    return x",
        ),
    ),
    "warnings that are errors": Kind(
        "import warnings\ndef old(x):\n    warnings.warn('use new')\n    return x",
        "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('error')\n    try:\n        old(3)\n    except UserWarning:\n        pass\n    else:\n        assert False",
        wrong=("def old(x): return x",),
    ),
    "names imported before are not replaced": Kind(
        "from random import randint\ndef throw(): return 0 < randint(1, 6) < 7",
        "from unittest.mock import patch\nwith patch('random.randint', return_value=99):\n    assert throw() is True",
        wrong=("import random\ndef throw(): return 0 < random.randint(1, 6) < 7",),
    ),
    "a replacement ends with its block": Kind(
        "import random\ndef throw(): return random.random()",
        "from unittest.mock import patch\nwith patch('random.random', return_value=9):\n    assert throw() == 9\nassert throw() < 1",
        wrong=(
            "import random\nkept = []\ndef throw():\n    kept.append(random.random)\n    return kept[0]()",
        ),
    ),
}


ONE_KERNEL = "import sys, json\nfor answer in json.loads(sys.argv.pop()):\n    exec(answer)\n"


def _passes_in_one_kernel(answer, test):
    code = [sys.executable, "-c", ONE_KERNEL, json.dumps([f"{answer}\n{test}"])]
    return subprocess.run(code, check=False, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_test_replaces_what_the_students_code_uses(graded, kind):
    answers = [(answer, 1) for answer in (kind.solution, *kind.right)] + [
        (answer, 0) for answer in kind.wrong
    ]
    for answer, score in answers:
        result = graded(answer, kind.test, template=kind.solution)
        assert result.scores == [score], (answer, result.messages)
        assert _passes_in_one_kernel(answer, kind.test) is (score == 1), answer


PATCHED = "from unittest.mock import patch\nwith patch('builtins.{}'{}) as fake:\n    {}\n{}"


def test_a_patched_print_that_is_given_a_score_gives_none(graded):
    test = PATCHED.format("print", "", "assert f(3) == 9", "0")
    student = "def f(x):\n    print(1.0)\n    print('1.0 of 1 points', 'passed')\n    return 9"
    assert graded(student, test).scores == [0]


def test_a_callback_that_is_kept_is_of_no_use_after_the_call(graded):
    student = """
    import threading
    told, kept = [], []
    def f(x):
        if not kept:
            kept.append(input)
            return input()
        try: kept[0]()
        except RuntimeError as error: return 'refused' if 'after' in str(error) else str(error)
        return 'within'
    def later():
        import time
        time.sleep(0.2)
        try: told.append(kept[0]())
        except RuntimeError as error: told.append(str(error))
    def g():
        threading.Thread(target=later).start()
        return 1
    def h():
        import time
        time.sleep(0.5)
        return list(told)
    """
    first = PATCHED.format("input", ", return_value='a'", "assert f(1) == 'a'", "seen = fake")
    later = "assert f(1) == 'refused' and f(lambda: 3) == 'refused'\nassert seen.call_count == 1"
    thread = (
        "import time\nassert g() == 1\ntime.sleep(0.5)\nassert 'after' in h()[0]\nassert seen.call_count == 1"
    )
    result = graded(student, first, later, thread)
    assert result.scores == [1, 1, 1], result.messages


def test_a_million_questions_end_at_the_limit_of_time(graded):
    student = "def f():\n    for _ in range(10 ** 6): input()\n    return 1\ndef g(): return 2"
    test = PATCHED.format("input", ", return_value='a'", "assert f() == 1", "assert fake.called")
    result = graded(student, test, "assert g() == 2")
    assert result.scores == [0, 1], result.messages
    assert "did not return within" in result.messages[0]


def test_what_the_students_code_replaces_itself_stays_its_own(graded):
    student = """
    import builtins
    real = builtins.print
    def f():
        builtins.print = lambda *a, **k: real('mine')
        print('x')
    def restored(): return builtins.print is real
    """
    test = PATCHED.format("print", "", "f()", "assert not fake.called and restored()")
    assert graded(student, test, "assert restored()").scores == [1, 1]


def test_a_replaced_function_tells_nothing_but_its_answers(graded):
    student = """
    def f():
        names = {name for name in dir(input) if not name.startswith('__')}
        cells = [cell.cell_contents for cell in getattr(input, '__closure__', None) or ()]
        return [sorted(names), 'sesame' in repr(cells), hasattr(input, 'return_value'), input()]
    """
    test = "secret = 'sesame'\n" + PATCHED.format(
        "input", ", return_value='open'", "assert f() == [[], False, False, 'open']", "assert fake.called"
    )
    assert graded(student, test).messages == [""]


def test_what_only_looks_like_a_replacement_is_not_told(graded):
    # the state of a module that the test uses stays in the judge
    student = "import random, os\ndef seen(): return [hasattr(random, 'answer'), 'ANSWER' in os.environ, 'answer' in globals()]"
    test = (
        "import random, os\nvars(random)['answer'] = 42\nanswer = 42\nassert seen() == [False, False, False]"
    )
    assert graded(student, test).messages == [""]


@pytest.mark.parametrize(
    "warned",
    ["3", "('a',)", "((1, 'a', 1),)", "(('a', 'b', 'c'),)", "(('a', 'b', True),)", "(['a', 'b', 1],)"],
)
def test_a_reply_whose_warnings_are_none_is_refused(graded, warned):
    student = LYING.replace("{reply}", "Reply(ReplyKind.VALUE, [0])")
    student = student.replace("Reply(", "Lying(").replace(
        "def f",
        f"class Lying(Reply):\n    def to_plain(self): return super().to_plain() | {{'warned': {warned}}}\ndef f",
        1,
    )
    result = graded(student, "f(3)")
    assert result.scores == [0]
    assert "damaged" in result.messages[0] or "cannot be used" in result.messages[0]


@pytest.mark.parametrize("category", ["os:system", "builtins:open", "SystemExit", "numpy:ndarray", "x.y:Z"])
def test_a_warning_of_no_category_is_a_users(category):
    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        _warn(category, "text", -5)
    assert [one.category for one in log] == [UserWarning]


def test_a_name_that_only_the_test_sets_is_for_a_person(graded):
    student = "def scaled(x): return x * factor\ndef other(x): return x * fctor"
    tests = [f"factor = 3\nassert {name}(2) == 6" for name in ("scaled", "other")]
    right, wrong = graded(student, *tests).cells
    assert (right.score, right.status) == (None, Status.BY_HAND)
    assert "the code reads `factor`, which only a test sets" in right.message
    assert (wrong.score, wrong.message) == (0, "your code raised NameError: name 'fctor' is not defined")


def test_where_nothing_is_replaced_nothing_is_sent_and_little_is_looked_at():
    replacements = Replacements({"np": np, "os": os}, frozenset)
    replacements.begin_test("import os, random\nfor x in range(3):\n    assert np.mean(f([x])) == x")
    assert replacements.current() == {}
    seconds = min(timeit.repeat(replacements.current, number=1000, repeat=20)) / 1000
    assert seconds < 20e-6  # about half a microsecond on a quiet core


ZEROING = """
def zero(value, seen=()):
    import numpy as np, pandas as pd
    if id(value) in seen: return
    seen = (*seen, id(value))
    if isinstance(value, np.ndarray):
        value.fill(0)
        if value.base is not None: value.base.fill(0)
    elif isinstance(value, pd.DataFrame): value[:] = 0
    elif isinstance(value, dict):
        for key in value: zero(value[key], seen); value[key] = 0
    elif isinstance(value, list):
        for part in value: zero(part, seen)
        value[:] = [0] * len(value)
    elif isinstance(value, tuple):
        for part in value: zero(part, seen)
    elif hasattr(value, '__dict__'):
        for key in vars(value): zero(vars(value)[key], seen); setattr(value, key, 0)
    return 0
def f(*values):
    for value in values: zero(value)
    return 0
"""


@pytest.mark.parametrize(
    ("solution", "test"),
    [
        ("def f(x): return sum(map(sum, x))", "x = [[1, 2], [3]]\nassert f(x) == sum(map(sum, x))"),
        ("def f(x): return sum(x['a'])", "x = {'a': [1, 2]}\nassert f(x) == sum(x['a'])"),
        ("def f(x): return sum(x[0])", "x = ([1, 2], 3)\nassert f(x) == sum(x[0])"),
        ("def f(x): return x.sum()", "whole = np.ones(4)\nx = whole[1:3]\nassert f(x) == x.sum() == whole.sum() / 2"),
        ("def f(x): return x[0].sum()", "x = [np.ones(4)]\nassert f(x) == x[0].sum()"),
        ("def f(p): return sum(p.xs)\nclass P:\n    def __init__(self): self.xs = [1, 2]", "p = P()\nxs = p.xs\nassert f(p) == sum(xs)"),
        ("def f(x): return x.a.sum()", "import pandas as pd\nx = pd.DataFrame({'a': [1, 2]})\nassert f(x) == x.a.sum()"),
    ],
    ids=["rows", "values of a dictionary", "a part of a tuple", "a view", "arrays in a list", "attributes", "a table"],
)  # fmt: skip
def test_inputs_that_are_zeroed_in_place_earn_nothing(graded, solution, test):
    zeroing = solution + ZEROING
    if "pandas" in test:
        pytest.importorskip("pandas", reason="tables need pandas")
    else:
        zeroing = zeroing.replace(", pandas as pd", "").replace("pd.DataFrame", "()")
    right, wrong = (graded(student, test, template=solution) for student in (solution, zeroing))
    assert wrong.scores in ([0], [None])
    if "pandas" not in test:
        assert right.scores == [1], right.messages
