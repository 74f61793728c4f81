"""Which file of a submission is which notebook of the assignment."""

import json
import unicodedata
from pathlib import Path

import pytest

from autograder.plugin.handed_in import find_notebooks
from autograder.plugin.submission_folder import SubmissionFolder
from course.sample_class.notebooks import answer, answered, graded, notebook, prose

RELEASED = notebook(
    prose("# Übung"), answer("f", "# YOUR CODE HERE"), graded("test_f", 1, "assert f() == 'é'")
)
WORK = json.dumps(answered(RELEASED, {"f": "def f(): return 'é'"}), ensure_ascii=False)
OTHER_WORK = json.dumps(answered(RELEASED, {"f": "def f(): return 2"}))
UNTOUCHED = json.dumps(RELEASED)
NAME = "übung"


def found(folder: Path, files: dict[str, str | bytes], names=(NAME,), sources=None):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    handed_in = SubmissionFolder(folder, expected=tuple(names))
    return handed_in, find_notebooks(handed_in, names, (sources or {NAME: RELEASED}).__getitem__)


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME} (1).ipynb", unicodedata.normalize("NFD", f"{NAME}.ipynb"), "ÜBUNG.ipynb", f"{NAME}.IPYNB",
        f"{NAME}/{NAME}.ipynb", "a/b/c.ipynb", f"{NAME}.ipynb.txt", "Untitled.ipynb", f"{NAME}-final.ipynb",
    ],
)  # fmt: skip
def test_a_notebook_is_found_whatever_its_name_and_place(tmp_path, name):
    _, notebooks = found(tmp_path, {name: WORK, "__MACOSX/._a.ipynb": b"\0\5\x16"})
    one = notebooks[NAME]
    assert (one.content, one.reason, one.undecided) == (WORK.encode(), "", False)
    assert one.path == Path(name)


def test_what_was_graded_in_the_place_of_what_is_said(tmp_path):
    _, notebooks = found(tmp_path, {f"{NAME} (1).ipynb": WORK.encode("latin-1")})
    assert notebooks[NAME].remark == (
        f"{NAME}.ipynb was not handed in; found {NAME} (1).ipynb instead; graded in its place: "
        f"{NAME} (1).ipynb; not stored as UTF-8, so it was read as Windows-1252 (Latin-1)"
    )
    _, notebooks = found(tmp_path / "nested", {f"lab/{NAME}.ipynb": WORK})
    assert notebooks[NAME].remark == f"{NAME}.ipynb lies in the folder lab"
    _, notebooks = found(tmp_path / "latin", {f"{NAME}.ipynb": WORK.encode("latin-1")})
    assert notebooks[NAME].remark.startswith(f"{NAME}.ipynb: not stored as UTF-8")
    _, notebooks = found(tmp_path / "right", {f"{NAME}.ipynb": WORK, "other.ipynb": "{}"})
    assert notebooks[NAME].remark == ""


def test_the_right_name_counts_unless_it_holds_nothing_and_another_does(tmp_path):
    copy = f"{NAME} (1).ipynb"
    cases = {
        "both": ({f"{NAME}.ipynb": WORK, copy: OTHER_WORK}, WORK),
        "untouched": ({f"{NAME}.ipynb": UNTOUCHED, copy: OTHER_WORK}, OTHER_WORK),
        "damaged": ({f"{NAME}.ipynb": WORK[:50], copy: OTHER_WORK}, OTHER_WORK),
        "empty": ({f"{NAME}.ipynb": "", copy: OTHER_WORK}, OTHER_WORK),
        "twice untouched": ({f"{NAME}.ipynb": UNTOUCHED, copy: UNTOUCHED}, UNTOUCHED),
        "twice the same": ({copy: WORK, "b.ipynb": WORK}, WORK),
        "one untouched": ({copy: UNTOUCHED, "b.ipynb": WORK}, WORK),
        "its own name": ({unicodedata.normalize("NFD", f"{NAME}.ipynb"): WORK, copy: OTHER_WORK}, WORK),
    }
    for case, (files, counts) in cases.items():
        _, notebooks = found(tmp_path / case, files)
        assert notebooks[NAME].content == counts.encode(), case


def test_where_two_differ_a_person_says_which_counts(tmp_path):
    _, notebooks = found(tmp_path, {"a.ipynb": WORK, "b.ipynb": OTHER_WORK})
    one = notebooks[NAME]
    assert (one.content, one.undecided) == (None, True)
    assert "files that differ have its cells (a.ipynb, b.ipynb)" in one.reason


def test_what_has_other_cells_is_not_taken(tmp_path):
    _, notebooks = found(tmp_path, {"other.ipynb": json.dumps(notebook(prose("# Another lab")))})
    assert (notebooks[NAME].content, notebooks[NAME].undecided) == (None, False)
    assert notebooks[NAME].reason == f"{NAME}.ipynb was not handed in; found other.ipynb instead"


def test_links_checkpoints_and_more_than_a_few_are_not_looked_at(tmp_path):
    (tmp_path / "elsewhere.ipynb").write_text(WORK)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.ipynb").symlink_to("../elsewhere.ipynb")
    (folder / "up").symlink_to("..")
    _, notebooks = found(folder, {".ipynb_checkpoints/a-checkpoint.ipynb": WORK})
    assert notebooks[NAME].content is None
    deep = "/".join("d" * 30)
    _, notebooks = found(tmp_path / "deep", {f"{deep}/{NAME}.ipynb": WORK})
    assert notebooks[NAME].content is None


def test_of_several_notebooks_with_the_same_names_of_cells_each_is_found(tmp_path):
    second = answered(RELEASED, {"test_f": "assert f() == 3"})
    second.cells[0].source = "# Zwei"
    sources = {"one": RELEASED, "two": second}
    work = {
        name: json.dumps(answered(nb, {"f": f"def f(): return '{name}'"})) for name, nb in sources.items()
    }
    _, notebooks = found(tmp_path / "a", {"one (1).ipynb": work["one"], "two (1).ipynb": work["two"]},
                         ("one", "two"), sources)  # fmt: skip
    assert {name: one.content for name, one in notebooks.items()} == {k: v.encode() for k, v in work.items()}
    _, notebooks = found(tmp_path / "b", {"x.ipynb": work["one"], "y.ipynb": work["two"]},
                         ("one", "two"), sources)  # fmt: skip
    assert {name: one.content for name, one in notebooks.items()} == {k: v.encode() for k, v in work.items()}
    _, notebooks = found(tmp_path / "c", {"one.ipynb": work["one"]}, ("one", "two"), sources)
    assert notebooks["two"].content is None


def test_files_beside_a_nested_notebook_are_copied_to_where_it_looks_for_them(tmp_path):
    files = {f"lab/{NAME}.ipynb": WORK, "lab/net.keras": "net", "lab/data/a.csv": "1", "notes.txt": "top",
             "net.keras": "another"}  # fmt: skip
    handed_in, _ = found(tmp_path / "in", files)
    handed_in.copy_to(tmp_path / "out")
    copied = {str(path.relative_to(tmp_path / "out")): path.read_text()
              for path in (tmp_path / "out").rglob("*") if path.is_file()}  # fmt: skip
    assert copied == {"net.keras": "net", "data/a.csv": "1", "notes.txt": "top"}
    assert set(handed_in.digests()) == set(copied)
