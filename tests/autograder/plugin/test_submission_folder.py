"""Reading a submission's folder never follows, waits or exceeds."""

import os
import time
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from autograder.plugin.still_drawings import is_still_drawing
from autograder.plugin.submission_folder import MAX_DEPTH, SubmissionFolder
from tests.autograder.corpus.fresh_machine import nested_drawing


def test_a_notebook_is_read(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(b"{}")
    assert SubmissionFolder(tmp_path).notebook("a") == (b"{}", "")


def test_a_missing_notebook_is_named_with_what_lies_there_instead(tmp_path):
    (tmp_path / "a-final.ipynb").write_bytes(b"{}")
    (tmp_path / "notes\n.ipynb").write_bytes(b"{}")
    assert SubmissionFolder(tmp_path).notebook("a") == (
        None,
        "a.ipynb was not handed in; found a-final.ipynb, notes?.ipynb instead",
    )


def test_a_notebook_that_is_too_large_is_not_opened(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(b"x" * 11)
    content, reason = SubmissionFolder(tmp_path, notebook_bytes=10).notebook("a")
    assert content is None
    assert (
        reason == "a.ipynb has 11 bytes, more than the 10 that are read; clear the outputs and hand in again"
    )


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_a_notebook_that_is_no_file_is_refused(tmp_path, kind):
    path = tmp_path / "a.ipynb"
    if kind == "link":
        path.symlink_to("/etc/hostname")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    assert SubmissionFolder(tmp_path).notebook("a") == (None, f"a.ipynb is not a regular file but a {kind}")


def test_files_beside_the_notebooks_are_seen_wherever_they_lie(tmp_path):
    own = {Path("timestamp.txt"), Path("data/given.csv")}
    top, below, packed = SubmissionFolder(tmp_path / "top"), tmp_path / "below", tmp_path / "packed"
    for folder in (top.folder / "data", below, packed):
        folder.mkdir(parents=True)
    assert not top.has_files(own)
    (top.folder / "a.ipynb").write_bytes(b"{}")
    (top.folder / "timestamp.txt").write_text("2026-01-01")
    (top.folder / "data" / "given.csv").write_text("1")
    assert not top.has_files(own)
    assert top.has_files()
    (packed / "helper.py").write_text("")
    assert SubmissionFolder(below, unpacked=SubmissionFolder(packed)).has_files(own)
    (top.folder / "data" / "mine.csv").write_text("1")
    assert top.has_files(own)


def test_only_regular_files_are_copied(tmp_path):
    folder, target = tmp_path / "in", tmp_path / "out"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "x.txt").write_text("x")
    (folder / "a.ipynb").write_text("{}")
    (folder / "rain.csv").write_text("mine")
    (folder / "passwords").symlink_to("/etc/passwd")
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe")
    handed_in = SubmissionFolder(folder)
    handed_in.copy_to(target, keep={next(p for p in handed_in.files() if p.name == "rain.csv")})
    assert sorted(str(path.relative_to(target)) for path in target.rglob("*")) == [
        "deep",
        "deep/er",
        "deep/er/x.txt",
    ]
    assert sorted(handed_in.refused) == ["passwords is a link", "pipe is a pipe", "up is a link"]


@pytest.mark.parametrize("bound", [{"file_count": 3}, {"total_bytes": 30}])
def test_files_beyond_the_bounds_are_left_out_and_said(tmp_path, bound):
    for number in range(5):
        (tmp_path / f"{number}.bin").write_bytes(b"x" * 10)
    handed_in = SubmissionFolder(tmp_path, **bound)
    assert [path.name for path in handed_in.files()] == ["0.bin", "1.bin", "2.bin"]
    assert handed_in.refused == [f"{n}.bin is beyond what one submission may have" for n in (3, 4)]


def test_names_that_clash_with_the_instructors_do_not_stop_anything(tmp_path):
    folder, target = tmp_path / "in", tmp_path / "out"
    (folder / "rain.csv").mkdir(parents=True)
    (folder / "rain.csv" / "x").write_text("a folder where the lab has a file")
    (folder / "data").write_text("a file where the lab has a folder")
    (folder / "a.ipynb").mkdir()
    (folder / "a.ipynb" / "x").write_text("a folder where the notebook will be")
    (target / "data").mkdir(parents=True)
    (target / "rain.csv").write_text("from the instructor")
    handed_in = SubmissionFolder(folder)
    handed_in.copy_to(target, keep={Path("rain.csv"), Path("data/wind.csv")})
    assert sorted(path.name for path in target.iterdir()) == ["data", "rain.csv"]
    assert (target / "rain.csv").read_text() == "from the instructor"
    assert handed_in.refused == [
        "data has the name of a file or folder of the assignment",
        "rain.csv/x has the name of a file or folder of the assignment",
    ]
    handed_in.copy_to(tmp_path / "elsewhere", keep={Path("rain.csv"), Path("data/wind.csv")})
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_full_of_links_ends(tmp_path):
    for number in range(100):
        (tmp_path / f"{number:03}").symlink_to("x")
    handed_in = SubmissionFolder(tmp_path)
    assert handed_in.files() == []
    assert handed_in.refused[-1] == "and more"
    assert len(handed_in.refused) == 21


ACTIVE = [
    "plot.html",
    "plot.HTM",
    "a.xhtml",
    "a.xml",
    "a.js",
    "a.mhtml",
    "a.svg.html",
    "a.html.txt",
    "a.swf",
    "a.svgz",
]
INERT = [
    "plot.png",
    "a.JPG",
    "a.csv",
    "a.py",
    "model.keras",
    "a.npz",
    "a.pdf",
    "a.docx",
    "notes.md",
    "Makefile",
]


def test_what_a_browser_may_run_is_not_put_beside_the_graded_notebook(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in [*ACTIVE, *INERT]:
        (folder / name).write_text("<script>document.title = 'ran'</script>")
    still = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9 9" style="stroke: red"/></svg>'
    (folder / "still.svg").write_text(still)
    handed_in = SubmissionFolder(folder)
    handed_in.copy_to(tmp_path / "page", inert=True)
    assert {path.name for path in (tmp_path / "page").iterdir()} == {*INERT, "still.svg"}
    assert len(handed_in.refused) == len(ACTIVE)
    handed_in.copy_to(tmp_path / "worker")  # the student's own code may read them
    assert {path.name for path in (tmp_path / "worker").iterdir()} == {*INERT, *ACTIVE, "still.svg"}


@pytest.mark.parametrize(
    "content",
    [
        "<script>1</script>",
        "<g onload='1'/>",
        "<a href='#x'><text>x</text></a>",
        "<image href='https://x.example/a.png'/>",
        "<style>@import 'x.css'</style>",
        "<rect style='fill: url(https://x.example/#a)'/>",
        "<foreignObject/>",
        "<set attributeName='href' to='x'/>",
        "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>1</x:script>",
        "<?xml-stylesheet href='x.xsl'?>",
        "<g>",
    ],
)
def test_a_drawing_that_does_more_than_draw_is_no_drawing(tmp_path, content):
    drawing = tmp_path / "a.svg"
    for encoding in ("utf-8", "utf-16"):
        drawing.write_text(f"<svg xmlns='http://www.w3.org/2000/svg'>{content}</svg>", encoding=encoding)
        assert not is_still_drawing(drawing)


def test_a_drawing_by_matplotlib_is_one(tmp_path):
    figure = Figure()
    figure.subplots().imshow([[0, 1], [1, 0]])
    figure.suptitle("$x^2$")
    figure.savefig(tmp_path / "a.svg")
    assert is_still_drawing(tmp_path / "a.svg")


def test_a_drawing_that_would_take_a_browser_long_is_no_drawing(tmp_path):
    drawing = tmp_path / "a.svg"
    long = ("<?xml " * 400_000, f"<?xml{' ' * 400_000}", "<!DOCTYPE" * 400_000)
    for content in (*long, nested_drawing(9, 10)):
        drawing.write_text(content)
        start = time.perf_counter()
        assert not is_still_drawing(drawing)
        assert time.perf_counter() - start < 3
    drawing.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{nested_drawing(3, 10)}')
    assert is_still_drawing(drawing)


def test_folders_beyond_the_bounds_are_left_out_and_said(tmp_path):
    deep = tmp_path.joinpath(*["d"] * (MAX_DEPTH + 1))
    deep.mkdir(parents=True)
    (deep / "file").write_text("x")
    (deep.parent / "last").write_text("x")
    handed_in = SubmissionFolder(tmp_path)
    assert [path.name for path in handed_in.files()] == ["last"]
    deepest = "/".join(["d"] * MAX_DEPTH)
    assert handed_in.refused == [f"{deepest} holds folders that are nested too deep"]


def test_folders_count_as_files_do(tmp_path):
    for number in range(5):
        folder = tmp_path / str(number) / "a" / "b"
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
    handed_in = SubmissionFolder(tmp_path, file_count=7)
    assert len(handed_in.files()) == 2  # the submission's own, and three for each
    assert len(handed_in.refused) == 3


def test_a_path_that_is_too_long_to_copy_is_left_out_and_said(tmp_path):
    long = tmp_path.joinpath(*["n" * 200] * 5)
    long.mkdir(parents=True)
    (long / "file").write_text("x")
    handed_in = SubmissionFolder(tmp_path)
    handed_in.copy_to(tmp_path / "copy")
    assert [reason.endswith("has too long a path") for reason in handed_in.refused] == [True]
