"""A class whose work lies beside its cell, under other names and in other places, in one run."""

import io
import os
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from course.sample_class.notebooks import answered, index
from course.sample_class.tiny import LAB, QUESTIONS, RIGHT
from tests.autograder.batch import course
from tests.autograder.batch.course import grade

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own, when it runs in this process
FULL = {"test_double": 2, "test_parts": 3, "why": None}
NOTHING = dict.fromkeys(FULL, 0)
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0 9 9"/></svg>'


def zipped(files: dict[str, object]) -> bytes:
    """Pack files as a student does."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content if isinstance(content, str | bytes) else nbformat.writes(content))
    return data.getvalue()


WRITES = """import os
os.mkdir("plots")
pages = {"page.html": "<script>1</script>", "timestamp.txt": "2099-01-01 00:00:00 UTC", "tiny.ipynb": "{}"}
drawings = {"plots/still.svg": DRAWING, "plots/moving.svg": DRAWING.replace("<path", "<script/><path")}
for name, text in {**pages, **drawings, "notes.txt": "written over", "table.csv": "1,2"}.items():
    open(name, "w").write(text)
print(len([*pages, *drawings, "notes", "table"]), "written")""".replace("DRAWING", repr(DRAWING))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    room = course.make(tmp_path_factory.mktemp("odd") / "course", {"untouched": None})
    released = room.released(LAB, LAB)
    right = answered(released, dict(zip(QUESTIONS, RIGHT, strict=True)))
    wrong = answered(right, {"double": "def double(n): return n"})
    below = answered(right, {"why": released.cells[index(released, "why")].source})
    below.cells.append(new_code_cell("# because, in a cell of my own"))
    unmarked = answered(right, {"why": "# because of this"})
    unmarked.cells[index(unmarked, "why")].metadata.pop("nbgrader")
    writes = answered(right, {})
    writes.cells.append(new_code_cell(WRITES))
    latin = answered(right, {"why": "# déjà vu"})
    for student, files in {
        "below": {f"{LAB}.ipynb": below},
        "unmarked": {f"{LAB}.ipynb": unmarked},
        "renamed": {f"{LAB} (1).ipynb": right},
        "nested": {f"homework/{LAB}.ipynb": right, "homework/notes.txt": "mine"},
        "latin": {f"{LAB}.ipynb": nbformat.writes(latin, ensure_ascii=False).encode("latin-1")},
        "writes": {f"{LAB}.ipynb": writes, "notes.txt": "handed in", "kept.txt": "handed in"},
        "two": {"a.ipynb": right, "b.ipynb": wrong},
        "both": {f"{LAB}.ipynb": wrong, f"{LAB} (1).ipynb": right},
        "started": {f"{LAB}.ipynb": released, f"{LAB} (1).ipynb": right},
        "zipped": {"hw.zip": zipped({f"hw/{LAB}.ipynb": right, "hw/notes.txt": "mine"})},
        "climbing": {"hw.zip": zipped({f"../../ada/{LAB}/{LAB}.ipynb": right})},
        "packed": {"hw.rar": b"Rar!\x1a\x07\x01\x00"},
        "other": {"homework.ipynb": nbformat.v4.new_notebook(cells=[new_code_cell("1")])},
    }.items():
        room.submit(student, LAB, files)
    before = os.getcwd()
    os.chdir(room.root)
    try:
        done = grade(room)
    finally:
        os.chdir(before)
    assert done.code == 0, done.shown
    return room, done


def test_each_gets_what_the_work_deserves_or_a_person(graded):
    room, _ = graded
    assert room.scores(LAB) == {
        "untouched": NOTHING,
        "below": FULL,
        "unmarked": FULL,
        "renamed": FULL,
        "nested": FULL,
        "latin": FULL,
        "two": dict.fromkeys(FULL),
        "both": FULL | {"test_double": 0},
        "started": FULL,
        "zipped": FULL,
        "writes": FULL,
        "climbing": dict.fromkeys(FULL),
        "packed": dict.fromkeys(FULL),
        "other": NOTHING,
    }


def test_what_was_taken_for_the_notebook_is_said(graded):
    room, _ = graded
    log = (room.root / ".autograder" / LAB / "grade.log").read_text()
    for student, words in {
        "renamed": f"{LAB}.ipynb was not handed in; found {LAB} (1).ipynb instead; graded in its place:",
        "nested": f"{LAB}.ipynb lies in the folder homework",
        "latin": "not stored as UTF-8, so it was read as Windows-1252",
        "started": f"{LAB}.ipynb is as it was released; graded in its place: {LAB} (1).ipynb",
        "zipped": f"{LAB}.ipynb was not handed in; graded in its place: hw/{LAB}.ipynb in hw.zip",
        "climbing": f"hw.zip: ../../ada/{LAB}/{LAB}.ipynb leads out of the archive; a person has to look",
        "packed": "hw.rar: only zip archives are opened; a person has to look",
        "two": "so a person has to say which counts",
    }.items():
        assert f"{student}, {LAB}: " in log
        shown = "\n".join(cell.source for cell in room.autograded(student, LAB, LAB).cells[:2])
        assert words in log
        assert words in shown
    assert f"not graded: {room.folder('both', LAB)}" in log
    assert f"not graded: {room.folder('renamed', LAB)}" not in log
    assert "déjà vu" in str(room.autograded("latin", LAB, LAB).cells)
    for student in ("nested", "zipped"):
        assert (room.folder(student, LAB, "autograded") / "notes.txt").is_file()
    assert not (room.root / "submitted" / "ada").exists()


def test_a_person_is_pointed_at_work_beside_its_cell_and_the_student_not_told_of_none(graded):
    room, _ = graded
    for student in ("below", "unmarked"):
        nb = room.autograded(student, LAB, LAB)
        note = nb.cells[index(nb, "why") + 1]
        assert "may be the answer" in note.source
        assert note.metadata.autograder["for"] == "grader"
        assert room.comments(LAB, student)["why"] is None
    assert room.comments(LAB, "untouched")["why"] == "No response."
    assert set(room.comments(LAB, "two").values()) == {room.comments(LAB, "two")["why"]}
    assert "differ" in room.comments(LAB, "two")["why"]


def test_points_by_hand_stand_until_what_is_beside_changes(graded, monkeypatch):
    room, _ = graded
    monkeypatch.chdir(room.root)

    def give(points):
        with room.gradebook() as gradebook:
            entry = gradebook.find_grade("why", LAB, LAB, "below")
            entry.manual_score, entry.needs_manual_grade = points, False
            gradebook.db.commit()

    def waits():
        with room.gradebook() as gradebook:
            return gradebook.find_grade("why", LAB, LAB, "below").needs_manual_grade

    give(1)
    path = room.folder("below", LAB) / f"{LAB}.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells[index(nb, "half")].source += "  # mended"
    nbformat.write(nb, path)
    grade(room, "below")
    assert not waits()
    nb.cells[-1].source = "# for another reason"
    nbformat.write(nb, path)
    grade(room, "below")
    assert waits()


def test_a_file_that_is_given_its_name_is_graded(graded, monkeypatch):
    room, _ = graded
    monkeypatch.chdir(room.root)
    (room.folder("two", LAB) / "a.ipynb").rename(room.folder("two", LAB) / f"{LAB}.ipynb")
    done = grade(room, "two")
    assert done.code == 0, done.shown
    assert room.scores(LAB)["two"] == FULL


def test_what_a_submission_writes_lies_beside_its_graded_notebook(graded):
    room, _ = graded
    page = room.folder("writes", LAB, "autograded")
    last = room.autograded("writes", LAB, LAB).cells[-1]
    assert [output.get("text") for output in last.outputs] == ["7 written\n"], last
    found = {str(path.relative_to(page)) for path in page.rglob("*") if path.is_file()}
    assert found == {
        f"{LAB}.ipynb", "notes.txt", "kept.txt", "table.csv", "plots/still.svg",
    }  # fmt: skip
    assert (page / "notes.txt").read_text() == "written over"
    assert (page / "kept.txt").read_text() == "handed in"
    assert (room.folder("writes", LAB) / "notes.txt").read_text() == "handed in"
    assert {path.name for path in room.folder("writes", LAB).iterdir()} == {
        f"{LAB}.ipynb", "notes.txt", "kept.txt",
    }  # fmt: skip
