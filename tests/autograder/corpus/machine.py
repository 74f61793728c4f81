"""Submissions that try the machine: files, sockets and processes of the one who grades.

Each tries in a cell of its own, says what came of it, and is graded for its right answers: what it
tried must neither reach anything nor cost it a point.
"""

# ruff: noqa: E501 - the code of a case stands as it is handed in

from tests.autograder.corpus.case import MACHINE, Submission, case
from tests.autograder.corpus.lab import Lab
from tests.autograder.corpus.resources import MARK

# A file of the grader's beside a worker's scratch directory: it must stay as it is.
BESIDE = "beside"
ATTEMPT = """
def attempt(name, action):
    try:
        print(name, 'gave', action())
    except BaseException as error:
        print(name, 'was refused:', type(error).__name__)
""".strip()


def _tries(name: str, code: str) -> None:
    def make(lab: Lab) -> Submission:
        return Submission(lab.full(), lab.with_cell(lab.right(), f"{ATTEMPT}\n{code}"))

    make.__name__ = name
    case(MACHINE)(make)


_PLACES = (
    "import os, sys, numpy\nhere = os.getcwd()\nplaces = [os.path.join(os.path.dirname(here), '"
    + BESIDE
    + "'), os.path.dirname(here), '/', '/tmp', sys.prefix, os.__file__, os.path.dirname(os.__file__), numpy.__file__, sys.executable]"
)
_tries(
    "modes_of_other_files",
    f"{_PLACES}\nfor place in places:\n    attempt(place, lambda: os.chmod(place, 0o777))\n    attempt(place, lambda: os.chmod(place, 0o755, follow_symlinks=True))",
)
_tries(
    "times_of_other_files",
    f"{_PLACES}\nfor place in places:\n    attempt(place, lambda: os.utime(place, (1234567890, 1234567890)))",
)
_tries(
    "times_of_open_files",
    f"""
{_PLACES}
def by_descriptor(place):
    handle = os.open(place, os.O_RDONLY)
    os.utime(handle, (1234567890, 1234567890))
    os.fchmod(handle, 0o777)
for place in places:
    attempt(place, lambda: by_descriptor(place))
""".strip(),
)
_tries(
    "attributes_of_other_files",
    f"{_PLACES}\nfor place in places:\n    attempt(place, lambda: os.setxattr(place, 'user.{MARK}', b'x'))\n    attempt(place, lambda: os.chown(place, os.getuid(), os.getgid()))",
)
_tries(
    "datagrams_by_path",
    """
import socket
for path in ('/dev/log', '/run/systemd/notify', '/run/systemd/journal/socket', '/var/run/docker.sock', '\\0x'):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
        attempt(f'a pair, {kind}, {path!r}', lambda: socket.socketpair(socket.AF_UNIX, kind)[0].sendto(b'x', path))
        attempt(f'a socket, {kind}, {path!r}', lambda: socket.socket(socket.AF_UNIX, kind).connect(path))
left, right = socket.socketpair()
left.sendall(b'hello')
assert right.recv(5) == b'hello'  # as honest code may do
""".strip(),
)
_tries(
    "numbers_with_a_high_bit",
    f"""
import ctypes, os, sys
call = ctypes.CDLL(None).syscall
prctl = {{'x86_64': 157, 'aarch64': 167}}.get(os.uname().machine, -1)
for option, value in ((1, 0), (36, 1), (4, 1)):
    attempt(f'prctl {{option}}', lambda: call(ctypes.c_long(prctl), ctypes.c_long(option | 1 << 32), ctypes.c_long(value), 0, 0, 0))
if os.fork() == 0:
    os.setsid()
    call(ctypes.c_long(prctl), ctypes.c_long(1 | 1 << 32), ctypes.c_long(0), 0, 0, 0)
    os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(100_000)', '{MARK}'])
""".strip(),
)
_tries(
    "other_processes",
    """
import os, resource, signal
others = [pid for pid in range(1, 3000) if pid != os.getpid()]
def each(action):
    done = 0
    for pid in others:
        try:
            action(pid)
            done += 1
        except OSError:
            pass
    return f'{done} times'
attempt('priority', lambda: each(lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 19)))
attempt('limits', lambda: each(lambda pid: resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3))))
attempt('limits of processor time', lambda: each(lambda pid: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))))
attempt('cores', lambda: each(lambda pid: os.sched_setaffinity(pid, {0})))
""".strip(),
)
_tries(
    "memory_written_down",
    """
import ctypes, os, resource
attempt('core limit', lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2))
attempt('core limit 0', lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
attempt('dumpable', lambda: ctypes.CDLL(None).prctl(4, 1, 0, 0, 0))
if os.fork() == 0:
    os.abort()
os.wait()
assert not [name for name in os.listdir('.') if name.startswith('core')]
""".strip(),
)
_tries(
    "new_namespaces",
    """
import ctypes, os
library = ctypes.CDLL(None, use_errno=True)
for flag in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
    attempt(f'unshare {flag:#x}', lambda: library.unshare(flag))
attempt('mount', lambda: library.mount(b'none', b'/', b'tmpfs', 0, None))
attempt('root', lambda: os.chroot('.'))
attempt('user', lambda: os.setuid(0))
""".strip(),
)
_tries(
    "keys_queues_and_rings",
    """
import ctypes
library = ctypes.CDLL(None, use_errno=True)
for name, arguments in {
    'shmget': (0x5e9c, 4096, 0o1777), 'msgget': (0x5e9c, 0o1777), 'semget': (0x5e9c, 1, 0o1777),
    'mq_open': (b'/corpus', 0o102, 0o777, None), 'memfd_create': (b'x', 0), 'ptrace': (0, 0, 0, 0),
    'personality': (0x0040000,), 'fanotify_init': (0, 0),
}.items():
    attempt(name, lambda: getattr(library, name)(*arguments))
for number in (246, 248, 250, 298, 310, 321, 323, 425, 428, 429, 430, 438, 440, 442):
    attempt(f'call {number}', lambda: library.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0))
""".strip(),
)


@case(MACHINE)
def asks_the_judges_order_of_names(lab: Lab) -> Submission:
    """Answers by what the secret of string hashes tells: nothing, as the judge has another."""
    look = "import ctypes\nsecret = bytes((ctypes.c_char * 24).in_dll(ctypes.pythonapi, '_Py_HashSecret'))\nprint(secret, hash('a'))"
    return Submission(lab.full(), lab.with_cell(lab.right(), look))
