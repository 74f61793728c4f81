"""What holds of the pages before they are built."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder import checks
from course.pages import FRESHNESS
from tests.book.conftest import pages
from tests.book.prose import (
    begins_with_folded_code,
    chapters,
    imported,
    listed_pages,
    typed_digits,
    wide_code,
)

ROOT = Path(__file__).parents[2]
BETWEEN_PROCESSES = {"forbidden", "import_from", "refusing"}  # of `checks`: not for test cells


@pytest.mark.parametrize("page", chapters(), ids=lambda page: page.stem)
def test_no_number_is_typed_into_prose(page):
    typed = typed_digits(page.read_text(encoding="utf-8"))
    assert typed == [], (
        "let the page compute it (put, glue:text) or write it as a word; prose.py has what may stand"
    )


@pytest.mark.parametrize("page", chapters(), ids=lambda page: page.stem)
def test_code_that_is_shown_fits_the_column(page):
    assert wide_code(page.read_text(encoding="utf-8")) == [], "break the line, or fold the cell away"


@pytest.mark.parametrize("page", chapters(), ids=lambda page: page.stem)
def test_no_page_begins_with_folded_code(page):
    assert not begins_with_folded_code(page.read_text(encoding="utf-8")), "begin with the question"


@pytest.mark.parametrize("page", chapters(), ids=lambda page: page.stem)
def test_a_change_of_what_cells_import_executes_them_again(page):
    assert not_watched(imported(page.read_text(encoding="utf-8"))) == [], (
        "name it in EXECUTED of book/_ext/freshness.py"
    )


def not_watched(names):
    """Give those names of this project that are of no module that `freshness.py` looks at."""
    watched = [name.removesuffix(".py").replace("/", ".") for name in FRESHNESS["EXECUTED"]]
    own = [name for name in names if name.partition(".")[0] in {"autograder", "course", "sepconv", "tests"}]
    return [name for name in own if not any(f"{name}.".startswith(f"{part}.") for part in watched)]


def test_what_is_imported_and_not_watched_is_found():
    page = "```{code-cell}\n:tags: [hide-input]\n\n%matplotlib inline\nimport sepconv\n{}\n```\n"
    for cell, found in {
        "from autograder.limits import Limits": [],
        "from autograder import limits, sandbox": [],
        "import autograder": ["autograder"],
        "def late():\n    from autograder import limits, result": ["autograder.result"],
        "from autograder.sandboxes import x": ["autograder.sandboxes.x"],
    }.items():
        assert not_watched(imported(page.replace("{}", cell))) == found


def test_the_index_lists_every_page_once_and_in_the_order_of_the_contents():
    index, *others = [name for name in pages() if name not in ("genindex", "search")]
    assert listed_pages((ROOT / f"{index}.md").read_text(encoding="utf-8")) == others


def test_the_page_on_tests_has_a_row_for_every_check():
    page = next(page for page in chapters() if page.stem == "writing-tests").read_text(encoding="utf-8")
    section = re.split("^## ", page.partition("(tests-checks)=")[2], flags=re.MULTILINE)[1]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {
        *checks.__all__
    } - BETWEEN_PROCESSES


@pytest.mark.parametrize("package", ["autograder", "course", "sepconv"])
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


LONG = f"x = {'1' * 80}"


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (2, f"```{{code-cell}}\n{LONG}\n```"),
        (5, f"Text.\n\n```{{code-cell}}\n:tags: [remove-stderr]\n{LONG}\n```"),
        (6, f"```{{code-cell}}\n---\ntags: [remove-output]\n---\nx = 0\n{LONG}\n```"),
        (4, f"```{{code-cell}} python3\nx = 0\n\n{LONG}\n```"),
        (3, f"````python\nx = 0\n{LONG}\n````"),
    ],
)
def test_a_wide_line_of_code_is_found(line, source):
    assert [entry.partition(":")[0] for entry in wide_code(source)] == [f"line {line}"]


@pytest.mark.parametrize(
    "source",
    [
        LONG,
        f"```{{code-cell}}\nx = {'1' * 72}\n```",
        *(
            f"```{{code-cell}}\n:tags: [remove-stderr, {tag}]\n\n{LONG}\n```"
            for tag in ("remove-cell", "remove-input", "hide-input", "hide-cell")
        ),
        f"```{{code-cell}}\n---\ntags: [remove-input]\n---\n{LONG}\n```",
        f"```text\n{LONG}\n```",
    ],
)
def test_code_that_is_narrow_or_not_shown_passes(source):
    assert wide_code(source) == []


SETUP = "```{code-cell}\n:tags: [hide-input]\n\nimport keras\n```\n"


@pytest.mark.parametrize(
    ("folded_first", "source"),
    [
        (True, f"---\nkernelspec: x\n---\n\n# Title\n\n{SETUP}\nText."),
        (True, f"# Title\n\n(label)=\n## Section\n\n{SETUP}"),
        (True, f"# Title\n\n```{{code-cell}}\n:tags: [remove-cell]\n\nx = 1\n```\n\n{SETUP}"),
        (False, f"# Title\n\nText.\n\n{SETUP}"),
        (False, f"# Title\n\n```{{code-cell}}\n:tags: [remove-input]\n\nx\n```\n\n{SETUP}"),
        (False, "# Title\n\n```{code-cell}\nx\n```\n"),
    ],
)
def test_a_page_that_begins_with_folded_code_is_found(folded_first, source):
    assert begins_with_folded_code(source) == folded_first


def test_links_to_pages_are_read():
    source = "{doc}`convolution`, {doc}`the lab <../labs/mnist/mnist>` and {ref}`window`"
    assert listed_pages(source) == ["book/convolution", "labs/mnist/mnist"]
