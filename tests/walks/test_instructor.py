"""An instructor's day: a class from its folder to its points, and again with a mended test."""

import csv
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader.api import Gradebook
from playwright.sync_api import Locator, Page, expect

from course import sample_class
from course.sample_class import encoder
from course.sample_class.notebooks import index
from course.stamps import ROOT
from tests.walks.guide import told
from tests.walks.jupyter import SECONDS, SIZE, Lab, Person

pytestmark = [pytest.mark.slow, pytest.mark.browser]

GUIDE = told("instructor")
FOLDER, RELEASE, COLLECT, GRADE, _, REPORT, BACK, AGAIN = GUIDE.values()
LAB, COURSE, TEST = "encoder", "convolutions-2027", "test_conv2d_params"
HIDDEN = "### BEGIN HIDDEN TESTS\n"
STRICT = 'assert isinstance(conv2d_params(3, 1, 2), int), "a count is a whole number"\n'
WRITTEN = "At most $m$: the filters of a channel are mixes of $m$ pictures. In a dense layer up to 9."


def answers(right: dict[str, str]) -> dict[str, dict[str, str]]:
    """Give what each student hands in: the instructor's answers, some of them changed."""
    right = right | {"rank_answer": WRITTEN}
    real = right["conv2d_params"].replace("return height", "return 1.0 * height")
    return {
        "ada": right,
        "ben": right | {"separable_conv2d_params": encoder.MULTIPLIER_IGNORED},
        "dev": {},
        "edda": right | {"conv2d_params": real},
        "cleo": right,  # late
    }


def cell(notebook, name: str):
    """Give the cell of this name."""
    return notebook.cells[index(notebook, name)]


def write(field: Locator, text: str) -> None:
    """Write into a field of the formgrader, and wait until it is saved."""
    with field.page.expect_response(lambda response: response.request.method == "PUT"):
        field.fill(text)
        field.blur()


class Day:
    """The machine, the class's folder, and the windows that the instructor has open."""

    def __init__(self, root: Path):
        self.exchange = root / "exchange"
        self.exchange.mkdir(mode=0o777)
        self.exchange.chmod(0o777)
        self.project, self.root = root / "project", root / COURSE
        self.project.mkdir()
        shutil.copytree(ROOT / "solutions", self.project / "solutions")
        shutil.copy(ROOT / "nbgrader_config.py", self.project)
        self.people = root / "home"
        self.instructor = Person(self.people / "instructor", PS1="$ ")

    def types(self, commands: str, folder: Path | None = None) -> str:
        """Type lines into a shell in the class's folder; give what they print."""
        script = self.people / "typed"
        script.write_text(f"set -e\n{commands}")
        return self.instructor.types(f"bash {script}", cwd=folder or self.root)

    def source(self) -> Path:
        return self.root / "solutions" / LAB / f"{LAB}.ipynb"

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.root}/gradebook.db", COURSE)

    def hand_in(self, student: str, work: dict[str, str]) -> None:
        """Let a student write what is in `work` into the lab of the exchange, and submit it."""
        person = Person(self.people / student)
        settings = [line for line in FOLDER[1].splitlines() if "late" not in line]
        person.settings("c = get_config()\n" + self.here("\n".join(settings)))
        shutil.copytree(self.exchange / COURSE / "outbound" / LAB, person.home / LAB)
        sample_class.hand_in(person.home / LAB / f"{LAB}.ipynb", work)
        person.types(f"nbgrader submit {LAB} --student={student}")  # on this machine all are one user

    def here(self, settings: str) -> str:
        """Put this machine's exchange into the guide's settings."""
        assert "/srv/nbgrader/exchange" in settings
        return settings.replace("/srv/nbgrader/exchange", str(self.exchange))


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    return Day(tmp_path_factory.mktemp("day"))


