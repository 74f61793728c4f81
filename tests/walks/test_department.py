"""A department's day: two students and an instructor on one machine with JupyterHub, PostgreSQL and a Dask cluster."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgresql
from tests.autograder.classroom import PLAIN_COURSE
from tests.walks import machine
from tests.walks.servers import free_port, running

pytest.importorskip("jupyterhub", reason="JupyterHub is not installed (pip install -r deploy/requirements.txt)")
pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.filterwarnings("ignore")]

LAB, COURSE = "series", "measuring"
OWNER, GRADER = "walk-course", "walk-grading"
PASSWORDS = {"ada": "lovelace-1815", "bob": "boole-1847", "ines": "instructor-1952"}
FILE = """
course = "{course}"
folder = "{root}/course"
owner = "{owner}"
exchange = "{root}/exchange"
state = "{root}/state"
gradebook = "{gradebook}"
instructors = ["ines"]
students = ["ada", "bob"]
[hub]
address = "http://127.0.0.1:{port}"
hub_port = {hub_port}
proxy_port = {proxy_port}
course_port = {course_port}
[cluster]
user = "{grader}"
scheduler = "tls://127.0.0.1:{scheduler_port}"
workers = 2
"""


class Machine:
    """The department's machine: its folder, how a command reaches it, and the hub's address."""

    def __init__(self, root: Path, before: list[str], port: int):
        self.root, self.before, self.url = root, before, f"http://127.0.0.1:{port}"
        self.file = root / "course.toml"

    @property
    def environment(self):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        names = {"PYTHONPATH": str(machine.REPOSITORY), "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}
        return {"PATH": path, "LANG": "C.UTF-8", **names}

    def command(self, *words):
        return [*self.before, sys.executable, *map(str, words)]

    def deploy(self, *words):
        return subprocess.run(
            self.command("-m", "deploy", *words),
            cwd=machine.REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def as_(self, user, code):
        """Run Python in somebody's name; give what it prints, or its last line of error."""
        done = subprocess.run(
            self.command("-c", code),
            cwd="/",
            env=self.environment | {"HOME": f"/home/{user}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            user=user,
            group=user,
            extra_groups=[],
        )
        return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def department():
    """Arrange the machine, and start its hub."""
    with (
        machine.folder() as root,
        machine.accounts(PASSWORDS, (OWNER, GRADER)),
        postgresql.gradebook(OWNER) as gradebook,
    ):
        ports = dict(zip(("port", "hub_port", "proxy_port", "course_port", "scheduler_port"), (free_port() for _ in range(5))))
        made = Machine(root, machine.within_reach(root), ports["port"])
        made.file.write_text(
            FILE.format(course=COURSE, root=root, owner=OWNER, grader=GRADER, gradebook=gradebook, **ports)
        )
        made.arranged = made.deploy("arrange", made.file)
        assert made.arranged.returncode == 0, made.arranged.stderr
        for name in (OWNER, GRADER):
            machine.mark(name)
        shutil.copytree(PLAIN_COURSE, root / "course", dirs_exist_ok=True)
        subprocess.run(["chown", "-R", f"{OWNER}:", root / "course"], check=True)
        with running(
            made.command("-m", "deploy", "start", made.file),
            f"{made.url}/hub/login",
            root / "hub.log",
            machine.REPOSITORY,
            made.environment,
        ):
            yield made


def test_try(department):
    import time
    print(department.arranged.stdout)
    time.sleep(15)
    print((department.root / "hub.log").read_text())
    subprocess.run(["ps", "axuf"])
    subprocess.run(["find", department.root, "-ls"])
