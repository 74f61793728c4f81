"""Feedback, export and report do for everybody what they can, and say in words what they cannot."""

import io
import json
import os

import pytest
from rich.console import Console

from autograder.commands.course import Refused
from autograder.commands.export import export
from autograder.commands.feedback import feedback
from autograder.commands.report import report
from course.sample_class.tiny import LAB, RIGHT
from tests.autograder.batch import course

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own, when it runs in this process
GRADED = ("ada", "again", "bad", "gone", "hand", "pipe")
SECRET = "submission_secret.txt"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class that is graded, and what may become of its folders before and after."""
    room = course.make(tmp_path_factory.mktemp("after") / "course", dict.fromkeys(GRADED, RIGHT))
    stamp = {student: room.folder(student, LAB) / "timestamp.txt" for student in GRADED}
    stamp["bad"].write_text("yesterday, I think")
    stamp["hand"].unlink()
    stamp["pipe"].unlink()
    os.mkfifo(stamp["pipe"])
    for student in GRADED:
        if student != "hand":
            (room.folder(student, LAB) / SECRET).write_text(f"secret of {student}")
    (room.root / "exchange").mkdir(mode=0o777)
    (room.root / "exchange").chmod(0o777)
    room.configure(room.config + f"c.Exchange.root = {str(room.root / 'exchange')!r}\n")
    before = os.getcwd()
    os.chdir(room.root)
    try:
        assert course.grade(room).code == 0
        stamp["gone"].unlink()
        room.stamped = stamp["again"].read_text()
        stamp["again"].write_text("2026-01-04 00:00:00 UTC")
        course.hand_in(room, "new", RIGHT)
        yield room
    finally:
        os.chdir(before)


def said(command, *arguments, **more) -> tuple[object, str]:
    shown = io.StringIO()
    done = command(*arguments, console=Console(file=shown, width=300), **more)
    return done, " ".join(shown.getvalue().split())


def test_everybody_who_is_graded_has_a_page_and_the_others_a_reason(room):
    code, shown = said(feedback, LAB, exchange=True)
    for student in GRADED:
        assert (room.folder(student, LAB, "feedback") / f"{LAB}.html").is_file(), student
    assert "new: no feedback: not graded yet" in shown
    assert "again: handed in again since it was graded; the page is of what was graded" in shown
    assert shown.count("no feedback") == shown.count("again since") == 1
    # what came from the exchange goes there
    assert len(list((room.root / "exchange" / "course" / "feedback").glob("*.html"))) == len(GRADED) - 1
    assert f"hand: not in the exchange, as it did not come from there: it has no {SECRET}" in shown
    assert (f"6 of 7 in {room.root}" in shown, "5 of 7 in the exchange" in shown, code) == (True, True, 1)


def test_a_page_that_cannot_be_made_stops_no_other(room):
    path = room.folder("bad", LAB, "autograded") / f"{LAB}.ipynb"
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole[:99])
    code, shown = said(feedback, LAB, ("bad", "gone"))
    path.write_bytes(whole)
    assert "bad: no feedback: " in shown
    assert ("1 of 2 in" in shown, "new" in shown, "Traceback" in shown, code) == (True, False, False, 1)


def test_the_report_and_the_export_have_everybody_who_is_graded(room):
    said(report, LAB)
    data = json.loads((room.root / "reports" / LAB / "report.json").read_text())
    assert [each["student"] for each in data["submissions"]] == list(GRADED)
    with room.gradebook() as gradebook:
        for student in GRADED:
            gradebook.find_grade("why", LAB, LAB, student).manual_score = 1
            for notebook in gradebook.find_submission(LAB, student).notebooks:
                for grade in notebook.grades:  # of some the time of handing in is unclear
                    grade.needs_manual_grade = False
        gradebook.db.commit()
    stamp = room.folder("again", LAB) / "timestamp.txt"
    later = stamp.read_text()
    with pytest.raises(Refused, match=r"points of 1 .*: again \(handed in at another time"):
        said(export, LAB, "moodle")
    stamp.write_text(room.stamped)
    try:
        path, _ = said(export, LAB, "moodle")
    finally:
        stamp.write_text(later)
    assert [line.split(",")[2] for line in path.read_text().splitlines()[1:]] == list(GRADED)