@pytest.fixture(scope="module")
def lab(day, chromium, tmp_path_factory):
    """Give JupyterLab in the class's folder, in a browser."""
    shell = "--ServerApp.terminado_settings={'shell_command': ['bash', '--norc']}"
    log = tmp_path_factory.mktemp("jupyterlab") / "log"
    with day.instructor.jupyterlab(log, day.root, shell) as address:
        page = chromium.new_page()
        yield Lab(page, address, day.root)
        page.close()


@pytest.fixture
def formgrader(lab, chromium):
    """Give a function that opens a page of the formgrader in a window of its own."""
    context = chromium.new_context(viewport=SIZE, storage_state=lab.page.context.storage_state())
    context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())  # MathJax
    base = lab.page.url.partition("/lab")[0]

    def open_(path: str) -> Page:
        page = context.new_page()
        page.goto(f"{base}/formgrader/{path}")
        return page

    yield open_
    context.close()


def test_a_folder_is_made_and_the_lab_released(day):
    commands, settings, late, students, import_ = FOLDER
    day.types(commands, folder=day.project)
    with (day.root / "nbgrader_config.py").open("a") as file:
        file.write(day.here(settings))
    (day.root / "late.py").write_text(late)
    (day.root / "students.csv").write_text(students)
    day.types(import_)
    notebook = nbformat.read(day.source(), as_version=4)  # in which a test is stricter than its task
    cell(notebook, TEST).source = cell(notebook, TEST).source.replace(HIDDEN, HIDDEN + STRICT)
    nbformat.write(notebook, day.source())
    assert "and in the exchange" in day.types(RELEASE[0])
    released = (day.exchange / COURSE / "outbound" / LAB / f"{LAB}.ipynb").read_text()
    assert "HIDDEN" not in released
    assert "SOLUTION" not in released


def test_the_formgrader_sets_when_it_is_due(day, lab):
    lab.menu("Nbgrader", "Formgrader").click()
    page = lab.page.frame_locator("iframe")
    row = page.get_by_role("row", name=LAB)
    row.locator(".edit a").click()
    page.locator("input.modal-duedate").fill(f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M}")
    page.locator("input.modal-timezone").fill("+0000")
    page.get_by_role("button", name="Save").click()
    expect(row.locator(".duedate")).to_contain_text("UTC")


def test_answers_come_in_and_are_collected(day):
    work = answers(sample_class.solutions(day.source()))
    *in_time, late = work
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda student: day.hand_in(student, work[student]), in_time))
    with day.gradebook() as gradebook:  # the day passes
        gradebook.update_or_create_assignment(LAB, duedate=datetime.now(UTC).replace(tzinfo=None))
    day.hand_in(late, work[late])
    day.types(COLLECT[0])
    assert {path.parent.name for path in day.root.glob(f"submitted/*/{LAB}")} == set(work)


def test_a_button_grades_one_and_takes_off_for_lateness(day, formgrader):
    page = formgrader(f"manage_submissions/{LAB}")
    page.get_by_role("row", name="cleo").locator(".autograde a").click()
    expect(page.get_by_text(f"Successfully autograded '{LAB}' for student 'cleo'.")).to_be_visible(
        timeout=SECONDS * 1000
    )
    page.get_by_role("button", name="OK").click()
    row = page.get_by_role("row", name="cleo")
    expect(row).to_contain_text("needs manual grading")
    expect(row).to_contain_text("20 / 24")  # without what lateness costs, as nbgrader shows it here
    with day.gradebook() as gradebook:
        assert gradebook.find_submission(LAB, "cleo").late_submission_penalty == 1


def test_a_terminal_shows_how_far_the_class_is(day, lab, formgrader, shot):
    terminal = lab.terminal()
    terminal.types(GRADE[0].strip(), until="grading ")
    expect(terminal.screen).to_contain_text(re.compile(r"\d/5"))
    expect(terminal.screen).to_contain_text("5 submissions in", timeout=SECONDS * 1000)
    expect(terminal.screen).to_contain_text("1 late (1 point off)")
    expect(terminal.screen).not_to_contain_text("Warning")
    shot(lab.page, "instructor-grade", clip=terminal.screen.bounding_box() | {"height": 215})
    page = formgrader(f"manage_submissions/{LAB}")
    expect(page.get_by_text("needs manual grading")).to_have_count(4)
    expect(page.get_by_role("row", name="dev")).to_contain_text("graded0 / 24")
    shot(page, "instructor-submissions")


