"""The pictures of the guides: each is taken by a walk and shown by a page, and none is too many."""

import re

import pytest

from course.errors import CourseError
from course.screenshots import FOLDER, main
from course.stamps import ROOT

TAKEN = re.compile(r'\bshot\(.*?"([\w-]+)"', re.DOTALL)
SHOWN = re.compile(r"_static/walks/([\w-]+)\.png")
LIMIT = 150_000


def _named(pattern, paths) -> set[str]:
    return {name for path in paths for name in pattern.findall(path.read_text(encoding="utf-8"))}


def test_each_picture_is_taken_by_a_walk_and_shown_by_a_page():
    there = {path.stem for path in FOLDER.glob("*.png")}
    assert there == _named(TAKEN, (ROOT / "tests/walks").glob("test_*.py"))
    assert there == _named(SHOWN, [*(ROOT / "book").glob("*.md"), ROOT / "README.md"])


def test_no_picture_is_too_large():
    assert {path.name: size for path in FOLDER.iterdir() if (size := path.stat().st_size) > LIMIT} == {}


def test_a_walk_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr("course.screenshots.chromium", lambda: "chromium")
    with pytest.raises(CourseError, match="no walk 'teacher'; there are "):
        main(("teacher",))


def test_without_a_browser_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("course.screenshots.chromium", lambda: None)
    with pytest.raises(CourseError, match="need Chromium"):
        main()
