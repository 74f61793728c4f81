"""What is kept of a grading: found again, by content alone, and only as it was written."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.result import CellResult, Result
from autograder.store import Record, Store, StoreError, files_digest, versions_digest
from autograder.store.results import HISTORY

RESULT = Result(
    {"test_a": CellResult("test_a", 1.5, 2, "partial", "é", [{"name": "stdout"}], 0.1, "d", ("rotated",))},
    {"s0": [{"output_type": "stream", "name": "stdout", "text": "\N{GRINNING FACE}"}]},
    "a reason", ("memory_bytes",), ("network",), 1.25,
)  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path, "lab")


def record(student="ada", **changes):
    return Record(**{
        "student": student, "assignment": "lab", "timestamp": "2026-01-01T00:00:00+00:00",
        "graded": "2026-02-01T00:00:00+00:00", "tests": "t", "notebooks": {"lab": "k"}, **changes,
    })  # fmt: skip


def only(folder):
    (path,) = folder.iterdir()
    return path


def test_a_result_comes_back_as_it_was(store, tmp_path):
    key = store.key(["submission", "tests"])
    assert store.result(key) is None
    store.keep(key, RESULT)
    assert Store(tmp_path, "lab").result(key) == RESULT


def test_a_key_depends_on_the_content_and_on_the_course(store, tmp_path):
    assert store.key({"a": 1, "b": 2}) == store.key({"b": 2, "a": 1})
    assert len({store.key("a"), store.key("b"), Store(tmp_path / "other", "lab").key("a")}) == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data["body"]["cells"]["test_a"].update(score=2),
        lambda data: data.update(signature="0" * 64),
        lambda data: data.update(signature=1),
        lambda data: data.pop("body"),
    ],
)
def test_what_the_course_has_not_written_counts_as_none(store, spoil):
    store.keep("k", RESULT)
    path = only(store.folder / "results")
    data = json.loads(path.read_text())
    spoil(data)
    path.write_text(json.dumps(data))
    assert store.result("k") is None
    store.keep("k", RESULT)
    assert store.result("k") == RESULT


def test_a_result_under_another_name_counts_as_none(store):
    store.keep("k", RESULT)
    only(store.folder / "results").rename(store.folder / "results" / "other.json")
    assert store.result("other") is None


@pytest.mark.parametrize("length", [0, 1, 200])
def test_a_torn_file_counts_as_none(store, length):
    store.keep("k", RESULT)
    os.truncate(only(store.folder / "results"), length)
    assert store.result("k") is None


def test_records_are_kept_by_student_with_their_history(store):
    store.add_record(record())
    store.add_record(record(graded="2026-03-01T00:00:00+00:00"))  # the same again
    assert store.history("ada") == [record()]
    store.add_record(record(tests="mended", notebooks={"lab": "k2"}))
    store.add_record(record("./..zoe"[2:]))
    assert [each.tests for each in store.history("ada")] == ["t", "mended"]
    assert store.record("ada").tests == "mended"
    assert [each.student for each in store.records()] == ["..zoe", "ada"]
    assert store.record("bob") is None


def test_a_history_does_not_grow_without_end(store):
    for number in range(HISTORY + 5):
        store.add_record(record(tests=str(number)))
    assert [each.tests for each in store.history("ada")][-1] == str(HISTORY + 4)
    assert len(store.history("ada")) == HISTORY


def test_a_record_in_the_place_of_another_counts_as_none(store):
    store.add_record(record("ada"))
    os.rename(store.folder / "records" / "ada.json", store.folder / "records" / "bob.json")
    assert (store.record("bob"), list(store.records())) == (None, [])


def test_long_names_have_a_record(store):
    name = "é" * 120
    store.add_record(record(name))
    assert store.record(name) == record(name)


def test_others_can_read_nothing_of_it(store):
    store.keep("k", RESULT)
    for path in [store.folder.parent, store.folder.parent / "secret", store.folder / "results"]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_two_who_begin_at_once_have_one_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: Store(tmp_path, "lab").key("a"), range(16)))) == 1


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / ".autograder").write_text("a file")
    with pytest.raises(StoreError, match=r"\.autograder/secret: cannot be read or made"):
        Store(tmp_path, "lab")


def test_nothing_unfinished_is_left_where_writing_fails(store, monkeypatch):
    store.keep("k", RESULT)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StoreError, match="No space left on device"):
        store.keep("k2", RESULT)
    assert only(store.folder / "results").name == "k.json"
    assert store.result("k") == RESULT


def test_the_digest_of_files_is_of_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    first = files_digest(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("")
    os.utime(tmp_path / "a", (0, 0))
    assert files_digest(tmp_path) == first
    (tmp_path / "a").rename(tmp_path / "b")
    second = files_digest(tmp_path)
    (tmp_path / "b").write_text("2")
    assert len({first, second, files_digest(tmp_path), files_digest(None)}) == 4


def test_the_digest_of_versions_sees_code_that_is_not_installed(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    code = tmp_path / "mine" / "__init__.py"
    code.write_text("a = 1")
    monkeypatch.syspath_prepend(tmp_path)
    first = versions_digest(("mine.part", "numpy"))
    assert first != versions_digest(("numpy",))
    versions_digest.cache_clear()
    code.write_text("a = 2")
    assert versions_digest(("mine.part", "numpy")) != first


def version(folder, name, number, kind="dist-info"):
    """Install a package that is nothing but its name and version."""
    place = folder / (f"{name}-{number}.dist-info" if kind == "dist-info" else f"{name}.egg-info")
    place.mkdir(parents=True)
    file = "METADATA" if kind == "dist-info" else "PKG-INFO"
    (place / file).write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {number}\n")
    return place


def test_the_digest_of_versions_is_of_every_installed_package(tmp_path, monkeypatch):
    def now():
        versions_digest.cache_clear()
        return versions_digest()

    monkeypatch.syspath_prepend(tmp_path / "site")
    digests = [now()]
    first = version(tmp_path / "site", "Some_Package", "1.0")
    digests.append(now())
    first.rename(tmp_path / "site" / "Some_Package-1.1.dist-info")
    (tmp_path / "site" / "Some_Package-1.1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: Some-Package\nVersion: 1.1\n"
    )
    digests.append(now())
    version(tmp_path / "site", "another", "3", "egg-info")
    digests.append(now())
    assert len({*digests}) == 4
    # The same package again, as one that is installed in place is listed where its folder is on the
    # path: under another form of its name.
    monkeypatch.syspath_prepend(tmp_path / "project")
    version(tmp_path / "project", "some_package", "1.1", "egg-info")
    monkeypatch.syspath_prepend(tmp_path / "no folder")
    assert now() == digests[-1]
    versions_digest.cache_clear()


@pytest.mark.parametrize("plain", [None, [], {}, {"student": "ada"}, {**record().to_plain(), "more": 1}])
def test_what_is_no_record_is_refused(plain):
    with pytest.raises(ValueError, match="not a record"):
        Record.from_plain(plain)
