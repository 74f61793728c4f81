"""Submissions that use more than their share: each costs only the question it happens in."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

from tests.autograder.corpus.case import RESOURCES, Submission, case
from tests.autograder.corpus.lab import Lab

# What is left over by a process that outlives its submission carries this in its arguments, name or
# path.
MARK = "corpus-leftover"


def _in_call(name: str, body: str) -> None:
    """Add a case whose target does ``body`` when a test calls it; all other answers are right."""

    def make(lab: Lab) -> Submission:
        return Submission(lab.without(lab.target), lab.with_target(lab.defining(lab.target, body)))

    make.__name__ = name
    case(RESOURCES)(make)


def _in_cell(name: str, code: str) -> None:
    """Add a case whose answer cell does ``code`` before it defines anything."""

    def make(lab: Lab) -> Submission:
        return Submission(lab.without(lab.target), lab.with_target(code))

    make.__name__ = name
    case(RESOURCES)(make)


def _in_extra_cell(name: str, code: str) -> None:
    """Add a case with right answers whose last cell, the student's own, does ``code``."""

    def make(lab: Lab) -> Submission:
        nb = lab.with_target(lab.answers[lab.target])
        return Submission(lab.full(), lab.with_cell(nb, code, before="end"))

    make.__name__ = name
    case(RESOURCES)(make)


LOOP = "while True:\n    pass"
DEAF_LOOP = (
    "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
)

_in_call("loop_in_a_call", LOOP)
_in_cell("loop_in_an_answer", LOOP)
_in_extra_cell("loop_in_the_last_cell", LOOP)
_in_call("loop_that_swallows_interrupts", DEAF_LOOP)
_in_cell("loop_that_swallows_interrupts_in_a_cell", DEAF_LOOP)
_in_call(
    "signals_ignored",
    f"import signal\nfor n in (2, 14, 15, 24): signal.signal(n, signal.SIG_IGN)\n{DEAF_LOOP}",
)
_in_call("one_long_computation", "return len(str(7 ** (10 ** 9)))")
_in_call("one_long_expression", "import re\nreturn re.match('(a|a)*$', 'a' * 60 + 'b')")
_in_call("sleep_in_a_call", "import time\ntime.sleep(1000)")
_in_call("waits_for_input", "return float(input('number? '))")
_in_call("waits_for_a_lock", "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()")
_in_call("pauses_itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")

_in_call("memory_in_a_call", "held = []\nwhile True:\n    held.append(bytearray(64 * 2**20))")
_in_cell("memory_in_an_answer", "held = []\nwhile True:\n    held.append(bytearray(64 * 2**20))")
_in_call("memory_all_at_once", "import numpy\nreturn numpy.ones((200_000, 200_000))")
_in_call("memory_in_small_pieces", "held = {}\nwhile True:\n    held[len(held)] = [len(held)] * 100")
_in_call(
    "memory_in_children",
    """
import os
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(900 * 2**20)
        import time; time.sleep(1000)
import time; time.sleep(1000)
""".strip(),
)
_in_call(
    "memory_in_shared_memory",
    f"""
from multiprocessing import shared_memory
held = []
while True:
    held.append(shared_memory.SharedMemory(create=True, size=256 * 2**20, name='{MARK}-%d' % len(held)))
    held[-1].buf[:] = bytes(256 * 2**20)
""".strip(),
)

_in_call("forks_without_end", "import os\nwhile True:\n    os.fork()")
_in_cell(
    "forks_without_end_in_a_cell",
    "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
)
_in_call(
    "threads_without_end",
    """
import threading, time
while True:
    try:
        threading.Thread(target=time.sleep, args=(1000,)).start()
    except RuntimeError:
        pass
""".strip(),
)

_in_call(
    "disk_without_end",
    """
with open('big', 'wb') as file:
    while True:
        try:
            file.write(bytes(2**20))
        except OSError:
            pass
""".strip(),
)
_in_call(
    "files_without_end",
    """
n = 0
while True:
    n += 1
    with open(f'file-{n}', 'wb') as file:
        file.write(bytes(2**16))
""".strip(),
)
_in_call(
    "open_files_without_end",
    "import os\nheld = []\nwhile True:\n    held.append(os.open('/dev/null', os.O_RDONLY))",
)
_in_call("prints_without_end", "while True:\n    print('x' * 1000)")
_in_cell("prints_without_end_in_a_cell", "while True:\n    print('x' * 1000)")
_in_call(
    "prints_to_the_descriptor_without_end",
    "import os\nwhile True:\n    os.write(1, b'x' * 65536)\n    os.write(2, b'y' * 65536)",
)
_in_call(
    "displays_without_end",
    "from IPython.display import display, HTML\nwhile True:\n    display(HTML('x' * 10_000))",
)

