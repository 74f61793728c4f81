"""Submissions that share out what they take among processes, the kernel and many cells."""

from tests.autograder.corpus.case import RESOURCES, Submission, case
from tests.autograder.corpus.lab import Lab
from tests.autograder.corpus.resources import _in_call, _in_extra_cell

_in_call(
    "memory_in_page_tables",
    """
import mmap
held = []
while True:
    span = 2 ** 36
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000  # MAP_NORESERVE
    held.append(mmap.mmap(-1, span, flags=flags, prot=mmap.PROT_READ))
    sum(held[-1][at] for at in range(0, span, 2 ** 21))
""".strip(),
)
_in_call(
    "memory_in_sockets_of_children",
    """
import os, socket, time
for _ in range(60):
    if os.fork() == 0:
        held = []
        while True:
            held.append(socket.socketpair())
            for side in held[-1]:
                side.setblocking(False)
                try:
                    while True:
                        side.send(bytes(16384))
                except BlockingIOError:
                    pass
time.sleep(1000)
""".strip(),
)
_in_call(
    "memory_of_no_process",
    """
import mmap
held = []
while True:
    shared = mmap.mmap(-1, 2 ** 26)
    shared[:] = bytes(2 ** 26)
    if hasattr(shared, 'madvise'):
        shared.madvise(mmap.MADV_DONTNEED)
    held.append(shared)
""".strip(),
)
_in_call(
    "memory_of_children_that_share",
    """
import os, time
held = []
while True:
    held.append(os.urandom(2 ** 24))
    if len(held) % 4 == 0 and os.fork() == 0:
        time.sleep(1000)
""".strip(),
)
_in_call(
    "spinning_children",
    "import os\nfor _ in range(60):\n    if os.fork() == 0:\n        while True: pass\nwhile True: pass",
)
_in_call(
    "spinning_children_that_nobody_waits_for",
    """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        end = time.monotonic() + 0.01
        while time.monotonic() < end:
            pass
        os._exit(0)
""".strip(),
)
_in_call(
    "spinning_on_every_core",
    """
import os
for core in range(os.cpu_count()):
    if os.fork() == 0:
        os.sched_setaffinity(0, {core})
        while True:
            pass
while True:
    pass
""".strip(),
)
_in_call(
    "open_files_of_children",
    """
import os, time
for _ in range(30):
    if os.fork() == 0:
        held = [os.open('/dev/null', os.O_RDONLY) for _ in range(200)]
        time.sleep(1000)
time.sleep(1000)
""".strip(),
)
_in_extra_cell(
    "four_processes_that_work_together",
    """
import multiprocessing
with multiprocessing.get_context('fork').Pool(4) as pool:
    print(pool.map(abs, range(-1000, 1000))[:3])
""".strip(),
)


LONG_MESSAGE = """
import os, stat, struct
for number in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            os.write(number, struct.pack('>BQ', 3, 60 * 2**20))
            while True:
                os.write(number, bytes(2**20))
    except OSError:
        pass
""".strip()  # on every connection that is found


def _with_cells(lab: Lab, number: int, code: str) -> Submission:
    nb = lab.with_target(lab.answers[lab.target])
    for _ in range(number):
        nb = lab.with_cell(nb, code, before="end")
    return Submission(lab.full(), nb)


@case(RESOURCES)
def four_hundred_cells_of_two_million_characters(lab: Lab) -> Submission:
    return _with_cells(lab, 400, "print('x' * 2_000_000)")


@case(RESOURCES)
def output_that_stays_below_its_budget(lab: Lab) -> Submission:
    return _with_cells(lab, 15, "print('x' * 1_000_000)")


@case(RESOURCES)
def frames_that_are_too_long(lab: Lab) -> Submission:
    return _with_cells(lab, 2, LONG_MESSAGE)
