"""What holds of cheat sheet, glossary, errata and bibliography."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pybtex.database import parse_file

from tests.book.conftest import chapters

BOOK = Path(__file__).parents[2] / "book"
SOURCES = ("source000", "source001", "source002", "source003", "source004")
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")


def entries() -> list[str]:
    return list(parse_file(BOOK / "references.bib").entries)  # refuses a work that is there twice


def cited(text: str) -> set[str]:
    return {key.strip() for keys in CITED.findall(text) for key in keys.split(",")}


def soup(site, name):
    return BeautifulSoup((site / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_every_work_is_listed_once_and_cited_somewhere():
    keys = entries()
    everywhere = set().union(*(cited(page.read_text(encoding="utf-8")) for page in BOOK.glob("*.md")))
    assert sorted(set(keys) - everywhere) == []
    assert sorted(everywhere - set(keys)) == []


def test_the_bibliography_shows_them_all(site):
    assert len(soup(site, "bibliography").select("article .citation")) == len(entries())


def test_a_glossary_is_in_order_and_defines_each_word_once(site):
    words = soup(site, "glossary").select("dl.glossary dt")
    terms = [word.get_text(strip=True).rstrip("#") for word in words]
    assert len(terms) >= 40
    assert terms == sorted(terms, key=str.lower)
    assert len(terms) == len(set(map(str.lower, terms)))
    for word in words:
        assert len(word.find_next_sibling("dd").get_text().split()) >= 4, word


@pytest.mark.parametrize("page", [page.removeprefix("book/") for page in chapters()])
def test_a_chapter_links_its_first_words_to_the_glossary(site, page):
    links = [a["href"] for a in soup(site, page).select("article a[href*='glossary.html#term-']")]
    assert len(links) >= 3
    assert len(links) == len(set(links)), "a word is linked where it is first used, and once"


def errata():
    """Split the page into (source, quotation, what follows it up to the next one)."""
    text = (BOOK / "errata.md").read_text(encoding="utf-8").split("(errata-right)=")[0]
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        source = CITED.search(section)[1]
        parts = re.split(r"^((?:> .+\n)+)", section, flags=re.MULTILINE)
        for quotation, answer in zip(parts[1::2], parts[2::2], strict=True):
            yield source, quotation, answer


def test_every_source_has_errata_and_each_says_what_shows_it():
    found = list(errata())
    assert {source for source, _, _ in found} == set(SOURCES)
    for _, quotation, answer in found:
        shown = re.search(r"\{code-cell\}|\{ref\}|\{doc\}|\{cite|\{term\}", answer)
        assert shown, f"nothing shows what is true of: {quotation}"


def test_what_the_sources_state_was_computed(site):
    table = soup(site, "errata").select("table")[-1]
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in table.select("tbody tr")]
    assert len(rows) >= 14
    for *_, stated, computed in rows:
        assert stated == computed
    text = table.get_text()
    for number in ("243", "21,600", "3,075", "8,586", "1,427"):
        assert number in text


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_cheat_sheet_prints_on_one_sheet(chromium, site, theme):
    page = chromium.new_page(color_scheme=theme)
    page.goto((site / "book/cheatsheet.html").as_uri())
    page.wait_for_selector("mjx-container")
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert b"/MediaBox [0 0 594.95" in printed or b"/MediaBox [0 0 595" in printed, "not A4"


@pytest.mark.browser
def test_a_chapter_prints_still_pictures_in_light_colours_with_solutions_open(chromium, site):
    page = chromium.new_page(color_scheme="dark")
    page.goto((site / "book/transposed.html").as_uri())
    page.evaluate(
        """() => addEventListener('beforeprint', () => (window.paper = {
          theme: document.documentElement.dataset.theme,
          folded: [...document.querySelectorAll('.admonition.solution')]
            .filter(s => s.classList.contains('toggle-hidden')).length,
        }))"""
    )
    assert len(page.pdf(format="A4")) > 10_000
    assert page.evaluate("window.paper") == {"theme": "light", "folded": 0}
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.emulate_media(media="print")
    assert page.locator(".sc-controls:visible, .bd-sidebar-primary:visible, .bd-footer:visible").count() == 0
    assert page.locator(".sepconv-figure svg:visible").count() > 3
    page.close()