_in_call("recursion_without_end", "def down(n):\n    return down(n + 1)\nreturn down(0)")
_in_call(
    "recursion_in_c",
    """
import sys
sys.setrecursionlimit(10**9)
nested = []
for _ in range(10**6):
    nested = [nested]
return repr(nested)
""".strip(),
)
_in_call("null_pointer", "import ctypes\nctypes.string_at(0)")
_in_cell("null_pointer_in_a_cell", "import ctypes\nctypes.string_at(0)")
_in_call("exits", "import os\nos._exit(0)")
_in_cell("exits_in_a_cell", "import os\nos._exit(0)")
_in_call("raises_system_exit", "raise SystemExit(0)")
_in_cell("raises_system_exit_in_a_cell", "import sys\nsys.exit(0)")
_in_call("aborts", "import os\nos.abort()")
_in_call("kills_its_parent", "import os\nos.kill(os.getppid(), 9)\nos._exit(0)")
_in_call("kills_everything", "import os\nos.kill(-1, 9)\nos.killpg(0, 9)\nos._exit(0)")
_in_call(
    "kills_by_number",
    """
import os
for pid in range(2, 70_000):
    try:
        if pid != os.getpid():
            os.kill(pid, 9)
    except OSError:
        pass
os._exit(1)
""".strip(),
)
_in_call("closes_all_descriptors", "import os\nos.closerange(0, 65536)")

DETACHED = f"""
import os, subprocess, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.environ.clear()
        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(100_000)', '{MARK}'])
    os._exit(0)
""".strip()
_in_extra_cell("a_detached_process", DETACHED)
_in_extra_cell(
    "a_detached_process_in_background",
    f"import subprocess\nsubprocess.Popen(['sleep', '100000.25'], start_new_session=True)\n!sleep 100000.25 &\n{DETACHED}",
)
_in_extra_cell(
    "a_server_in_background",
    f"""
import socket, threading
for family, address in ((socket.AF_UNIX, '\\0{MARK}'), (socket.AF_INET, ('127.0.0.1', 0)), (socket.AF_UNIX, '/tmp/{MARK}')):
    try:
        server = socket.socket(family)
        server.bind(address)
        server.listen()
        threading.Thread(target=server.accept, daemon=False).start()
    except OSError as error:
        print(error)
""".strip(),
)
_in_extra_cell(
    "files_outside",
    f"""
import os, tempfile
for folder in ('/tmp', '/var/tmp', '/dev/shm', '/run', '/root', os.path.expanduser('~'), '..', '../..', '/', tempfile.gettempdir()):
    try:
        with open(os.path.join(folder, '{MARK}'), 'w') as file:
            file.write('x')
    except OSError as error:
        print(folder, error)
""".strip(),
)
_in_extra_cell(
    "a_thread_that_stays",
    "import threading, time\nthreading.Thread(target=time.sleep, args=(100_000,)).start()",
)
_in_extra_cell("work_at_exit", "import atexit, time\natexit.register(time.sleep, 100_000)")

_in_call("returns_a_great_array", "import numpy\nreturn numpy.zeros((20_000, 10_000))")
_in_call("returns_a_great_string", "return 'x' * 300_000_000")
_in_call("returns_a_great_number", "return 1 << 3_000_000")
_in_call("returns_a_great_list", "return list(range(5_000_000))")
_in_call("returns_a_deep_list", "nested = []\nfor _ in range(50_000):\n    nested = [nested]\nreturn nested")
_in_call("returns_itself", "nested = []\nnested.append(nested)\nreturn nested")
_in_call("returns_a_series_without_end", "import itertools\nreturn itertools.count()")
_in_call("returns_a_wide_dictionary", "return {n: [n] for n in range(1_000_000)}")
_in_call("raises_a_great_error", "raise ValueError('x' * 300_000_000)")
