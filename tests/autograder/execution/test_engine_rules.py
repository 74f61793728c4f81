"""Submissions that break the bounds of a notebook get what they deserve."""

# ruff: noqa: E501 - each submission is one string

import contextlib
import os
import threading
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.execution.engine import Engine, ForkServerError
from autograder.execution.exchange import Exchange
from autograder.execution.spec import GradingSpec, Submission
from autograder.result import Result, Status
from tests.autograder.conftest import FAST, cell
from tests.timed import timed

RIGHT = "def f(x): return x"
TEST = "assert f(3) == 3"


def family():
    """Processes below this one, the fork server's included."""
    with contextlib.suppress(FileNotFoundError):
        found, pending = set(), [os.getpid()]
        while pending:
            one = pending.pop()
            with contextlib.suppress(OSError):
                for task in os.listdir(f"/proc/{one}/task"):
                    children = Path(f"/proc/{one}/task/{task}/children").read_text().split()
                    pending += map(int, children)
                    found |= set(map(int, children))
        return found


def gone(before):
    """Whether all that was started since is gone, at the latest after a few seconds."""
    deadline = time.monotonic() + 3
    while not family() <= before and time.monotonic() < deadline:
        pass
    return family() <= before


# Rule 1: nothing of a submission runs in the judge.

LIARS = {
    "equal to everything": "class L:\n    def __eq__(self, o): return True\n    __hash__ = None",
    "a number that equals everything": "class L(int):\n    def __eq__(self, o): return True\n    __hash__ = int.__hash__",
    "text that equals everything": "class L(str):\n    def __eq__(self, o): return True\n    __hash__ = str.__hash__",
    "an array that is close to everything": (
        "class L(np.ndarray):\n    def __new__(cls): return np.zeros(1).view(cls)\n"
        "    def __array_ufunc__(self, *a, **k): return np.bool_(True)\n"
        "    def __array_function__(self, *a, **k): return True\n    def __eq__(self, o): return True"
    ),
    "differs from nothing": (
        "class L:\n    def __sub__(self, o): return 0\n    __rsub__ = __sub__\n    def __abs__(self): return 0\n"
        "    def __lt__(self, o): return True\n    __le__ = __gt__ = __ge__ = __eq__ = __lt__\n    __hash__ = None"
    ),
    "an array of its own making": "class L:\n    def __array__(self, *a, **k): return np.full((), 5.0)",
    "contains everything": "class L(list):\n    def __init__(self): self.append(0)\n    def __contains__(self, o): return True\n    def __eq__(self, o): return True",
    "says what it is asked to say": "class L:\n    __class__ = int\n    def __eq__(self, o): return True\n    __hash__ = None",
    "lies about its instances": (
        "class M(type):\n    def __instancecheck__(cls, o): return True\n    def __eq__(cls, o): return True\n"
        "    __hash__ = None\nclass L(metaclass=M):\n    def __eq__(self, o): return True\n    __hash__ = None"
    ),
    "an exception that equals everything": "class L(Exception):\n    def __eq__(self, o): return True\n    __hash__ = None",
}


@pytest.mark.parametrize("name", LIARS)
def test_rule_1_an_answer_is_compared_by_the_judge_alone(graded, name):
    student = LIARS[name] + "\nx = L()\ndef f(*a): return L()"
    result = graded(
        student,
        "assert x == 5",
        "assert f(2) == 5",
        "assert np.allclose(f(2), 5.5)",
        "assert abs(f(2) - 5) < 1e-9",
        "assert 5 in [f(2)]",
        "assert np.array_equal(f(2), [5, 6])",
        "assert f(2) in (5, 6)",
        "assert {5: 1}[f(2)]",
        "assert not (f(2) != 5)",
        "np.testing.assert_equal(f(2), 5)",
    )
    assert result.scores == [0] * 10


