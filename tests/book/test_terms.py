"""A term of the glossary is linked where a reader of the chapters, in order, first meets it."""

import re

import pytest

from tests.book.conftest import ROOT, chapters
from tests.book.prose import PROSE, parser

# Also words of everyday English, which these pages use in that sense before the technical one.
EVERYDAY = {"code", "group", "tower"}
TARGET = re.compile(r"^\([\w-]+\)=$", re.MULTILINE)  # a label of MyST
ROLE = re.compile(r"\{term\}`(?:[^`<]*<)?([^`<>]+?)>?`")


def terms() -> list[str]:
    """Return the terms that the glossary defines."""
    glossary = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    body = re.search(r"^```\{glossary\}\n(.*?)^```", glossary, re.MULTILINE | re.DOTALL)[1]
    return [line for line in body.splitlines() if line and not line.startswith((" ", ":"))]


def prose(source: str, first: int = 1):
    """Yield the line and the text, links to the glossary included, of each piece of prose."""
    tokens = parser().parse(TARGET.sub("", source))
    for before, token in zip([None, *tokens], tokens, strict=False):
        at = first + (token.map[0] if token.map else 0)
        if token.type in ("fence", "colon_fence"):
            name = re.match(r"\{([\w-]+)\}", token.info.strip())
            if name and name[1] in PROSE:
                yield from prose(re.sub(r"\A(:[\w-]+:.*\n)+", "", token.content), at + 1)
        elif token.type == "inline" and before.type != "heading_open":
            parts = [
                f"{{{child.meta['name']}}}`{child.content}`" if child.type == "myst_role" else child.content
                for child in token.children
                if child.type in ("text", "softbreak", "myst_role")
            ]
            yield at, " ".join(parts)


def pattern(term: str) -> re.Pattern:
    """Return what finds a term in running text, in the singular and the plural."""
    words = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]", term)))
    return re.compile(rf"(?<![\w-]){words}(?:e?s)?(?![\w-])", re.IGNORECASE if term.islower() else 0)


def used_before_introduced(pages: dict[str, str], words: list[str]) -> list[str]:
    """Return the words that some page uses before any page has linked them to the glossary.

    Parameters
    ----------
    pages
        Text of each page by its name, in the order of reading.
    words
        Terms of the glossary.

    Returns
    -------
    list of str
        "page, line N: the term".
    """
    early, introduced = {}, set()
    for page, source in pages.items():
        for line, text in prose(source):
            linked = {found.lower() for found in ROLE.findall(text)}
            plain = re.sub(r"\{[\w:]+\}`[^`]*`", " ", text)
            for word in words:
                if word.lower() in linked:
                    introduced.add(word)
                elif word not in introduced and word not in early and pattern(word).search(plain):
                    early[word] = f"{page}, line {line}: {word}"
    return list(early.values())


def test_every_term_is_linked_where_it_is_first_used():
    pages = {page: (ROOT / f"{page}.md").read_text(encoding="utf-8") for page in chapters()}
    words = [word for word in terms() if word not in EVERYDAY]
    assert len(words) > 40
    assert used_before_introduced(pages, words) == []


@pytest.mark.parametrize(
    ("pages", "early"),
    [
        ({"one": "An {term}`epoch` is a pass.\n\nTwo epochs."}, []),
        ({"one": "# Epochs\n\nAn {term}`epoch`."}, []),
        ({"one": "An epoch.\n\nAn {term}`epoch`."}, ["one, line 1: epoch"]),
        ({"one": "Text.\n\nTwo epochs pass."}, ["one, line 3: epoch"]),
        ({"one": "After {term}`epochs <epoch>`."}, []),
        ({"one": "`epoch` and $epoch$\n\n```python\nepoch\n```"}, []),
        ({"one": "```{note}\nOne epoch.\n```"}, ["one, line 2: epoch"]),
        ({"one": "Text.", "two": "One epoch."}, ["two, line 1: epoch"]),
        ({"one": "An {term}`epoch`.", "two": "One epoch."}, []),
        ({"one": "Dropout's epochal rate."}, []),
    ],
)
def test_a_use_before_the_introduction_is_found(pages, early):
    assert used_before_introduced(pages, ["epoch"]) == early
