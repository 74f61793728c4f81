"""Files of a test and of the student's code: both find them, and none becomes code of the judge."""

# ruff: noqa: E501 - each submission is one string

import os

import pytest

from autograder.protocol import small_files
from autograder.protocol.bounds import SerializationError
from autograder.result import Status
from tests.autograder.execution.test_border import Kind

KINDS = {
    "a file that a cell writes": Kind(
        "with open('out.csv', 'w') as f: f.write('a,b\\n1,2\\n')",
        "import os\nfrom pathlib import Path\nassert os.path.exists('out.csv') and 'out.csv' in os.listdir()\nassert open('out.csv').read() == 'a,b\\n1,2\\n' == Path('out.csv').read_text()",
        right=("from pathlib import Path\nPath('out.csv').write_text('a,b\\n1,2\\n')",),
        wrong=("pass", "open('out.csv', 'w').write('a')"),
    ),
    "a file that a call writes": Kind(
        "def save(name, text):\n    with open(name, 'w') as f: f.write(text)",
        "import os\nassert not os.path.exists('x.txt')\nsave('x.txt', 'one')\nassert open('x.txt').read() == 'one'\nsave('x.txt', 'two')\nassert open('x.txt').read() == 'two'\nos.remove('x.txt')\nsave('y.txt', '')\nassert not os.path.exists('x.txt') and os.path.exists('y.txt')",
        wrong=("def save(name, text): pass", "def save(name, text): open(name, 'a').write(text)"),
    ),
    "a file that the test writes": Kind(
        "def count(name): return len(open(name).readlines())",
        "with open('in.txt', 'w') as f: f.write('a\\nb\\n')\nassert count('in.txt') == 2\nwith open('in.txt', 'a') as f: f.write('c\\n')\nassert count('in.txt') == 3",
        wrong=("def count(name): return 2",),
    ),
    "a file of the test that the solution changes": Kind(
        "def sort(name):\n    lines = sorted(open(name).readlines())\n    open(name, 'w').writelines(lines)",
        "with open('in.txt', 'w') as f: f.write('b\\na\\n')\nsort('in.txt')\nassert open('in.txt').read() == 'a\\nb\\n'",
        wrong=("def sort(name): pass",),
    ),
    "a file of the test from which it computes": Kind(
        "def count(name): return len(open(name).read())",
        "with open('in.txt', 'w') as f: f.write('abc')\nassert count('in.txt') == len(open('in.txt').read())",
        wrong=("def count(name):\n    open(name, 'w').close()\n    return 0", "import os\ndef count(name):\n    os.remove(name)\n    return 0"),
    ),
    "a temporary folder of the test": Kind(
        "import os\ndef save(folder, name):\n    open(os.path.join(folder, name), 'w').write('a')\n    return len(os.listdir(folder))",
        "import os, tempfile\nwith tempfile.TemporaryDirectory() as folder:\n    open(os.path.join(folder, 'in.txt'), 'w').close()\n    assert save(folder, 'x.txt') == 2\n    assert open(os.path.join(folder, 'x.txt')).read() == 'a'\n    assert save(folder=[folder][0], name='y.txt') == 3\nassert not os.path.exists(folder)",
        wrong=("def save(folder, name): return 2",),
    ),
    "folders": Kind(
        "import os\ndef make(name):\n    os.makedirs(name, exist_ok=True)\n    open(f'{name}/a.txt', 'w').write('a')",
        "import os\nmake('d/e')\nassert os.path.isdir('d/e') and open('d/e/a.txt').read() == 'a'\nos.mkdir('mine')\nmake('mine')\nassert os.listdir('mine') == ['a.txt']",
        wrong=("def make(name): pass",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_files_are_found_on_both_sides(graded, kind):
    answers = [(answer, 1) for answer in (kind.solution, *kind.right)] + [
        (answer, 0) for answer in kind.wrong
    ]
    for answer, score in answers:
        result = graded(answer, kind.test, template=kind.solution)
        assert result.scores == [score], (answer, result.messages)


MODULES = """
import os
os.makedirs('wave', exist_ok=True)
os.makedirs('pack', exist_ok=True)
for name in ('wave.py', 'colorsys.py', 'colorsys.txt', 'lesson.py', 'x.pth', 'sitecustomize.py', 'conftest.py', 'wave/__init__.py', 'wave.so', 'pack/a.txt', 'pack/__init__.py', 'pack/b.py'):
    try: open(name, 'w').write('raise SystemExit("taken")\\nTAKEN = True')
    except OSError: pass
def f(): return 1
"""


def test_nothing_that_was_written_is_importable_in_the_judge(graded, tmp_path):
    (tmp_path / "lesson.py").write_text("WORD = 'lab'")
    test = """
    import importlib, os, sys
    assert f() == 1
    print(sorted(os.listdir()))
    assert os.path.exists("colorsys.txt") and os.path.exists("pack/a.txt")  # the others came
    assert not [name for _, _, names in os.walk(".") for name in names if name.endswith((".so", ".pth"))]
    for place in ("", ".", os.getcwd(), os.path.abspath("pack")):
        sys.path.insert(0, place)
        importlib.invalidate_caches()
        for name in ("wave", "colorsys", "lesson", "pack", "conftest", "sitecustomize", "b", "a"):
            sys.modules.pop(name, None)
            try: module = importlib.import_module(name)
            except ImportError: continue
            assert not hasattr(module, "TAKEN"), name
            assert name in ("wave", "colorsys", "lesson"), (name, module)
    import lesson
    assert lesson.WORD == "lab"
    """
    result = graded(MODULES, test, files=tmp_path)
    assert result.messages == [""]


def test_what_is_the_labs_stays_the_labs(graded, tmp_path):
    (tmp_path / "data.csv").write_text("1,2")
    student = "import os\ndef f():\n    os.remove('data.csv')\n    open('data.csv', 'w').write('0,0')\n    return open('data.csv').read()"
    result = graded(student, "assert f() == '0,0'\nassert open('data.csv').read() == '1,2'", files=tmp_path)
    assert result.messages == [""]


def test_links_pipes_and_giants_do_not_come(graded):
    student = """
    import os
    os.symlink('/etc/passwd', 'link.txt')
    os.symlink('/', 'root')
    os.mkfifo('pipe.txt')
    with open('sparse.txt', 'wb') as f: f.truncate(200 * 2**20)
    open('small.txt', 'w').write('here')
    def f(): return sorted(os.listdir())
    """
    test = """
    import os
    assert {'link.txt', 'root', 'pipe.txt', 'sparse.txt'} <= set(f())
    assert sorted(os.listdir()) and open('small.txt').read() == 'here'
    assert not [name for name in ('link.txt', 'root', 'pipe.txt', 'sparse.txt') if os.path.lexists(name)]
    """
    assert graded(student, test).messages == [""]
    big = graded(student, "assert len(open('sparse.txt').read()) == 200 * 2**20").cells[0]
    assert (big.status, big.score) == (Status.BY_HAND, None)
    assert "`sparse.txt` is not copied" in big.message


def test_very_many_files_are_not_looked_at(graded):
    student = "def f():\n    for i in range(15000): open(f'{i}.txt', 'w').close()\n    return 1"
    test = "import os\nassert f() == 1\nassert len(os.listdir()) <= 220"
    assert graded(student, test, call_seconds=10, question_seconds=20).messages == [""]


@pytest.mark.parametrize(
    "name",
    ["../x.txt", "/x.txt", "a/../x.txt", "", "/", ".x.txt", "a/.x/b.txt", "x.py", "x.pyc", "x.so", "x.pth", "x.pkl", "x.zip",
     "x.ini", "x.cfg", "matplotlibrc", "Keras.json", "a\nb.txt", "a\0b.txt", "a\\b.txt", "x.txt.", "-x.txt", "a//b.txt",
     "__init__", "__pycache__/x.txt", "x" * 300, "/".join("abcdefgh"), "con:1.txt", "x.py/"[:-1], "~.txt", "\u202ex.txt"],
)  # fmt: skip
def test_a_name_that_is_not_plain_is_refused(tmp_path, name):
    assert not small_files.may_cross(name)
    with pytest.raises(SerializationError):
        small_files.checked({name: b""})
    assert not small_files.lay(tmp_path, name, b"")
    assert not list(tmp_path.iterdir())


def test_no_link_is_followed_and_nothing_but_a_file_replaced(tmp_path):
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "a.txt").write_text("kept")
    (folder / "link").symlink_to(outside)
    (folder / "a.txt").symlink_to(outside / "a.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "d.txt").mkdir()
    for name in ("link/b.txt", "link/a.txt", "a.txt", "pipe.txt", "d.txt"):
        assert not small_files.lay(folder, name, b"new")
        assert not small_files.lay(folder, name, None)
        if name != "link/a.txt":
            assert not small_files.read(folder, name)
    assert [path.name for path in outside.iterdir()] == ["a.txt"]
    assert (outside / "a.txt").read_text() == "kept"
    assert set(small_files.scan(folder)[0]) == {"d.txt/"}


@pytest.mark.parametrize("files", [3, {1: b""}, {"a.txt": "text"}, {"a.txt": True}, {str(i): b"" for i in range(500)}, {"a.txt": bytes(17 * 2**20)}])  # fmt: skip
def test_files_of_a_message_are_bounded(files):
    with pytest.raises(SerializationError):
        small_files.checked(files)


PICKLED = """
import pickle
class Taken:
    def __reduce__(self): return (exec, ("import builtins; builtins.TAKEN = True",))
with open('data.txt', 'wb') as f: pickle.dump(Taken(), f)
with open('plain.dat', 'wb') as f: pickle.dump({'a': [1, {2}]}, f)
import numpy as np
np.save('array.npy', np.array([Taken()], dtype=object), allow_pickle=True)
def f(): return 1
"""


@pytest.mark.parametrize(
    "load",
    [
        "pickle.load(open('data.txt', 'rb'))",
        "pickle.loads(open('data.txt', 'rb').read())",
        "pickle._Unpickler(open('data.txt', 'rb')).load()",
        "pickle.loads(__import__('pathlib').Path('data.txt').read_bytes())",
        "np.load('array.npy', allow_pickle=True)",
        "np.load(__import__('os').path.abspath('array.npy'), allow_pickle=True)",
    ],
)
def test_a_file_of_the_submission_is_not_unpickled_in_the_judge(graded, load):
    test = f"import builtins, pickle\ntry:\n    {load}\nfinally:\n    print('taken:', hasattr(builtins, 'TAKEN'))"
    cell = graded(PICKLED, test).cells[0]
    assert "taken: False" in str(cell.outputs)
    assert (cell.status, cell.score) == (Status.BY_HAND, None)
    assert "is not unpickled" in cell.message


def test_pickled_data_and_the_test_s_own_pickles_are_read(graded):
    own = "import pickle, fractions, random\nassert pickle.loads(pickle.dumps(fractions.Fraction(1, 2))) == 0.5 and f() == 1\nopen('x.txt', 'w').close()"
    test = "import pickle\nassert pickle.load(open('plain.dat', 'rb')) == {'a': [1, {2}]}"
    assert graded(PICKLED, own, test).messages == ["", ""]