def test_rule_1_patched_libraries_and_hooks_of_the_worker_do_not_reach_the_judge(graded):
    result = graded(
        """
        import builtins, sys
        np.allclose = np.array_equal = lambda *a, **k: True
        np.testing.assert_allclose = lambda *a, **k: None
        builtins.isinstance = builtins.all = builtins.abs = lambda *a: True
        def all(*a): return True
        def isinstance(*a): return True
        def assert_right(*a): pass
        shell = get_ipython()
        shell.ast_transformers.clear()
        shell.input_transformers_post.append(lambda lines: ["pass\\n"])
        shell.run_cell = shell.run_code = lambda *a, **k: None
        sys.settrace(lambda *a: None)
        def f(x): return 7
        """,
        TEST,
        "assert np.allclose(f(3), 3)",
        "assert all([f(3) == 3])",
        "assert isinstance(f(3), str)",
        "np.testing.assert_allclose(f(3), 3)",
        "assert_right(f(3), 3)\nassert f(3) == 3",
    )
    assert result.scores == [0] * 6


def test_rule_1_what_a_worker_says_it_is_stays_data(graded):
    student = """
    import autograder.protocol.serialization, autograder.protocol.values, builtins, gc
    from autograder.protocol.serialization import Tagged
    from autograder.execution.worker import Worker
    worker = next(o for o in gc.get_objects() if type(o) is Worker)
    kinds = ["named", "module", "function", "pickle", "class", "exception", "model", "graph", "named tuple", "tensor"]
    def f(n):
        return Tagged(kinds[n], "os:system" if n else "builtins:eval")
    def g(n):
        body = {"reference": -1, "name": "__import__('os')", "type_name": "x; y", "base": "SystemExit", "doc": "",
                "text": "", "shortcut": False, "signature": [[1]]}
        return Tagged(kinds[n], body)
    """
    test = """
    import os, types
    for call in (f, g):
        for n in range(10):
            try:
                value = call(n)
            except TypeError:
                continue
            except Exception as error:
                assert getattr(error, "from_student", False) is False, error
                continue
            assert value is not os.system and value is not eval and not isinstance(value, types.BuiltinFunctionType)
            assert type(value).__module__ != "posix"
    """
    assert graded(student, test).messages == [""]


def test_rule_1_a_value_beyond_the_bounds_costs_its_question_only(graded):
    student = """
    def big(): return np.zeros(10**7)
    def many(): return [0] * 10**6
    def deep():
        a = []
        for _ in range(500): a = [a]
        return a
    def wide(): return "x" * 10**8
    def f(x): return x
    """
    result = graded(student, "big()", "many()", "deep()", "wide()", TEST, value_bytes=2**24)
    assert result.scores == [0, 0, 0, 0, 1]
    assert "larger than 16,777,216 bytes" in result.messages[0]
    assert "more than 500,000 elements" in result.messages[1]
    assert "nested deeper" in result.messages[2]


# Rule 2: nothing of the tests is in the worker.

SEARCH = """
import gc, os, sys, inspect, pathlib
def everything():
    seen = []
    for o in gc.get_objects():
        try:
            if isinstance(o, (str, bytes)): seen.append(o)
            elif isinstance(o, dict): seen += [v for v in list(o.values()) if isinstance(v, (str, bytes))]
            elif isinstance(o, (list, tuple)): seen += [v for v in o if isinstance(v, (str, bytes))]
        except Exception: pass
    frame = sys._getframe()
    while frame:
        seen += [v for v in frame.f_locals.values() if isinstance(v, (str, bytes))]
        frame = frame.f_back
    return [s if isinstance(s, str) else s.decode("latin1") for s in seen]
MARK = "hidden" + "-needle"
def memory():
    found = 0
    for line in open("/proc/self/maps"):
        place, rights = line.split()[:2]
        if "r" not in rights or "[v" in line: continue
        a, b = (int(n, 16) for n in place.split("-"))
        try:
            with open("/proc/self/mem", "rb") as m:
                for start in range(a, b, 2**22):
                    m.seek(start)
                    found += m.read(min(2**22, b - start)).count(MARK.encode())
        except (OSError, OverflowError, ValueError): pass
    return found
def look(x):
    out = []
    out += [s[:50] for s in everything() if MARK in s and len(s) > len(MARK)]
    for root in ("/tmp", "/root", "/home", "/var", "/etc", "/proc", "/opt", "/srv", "/run", "/dev"):
        for folder, _, files in os.walk(root):
            if folder.startswith("/proc/") and not folder.startswith("/proc/self"): pass
            for name in files:
                path = os.path.join(folder, name)
                if "python" in path or name in ("kmsg", "mem") or "/proc/" in path and "/fd" not in path: continue
                try:
                    if os.path.getsize(path) < 10**6 and MARK in open(path, errors="replace").read(10**6): out.append(path)
                except OSError: pass
    out += [k for k, v in os.environ.items() if MARK in v]
    return out
"""


