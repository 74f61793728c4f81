"""Pages are executed side by side into the cache that the build looks into."""

import os
import subprocess
import sys

import nbformat
import pytest
from jupyter_cache import get_cache
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

from course import book, pages
from course.stamps import ROOT
from sepconv.data import MNIST_VARIABLE

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def test_pages_that_measure_time_are_left_to_the_build():
    chosen = {path.stem for path in pages.to_execute()}
    assert {"index", "fcn", "inception", "convolution"} <= chosen
    assert not chosen & {"mnist", "separable", "glossary"}
    for path in (ROOT / "book").glob("*.md"):
        measures = any(word in path.read_text(encoding="utf-8") for word in pages.MEASURES)
        assert not (measures and path.stem in chosen)


@pytest.mark.slow
def test_what_is_executed_is_what_the_build_looks_for(tmp_path):
    for name, code in {"good": "print(6 * 7)", "bad": "1 / 0"}.items():
        (tmp_path / f"{name}.md").write_text(f"{HEAD}\n{pages.CELL}\n{code}\n```\n")
    files = [str(tmp_path / f"{name}.md") for name in ("good", "bad")]
    command = [sys.executable, "-m", "course.pages", str(tmp_path / "cache"), *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Executing:" in done.stderr
    cache = get_cache(tmp_path / "cache")
    assert [record.uri for record in cache.list_cache_records()] == files[:1]
    page = (tmp_path / "good.md").read_text()
    known = create_nb_reader(files[0], MdParserConfig(), NbParserConfig(), page).read(page)
    _, merged = cache.merge_match_into_notebook(known)
    assert merged.cells[-1].outputs[0].text == "42\n"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "names",
    [
        ("mnist", "draw"),
        pytest.param(("inception", "fcn", "separable", "convolution"), marks=pytest.mark.exhaustive),
    ],
    ids=["about it", "others"],
)
def test_pages_on_digits_are_made_without_mnist(names, tmp_path):
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "no_network.py").write_text("from sepconv.data import mnist\nmnist._can_download = bool\n")
    environment = {name: value for name, value in os.environ.items() if name != MNIST_VARIABLE}
    environment |= {"KERAS_HOME": str(tmp_path / "keras"), "IPYTHONDIR": str(tmp_path / "ipython")}
    files = [str(ROOT / "book" / f"{name}.md") for name in names]
    command = [sys.executable, "-m", "course.pages", str(tmp_path / "cache"), *files]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    cache = get_cache(tmp_path / "cache")
    records = {record.uri: record.pk for record in cache.list_cache_records()}
    assert records.keys() == {*files}, done.stderr[-3000:]
    if "mnist" in names:
        made = nbformat.writes(cache.get_cache_bundle(records[files[0]]).nb)
        assert "This page was built without MNIST" in made


AT_ONCE = """
import sys, threading
from jupyter_cache import get_cache
from jupyter_cache.cache.db import OrmBase
from sqlalchemy import event

made, both = sys.argv[1], threading.Barrier(2)
failed = []

if "made" in sys.argv:
    from course.pages import make_cache
    make_cache(made)

@event.listens_for(OrmBase.metadata, "before_create")
def wait(target, connection, tables=(), **kwargs):
    if tables:
        both.wait(10)  # both have looked which tables there are

def use():
    try:
        get_cache(made).list_project_records()
    except Exception as error:
        failed.append(error)

threads = [threading.Thread(target=use) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print([str(error) for error in failed])
"""


@pytest.mark.parametrize("made", [(), ("made",)], ids=["by both", "beforehand"])
def test_a_cache_is_made_before_two_would_make_it_at_once(made, tmp_path):
    command = [sys.executable, "-c", AT_ONCE, str(tmp_path), *made]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n" if made else "already exists" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: pages are executed one after another")
def test_no_page_waits_for_a_long_one(tmp_path):
    there = tmp_path / "there"
    waits = f"""import pathlib, time
end = time.monotonic() + 60
while not pathlib.Path({str(there)!r}).exists() and time.monotonic() < end:
    time.sleep(0.05)
print(pathlib.Path({str(there)!r}).exists())"""
    codes = [
        waits,
        f"open({str(there)!r}, 'w').close()",
        *(f"print({n})" for n in range(4 * os.cpu_count() - 1)),
    ]
    files = [tmp_path / f"page{number}.md" for number in range(len(codes))]
    for file, code in zip(files, codes, strict=True):
        file.write_text(f"{HEAD}\n{pages.CELL}\n{code}\n```\n")
    command = [sys.executable, "-m", "course.pages", str(tmp_path / "cache"), *map(str, files)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    cache = get_cache(tmp_path / "cache")
    records = {record.uri: record.pk for record in cache.list_cache_records()}
    assert records.keys() == {*map(str, files)}
    first = cache.get_cache_bundle(records[str(files[0])]).nb
    assert first.cells[-1].outputs[0].text == "True\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("reading sources... [ 20%] book/convolution", "reading book/convolution"),
        ("Executing: /somewhere/book/fcn.md", "executing book/fcn"),
        ("Execution Successful: /somewhere/book/fcn.md", "executed book/fcn"),
        ("/somewhere/book/mnist.md: Executing notebook using local CWD [mystnb]", "executing book/mnist"),
        ("/somewhere/book/mnist.md: Executed notebook in 131.14 seconds [mystnb]", "executed book/mnist"),
        ("Executing: /a/book/folder/book/fcn.md", "executing book/fcn"),
        ("/a/book/book/mnist.md: Executed notebook in 131.14 seconds [mystnb]", "executed book/mnist"),
        ("/somewhere/book/fcn.md: Using cached notebook: ID=13 [mystnb]", ""),
        ("loading intersphinx inventory", ""),
    ],
)
def test_a_build_says_how_far_it_is(line, said):
    assert book.step(line) == said
