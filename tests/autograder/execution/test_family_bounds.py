"""Bounds hold for all that a submission starts, its time on a busy machine, and its output."""

import os
import subprocess
import sys
import textwrap
import threading

import pytest

from tests.autograder.corpus.family import LONG_MESSAGE
from tests.timed import timed

RIGHT = "def f(x): return x"
TEST = "assert f(3) == 3"
MIB = 2**20

# --- memory: what is taken is held for a moment, as a guard looks now and then

PAGE_TABLES = """
import mmap, time
held = []
def f(size):
    # one page read in each 2 MiB: nothing but page tables
    span = (size // 4096) * 2 * 2**20
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000  # MAP_NORESERVE
    held.append(mmap.mmap(-1, span, flags=flags, prot=mmap.PROT_READ))
    seen = sum(held[-1][at] for at in range(0, span, 2 * 2**20)) + size
    time.sleep(0.5)
    return seen
"""
SOCKETS = """
import socket, time
held = []
def f(pairs):
    for _ in range(pairs):
        held.append(socket.socketpair())
        for side in held[-1]:
            side.setblocking(False)
            try:
                while True:
                    side.send(bytes(16384))
            except BlockingIOError:
                pass
    time.sleep(0.5)
    return pairs
"""
CHILDREN = """
import os, time
def child(work):
    read, write = os.pipe()
    if os.fork() == 0:
        work()
        os.write(write, b"x")
        time.sleep(60)
    return read
def f(size):
    held = []
    ready = [child(lambda: held.append(b"x" * (size // 4))) for _ in range(4)]
    for end in ready:
        os.read(end, 1)
    time.sleep(0.5)
    return size
"""


@timed
@pytest.mark.parametrize(
    ("student", "much", "little"),
    [(PAGE_TABLES, 240 * MIB, 40 * MIB), (SOCKETS, 600, 100), (CHILDREN, 300 * MIB, 60 * MIB)],
    ids=["page tables", "sockets", "children"],
)
def test_memory_is_that_of_the_family_with_what_the_kernel_holds_for_it(graded, student, much, little):
    limits = {"memory_bytes": 160 * MIB, "open_files": 2000, "call_seconds": 6, "question_seconds": 12}
    result = graded(student, f"assert f({much}) == {much}", f"assert f({little}) == {little}", **limits)
    assert result.statuses == ["limit", "passed"], result.messages
    assert "memory_bytes" in result.result.limits_hit