def test_a_written_answer_is_graded_by_its_rubric(day, formgrader, shot):
    page = formgrader(f"gradebook/{LAB}/{LAB}")
    address = page.url
    answer = page.locator(".nbgrader_cell").filter(has=page.locator("#rank_answer"))
    for number in range(1, 6):
        page.goto(address)
        page.get_by_role("link", name=f"Submission #{number}").click()
        page.wait_for_load_state("networkidle")
        if "At most" not in answer.inner_text():
            continue  # nothing was written
        rubric = page.locator(".text_cell", has_text="For the grader")
        expect(rubric).to_contain_text("4 points")
        write(answer.locator("#rank_answer"), "2.5")
        write(answer.locator("textarea"), "Right. Which example, and what does it cost?")
        answer.evaluate("cell => scrollTo(0, cell.getBoundingClientRect().top + scrollY - 80)")
        shot(page, "instructor-rubric", clip={"x": 110, "y": 60, "width": 880, "height": 480})
    with day.gradebook() as gradebook:
        handed_in = gradebook.assignment_submissions(LAB)
        given = {each.student.id: each.notebooks[0].written_score for each in handed_in}
    assert given == {"ada": 2.5, "ben": 2.5, "cleo": 2.5, "dev": 0, "edda": 2.5}


def test_the_report_opens_from_disk(day, chromium, shot):
    day.types(REPORT[0])
    page = chromium.new_page(viewport=SIZE)
    page.goto((day.root / "reports" / LAB / "report.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text(LAB)
    expect(page.get_by_text("the depth multiplier is ignored").first).to_be_visible()
    shot(page, "instructor-report")
    page.close()


def test_the_work_goes_back(day, chromium):
    said = day.types(BACK[0])
    assert "5 of 5 in" in said
    assert "without, as a person" not in said
    with open(day.root / "reports" / LAB / "moodle.csv", newline="", encoding="utf-8") as file:
        points = {row["Username"]: row[LAB] for row in csv.DictReader(file)}
    assert points == {"ada": "22.5", "ben": "21.5", "cleo": "21.5", "dev": "0", "edda": "21.5"}
    page = chromium.new_page(viewport={"width": 360, "height": 700})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((day.root / "feedback" / "ben" / LAB / f"{LAB}.html").as_uri())
    expect(page.get_by_text("the depth multiplier is ignored")).to_be_visible()
    expect(page.get_by_text("Which example")).to_be_visible()
    expect(page.get_by_text("For the grader")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(page).response["violations"]
    assert not [each["id"] for each in found if each["impact"] in ("serious", "critical")]
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    page.close()


def test_a_mended_test_changes_one_students_points(day, lab, chromium, shot):
    notebook = lab.notebook(str(day.source().relative_to(day.root)))
    mended = cell(nbformat.read(day.source(), as_version=4), TEST).source.replace(STRICT, "")
    notebook.write(TEST, mended)
    notebook.save()
    said = day.types(AGAIN[0])
    assert "5 submissions in" in said
    assert "5 of 5 in" in said
    with day.gradebook() as gradebook:
        assert not [each for each in gradebook.assignment_submissions(LAB) if each.needs_manual_grade]
    page = chromium.new_page(viewport=SIZE)
    page.goto((day.root / "reports" / LAB / "report.html").as_uri())
    changes = page.locator("section").filter(has=page.locator("#changes"))
    expect(changes.get_by_role("row")).to_have_count(2)  # the heading, and one student
    expect(changes).to_contain_text("edda")
    shot(changes, "instructor-changes")
    page.close()
