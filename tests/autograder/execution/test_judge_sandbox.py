"""The judge is confined as a worker is, and has no secret in common with one."""

import json
import os
import subprocess
import sys
import tempfile

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.batch.job import JobRunner, packed_spec, packed_submission
from autograder.checks.seeds import key_of
from autograder.commands.escape import READ, WRITE, attempts_code
from autograder.commands.targets import open_targets
from autograder.execution.processes import Files, JudgeProcess
from autograder.execution.spec import GradingSpec
from autograder.limits import Limits
from autograder.result import Result, Status
from tests.autograder.conftest import cell

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

# Differ from process to process where they were not forked from one: the secret of string hashes,
# the place of a library in memory, and the secret on the stack's frames.
SECRETS = """
import ctypes
libc = ctypes.CDLL(None)
secrets = [
    hash("a"),
    bytes((ctypes.c_char * 24).in_dll(ctypes.pythonapi, "_Py_HashSecret")).hex(),
    ctypes.cast(libc.getpid, ctypes.c_void_p).value,
]
print(secrets)
"""


def _printed(outputs):
    return "".join(output.get("text", "") for output in outputs)


def test_judge_and_worker_share_no_secret(graded):
    result = graded("x = 1\n" + SECRETS, f"assert x == 1\n{SECRETS}")
    assert result.statuses == [Status.PASSED]
    worker, judge = json.loads(result.shown("s1").replace("'", '"')), _printed(result.cells[0].outputs)
    judge = json.loads(judge.replace("'", '"'))
    assert len(worker) == len(judge) == 3
    assert not [pair for pair in zip(worker, judge, strict=True) if pair[0] == pair[1]]


def test_two_workers_of_one_server_have_the_same_secrets(graded):
    # which is what makes the test above one that can fail
    first, second = (graded("x = 1\n" + SECRETS, "assert x == 1").shown("s1") for _ in range(2))
    assert first == second


def test_a_judge_reaches_its_own_files_and_nothing_else(graded, tmp_path):
    with open_targets() as (targets, _):
        test = f"assert x == 1\n{attempts_code(targets)}"
        judge_files = tmp_path / "judge"
        judge_files.mkdir(mode=0o755)
        (judge_files / "held-out").write_text("data")
        result = graded("x = 1", test, judge=judge_files)
    assert result.statuses == [Status.PASSED], result.messages
    came_through = json.loads(_printed(result.cells[0].outputs))
    assert len(came_through) > 40
    assert READ in came_through  # of a folder that is another judge's
    assert {name for name, came in came_through.items() if came} == {WRITE}


def test_a_judge_reads_the_files_that_are_for_it(graded, tmp_path):
    (tmp_path / "held-out").write_text("data")
    test = """
        import os, pathlib
        folder = pathlib.Path(os.environ["AUTOGRADER_JUDGE"])
        assert x == 1 and (folder / "held-out").read_text() == "data"
        try:
            (folder / "new").write_text("")
        except OSError:
            print("not to be written")
    """
    result = graded("x = 1", test, judge=tmp_path)
    assert result.scores == [1], result.messages
    assert "not to be written" in _printed(result.cells[0].outputs)


def test_a_judge_reads_files_that_nobody_but_the_grader_may_read(graded, tmp_path):
    # as an account with `umask 077` leaves them, and as the archive to another machine once did
    package = tmp_path / "judge" / "reference"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("answer = 1")
    for path in (package / "__init__.py", package, package.parent):
        path.chmod(0o700 if path.is_dir() else 0o600)
    test = """
        import os, sys
        sys.path.insert(0, os.environ["AUTOGRADER_JUDGE"])
        import reference
        assert x == reference.answer
    """
    result = graded("x = 1", test, judge=tmp_path / "judge")
    assert result.scores == [1], result.messages
    assert {path.stat().st_mode & 0o777 for path in (package, package.parent)} == {0o700}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's judge has another user")
def test_no_other_user_may_enter_the_copy_of_files_that_nobody_else_may_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    judge = tmp_path / "judge"
    judge.mkdir(mode=0o700)
    (judge / "answers").write_text("1")

    class Lease:
        """In the place of a fork server: looks at what a judge would be started with."""

        def start(self, order):
            assert (order.judge_files / "answers").read_text() == "1"
            assert order.judge_files.stat().st_mode & 0o005 == 0o005
            self.above = order.judge_files.parent.stat().st_mode & 0o777
            raise ConnectionError

    lease = Lease()
    with pytest.raises(ConnectionError):
        JudgeProcess(lease, Limits(), Files(judge=judge))
    assert lease.above == 0o700
    assert [path.name for path in tmp_path.iterdir()] == ["judge"]


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_judge_reads_its_files_where_a_spec_was_unpacked(tmp_path, umask):
    (tmp_path / "judge" / "reference").mkdir(parents=True)
    (tmp_path / "judge" / "reference" / "__init__.py").write_text("answer = 1")
    test = "import os, sys\nsys.path.insert(0, os.environ['AUTOGRADER_JUDGE'])\nfrom reference import answer"
    source = new_notebook(
        cells=[
            cell("x = 1", "answer", solution=True),
            cell(f"{test}\nassert x == answer", "test", grade=True, locked=True, points=1),
        ]
    )
    packed = packed_spec(GradingSpec(source, judge_files=tmp_path / "judge"))
    submission = packed_submission(nbformat.writes(source).encode(), None, key_of(None))
    before, runner = os.umask(umask), JobRunner()
    try:
        result = Result.from_json(runner.run(packed, submission))
    finally:
        os.umask(before)
        runner.close()
    assert [(each.score, each.message) for each in result.cells.values()] == [(1, "")]


def test_every_attempt_comes_through_where_nothing_confines(tmp_path):
    if subprocess.run(["unshare", "--pid", "--ipc", "--net", "--fork", "true"], check=False).returncode:
        pytest.skip("this machine gives root no namespaces of its own")
    with open_targets() as (targets, process):
        done = subprocess.run(
            [sys.executable, "-c", attempts_code(targets)],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        assert process.wait(10)
    came_through = json.loads(done.stdout)
    # what the machine refuses to everybody, or does not have
    refused_to_all = """
        read the machine's shared memory; open the network by IPv6; have its memory written down;
        use io_uring; set an attribute of a file outside; link to a file outside;
        load programs into the kernel;
        watch the machine's performance; signal its guard
    """
    refused = {name for name, came in came_through.items() if not came}
    assert refused <= {" ".join(name.split()) for name in refused_to_all.split(";")}


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user cannot lower the bounding set")
def test_a_worker_keeps_no_bounding_set(graded):
    code = "x = 1\nprint(open('/proc/self/status').read().split('CapBnd:')[1].split()[0])"
    assert int(graded(code, "assert x == 1").shown("s1"), 16) == 0
