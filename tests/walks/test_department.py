"""A department's day: two students and an instructor with JupyterHub, PostgreSQL and Dask."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest
from playwright.sync_api import expect

from course.sample_class.tiny import QUESTIONS, RIGHT, source
from course.stamps import ROOT
from deploy.hub import proxy
from deploy.settings import DeployError
from tests import postgresql
from tests.autograder.classroom import ONE_LINE
from tests.children import PYTHONPATH
from tests.servers import free_port, running
from tests.walks import machine
from tests.walks.jupyter import SECONDS, SIZE, Lab, choose

pytest.importorskip("jupyterhub", reason="no JupyterHub (pip install -r deploy/requirements.txt)")
pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAB, COURSE = "series", "measuring"
OWNER, GRADER = "walk-course", "walk-grading"
PASSWORDS = {"ada": "lovelace-1815", "bob": "boole-1847", "ines": "instructor-1952"}
ANSWERS = {
    "ada": dict(zip(QUESTIONS, RIGHT, strict=True)),
    "bob": {"double": "def double(n):\n    return n + 2", "half": RIGHT[1]},
}
PORTS = ("port", "hub_port", "proxy_port", "course_port", "scheduler_port")
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
# Which of these paths can be read, and what stands in the way of the others.
READ = """
import json, os, sys
found = {}
for path in sys.argv[1:]:
    try:
        os.listdir(path)
    except NotADirectoryError:
        try:
            open(path).close()
        except OSError as error:
            found[path] = type(error).__name__
        else:
            found[path] = "read"
    except OSError as error:
        found[path] = type(error).__name__
    else:
        found[path] = "read"
print(json.dumps(found))
"""
# What the scheduler says to one who has no key.
KNOCK = """
import socket, ssl, sys
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
with context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)) as knocking:
    print(knocking.recv(1))
"""
SCORES = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook(sys.argv[1], sys.argv[2]) as book:
    print(json.dumps({
        each.student.id: {grade.name: grade.auto_score for book in each.notebooks for grade in book.grades}
        for each in book.find_assignment(sys.argv[3]).submissions
    }))
"""


