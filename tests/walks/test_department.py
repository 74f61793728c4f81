"""A department's day: two students and an instructor on one machine with JupyterHub, PostgreSQL and a Dask cluster."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import postgresql
from tests.autograder.classroom import PLAIN_COURSE
from tests.walks import machine
from tests.walks.jupyter import SIZE, Lab, choose
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
    with _department() as made:
        yield made

from contextlib import contextmanager
@contextmanager
def _department():
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
        for name in (OWNER, *PASSWORDS):
            choose(machine.home(name))
            subprocess.run(["chown", "-R", f"{name}:", machine.home(name) / ".jupyter"], check=True)
        shutil.copytree(PLAIN_COURSE, root / "course", dirs_exist_ok=True)
        subprocess.run(["chown", "-R", f"{OWNER}:", root / "course"], check=True)
        with running(
            made.command("-m", "deploy", "start", made.file),
            f"{made.url}/hub/login",
            root / "hub.log",
            machine.REPOSITORY,
            made.environment,
            status=200,
        ):
            try:
                yield made
            finally:
                shutil.copy(root/'hub.log','/tmp/department/hub.log')
        shutil.copy(root/'hub.log','/tmp/department/hub.log')


@pytest.fixture(scope="module")
def people(department, chromium):
    """Log people in, each in a browser of their own."""
    contexts = {}

    def page(name: str):
        if name not in contexts:
            contexts[name] = chromium.new_context(color_scheme="light", viewport=SIZE)
            contexts[name].set_default_timeout(60_000)
            contexts[name].new_page()
        return contexts[name].pages[0]

    yield page
    for context in contexts.values():
        context.close()


def log_in(page, department, name, password=None):
    page.goto(department.url)
    page.screenshot(path="/tmp/department/login.png"); print(page.url, page.content()[:3000])
    page.set_default_timeout(60000)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password or PASSWORDS[name])
    page.get_by_role("button", name="Sign in").click()


def test_who_has_no_place_is_not_let_in(department, people):
    page = people("ines")
    log_in(page, department, "ines", "wrong")
    expect(page.get_by_text("Invalid username or password")).to_be_visible()


def test_the_instructor_releases_in_the_courses_name(department, people, shot):
    page = people("ines")
    log_in(page, department, "ines")
    page.wait_for_url("**/services/course/lab**")
    lab = Lab(page, page.url, department.root / "course")
    terminal = lab.terminal()
    terminal.types("autograder release series --exchange && echo all $((1+1))", "all 2", seconds=60)
    page.screenshot(path="/tmp/department/a.png")
    assert (department.root / "exchange" / COURSE / "outbound" / LAB / f"{LAB}.ipynb").exists()


def test_students(department, people, shot):
    page = people("ada")
    log_in(page, department, "ada")
    page.wait_for_url("**/user/ada/lab**")
    lab = Lab(page, page.url, Path("/home/ada"))
    page.screenshot(path="/tmp/department/b.png")
    lab.menu("Nbgrader").click()
    page.screenshot(path="/tmp/department/c.png")
    page.keyboard.press("Escape")
    lab.menu("Nbgrader", "Assignment List").click()
    page.get_by_text("Fetch", exact=True).first.wait_for()
    page.screenshot(path="/tmp/department/d.png")
    print(page.locator("#main").inner_html() if False else page.locator(".lm-Widget.jp-MainAreaWidget:visible").first.inner_html()[:6000])
