"""Notebooks handed in inside an archive: read within bounds, else for a person."""

import io
import json
import stat
import zipfile
from contextlib import ExitStack

import pytest

from autograder.plugin.archives import find_work
from autograder.plugin.submission_folder import SubmissionFolder
from autograder.plugin.zip_files import MAX_DIRECTORY, ArchiveError, ZipBounds, unpack
from course.sample_class.notebooks import answer, answered, graded, notebook, prose

RELEASED = notebook(prose("# Lab"), answer("f", "# YOUR CODE HERE"), graded("test_f", 1, "assert f() == 1"))
UNTOUCHED = json.dumps(RELEASED)
WORK = json.dumps(answered(RELEASED, {"f": "def f(): return 1"}))
OTHER_WORK = json.dumps(answered(RELEASED, {"f": "def f(): return 2"}))
BOUNDS = ZipBounds(file_count=20, total_bytes=100_000)


def packed(files, method=zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as file:
        for name, content in files:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)  # of one date
            file.writestr(info, content, method)
    return data.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def locked(data: bytes) -> bytes:
    """Mark an archive's one file as encrypted, where its list of files says so."""
    place = data.rindex(b"PK\x01\x02") + 8
    return data[:place] + b"\x01" + data[place + 1 :]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (packed([("../up.txt", "a")]), "../up.txt leads out of the archive"),
        (packed([("a\\..\\..\\up.txt", "a")]), "leads out of the archive"),
        (packed([("/etc/up.txt", "a")]), "/etc/up.txt leads out of the archive"),
        (packed([("C:/up.txt", "a")]), "C:/up.txt leads out of the archive"),
        (packed([(link("a"), "/etc")]), "a is a link"),
        (packed([("a", "1"), ("a/b", "2")]), "a/b is in it twice"),
        (packed([("a", "1"), ("./a", "2")]), "a is in it twice"),
        (packed([("zeros", b"\0" * 200_000)]), "more than 100,000 bytes together"),
        (packed([(f"f{n}", "") for n in range(21)]), "it holds 21 files, more than 20"),
        (packed([("d/" * 41 + "a", "")]), "lies in too many folders"),
        (packed([("a", "b" * 999)], zipfile.ZIP_LZMA), "a is compressed in another way than deflate"),
        (locked(packed([("a", "b")])), "a is locked by a password"),
        (packed([("a", "b" * 99)])[:60], "damaged, or no zip archive"),
        (packed([("a", "hello")], zipfile.ZIP_STORED).replace(b"hello", b"jello"), "damaged"),
        (b"PK\x05\x06", "damaged, or no zip archive"),
        (b"", "damaged, or no zip archive"),
        (b"\0" * 100_001, "it has 100,001 bytes, more than the 100,000 that are read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "archive",
)
def test_what_is_not_safe_or_not_bounded_is_refused(tmp_path, data, why):
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "in" / "target").mkdir(parents=True)
    with pytest.raises(ArchiveError, match=why.replace("(", "\\(")):
        unpack(tmp_path / "a.zip", tmp_path / "in" / "target", BOUNDS)
    assert not (tmp_path / "in" / "up.txt").exists()
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