def test_rule_2_no_source_value_or_file_of_the_tests_is_in_the_worker(graded, tmp_path):
    judge = tmp_path / "judge"
    judge.mkdir()
    (judge / "reference.txt").write_text("hidden-needle-file")
    secret = (
        "EXPECTED = 'hidden-needle-value'  # hidden-needle-source\nseen = look(1)\nassert seen == [], seen"
    )
    result = graded(
        SEARCH,
        secret,
        "assert memory() <= 1, memory()",
        judge=judge,
        call_seconds=60,
        question_seconds=60,
        submission_seconds=120,
        memory_bytes=2**31,
    )
    assert result.messages == ["", ""]


@pytest.mark.parametrize(
    "student",
    [
        "import os\nx = os.listdir(os.path.expanduser('~root'))",
        "x = open('/etc/passwd').read()",
        "import os\nassert [p for p in os.listdir('/proc') if p.isdigit() and int(p) != os.getpid()]\nx = 1",
        "import os\nassert os.getppid()\nx = os.kill(os.getppid(), 0)",
        "import socket\nx = socket.socket()",
        "import socket\nx = socket.create_connection(('127.0.0.1', 22), 1)",
        "import urllib.request\nx = urllib.request.urlopen('http://127.0.0.1/')",
        "import ctypes, os\nassert ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0\nx = 1",
        "import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0\nx = 1",
        "import sys\nopen(sys.prefix + '/x.pth', 'w')\nx = 1",
        "import numpy\nopen(numpy.__file__, 'a')\nx = 1",
        "import os\nos.setuid(0)\nx = 1",
        "import os\nx = os.memfd_create('x')",
    ],
)
def test_rule_2_the_sandbox_refuses(graded, student):
    result = graded(student, "x")
    assert result.scores == [0]
    assert result.result.outputs["s1"][-1]["output_type"] == "error"


def test_rule_2_messages_show_no_expected_value_and_no_source(graded):
    tests = [
        "secret_name = 41.25\nassert f(3) == secret_name",
        "np.testing.assert_allclose(f(3), 41.25)",
        "np.testing.assert_array_equal(f(3), np.array([41.25, 2]))",
        "import unittest\nunittest.TestCase().assertEqual(f(3), 41.25)",
        "import unittest\nunittest.TestCase().assertIn(f(3), [41.25])",
    ]
    result = graded(RIGHT, *tests)
    assert result.scores == [0] * 5
    for one in result.cells:
        shown = one.message + str(one.outputs)
        assert "41.25" not in shown
        assert "secret_name" not in shown
        assert "assert " not in shown
        assert "41.25" in one.detail or "assert f(3) == secret_name" in one.detail
    assert "41.25" not in str(result.result.outputs)


# Rule 3: a score comes only from the judge's own record of a pass.


@pytest.mark.parametrize(
    "student",
    [
        "def f(x):\n    import os\n    os._exit(0)",
        "def f(x): raise SystemExit(0)",
        "def f(x): raise KeyboardInterrupt",
        "def f(x): raise GeneratorExit",
        "def f(x): raise StopIteration",
        "def f(x): exit()",
        "def f(x):\n    import sys, os\n    os.closerange(0, 200)",
        "def f(x):\n    import os\n    [os.write(n, b'\\x0b' + b'\\0' * 8) for n in range(3, 20) if os.path.exists(f'/proc/self/fd/{n}')]",
        "def f(x):\n    print('passed')\n    return None",
        "def f(x):\n    from IPython.display import display\n    display(3.0)",
        "from IPython import get_ipython\nget_ipython().showtraceback = lambda *a, **k: None\ndef f(x): raise ValueError",
        "class E(BaseException): pass\ndef f(x): raise E",
        "def f(x):\n    class E(AssertionError):\n        def __str__(self): raise ValueError\n    raise E",
    ],
)
def test_rule_3_no_way_out_of_a_test_is_a_pass(graded, student):
    result = graded(
        student,
        TEST,
        "try:\n    ok = f(3) == 3\nexcept Exception:\n    ok = False\nassert ok",
        "try:\n    f(3)\nexcept Exception:\n    pass\nassert f(3) == 3",
    )
    assert result.scores == [0, 0, 0]