class Department:
    """The department's machine: its folder, its addresses, and commands in somebody's name."""

    def __init__(self, root: Path, gradebook: str):
        self.root, self.gradebook, self.file = root, gradebook, root / "course.toml"
        self.ports = {name: free_port() for name in PORTS}
        self.url = f"http://127.0.0.1:{self.ports['port']}"
        self.scheduler = f"tls://127.0.0.1:{self.ports['scheduler_port']}"
        self.before = machine.within_reach(root)
        self.environment = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": PYTHONPATH,
            "LANG": "C.UTF-8",
        }
        names = {"course": COURSE, "root": root, "owner": OWNER, "grader": GRADER, "gradebook": gradebook}
        self.file.write_text(FILE.format(**names, **self.ports))

    def command(self, *words) -> list[str]:
        return [*self.before, sys.executable, *map(str, words)]

    def deploy(self, *words) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command("-m", "deploy", *words),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def as_(self, name: str, code: str, *words) -> str:
        """Run Python in somebody's name; return its output, or the last line of its error."""
        become = [shutil.which("setpriv"), f"--reuid={name}", f"--regid={name}", "--init-groups", "--"]
        done = subprocess.run(
            [*self.before, *become, sys.executable, "-c", code, *map(str, words)],
            cwd="/",
            env=self.environment | {"HOME": str(machine.home(name))},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        return done.stdout.strip() or done.stderr.strip().splitlines()[-1]

    def reads(self, name: str, *paths) -> dict[str, str]:
        """What comes of somebody's reading these paths, by path."""
        return json.loads(self.as_(name, READ, *paths))


@pytest.fixture(scope="module")
def department():
    """Arrange the machine as the guide says, and start its hub."""
    for program in ("openssl", "setpriv", "node"):
        if not shutil.which(program):
            pytest.skip(f"no {program} on this machine")
    try:
        proxy()
    except DeployError as error:
        pytest.skip(str(error))
    with (
        machine.folder() as root,
        machine.accounts(PASSWORDS, (OWNER, GRADER)),
        postgresql.gradebook(OWNER) as gradebook,
    ):
        made = Department(root, gradebook)
        done = made.deploy("arrange", made.file)
        assert done.returncode == 0, done.stderr
        for name in (OWNER, GRADER):
            machine.mark(name)
        for name in (OWNER, *PASSWORDS):
            choose(machine.home(name))
            subprocess.run(["chown", "-R", f"{name}:", machine.home(name) / ".jupyter"], check=True)
        lab = root / "course" / "source" / LAB / f"{LAB}.ipynb"
        lab.parent.mkdir(parents=True)
        nbformat.write(source(), lab)
        (root / "course" / "nbgrader_config.py").write_text(ONE_LINE)
        subprocess.run(["chown", "-R", f"{OWNER}:", root / "course"], check=True)
        start = made.command("-m", "deploy", "start", made.file)
        ready = f"{made.url}/hub/login"
        with running(start, ready, root / "log", ROOT, made.environment, status=200):
            yield made


@pytest.fixture(scope="module")
def instructors_lab(department, page_of):
    """The course's JupyterLab, in which the instructor stays all day."""
    page = page_of("ines")
    log_in(page, department, "ines", PASSWORDS["ines"])
    page.wait_for_url("**/services/course/lab**")
    return Lab(page, page.url, department.root / "course")


@pytest.fixture(scope="module")
def page_of(department, chromium):
    """Give somebody's page, in a browser of their own."""
    pages = {}

    def page(name: str):
        if name not in pages:
            pages[name] = chromium.new_context(reduced_motion="reduce", viewport=SIZE).new_page()
            pages[name].set_default_timeout(SECONDS * 1000)
        return pages[name]

    yield page
    for each in pages.values():
        each.context.close()


def log_in(page, department, name: str, password: str) -> None:
    page.goto(department.url)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def assignments(lab: Lab):
    """Open nbgrader's list of assignments; give its three parts."""
    lab.menu("Nbgrader", "Assignment List").click()
    parts = [lab.page.locator(f"#{name}_assignments_list") for name in ("released", "fetched", "submitted")]
    for part in parts:
        part.locator(".list_loading").wait_for(state="hidden")
    return parts


def formgrader(lab: Lab):
    """Open the formgrader; give its row of the lab."""
    lab.menu("Nbgrader", "Formgrader").click()
    return lab.page.frame_locator("iframe").locator("tr", has_text=LAB)


def test_arranging_again_changes_nothing(department):
    done = department.deploy("arrange", department.file)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_wrong_password_is_refused(department, page_of, shot):
    page = page_of("ines")
    page.goto(department.url)
    shot(page, "department-login", clip={"x": 325, "y": 60, "width": 450, "height": 300})
    log_in(page, department, "ines", PASSWORDS["ada"])
    page.get_by_text("Invalid username or password").wait_for()


def test_the_instructor_comes_to_the_courses_server_and_releases(instructors_lab, shot):
    terminal = instructors_lab.terminal()
    terminal.types(f"autograder release {LAB} --exchange", until="and in the exchange")
    row = formgrader(instructors_lab)
    row.wait_for()
    expect(row.locator(".status")).to_have_text("released")
    row.evaluate("row => row.scrollIntoView({block: 'end'})")
    shot(instructors_lab.page, "department-released")


@pytest.mark.parametrize("name", ["ada", "bob"])
def test_a_student_fetches_answers_validates_and_submits(department, page_of, name):
    page = page_of(name)
    log_in(page, department, name, PASSWORDS[name])
    page.wait_for_url(f"**/user/{name}/lab**")
    lab = Lab(page, page.url, machine.home(name))
    lab.menu("Nbgrader").click()
    expect(page.locator(".lm-Menu-itemLabel:visible")).to_have_text(["Assignment List"])
    page.keyboard.press("Escape")
    released, fetched, submitted = assignments(lab)
    released.get_by_role("button", name="Fetch").click()
    fetched.get_by_role("button", name="Submit").wait_for()

    notebook = lab.notebook(f"{LAB}/{LAB}.ipynb")
    for cell, answer in ANSWERS[name].items():
        notebook.write(cell, answer)
    notebook.save()
    expected = "Your notebook passes all the tests" if name == "ada" else "assert double(4) == 8"
    results = notebook.validate()
    expect(results).to_contain_text(expected)
    results.get_by_role("button", name="Ok").click()

    _, fetched, submitted = assignments(lab)
    fetched.get_by_role("button", name="Submit").click()
    submitted.locator(".list_item", has_text=LAB).wait_for()
    inbound = department.root / "exchange" / COURSE / "inbound"
    assert len(list(inbound.glob(f"{name}+{LAB}+*"))) == 1


def test_the_instructor_collects_and_grades_on_the_cluster(department, instructors_lab, shot):
    page = instructors_lab.page
    formgrader(instructors_lab).locator(".collect a").click()
    page.frame_locator("iframe").get_by_text("Successfully").wait_for()
    terminal = instructors_lab.terminal()
    terminal.types(f"autograder grade {LAB}", until="2 submissions in", seconds=3 * SECONDS)
    cluster = f"2 at once on 2 workers of {department.scheduler}."
    expect(terminal.screen).to_contain_text(f"Grading {LAB}, {cluster}")
    shot(page, "department-graded", clip={"x": 294, "y": 92, "width": 460, "height": 90})

    scores = json.loads(department.as_(OWNER, SCORES, department.gradebook, COURSE, LAB))
    assert scores == {
        "ada": {"test_double": 2, "test_parts": 3, "why": None},
        "bob": {"test_double": 0, "test_parts": 3, "why": 0},
    }
    assert not (department.root / "course" / "gradebook.db").exists()


def test_a_student_gets_feedback(department, instructors_lab, page_of):
    instructors_lab.terminal().types(f"autograder feedback {LAB} --exchange", until="2 of 2 in ")

    page = page_of("bob")
    lab = Lab(page, f"{department.url}/user/bob/lab", machine.home("bob"))
    _, _, submitted = assignments(lab)
    submitted.get_by_role("button", name="Fetch Feedback").click()
    submitted.get_by_text("(view feedback)").click()
    page.locator(".jp-DirListing").get_by_text(f"{LAB}.html").dblclick()
    feedback = page.frame_locator("iframe")
    feedback.get_by_text("double(4) == 8").first.wait_for()
    expect(feedback.get_by_text("double(5)")).to_have_count(0)


def test_nobody_reads_what_is_not_theirs(department):
    root, state = department.root, department.root / "state"
    course = root / "course"
    (course / "course_secret").write_text("secret")
    shutil.chown(course / "course_secret", OWNER)
    theirs = [
        course,
        course / "course_secret",
        course / ".autograder",
        course / "source" / LAB / f"{LAB}.ipynb",
        course / "submitted",
        state / "hub",
        state / "hub" / "hub.sqlite",
        state / "course" / "nbgrader_config.py",
        state / "course" / "cluster.pem",
    ]
    assert all(path.exists() for path in theirs)
    exchange = root / "exchange" / COURSE
    inbound, feedback, released = exchange / "inbound", exchange / "feedback", exchange / "outbound" / LAB
    of_the_grader = [state / "cluster" / "cluster.pem", machine.home(GRADER)]
    homes = {name: machine.home(name) for name in (*PASSWORDS, OWNER)}
    for name in ("ada", "bob", "ines", GRADER):
        others = [home for whose, home in homes.items() if whose != name]
        own = of_the_grader if name == GRADER else [homes[name], released]
        closed = [*theirs, *others, inbound, feedback, *(of_the_grader if name != GRADER else [])]
        assert set(department.reads(name, *own).values()) == {"read"}
        assert set(department.reads(name, *closed).values()) == {"PermissionError"}, name
    assert set(department.reads(OWNER, *theirs[:5], inbound).values()) == {"read"}
    assert set(department.reads(OWNER, homes["ada"], *of_the_grader).values()) == {"PermissionError"}


def test_nobody_moves_what_is_not_theirs(department):
    course = department.root / "exchange" / COURSE
    (submission,) = (course / "inbound").glob("bob+*")
    for path in (course, course / "outbound", submission):
        said = department.as_("ada", "import os, sys; os.rename(sys.argv[1], sys.argv[1] + '-')", path)
        assert said.startswith("PermissionError"), said


def test_the_cluster_and_the_gradebook_are_closed_to_students(department):
    said = department.as_("ada", KNOCK, department.ports["scheduler_port"])
    assert "certificate required" in said, said
    refusals = {"": 'role "ada" does not exist', f"{OWNER}@": "Peer authentication failed"}
    for account, words in refusals.items():
        address = department.gradebook.replace("+psycopg", "").replace("///", f"//{account}/")
        said = department.as_("ada", "import psycopg, sys; psycopg.connect(sys.argv[1])", address)
        assert words in said, said
    at_work = psutil.process_iter(["cmdline", "username"])
    mine = [each.info for each in at_work if department.scheduler in (each.info["cmdline"] or ())]
    assert ({each["username"] for each in mine}, len(mine)) == ({GRADER}, 3)


@pytest.mark.parametrize("page", ["services/course/lab", "services/course/formgrader", "user/bob/lab"])
def test_the_hub_shows_a_student_nobody_elses_server(department, page_of, page):
    answer = page_of("ada").goto(f"{department.url}/{page}")
    assert answer.status in (403, 404)
