"""Submissions whose files, cells and prints are unusual, beside one that is plain."""

import copy
import io
import json
import os

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.utils import notebook_hash
from rich.console import Console

from autograder.commands.export import export
from autograder.commands.feedback import feedback
from autograder.commands.report import report
from course.sample_class.notebooks import answer, answered, graded, index, notebook, plain
from tests.autograder.batch.course import CONFIG, LATENESS, grade
from tests.autograder.classroom import Classroom

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own, when it runs in this process
LAB, SECRET = "unusual", "submission_secret.txt"
RIGHT = {
    "first": "t = 3",
    "parts": "def third(n):\n    return n / 3",
    "second": "t = 4",
    "show": "def show(n):\n    print(n)",
}
FULL = {"test_first": 1, "test_nothing": 0, "test_parts": 0.3, "test_second": 1, "test_show": 1}


def source():
    return notebook(
        plain("import io\nfrom contextlib import redirect_stdout"),
        answer("first", "### BEGIN SOLUTION\nt = 3\n### END SOLUTION"),
        graded("test_first", 1, "assert t == 3"),
        graded("test_nothing", 0, "assert t == 3"),
        answer("parts", "def third(n):\n    ### BEGIN SOLUTION\n    return n / 3\n    ### END SOLUTION"),
        graded("test_parts", 0.3, "sum(0.1 for n in (3, 6, 9) if third(n) == n / 3)"),
        answer("second", "### BEGIN SOLUTION\nt = 4\n### END SOLUTION"),
        graded("test_second", 1, "assert t == 4"),
        answer("show", "def show(n):\n    ### BEGIN SOLUTION\n    print(n)\n    ### END SOLUTION"),
        graded(
            "test_show", 1,
            "out = io.StringIO()\nwith redirect_stdout(out):\n    show(5)\nassert out.getvalue() == '5\\n'",
        ),
    )  # fmt: skip


def submissions(right):
    """Return what each student hands in."""
    plain_one = {f"{LAB}.ipynb": right}

    def changed(change):
        nb = copy.deepcopy(right)
        change(nb)
        return {f"{LAB}.ipynb": nb}

    def as_markdown(nb):
        cell = nb.cells[index(nb, "show")]
        cell.cell_type = "markdown"
        del cell["outputs"], cell["execution_count"]

    def strange_name(nb):
        nb.cells[index(nb, "test_show")].metadata.nbgrader.grade_id = "../x/<y>"
        nb.cells[index(nb, "show")].metadata.nbgrader.grade_id = "a/b"

    def other_kernel(nb):
        nb.metadata.kernelspec = {"name": "conda-root-py", "display_name": "Python [root]", "language": "R"}

    def prints_bytes(nb):
        nb.cells.append(new_code_cell("import os, sys\nos.write(1, b'\\xff\\xfe\\xe0')\n"
                                      "sys.stdout.buffer.write(b'\\xc3(')\nprint('\\ud800')"))  # fmt: skip

    def draws(nb):
        code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('mine')"
        nb.cells.append(new_code_cell(code))

    def lines_of_windows(nb):
        for cell in nb.cells:
            cell.source = cell.source.replace("\n", "\r\n")

    def marks_of_an_older_nbgrader(nb):
        for cell in nb.cells:
            if marks := cell.metadata.pop("nbgrader", None):
                kept = ("grade", "grade_id", "locked", "solution", "points")
                cell.metadata.nbgrader = {name: marks[name] for name in kept if name in marks}

    return {
        "plain": plain_one,
        "page": {**plain_one, f"{LAB}.html": "<h1>my export</h1>", ".DS_Store": b"\0"},
        "strings": {f"{LAB}.ipynb": json.dumps(right)},  # each source a text, not a list of lines
        "spaces": {**plain_one, "my data (final).csv": "1", "it's \"mine\".txt": "2", "100% d'été.txt": "3"},
        "markdown": changed(as_markdown),
        "names": changed(strange_name),
        "kernel": changed(other_kernel),
        "bytes": changed(prints_bytes),
        "draws": changed(draws),
        "windows": changed(lines_of_windows),
        "older": changed(marks_of_an_older_nbgrader),
        "renamed": {f"{LAB} (1).ipynb": right, SECRET: "of renamed"},
        "boxed": {f"homework/{LAB}.ipynb": right, SECRET: "of boxed"},
    }  # fmt: skip


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory):
    room = Classroom(tmp_path_factory.mktemp("unusual") / "course", CONFIG)
    (room.root / "exchange").mkdir()
    (room.root / "exchange").chmod(0o777)
    room.configure(f"{CONFIG}c.Exchange.root = {str(room.root / 'exchange')!r}\n")
    (room.root / "lateness.py").write_text(LATENESS)
    room.source(LAB, LAB, source())
    room.release(LAB)
    right = answered(room.released(LAB, LAB), RIGHT)
    for student, files in submissions(right).items():
        room.submit(student, LAB, files)
    before = os.getcwd()
    os.chdir(room.root)
    try:
        yield room, grade(room, lab=LAB)
    finally:
        os.chdir(before)


def said(command, *arguments, **more):
    shown = io.StringIO()
    done = command(*arguments, console=Console(file=shown, width=300), **more)
    return done, " ".join(shown.getvalue().split())


def test_each_gets_what_the_work_deserves(graded_class):
    room, done = graded_class
    assert done.code == 0, done.shown
    scores = {
        student: {name: score if score is None else round(score, 9) for name, score in points.items()}
        for student, points in room.scores(LAB).items()
    }
    assert {student: points for student, points in scores.items() if points != FULL} == {}


def test_everybody_has_a_page_and_its_own_files_stay_apart_from_it(graded_class):
    room, _ = graded_class
    code, shown = said(feedback, LAB)
    assert (code, "13 of 13 in" in shown) == (0, True), shown
    for student in room.scores(LAB):
        page = (room.folder(student, LAB, "feedback") / f"{LAB}.html").read_text()
        assert "my export" not in page
        assert "test_show" in page or "show(5)" in page


def test_a_student_finds_the_page_under_the_name_that_was_handed_in_or_is_said_not_to(graded_class):
    room, _ = graded_class
    code, shown = said(feedback, LAB, ("renamed", "boxed"), exchange=True)
    pages = room.root / "exchange" / "course" / "feedback"
    page = room.folder("renamed", LAB, "feedback") / f"{LAB}.html"
    for name in (LAB, f"{LAB} (1)"):  # by which nbgrader's client looks for it
        in_exchange = pages / f"{notebook_hash(secret='of renamed', notebook_id=name)}.html"
        assert in_exchange.read_bytes() == page.read_bytes()
    assert [path.name for path in page.parent.glob("*.html")] == [f"{LAB}.html"]
    assert "renamed: " not in shown
    assert f"boxed: the student's client does not find the page of {LAB}, as the notebook lies in" in shown
    assert (code, "1 of 2 in the exchange" in shown) == (1, True)


def test_a_plot_is_shown_without_being_asked_for(graded_class):
    room, _ = graded_class
    outputs = room.autograded("draws", LAB, LAB).cells[-1].outputs
    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_parts_of_points_add_up_in_the_export_and_the_report(graded_class):
    room, _ = graded_class
    path, _ = said(export, LAB, "canvas")
    rows = path.read_text().splitlines()[1:]
    assert {row.split(",")[-1] for row in rows} == {"3.3"}
    said(report, LAB)
    table = (room.root / "reports" / LAB / "scores.csv").read_text()
    assert "0000" not in table
    assert "9999" not in table
