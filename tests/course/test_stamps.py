"""Work that is done is not repeated; a change of what goes in or comes out undoes it."""

import pytest

from course import stamps


@pytest.fixture
def stamp(tmp_path, monkeypatch):
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    monkeypatch.setattr(stamps, "BUILD", tmp_path / "_build")
    for name in ("in/deep/a.py", "out/a.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return stamps.Stamp("work", ["in", "single.txt"], ["out"])


def test_nothing_is_done_at_first(stamp):
    assert not stamp.is_done()


def test_done_is_remembered_by_another_stamp_of_that_name(stamp):
    stamp.done()
    assert stamp.is_done()
    assert stamps.Stamp("work", ["in", "single.txt"], ["out"]).is_done()
    assert not stamps.Stamp("other", ["in", "single.txt"], ["out"]).is_done()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "in/deep/a.py").write_text("changed"),
        lambda root: (root / "in/b.py").write_text(""),
        lambda root: (root / "in/deep/a.py").rename(root / "in/deep/b.py"),
        lambda root: (root / "single.txt").write_text(""),
        lambda root: (root / "out/a.html").unlink(),
        lambda root: (root / "out/a.html").write_text("edited by hand"),
    ],
)
def test_any_change_undoes_it(stamp, tmp_path, change):
    stamp.done()
    change(tmp_path)
    assert not stamp.is_done()


def test_compiled_files_do_not_count(stamp, tmp_path):
    stamp.done()
    (tmp_path / "in/__pycache__").mkdir()
    (tmp_path / "in/__pycache__/a.pyc").write_text("")
    assert stamp.is_done()


def test_undo(stamp):
    stamp.done()
    stamp.undo()
    assert not stamp.is_done()
    stamp.undo()


def test_what_is_changed_while_the_work_goes_on_is_not_taken_as_done(stamp, tmp_path):
    stamp.undo()
    (tmp_path / "in/deep/a.py").write_text("changed meanwhile")
    (tmp_path / "out/a.html").write_text("made of what was there before")
    stamp.done()
    assert not stamp.is_done()
