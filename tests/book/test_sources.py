"""What holds of the pages before they are built."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder import checks
from tests.book.prose import chapters, typed_digits

ROOT = Path(__file__).parents[2]
BETWEEN_PROCESSES = {"forbidden", "import_from", "refusing"}  # of `checks`: not for test cells


@pytest.mark.parametrize("page", chapters(), ids=lambda page: page.stem)
def test_no_number_is_typed_into_prose(page):
    typed = typed_digits(page.read_text(encoding="utf-8"))
    assert typed == [], (
        "let the page compute it (put, glue:text) or write it as a word; prose.py has what may stand"
    )


def test_the_page_on_tests_has_a_row_for_every_check():
    page = next(page for page in chapters() if page.stem == "writing-tests").read_text(encoding="utf-8")
    section = re.split("^## ", page.partition("(tests-checks)=")[2], flags=re.MULTILINE)[1]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {
        *checks.__all__
    } - BETWEEN_PROCESSES


@pytest.mark.parametrize("package", ["autograder", "sepconv"])
def test_the_page_for_developers_has_a_line_for_every_module(package):
    page = (ROOT / "book" / "developer.md").read_text(encoding="utf-8")
    section = page.partition(f"## Inside `{package}`")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", section))
    modules = {path.stem for path in (ROOT / package).rglob("*.py") if path.stem[0] != "_"}
    assert sorted(modules - named) == []


def test_the_map_names_every_room():
    drawing = ElementTree.parse(ROOT / "book" / "_static" / "rooms.svg")
    names = {
        name for text in drawing.iterfind(".//{*}g[@class='name']/{*}text") for name in text.text.split(", ")
    } | {text.text for text in drawing.iterfind(".//{*}text[@class='name']")}
    rooms = {folder.parent.name for folder in (ROOT / "autograder").glob("*/__init__.py")}
    folders = {"autograder", "book", "course", "deploy", "labs", "sepconv", "solutions", "tests"}
    assert names - {"cli", "result", "limits", "files"} == rooms | folders
    described = (ROOT / "book" / "developer.md").read_text(encoding="utf-8")
    assert [room for room in sorted(rooms) if f"**`{room}/`**" not in described] == []


@pytest.mark.parametrize(
    "source",
    [
        "It has 243 parameters.",
        "# The 54 weights",
        "- a list\n- of 2 things",
        "| a | b |\n|--|--|\n| 1.5 | x |",
        "```{note}\nIt has 12 of them.\n```",
        ":::{admonition} Only 3\nwords\n:::",
        "*92 %*",
        "## 1. Make 12 folders",
        "In 3 steps.",
        "```{quiz}\n- ask: Which?\n  answers:\n    - say: the 3rd\n```",
        "```{exercise}\n:label: ex-one\nCount to 10.\n```",
    ],
)
def test_a_typed_number_is_found(source):
    assert len(typed_digits(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "A 3×3 kernel on 12×12×3 pixels.",
        "It has {glue:text}`parameters_32x32x3` weights.",
        "In `Conv2D(32, 3)` and $k^2 = 9$ and\n\n$$\n2 + 2\n$$",
        "```{code-cell}\nx = 5\n```",
        "```python\nx = 5\n```",
        "[a link](https://example.org/2016) and {cite:t}`dumoulin2016guide`",
        "---\nversion: 5\n---\nText.",
        "Two of three.",
        "## 1. Make a folder\n\nAs in step 3, with Python 3.11 to 3.13.",
    ],
)
def test_what_may_stand_there_passes(source):
    assert typed_digits(source) == []
