"""The same on a Dask cluster: a lost worker costs nothing, and nobody needs the course's folder."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from autograder.batch.errors import POOL_GONE
from tests.autograder.batch import course
from tests.autograder.batch.course import CLASS, LAB, RIGHT, grade
from tests.children import PYTHONPATH

pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
APART = ["unshare", "--user", "--map-root-user", "--mount"]


class Cluster:
    """A scheduler and its workers, each a process of its own in a folder of its own."""

    def __init__(self, root):
        self.root, self.processes = root, []
        root.mkdir()
        self.file = root / "scheduler.json"
        self.start(
            "scheduler", "distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", str(self.file)
        )
        self.until(lambda: self.file.exists() and self.file.read_text().strip().endswith("}"))
        self.address = json.loads(self.file.read_text())["address"]

    def start(self, name, module, *arguments, before=(), path=()):
        folder = self.root / name
        folder.mkdir()
        path = os.pathsep.join(map(str, [PYTHONPATH, *path]))
        environment = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(folder)}
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", module, *arguments, "--no-dashboard"],
                cwd=folder, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, name, **how):
        options = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--local-directory",
            str(self.root / name),
            "--name",
            name,
        )
        return self.start(name, "distributed.cli.dask_worker", self.address, *options, **how)

    def until(self, holds):
        deadline = time.monotonic() + 300
        while not holds():
            assert time.monotonic() < deadline, [path.read_text() for path in self.root.glob("*/log")]
            time.sleep(0.1)

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path / "cluster")
    yield made
    made.close()


@pytest.fixture
def room(tmp_path, monkeypatch):
    # one from outside of pytest's folders, which others may look into
    made = course.make(tmp_path / "mine" / "course")
    monkeypatch.chdir(made.root)
    path = list(sys.path)
    yield made
    sys.path[:] = path
    sys.modules.pop("lateness", None)


def test_a_lost_worker_costs_nothing(cluster, room):
    for number in range(6):
        course.hand_in(room, f"ned{number}", RIGHT)
        course.add_cell(room, f"ned{number}", f"import time; time.sleep(1 + {number} / 10)")
    lost = cluster.worker("first")
    cluster.worker("second")

    def lose():
        cluster.until(lambda: course.kept(room) >= 2)
        lost.send_signal(signal.SIGKILL)

    killer = threading.Thread(target=lose)
    killer.start()
    done = grade(room, scheduler=cluster.address, workers=None)
    killer.join()
    students = {*CLASS, *(f"ned{number}" for number in range(6))}
    assert (done.code, lost.wait(10)) == (0, -signal.SIGKILL)
    assert done.of("state") == dict.fromkeys(students, "graded")
    with room.gradebook() as gradebook:
        rows = [each.student.id for each in gradebook.find_assignment(LAB).submissions]
    assert sorted(rows) == sorted(students)
    assert room.scores(LAB)["ned5"] == {"test_double": 2, "test_parts": 3, "why": None}
    local = course.copy_of(room, room.root.parent / "local")
    shutil.rmtree(local.root / ".autograder")
    os.chdir(local.root)
    assert grade(local, *CLASS).of("score") == {
        student: done.submissions[student]["score"] for student in CLASS
    }


def test_workers_need_nothing_of_the_course(cluster, room):
    if shutil.which("unshare") is None or subprocess.run([*APART, "true"], check=False).returncode:
        pytest.skip("user and mount namespaces cannot be made here")
    # root of a namespace of its own cannot become another user
    room.configure(f"{room.config}\nc.SandboxExecute.allow_missing = ['own user']\n")
    hidden = room.root.parent
    script = f'mount -t tmpfs none "{hidden}" && test ! -e "{room.root}" && exec "$@"'
    cluster.worker("apart", before=[*APART, "sh", "-c", script, "sh"])
    done = grade(room, scheduler=cluster.address, workers=None)
    assert (done.code, done.of("state")) == (0, dict.fromkeys(CLASS, "graded")), done.shown
    assert room.scores(LAB)["ada"] == {"test_double": 2, "test_parts": 3, "why": None}
    assert room.scores(LAB)["bob"]["test_parts"] == 1
    before = room.scores(LAB)
    assert grade(room, scheduler=cluster.address, workers=None).of("state") == dict.fromkeys(
        CLASS, "unchanged"
    )
    assert room.scores(LAB) == before


def test_a_worker_with_other_packages_is_refused_in_one_line(cluster, room, tmp_path):
    other = tmp_path / "site" / "another-1.0.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: another\nVersion: 1.0\n")
    cluster.worker("other", path=[other.parent])
    done = grade(room, scheduler=cluster.address, workers=None)
    refusal = "autograder grade: this machine has other versions of Python or of the packages"
    assert (done.code, refusal in done.shown, "Traceback" in done.shown) == (2, True, False)
    cluster.worker("same")
    cluster.processes[-2].terminate()
    cluster.processes[-2].wait(20)
    assert grade(room, scheduler=cluster.address, workers=None).code == 0


def test_a_lost_scheduler_is_said_and_what_is_graded_is_kept(cluster, room):
    for number in range(6):
        course.hand_in(room, f"ned{number}", RIGHT)
        course.add_cell(room, f"ned{number}", f"import time; time.sleep(1 + {number} / 10)")
    cluster.worker("first")

    def lose():
        cluster.until(lambda: course.kept(room) >= 2)
        cluster.processes[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=lose)
    killer.start()
    done = grade(room, scheduler=cluster.address, workers=None)
    killer.join()
    assert (done.code, POOL_GONE in done.shown) == (2, True), done.shown
    assert course.kept(room) >= 2


class ClosedClientError(Exception):
    """As Dask raises it."""


class LosesItsScheduler:
    """A client whose scheduler answers once; then it is gone, and the client gives up."""

    def __init__(self, *_, **__):
        self.asked = 0

    def register_plugin(self, *_, **__):
        pass

    def get_executor(self, **_):
        return self

    def nthreads(self):
        self.asked += 1
        if self.asked > 1:
            raise OSError("Timed out trying to connect to tcp://10.0.0.1:8786 after 30 s")
        return {"tcp://10.0.0.2:40000": 1}

    def shutdown(self, wait):
        raise ClosedClientError("Client is closed. Can't send cancel-keys message.")

    def close(self, timeout):
        pass


def test_a_scheduler_that_is_lost_before_a_submission_is_sent_is_said_as_well(room, monkeypatch):
    monkeypatch.setattr("autograder.batch.cluster.Client", LosesItsScheduler)
    done = grade(room, scheduler="tcp://10.0.0.1:8786", workers=None)
    assert (done.code, POOL_GONE in done.shown) == (2, True), done.shown