def test_rule_3_a_test_that_expects_an_error_is_not_passed_by_the_end_of_the_process(graded):
    test = "try:\n    f(-1)\nexcept Exception:\n    pass"
    assert graded("def f(x): raise ValueError('x')", test).scores == [1]
    assert graded("import os\ndef f(x): os._exit(0)", test).scores == [0]
    assert graded("def f(x):\n    while True: pass", test).scores == [0]
    assert graded("import ctypes\ndef f(x): ctypes.string_at(0)", test).scores == [0]


@pytest.mark.parametrize("submission", [None, b"", b"{}", b"\xff", b"[1", new_notebook()])
def test_rule_3_nothing_handed_in_is_no_point(engine, submission):
    source = new_notebook(cells=[cell("assert True", "t", grade=True, locked=True, points=2)])
    result = engine.grade(GradingSpec(source, FAST), Submission(submission))
    assert result.cells["t"].score == 0
    assert result.cells["t"].status == "not run"
    assert result.cells["t"].message.startswith("not run: ")
    assert Result.from_json(result.to_json()) == result


def test_rule_3_a_test_cannot_be_answered_by_its_own_helpers_renamed(graded):
    helper = "import numpy as np\ndef check(a, b): assert a == b, 'differs'\nLIMIT = 2"
    student = "def check(a, b): pass\nLIMIT = 10**9\nnp = 3\ndef f(x): return 7"
    result = graded(
        student, "check(f(3), 3)", "assert f(3) < LIMIT", "assert np.sum(f(3)) == 3", helper=helper
    )
    assert result.scores == [0, 0, 0]


def test_rule_3_what_a_failed_test_did_not_set_does_not_come_from_the_submission(graded):
    student = "limit = 10**9\ndef f(x): return 7\ndef close(a, b): return True"
    first = "assert f(3) == 3\nlimit = 2\ndef close(a, b): return a == b"
    result = graded(student, first, "assert f(3) < limit", "assert close(f(3), 3)")
    assert result.scores == [0, 0, 0]
    assert "`limit` is set by an earlier test" in result.messages[1]


def test_rule_3_what_a_failed_cell_of_the_instructor_did_not_set_does_not_come_from_the_submission(graded):
    helper = "import numpy as np\nlimit = int(open('no such file').read())"
    result = graded("limit = 10**9\ndef f(x): return 7", "assert f(3) < limit", helper=helper)
    assert (result.statuses, result.scores) == ([Status.BY_HAND], [None])
    assert "the instructor's cell that sets `limit` failed" in result.messages[0]


# Rule 5: a submission decides only its own score, and costs at most the question it happens in.

