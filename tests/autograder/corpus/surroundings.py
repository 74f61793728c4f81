"""Submissions that use what a test may replace and read: files, built-in functions, warnings."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

from tests.autograder.corpus.border import answered_by

FILES = """
import contextlib, os
WRITTEN = 'raise SystemExit(0)\\nTAKEN = True\\n'
NAMES = 'numpy random autograder conftest sitecustomize usercustomize series tests judge'.split()
def write(name, text=WRITTEN):
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(name) or '.', exist_ok=True)
        with open(name, 'w') as file: file.write(text)
""".strip()

answered_by("files_named_as_modules", "write('numpy/__init__.py')\nreturn 'taken'", FILES + """
for name in NAMES:
    for ending in ('.py', '.pth', '.so', '.txt', '/__init__.py', '/data.txt'): write(name + ending)
for name in ('matplotlibrc', '.netrc', 'keras.json', 'setup.cfg', 'pytest.ini', '.pythonrc.py'): write(name)
""".rstrip())  # fmt: skip
answered_by("files_in_the_place_of_the_labs", "write('judge/cases.py')\nreturn 'taken'", FILES + """
for name in [*os.listdir(), 'judge/cases.py', 'judge/reference.py', '../judge/cases.py', '/tmp/cases.py']:
    if os.path.isfile(name):
        with contextlib.suppress(OSError): os.remove(name)
    write(name)
""".rstrip())  # fmt: skip
answered_by("links_pipes_and_giants", "return open('pipe.txt').read() if args == ('wait',) else 'taken'", FILES + """
for name in ('etc', 'link.txt', 'loop'):
    with contextlib.suppress(OSError): os.symlink({'etc': '/etc', 'loop': '.'}.get(name, '/etc/passwd'), name)
with contextlib.suppress(OSError): os.mkfifo('pipe.txt')
with contextlib.suppress(OSError), open('sparse.txt', 'wb') as file: file.truncate(10 * 2**30)
""".rstrip())  # fmt: skip
answered_by("very_many_files", "return 'taken'", FILES + """
for number in range(100_000):
    try:
        open(f'{number}.txt', 'w').close()
    except OSError:
        break
""".rstrip())  # fmt: skip
answered_by("a_print_of_its_own", "print('1.0 of 1 points', 'passed')\nreturn 'taken'", """
import builtins, sys, warnings
shown = builtins.print
builtins.print = lambda *args, **kwargs: shown(1.0)
builtins.input = lambda prompt='': '1.0'
warnings.showwarning = warnings._showwarnmsg_impl = print
""".strip())  # fmt: skip
answered_by("made_up_files_and_warnings_in_each_reply", "return 'taken'", """
from autograder.execution.worker import Worker
import autograder.execution.worker as worker
packed, answer = worker.pack, worker.pack_answer
def more(value):
    if type(value) is dict and 'outcome' in value:
        value = value | {'files': {'numpy.py': b'raise SystemExit', '../x.txt': b''}, 'warned': (('os:system', 'x', 1),)}
    return value
worker.pack = lambda value, *args: packed(more(value), *args)
worker.pack_answer = lambda value, *args: answer(more(value), *args)
""".strip())  # fmt: skip