REFUSED = {
    "shared memory of no file": "import mmap\nmmap.mmap(-1, 2**20)",
    "larger buffers": (
        "import socket\nours, theirs = socket.socketpair()\n"
        "ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)"
    ),
    "another core": "import os\nos.sched_setaffinity(0, range(os.cpu_count()))",
    "pages given to a pipe": (
        "import ctypes, errno, os\nlibc = ctypes.CDLL(None, use_errno=True)\nread, write = os.pipe()\n"
        "assert libc.vmsplice(write, None, 0, 0) == -1\nraise OSError(ctypes.get_errno(), 'vmsplice')"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_guard_could_not_count_is_refused(graded, name):
    student = f"def f(x):\n{textwrap.indent(REFUSED[name], '    ')}"
    test = "try:\n    f(3)\nexcept PermissionError:\n    pass\nelse:\n    assert False"
    assert graded(student, test).statuses == ["passed"]


def test_memory_that_python_shares_between_processes_is_not_refused(graded):
    student = """
    import multiprocessing
    from multiprocessing import shared_memory
    def f(x):
        number = multiprocessing.get_context("fork").Array("i", [x])
        block = shared_memory.SharedMemory(create=True, size=2**20)
        if (child := __import__("os").fork()) == 0:
            block.buf[0] = number[0]
            __import__("os")._exit(0)
        __import__("os").waitpid(child, 0)
        seen = block.buf[0]
        block.unlink()
        return seen
    """
    assert graded(student, TEST).statuses == ["passed"]


OVER_BALLAST = """
import ballast, time
def f(size):
    for at in range(0, size, 4096):
        ballast.DATA[at] = 1
    time.sleep(0.5)
    return size
"""
BESIDE_BALLAST = """
import ballast
def g(size):
    read = sum(ballast.DATA[::4096])
    return f(size)
"""


@timed
@pytest.mark.parametrize(
    "student", [OVER_BALLAST, CHILDREN + BESIDE_BALLAST.replace("return f", "return read + f")]
)
def test_a_large_fork_server_hides_no_memory(graded, tmp_path, monkeypatch, student):
    code = f"DATA = bytearray({600 * MIB})\nDATA[::4096] = bytes({600 * 256})\n"
    (tmp_path / "ballast.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    call = "g" if "def g" in student else "f"
    tests = (f"assert {call}({size}) == {size}" for size in (360 * MIB, 60 * MIB))
    limits = {"memory_bytes": 160 * MIB, "call_seconds": 4, "question_seconds": 8}
    result = graded(student, *tests, preload=("ballast",), **limits)
    assert result.statuses == ["limit", "passed"], result.messages
    assert "memory_bytes" in result.result.limits_hit


# --- descriptors

OPENING = """
import os, time
def f(number, stays=0):
    read, write = os.pipe()
    for _ in range(5):
        if os.fork() == 0:
            held = [os.open("/dev/null", os.O_RDONLY) for _ in range(number)]
            os.write(write, bytes([len(held)]))
            time.sleep(60)
    opened = sum(os.read(read, 1)[0] for _ in range(5))
    time.sleep(stays)
    return opened
"""


def test_descriptors_are_those_of_the_family(graded):
    # below the limit in each process; the guard, which looks now and then, ends the first
    limits = {"open_files": 120, "call_seconds": 20, "question_seconds": 30}
    result = graded(OPENING, "assert f(60, stays=60) == 300", "assert f(5) == 25", **limits)
    assert result.statuses == ["limit", "passed"], result.messages
    assert result.result.limits_hit == ("open_files",)


# --- time

SPINNING = """
import os
def f(number):
    for _ in range(number):
        if os.fork() == 0:
            while True:
                pass
    while True:
        pass
"""


@timed
def test_processor_time_is_that_of_the_family(graded):
    honest = (
        "import time\ndef g(seconds):\n    while time.process_time() < seconds:\n        pass\n    return 1"
    )
    tests = ("assert g(0.5) == 1", "f(5)", "assert g(0.5) == 1")
    limits = {"cpu_seconds": 2, "call_seconds": 20, "question_seconds": 20}
    result = graded(SPINNING + honest, *tests, **limits)
    assert result.statuses == ["passed", "limit", "passed"], result.messages
    assert result.messages[1].endswith("more than 2 s of processor time and was stopped: f(5)")
    assert result.result.limits_hit == ("cpu_seconds",)


COMPUTING = """
import time
def f(x):
    end = time.thread_time() + 0.7
    while time.thread_time() < end:
        pass
    return x
"""


@timed
@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs a core for each of two submissions")
def test_sixty_spinning_processes_cost_a_neighbour_nothing(graded):
    both = threading.Barrier(2)
    attack = []

    def spin():
        both.wait()
        attack.append(graded(SPINNING, "f(60)", processes=64, call_seconds=4, question_seconds=12))

    thread = threading.Thread(target=spin)
    thread.start()
    both.wait()
    # as long as the others spin
    scores = []
    while thread.is_alive():
        scores.append(graded(COMPUTING, TEST, call_seconds=1.2).scores)
    thread.join()
    assert attack[0].statuses == ["timeout"]
    assert attack[0].messages[0] == "a call of your code did not return within 4 s: f(60)"
    assert len(scores) > 1
    assert scores == [[1]] * len(scores)


@pytest.fixture
def busy_machine():
    """Have two other processes compute on each core."""
    code = "import os, sys\nos.sched_setaffinity(0, {int(sys.argv[1])})\nprint(flush=True)\nwhile True: pass"
    cores = [str(core) for core in os.sched_getaffinity(0) for _ in range(2)]
    others = [  # each in a session of its own: the kernel may share a core out by sessions
        subprocess.Popen([sys.executable, "-c", code, core], stdout=subprocess.PIPE, start_new_session=True)
        for core in cores
    ]
    for other in others:
        other.stdout.read(1)
    yield
    for other in others:
        other.kill()
        other.communicate()


@timed
def test_time_that_others_take_on_a_busy_machine_does_not_count(graded, busy_machine):
    slow = "import time\nstart = time.monotonic()\nf(3)\nassert time.monotonic() - start > 1.2"
    result = graded(COMPUTING, TEST, slow, call_seconds=1.2)
    assert result.statuses == ["passed", "passed"], result.messages


@timed
def test_what_sleeps_or_computes_too_long_is_stopped_at_its_limit_on_a_busy_machine(graded, busy_machine):
    student = "import time\ndef f(x): time.sleep(60)\ndef g(x):\n    while True: pass"
    result = graded(student, "f(3)", "g(3)", call_seconds=1, question_seconds=8)
    assert result.statuses == ["timeout", "timeout"]
    sleeping, computing = (cell.seconds for cell in result.cells)
    assert sleeping < 3
    assert computing < 6


# --- output


def test_a_submission_has_one_budget_of_output(graded):
    student = [RIGHT, *["print('x' * 900_000)"] * 10]
    result = graded(student, TEST, "assert f(3) == 3\nprint('late')", submission_output_bytes=2 * MIB)
    assert result.scores == [1, 1]
    texts = [result.shown(f"s{number}") for number in range(2, 12)]
    assert 1.9 * MIB < sum(map(len, texts)) < 2.1 * MIB
    assert [text.count("was cut off here") for text in texts] == [0, 0, 1] + [0] * 7
    assert result.cells[1].outputs == []
    assert result.result.limits_hit == ("submission_output_bytes",)


def test_what_tests_show_is_of_the_same_budget(graded):
    student = "def f(x):\n    print('y' * 900_000)\n    return x"
    result = graded(student, *[TEST] * 4, submission_output_bytes=2 * MIB)
    assert result.scores == [1] * 4
    assert [sum(len(out["text"]) for out in cell.outputs) // 100_000 for cell in result.cells] == [9, 9, 2, 0]


UNBOUNDED = """
import gc
for entry in gc.get_objects():
    if type(entry).__name__ == "Recorder":
        entry.limit = 10**9
        found = True
"""


def test_a_worker_that_bounds_nothing_shows_no_more(graded):
    student = [UNBOUNDED + "def f(x):\n    assert found\n    print('y' * 20_000_000)\n    return x"]
    student += [UNBOUNDED + "print('x' * 9_000_000)"] * 3
    result = graded(student, *[TEST] * 3, submission_output_bytes=3 * MIB)
    assert result.scores == [1] * 3
    texts = [result.shown(f"s{number}") for number in range(2, 5)]
    assert sum(map(len, texts)) < 3.1 * MIB
    assert "cut off here" in texts[0]
    assert [cell.outputs for cell in result.cells] == [[], [], []]
    result = graded(student[0], *[TEST] * 2)
    assert all(sum(len(out["text"]) for out in cell.outputs) < 1.1 * MIB for cell in result.cells)


def test_output_counts_in_bytes_and_by_its_parts(graded):
    parts = "import sys\nfor _ in range(20_000):\n    print('a')\n    print('b', file=sys.stderr)"
    result = graded([RIGHT, "print('\N{SNOWMAN}' * 500_000)", parts], TEST)
    snowmen = result.shown("s2")
    assert 300_000 < snowmen.count("\N{SNOWMAN}") < 350_000
    assert "cut off" in snowmen
    assert 1000 < len(result.result.outputs["s3"]) < 5000
    assert "cut off" in result.shown("s3")


def test_a_submission_that_stays_below_its_budget_is_told_nothing(graded):
    student = [RIGHT, *["print('x' * 900_000)"] * 2]
    result = graded(student, TEST, submission_output_bytes=2 * MIB)
    assert [len(result.shown(key)) for key in ("s2", "s3")] == [900_001] * 2
    assert result.result.limits_hit == ()


def test_a_message_of_a_worker_that_is_too_long_is_not_read(graded):
    result = graded([RIGHT, LONG_MESSAGE, "print('after')"], TEST)
    assert result.scores == [1], result.messages
    assert result.shown("s3") == "after\n"
    assert "Python process" in result.shown("s2")


def test_a_display_that_is_replaced_stays_within_the_limit_and_costs_no_names(graded):
    code = """
        from IPython.display import HTML, display
        shown = display(HTML("first"), display_id=True)
        shown.update(HTML("second"))
        shown.update(HTML("x" * 40_000_000))
        value = 3
    """
    result = graded(["pass", code], "assert value == 3")
    assert result.scores == [1], result.messages
    assert "second" in result.shown("s2")
    assert "cut off" in result.shown("s2")