ENDLESS = "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
COSTS_ITS_QUESTION = {
    "an endless loop": ("def g():\n    while True: pass", "timeout"),
    "an endless loop that swallows interrupts": (ENDLESS.replace("f(x)", "g()"), "timeout"),
    "an endless loop behind a blocked signal": (
        "def g():\n    import signal\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass",
        "timeout",
    ),
    "endless memory": (
        "def g():\n    a = []\n    while True: a.append(bytearray(10**6))",
        "failed limit timeout",
    ),
    "endless memory in many processes": (
        "def g():\n    import os, time\n    for _ in range(5):\n        if os.fork() == 0:\n"
        "            a = bytearray(150 * 2**20)\n            time.sleep(60)\n    time.sleep(60)",
        "limit timeout",
    ),
    "endless forks": (
        "def g():\n    import os\n    while True:\n        try: os.fork()\n        except OSError: pass",
        "limit timeout failed",
    ),
    "endless threads": (
        "def g():\n    import threading, time\n    while True:\n        try: threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "        except RuntimeError: pass",
        "timeout limit",
    ),
    "a full disk": (
        "def g():\n    n = 0\n    while True:\n        open(str(n), 'wb').write(bytes(10**8))\n        n += 1",
        "failed timeout",
    ),
    "endless files": (
        "def g():\n    n = 0\n    while True:\n        open(str(n), 'w').close()\n        n += 1",
        "failed timeout",
    ),
    "endless output": ("def g():\n    while True: print('x' * 1000)", "timeout"),
    "endless output of another process": (
        "def g():\n    import subprocess\n    subprocess.run(['yes'])",
        "timeout failed",
    ),
    "endless recursion": ("def g(): return g()", "failed"),
    "endless recursion in C": (
        "def g():\n    import sys\n    sys.setrecursionlimit(10**9)\n    f = lambda: f()\n    f()",
        "failed limit timeout",
    ),
    "a null pointer": ("def g():\n    import ctypes\n    ctypes.string_at(0)", "failed"),
    "an end": ("def g():\n    import os\n    os._exit(0)", "failed"),
    "an abort": ("def g():\n    import os\n    os.abort()", "failed"),
    "endless open files": (
        "def g():\n    import os\n    while True: os.open('/dev/null', 0)",
        "failed limit",
    ),
    "children that come back": (
        "def g():\n    import os\n    for _ in range(5): os.fork()\n    return 1",
        "failed",
    ),
    "killing all that it sees": (
        "def g():\n    import os, signal\n    os.kill(-1, signal.SIGKILL)\n    os.kill(os.getpid(), signal.SIGKILL)\n    while True: pass",
        "failed limit timeout",
    ),
    "pausing itself": (
        "def g():\n    import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)\n    import time\n    time.sleep(60)",
        "timeout",
    ),
    "closed descriptors": (
        "def g():\n    import os\n    os.closerange(0, 300)\n    while True: pass",
        "failed timeout",
    ),
    "a sleep": ("def g():\n    import time\n    time.sleep(60)", "timeout"),
    "an endless generator": ("def g():\n    while True: yield 1", "timeout"),
    "an endless str": (
        "class S:\n    def __str__(self):\n        while True: pass\ndef g(): return str(S())",
        "timeout",
    ),
}


@timed
@pytest.mark.parametrize("name", COSTS_ITS_QUESTION)
def test_rule_5_what_never_ends_or_crashes_costs_its_question_only(graded, name):
    student, statuses = COSTS_ITS_QUESTION[name]
    before = family()
    test = "for _ in g(): pass" if "generator" in name else "g()\nassert False"
    result = graded(RIGHT + "\n" + student, TEST, test, TEST)
    assert result.scores == [1, 0, 1], result.messages
    assert result.statuses[1] in statuses.split(), result.messages
    assert result.messages[1]
    assert gone(before)


@timed
@pytest.mark.parametrize("name", COSTS_ITS_QUESTION)
def test_rule_5_the_same_in_a_cell_costs_the_cell_only(graded, name):
    if "generator" in name:
        pytest.skip("a generator does nothing in a cell")
    student, _ = COSTS_ITS_QUESTION[name]
    result = graded(["z = 4", student + "\ng()", RIGHT], TEST, "assert z == 4", cell_seconds=1.5)
    assert result.scores == [1, 1], result.messages
    assert result.result.outputs["s2"], "the cell says what happened"


@timed
def test_rule_5_nothing_that_it_started_outlives_it(graded):
    student = """
    import os, subprocess, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    def f(x): return x
    """
    before = family()
    assert graded(student, TEST).scores == [1]
    assert gone(before)


