"""Files that a submission writes are a part of its result; a test's files and code are not."""

import base64

import pytest

from autograder.protocol import small_files
from autograder.protocol.orders import Written
from autograder.protocol.serialization import SerializationError

TEST = "assert f() == 1"
RIGHT = "def f(): return 1\n"


def written(graded, code, *tests, **more):
    found = graded(RIGHT + code, *(tests or (TEST,)), **more)
    assert found.scores == [1.0] * len(found.scores)
    return {name: base64.b64decode(content) for name, content in found.result.files.items()}


def test_what_cells_and_calls_write_is_kept(graded):
    code = """import os
os.mkdir("plots")
open("plots/one.png", "wb").write(b"\\x89PNG")
open("notes.txt", "w").write("first")
open("notes.txt", "w").write("second")
def g(): open("called.csv", "w").write("1,2")"""
    found = written(graded, code, TEST, "g()")
    assert found == {"plots/one.png": b"\x89PNG", "notes.txt": b"second", "called.csv": b"1,2"}


def test_nothing_is_kept_where_nothing_was_written(graded, tmp_path):
    (tmp_path / "data.csv").write_text("1,2")
    assert written(graded, "open('data.csv').read()", files=tmp_path) == {}


def test_files_that_were_handed_in_or_belong_to_the_lab_can_be_written_over(graded, tmp_path):
    lab, own = tmp_path / "lab", tmp_path / "own"
    for folder in (lab, own):
        folder.mkdir()
        (folder / f"{folder.name}.csv").write_text("as it was")
    code = """open("own.csv", "w").write("1,2")
open("lab.csv", "a").write(", and more")"""
    test = "assert open('lab.csv').read() == 'as it was'"
    found = written(graded, code, test, files=lab, own=own)
    assert found == {"own.csv": b"1,2", "lab.csv": b"as it was, and more"}
    assert (own / "own.csv").read_text() == (lab / "lab.csv").read_text() == "as it was"


def test_a_tests_files_code_and_links_are_not_kept(graded, tmp_path):
    code = """import os
open("code.py", "w").write("1"); open("net.keras", "wb").write(b"1"); open(".hidden.txt", "w").write("1")
os.symlink("/etc/passwd", "passwd.txt"); open("own.txt", "w").write("1")
def g(): return open("expected.txt").read()"""
    test = "open('expected.txt', 'w').write('secret')\nassert g() == 'secret'"
    assert written(graded, code, test) == {"own.txt": b"1"}


def test_what_is_too_large_is_not_kept(graded):
    code = f"""open("large.txt", "w").write("x" * {small_files.MAX_BYTES + 1})
for n in range(3): open(f"half{{n}}.txt", "w").write("x" * {small_files.MAX_KEPT // 2})"""
    found = written(graded, code, scratch_bytes=64 * 2**20)
    assert len(found) == 2
    assert sum(map(len, found.values())) <= small_files.MAX_KEPT


@pytest.mark.parametrize(
    "lie",
    [
        "{'../outside.txt': 'MQ=='}",
        "{'/tmp/outside.txt': 'MQ=='}",
        "{'inside.py': 'MQ=='}",
        "{'a.txt': 'no base64!'}",
        "{'a.txt': 7}",
        "{f'{n}.txt': 'MQ==' for n in range(1000)}",
        "{'a.txt': 'AAAA' * 3_000_000}",
        "['a.txt']",
        "{}.missing",
    ],
)
def test_a_worker_that_lies_about_its_files_gets_none_kept(graded, lie):
    code = f"""import autograder.execution.worker_files as module
def lie(self):
    return {lie}
module.WorkerFiles.written = lie
print("in place", module.WorkerFiles.written is lie)
open("true.txt", "w").write("1")"""
    found = graded(RIGHT + code, TEST)
    assert "in place True" in found.shown()
    assert found.scores == [1.0]
    assert found.result.files == {}


def test_after_a_crash_the_files_of_the_worker_that_went_on_are_kept(graded):
    cells = [
        RIGHT + "open('a.txt', 'w').write('1')",
        "import os\nos.kill(os.getpid(), 9)",
        "open('b.txt', 'w').write('2')",
    ]
    found = graded(cells, TEST)
    assert sorted(found.result.files) == ["a.txt", "b.txt"]


def test_a_damaged_message_is_an_error():
    whole = Written({"a.txt": "MQ=="})
    assert Written.from_bytes(whole.to_bytes()) == whole
    for payload in (b"", b"{}", b'{"files": {"a.txt": "x"}}', b'{"files": {"../a.txt": "MQ=="}}'):
        with pytest.raises(SerializationError):
            Written.from_bytes(payload)