@pytest.mark.parametrize("comment", [b"", b"of the student's"])
def test_a_long_list_of_files_is_refused_before_it_is_read(tmp_path, monkeypatch, comment):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.comment = comment
        for number in range(MAX_DIRECTORY // 1000):
            file.writestr(f"{number:01000}", b"")
    (tmp_path / "a.zip").write_bytes(data.getvalue())
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(ArchiveError, match="its list of files has"):
        unpack(tmp_path / "a.zip", tmp_path, ZipBounds(100_000, 10**9))


def test_a_link_is_not_followed_to_an_archive(tmp_path):
    (tmp_path / "elsewhere.zip").write_bytes(packed([("a", "b")]))
    (tmp_path / "a.zip").symlink_to("elsewhere.zip")
    (tmp_path / "in").mkdir()
    with pytest.raises(ArchiveError, match="cannot be unpacked"):
        unpack(tmp_path / "a.zip", tmp_path / "in", BOUNDS)


def found(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    handed_in = SubmissionFolder(folder, expected=("lab",))
    with ExitStack() as owner:
        one = find_work(handed_in, ["lab"], lambda _: RELEASED, owner)["lab"]
        handed_in.copy_to(folder.parent / "out")
        digests = handed_in.digests()
    out = folder.parent / "out"
    copied = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert copied == set(digests)
    return one, copied


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({"a.zip": packed([("lab.ipynb", WORK)])}, WORK),
        ({"a.ZIP": packed([("lab (1).ipynb", WORK)])}, WORK),
        ({"a.zip": packed([("hw\\lab.ipynb", WORK)])}, WORK),
        ({"lab.ipynb": UNTOUCHED, "a.zip": packed([("lab.ipynb", WORK)])}, WORK),
        ({"lab.ipynb": "{", "a.zip": packed([("lab.ipynb", WORK)])}, WORK),
        ({"lab.ipynb": WORK, "a.zip": packed([("lab.ipynb", OTHER_WORK)])}, WORK),
        ({"lab.ipynb": WORK, "a.rar": b"Rar!"}, WORK),
        ({"a.zip": packed([("lab.ipynb", UNTOUCHED)])}, UNTOUCHED),
        ({"a.zip": packed([("lab.ipynb", WORK)]), "b.zip": packed([("x/lab.ipynb", WORK)])}, WORK),
    ],
)
def test_what_counts_beside_and_inside_an_archive(tmp_path, files, counts):
    one, _ = found(tmp_path / "in", files)
    assert (one.content, one.reason, one.undecided) == (counts.encode(), "", False)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.tar.gz": b"\x1f\x8b"}, "a.tar.gz: only zip archives are opened; a person has to look"),
        ({"a.zip": b"PK"}, "a.zip: damaged, or no zip archive; a person has to look"),
        ({"lab.ipynb": UNTOUCHED, "a.7z": b"7z"}, "a.7z: only zip archives are opened"),
        ({"a.zip": packed([("b.zip", packed([("lab.ipynb", WORK)]))])}, "an archive in an archive"),
        (
            {"a.zip": packed([("lab.ipynb", WORK)]), "b.zip": packed([("lab.ipynb", OTHER_WORK)])},
            "archives that differ have it (a.zip, b.zip)",
        ),
        ({"a.zip": packed([("x.ipynb", WORK), ("y.ipynb", OTHER_WORK)])}, "in a.zip: lab.ipynb was not"),
        ({f"{n}.zip": packed([("a", "b")]) for n in range(6)}, "5.zip: more than 5 archives are not opened"),
    ],
)
def test_what_cannot_be_decided_is_for_a_person(tmp_path, files, why):
    one, _ = found(tmp_path / "in", files)
    assert (one.content, one.undecided) == (None, True)
    assert why in one.reason


def test_an_archive_without_a_notebook_is_none_that_was_handed_in(tmp_path):
    one, _ = found(tmp_path / "in", {"a.zip": packed([("notes.txt", "mine")])})
    assert (one.content, one.undecided, one.reason) == (None, False, "lab.ipynb was not handed in")


def test_the_files_of_the_archive_that_counts_belong_to_the_submission(tmp_path):
    inside = [("hw/lab.ipynb", WORK), ("hw/net.keras", "a"), ("hw/notes.txt", "b")]
    one, copied = found(tmp_path / "in", {"a.zip": packed(inside), "notes.txt": "mine"})
    assert copied == {"a.zip", "notes.txt", "net.keras"}
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"
    assert one.remark.startswith("lab.ipynb was not handed in; graded in its place: hw/lab.ipynb in a.zip; ")
    _, copied = found(tmp_path / "other" / "in", {"lab.ipynb": WORK, "a.zip": packed(inside)})
    assert copied == {"a.zip"}