def test_rule_5_scratch_directories_are_removed(graded, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    student = (
        "import os\nos.makedirs('a/b')\nopen('a/b/c', 'w').close()\nos.chmod('a', 0)\ndef f(x): return x"
    )
    assert graded(student, TEST).scores == [1]
    assert list(tmp_path.iterdir()) == []


@timed
def test_rule_5_a_question_has_its_own_time(graded):
    student = "import time\ndef f(x):\n    time.sleep(0.4)\n    return x"
    result = graded(student, "for _ in range(100): f(1)", TEST, question_seconds=1.2)
    assert result.statuses == ["timeout", "passed"]
    assert "this question took longer than 1.2 s" in result.messages[0]
    assert "question_seconds" in result.result.limits_hit


@timed
def test_rule_5_a_test_that_computes_too_long_itself_is_stopped(graded):
    result = graded(
        RIGHT,
        "while True: pass",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        TEST,
        question_seconds=1,
    )
    assert result.statuses == ["timeout", "timeout", "passed"]


@timed
def test_rule_5_a_submission_has_its_own_time_and_every_cell_its_row(graded):
    result = graded(ENDLESS, TEST, TEST, TEST, TEST, submission_seconds=4)
    assert sum(result.scores) == 0
    assert result.statuses[0] == "timeout"
    assert result.statuses[-1] == "not run"
    assert "ran longer than 4 s" in result.messages[-1]
    assert result.result.reason


def test_rule_5_a_worker_is_not_started_again_without_end(graded):
    result = graded("import os\ndef f(x): os._exit(0)", *[TEST] * 6, restarts=3)
    assert result.statuses == ["failed"] * 4 + ["not run"] * 2
    assert "is not started again" in result.messages[-1]


def test_rule_5_what_earlier_cells_did_is_there_after_a_crash(graded):
    student = ["import os\ncount = 1", "count += 1", "def f(x): os._exit(0)"]
    result = graded(student, "assert count == 2\nf(1)", "assert count == 2")
    assert result.scores == [0, 1]


def test_rule_5_a_crash_of_the_judge_costs_its_question_only(graded):
    setup = "kept = 5"
    result = graded(RIGHT, setup, "import os\nos._exit(0)", "assert kept == 5\nassert f(3) == 3")
    assert result.scores == [1, 0, 1]


@timed
def test_rule_5_submissions_beside_each_other_do_not_see_each_other(graded):
    results = {}

    def one(name, student):
        results[name] = graded(student, TEST).scores

    students = {"endless": ENDLESS, "forks": "import os\nwhile True: os.fork()", "a": RIGHT, "b": RIGHT}
    threads = [threading.Thread(target=one, args=item) for item in students.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {"endless": [0], "forks": [0], "a": [1], "b": [1]}


# Rule 6: an interrupted run loses nothing (what belongs to the engine: it starts again what died).


def test_rule_6_a_killed_fork_server_is_started_again(graded, engine):
    assert graded(RIGHT, TEST).scores == [1]
    servers = [server for entry in engine._servers._entries.values() for server in entry.servers.values()]
    assert servers
    for server in servers:
        os.kill(server.pid, 9)
    assert graded(RIGHT, TEST).scores == [1]


def test_rule_6_a_killed_worker_is_started_again(graded, monkeypatch):
    killed = []
    forward = Exchange._forward

    def kill_first(self, *args):
        if not killed:
            for one in family():
                names = next(x for x in Path(f"/proc/{one}/status").read_text().splitlines() if "NSpid" in x)
                if names.split()[-1] == "1" and "worker-" in os.readlink(f"/proc/{one}/cwd"):
                    killed.append(one)
                    os.kill(one, 9)
        return forward(self, *args)

    monkeypatch.setattr(Exchange, "_forward", kill_first)
    result = graded(RIGHT, TEST, TEST)
    if not killed:
        pytest.skip("the machine gives no process ids of its own to a worker")
    assert result.scores == [0, 1]
    assert "was stopped" in result.messages[0]


def test_an_engine_without_a_fork_server_starts_one(graded, engine):
    engine.close()
    assert graded(RIGHT, TEST).scores == [1]


def test_a_module_that_cannot_be_preloaded_is_named():
    with Engine() as engine, pytest.raises(ForkServerError, match="no_such_module"):
        engine.grade(GradingSpec(new_notebook(), preload=("no_such_module",)), Submission(new_notebook()))


def test_the_result_has_every_graded_cell_and_names_what_is_graded_by_hand(engine):
    source = nbformat.v4.new_notebook(
        cells=[
            cell("pass", "a", solution=True),
            cell("assert True", "t", grade=True, locked=True, points=2),
            cell("why", "w", grade=True, solution=True, points=3),
        ]
    )
    result = engine.grade(GradingSpec(source, FAST), Submission(source))
    assert {name: (one.score, one.status) for name, one in result.cells.items()} == {
        "t": (2, "passed"),
        "w": (None, "by hand"),
    }


LYING = """
import gc
from autograder.execution.worker import Worker
from autograder.protocol.messages import Reply
from autograder.protocol.operations import Operation, ReplyKind
honest = Worker._perform
told = []
def lie(self, request, payload):
    if request.operation is Operation.CALL:
        told.append(request.operation)
        return {reply}
    return honest(self, request, payload)
Worker._perform = lie
def f(x): return 0
"""


@pytest.mark.parametrize(
    "reply",
    ["Reply(ReplyKind.STOPPED, 1)", "Reply(ReplyKind.MISSING)"],
)
def test_rule_7_a_reply_says_nothing_that_its_operation_cannot_give(graded, reply):
    result = graded(
        LYING.replace("{reply}", reply),
        "assert all(f(x) == x for x in (1, 2))",
        "assert [a == b for a, b in zip(map(f, (1, 2)), (1, 2))] in ([], [True, True])",
        "assert len(told) >= 2",
    )
    assert result.scores == [0, 0, 1], result.messages


def test_a_call_that_does_not_return_is_named_with_its_arguments(graded):
    code = "def f(x, size, name='a'):\n    while True: pass"
    tests = "f(np.zeros((2, 3)), 4, name='b')", "f(np.zeros(2), 4)"
    ended = graded(code, *tests, call_seconds=0.5)
    assert ended.statuses == ["timeout", "timeout"]
    assert ended.messages[0] == (
        "a call of your code did not return within 0.5 s: f(float64 array of shape (2, 3), 4, name='b')"
    )


def test_a_shortcut_that_the_answer_hides_is_refused_in_the_same_words(graded):
    hides = (
        "import statistics\ndef f(x):\n    try: return statistics.mean(x)\n    except BaseException: return 2"
    )
    open_ = "import statistics\ndef f(x): return statistics.mean(x)"
    test = "from autograder import checks\nwith checks.on_your_own('statistics'):\n    assert f([1, 3]) == 2"
    said = [graded(code, test).messages[0] for code in (hides, open_)]
    assert said[0] == said[1]
    assert said[0].startswith("Your answer calls statistics.mean, which already")


def test_what_a_test_notes_for_a_person_is_kept_and_not_shown(graded):
    note = "from autograder import checks\nchecks.worth_a_look('odd: ' + str(f(3)))\nassert f(3) == 3"
    kept = graded(RIGHT, note, TEST)
    assert kept.scores == [1, 1]
    assert [cell.looks for cell in kept.cells] == [("odd: 3",), ()]
    assert "odd" not in str([(cell.outputs, cell.message) for cell in kept.cells])
    forged = "from autograder import checks\ndef f(x):\n    checks.worth_a_look('mine')\n    return x"
    assert [cell.looks for cell in graded(forged, TEST).cells] == [()]
    assert Result.from_json(kept.result.to_json()) == kept.result


OWN_CLASS = "import threading\nx = threading.Lock()\n"


def test_what_the_engine_cannot_pass_is_for_a_person_and_not_a_zero(graded):
    tests = (
        OWN_CLASS + "assert f(x) is x",
        "from autograder import checks\n" + OWN_CLASS
        + "checks.partial(1, {'own': lambda: f(x), 'number': lambda: f(1)})",
        OWN_CLASS + "assert f(3) == 4\nassert f(x) is x",
        OWN_CLASS + "try:\n    f(x)\nexcept Exception:\n    pass\nassert f(3) == 3",
    )  # fmt: skip
    given = graded(RIGHT, *tests)
    assert list(zip(given.scores, given.statuses, strict=True)) == [
        (None, "by hand"), (None, "by hand"), (0, "failed"), (1, "passed")]  # fmt: skip
    assert given.messages[0].startswith(
        "the grader, not this answer, fell short here, so a person grades it: the test cannot pass this"
    )
    assert given.messages[0] in given.cells[0].outputs[-1]["text"]
