"""Markdown is wrapped at 100 characters."""

from pathlib import Path

import pytest

from tests.book.prose import long_lines

ROOT = Path(__file__).parents[1]
FOLDERS = [path for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"]
PAGES = sorted([*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in folder.rglob("*.md"))])
LONG = " ".join(["word"] * 21)  # 104 characters
WRAPPED = " ".join(["word"] * 20)
LINK = f"[a link](https://example.org/{'x' * 90})"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_prose_is_wrapped(page):
    assert long_lines(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (1, LONG),
        (3, f"# Heading\n\n{LONG}"),
        (2, f"- word\n- {LONG}"),
        (5, f"1. step\n\n   ```python\n   ```\n   {LONG}"),
        (2, f"Term\n: {LONG}"),
        (1, f"> {LONG}"),
        (1, f"{WRAPPED} {LINK}"),
        (1, f"{WRAPPED} {{glue:text}}`a_number`"),
        (2, f"```{{note}}\n{LONG}\n```"),
        (2, f":::{{admonition}} Title\n{LONG}\n:::"),
        (4, f"```{{figure}} a.png\n:alt: {LONG}\n\n{LONG}\n```"),
        (3, f"```{{glossary}}\nterm\n    {LONG}\n```"),
        (2, f"```{{quiz}}\n- ask: {LONG}\n```"),
    ],
)
def test_a_long_line_of_prose_is_found(line, source):
    assert [entry.partition(":")[0] for entry in long_lines(source)] == [f"line {line}"]


@pytest.mark.parametrize(
    "source",
    [
        WRAPPED,
        f"{WRAPPED}\n{WRAPPED}",
        f"# {LONG}",
        f"| a | b |\n|--|--|\n| {LONG} | x |",
        f"```python\n{LONG}\n```",
        f"```{{code-cell}}\n{LONG}\n```",
        f"```{{figure}} a.png\n:alt: {LONG}\n```",
        f"$$\n{LONG}\n$$",
        f"{WRAPPED}\n{LINK}\n{WRAPPED}",
        f"- {{explore}}`{LONG}`",
        f"---\ntitle: {LONG}\n---\n{WRAPPED}",
        f"<!-- begin grading -->\n{LONG}\n<!-- end grading -->",
    ],
)
def test_what_cannot_be_wrapped_may_be_long(source):
    assert long_lines(source) == []
