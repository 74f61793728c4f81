"""The commands beside grading, on a real course: release, feedback, report, export."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event

from autograder.batch.errors import failure_reason
from autograder.cli import main
from course.sample_class.notebooks import answered
from tests.autograder.classroom import ONE_LINE, PLAIN_COURSE, Classroom

MEAN = "def mean(values):\n    return sum(values) / len(values)"
SMOOTH = "def smooth(values, width):\n    return np.convolve(values, np.ones(width) / width, 'valid')"
LARGEST = "largest = max(np.loadtxt('rain.csv'))"


def report(room: Classroom) -> dict:
    room.autograder("report", "series")
    return json.loads((room.root / "reports" / "series" / "report.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """The course with plain asserts, released, with five submissions, graded."""
    root = tmp_path_factory.mktemp("commands") / "course"
    shutil.copytree(PLAIN_COURSE / "source", root / "source")
    made = Classroom(root)
    assert str(root / "release" / "series") in made.autograder("release", "series").log
    answers = {"mean": MEAN, "smooth": SMOOTH, "largest": LARGEST, "explain": "Because of the ends."}
    right = answered(made.released("series", "series"), answers)
    lost = answered(right, {"test_smooth": "pass"})
    lost.cells = [
        cell for cell in lost.cells if cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") != "words"
    ]
    never = answered(right, {"largest": "largest = 1\nraise SystemExit"})
    made.submit("ada", "series", {"series.ipynb": right})
    made.submit("bo", "series", {"series.ipynb": lost})
    made.submit("cy", "series", {"series.ipynb": never})
    made.submit("di", "series", {"other.txt": "nothing"})
    made.submit("=1+1", "series", {"series.ipynb": made.released("series", "series")})
    made.autograde("series")
    return made


@pytest.mark.slow
def test_a_report_knows_scores_looks_and_later_what_a_mended_test_changed(room):
    first = report(room)
    by_id = {each["student"]: each for each in first["submissions"]}
    given = room.scores("series")
    assert {
        student: {k: v for k, v in each["scores"].items() if v is not None} for student, each in by_id.items()
    } == {student: {k: v for k, v in points.items() if v is not None} for student, points in given.items()}
    tests = ["test_mean", "test_smooth", "test_largest", "test_words", "test_counter"]
    assert first["counted"] == [*tests, "example"]  # which nobody has answered, so nobody has to grade it
    looks = {look["student"]: " ".join(look["whys"]) for look in first["worth_a_look"]}
    assert "cells are missing: words locked cells were changed: test_smooth" in looks["bo"]
    assert "was not handed in" in looks["di"] or "no notebook of this name" in looks["di"]
    assert first["changes"] == []
    assert by_id["ada"]["seconds"] > 0

    path = room.root / "source" / "series" / "series.ipynb"
    path.write_text(path.read_text().replace("assert close(mean([-7]), -7)", "assert close(mean([-7]), -8)"))
    room.autograder("release", "series")
    room.autograde("series", "--force")
    second = report(room)
    before = {student: points["test_mean"] for student, points in given.items() if points["test_mean"]}
    assert {(c["student"], c["question"], c["before"], c["after"]) for c in second["changes"]} == {
        (student, "test_mean", points, 0) for student, points in before.items()
    }


@pytest.mark.slow
def test_points_are_exported_once_they_are_whole(room):
    said = room.autograder("export", "series", "--for", "canvas", "--column", "Series (7)").log
    assert "a person has yet to grade them" in said
    with open(room.root / "reports" / "series" / "canvas.csv", encoding="utf-8", newline="") as file:
        header, maximum, *rows = csv.reader(file)
    assert (header[-1], maximum[-1]) == ("Series (7)", "16")
    points = {row[3]: row[5] for row in rows}
    assert points == {"di": "0"}  # who handed in nothing, so that nothing is left to grade
    room.autograder("export", "series", "--for", "moodle", "--to", str(room.root / "m.csv"))
    assert (room.root / "m.csv").read_text(encoding="utf-8").startswith("First name,Last name,Username,")


@pytest.mark.slow
def test_feedback_is_nbgraders(room):
    said = room.autograder("feedback", "series", "--student", "ada").log
    assert "1 of 1 in" in said
    assert (room.folder("ada", "series", "feedback") / "series.html").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("report", "sreies"), "did you mean 'series'?"),
        (("feedback", "series", "--student", "nobody"), "no graded submission of 'nobody' for series"),
        (("release", "none"), "no assignment 'none': expected its source in"),
        (
            ("export", "series", "--for", "canvas", "--to", "/nowhere/at/all.csv"),
            "/nowhere/at/all.csv: No such file",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(room, arguments, words):
    said = room.autograder(*arguments, code=2).log.strip()
    assert words in said
    assert len(said.splitlines()) == 1
    assert "Traceback" not in said


@pytest.fixture
def copied(room, tmp_path, monkeypatch) -> Classroom:
    """Give a copy of the course, as the folder in which commands are run."""
    made = Classroom(Path(shutil.copytree(room.root, tmp_path / "course")))
    monkeypatch.chdir(made.root)
    return made


def here(*arguments: str, code: int = 0) -> str:
    """Run a command in this process; return what it says."""
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.output


@pytest.mark.slow
def test_extra_credit_above_the_maximum_reaches_each_platform(copied):
    with copied.gradebook() as gradebook:
        gradebook.find_grade("test_mean", "series", "series", "di").extra_credit = 17.5
        gradebook.db.commit()
    said = here("export", "series", "--for", "moodle", "--to", "moodle.csv")
    assert "1 with more than the maximum of 16: Moodle takes no such points" in said
    with open(copied.root / "moodle.csv", encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["Username"], row["series (above the maximum)"], row["series"]) == ("di", "1.5", "16")
    assert "Canvas takes such points as they are" in here(
        "export", "series", "--for", "canvas", "--to", "c.csv"
    )
    assert (copied.root / "c.csv").read_text(encoding="utf-8").splitlines()[-1].endswith(",di,,17.5")


@pytest.fixture
def read_only():
    """Let all gradebooks of this process refuse to be written."""

    def refuse(connection, _) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(Engine, "connect", refuse)
    yield
    event.remove(Engine, "connect", refuse)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("course", "arguments"),
    [
        ("", ("report", "series")),
        ("", ("export", "series", "--for", "canvas")),
        ("", ("feedback", "series", "--student", "ada")),
        ("another", ("report", "series")),  # of which the gradebook has no row
        ("another", ("export", "series", "--for", "canvas")),
    ],
)
def test_a_gradebook_that_may_only_be_read_is_read(copied, read_only, course, arguments):
    copied.configure(f"{ONE_LINE}c.CourseDirectory.course_id = {course!r}\n")
    here(*arguments)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("grade", "series"), ("release", "series")])
def test_a_gradebook_that_may_only_be_read_is_said_before_anything_is_made(copied, read_only, arguments):
    before = {path: path.stat().st_mtime for path in copied.root.rglob("*") if path.is_file()}
    said = here(*arguments, code=2)
    assert "gradebook.db cannot be written: attempt to write a readonly database" in said
    assert len(said.strip().splitlines()) == 1
    assert {path: path.stat().st_mtime for path in copied.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (
            {"error": "Traceback\n  line\nOSError: full", "log": "[INFO] a\n[ERROR] no space\n[ERROR] b"},
            "no space",
        ),
        ({"error": "Traceback\n  line\nOSError: full\n", "log": "[INFO] a"}, "OSError: full"),
        (
            {
                "error": "x",
                "log": "[ERROR] A:\n    a.b.ValidationError: Twice: f\n[ERROR] c",
            },
            "Twice: f",
        ),
        ({}, "no reason given"),
    ],
)
def test_why_a_step_failed_is_the_first_exception_in_its_log_or_nbgraders_first_word(result, why):
    assert failure_reason(result) == why


def test_an_interrupt_ends_the_command_and_not_one_students_page():
    with pytest.raises(KeyboardInterrupt):
        failure_reason({"error": "Traceback\n  line\nKeyboardInterrupt\n", "log": "[ERROR] Canceled"})
