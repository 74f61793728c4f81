"""A book built without MNIST says so on every page whose numbers come from its digits."""

import importlib
import os
import subprocess
import sys

import pytest

from course import book
from course.errors import CourseError
from course.stamps import ROOT
from sepconv.data import MNIST_VARIABLE, digits
from tests.book.conftest import HEAD
from tests.children import PYTHONPATH

NOTE = "Built without MNIST"
PAGE = HEAD + "# {title}\n\nText.\n\n```{{code-cell}}\n{code}\n```\n"


def build(root, code: str, **variables) -> str:
    (root / "index.md").write_text(PAGE.format(title="A page", code=code))
    (root / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT / 'book' / '_ext')!r})\n"
        "extensions = ['myst_nb', 'stand_in']\nnb_execution_mode = 'off'\nexclude_patterns = ['_build']\n"
    )
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-b", "html", ".", "_build"]
    environment = {name: value for name, value in os.environ.items() if name != MNIST_VARIABLE}
    environment |= {"PYTHONPATH": PYTHONPATH, **variables}
    subprocess.run(command, cwd=root, check=True, capture_output=True, env=environment)
    return (root / "_build" / "index.html").read_text()


@pytest.mark.slow
def test_a_page_of_a_build_without_mnist_says_so_below_its_title(tmp_path):
    # a module of that name, found first, is a machine that has no network and no copy
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(*_, **__):\n    raise OSError('no network')\n"
        "socket.create_connection = refuse\n"
    )
    alone = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "KERAS_HOME": str(tmp_path / "empty")}
    page = build(tmp_path, "from sepconv.data import digits\ndigits()", **alone)
    assert page.index("<h1>A page") < page.index(NOTE) < page.index("<p>Text.")
    assert "scikit-learn" in page
    assert NOTE not in build(tmp_path, "print(1)", **alone)


@pytest.mark.parametrize(
    ("code", "is_noted"),
    [
        ("digits()", True),
        ("digit_scenes(5)", True),
        ("drawing_data(x)", True),
        ("my_digits(1)", False),
    ],
)
def test_every_way_to_the_digits_is_known(monkeypatch, code, is_noted):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    note = importlib.import_module("stand_in").with_note(PAGE.format(title="A page", code=code), "others")
    assert (NOTE in note) == is_noted


@pytest.mark.skipif(not digits().is_mnist, reason="no MNIST on this machine")
def test_the_book_of_this_machine_is_mnists(site):
    assert [page.name for page in site.rglob("*.html") if NOTE in page.read_text(encoding="utf-8")] == []


def test_a_book_to_publish_stops_where_mnist_cannot_be_had(monkeypatch):
    stand_in = digits(mnist=False)
    monkeypatch.setattr(book, "digits", lambda: stand_in)
    monkeypatch.setattr(book, "jupyter_book", lambda *_: pytest.fail("it was built"))
    with pytest.raises(CourseError, match=MNIST_VARIABLE):
        book.build(needs_mnist=True)


def test_pages_are_of_the_digits_that_were_found(monkeypatch, tmp_path):
    monkeypatch.setenv(MNIST_VARIABLE, "")
    monkeypatch.setattr(book, "digits", lambda: type("Found", (), {"is_mnist": True}))
    monkeypatch.setattr(book, "mnist_file", lambda: tmp_path / "mnist.npz")
    book.choose_digits()
    assert os.environ[MNIST_VARIABLE] == str(tmp_path / "mnist.npz")
