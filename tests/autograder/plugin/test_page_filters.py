"""No text of a submission takes a page long; what is made plainer says so."""

import time

import pytest
from jinja2 import Environment

from autograder.plugin import page_filters
from tests.timed import timed


def rendered(source: str, by: str = "markdown2html", **resources) -> str:
    environment = Environment()
    environment.filters[by] = getattr(page_filters, by)
    template = environment.from_string(f"{{{{ source | {by} }}}}")
    return template.render(source=source, cell={}, resources=resources)


@timed
@pytest.mark.parametrize(
    "part", [".", "...\n", " \n", "a.", "(", "\x1b[31m", "\x1b[1;", "\x1b[38m", "\\\n", "%%a\n"]
)
@pytest.mark.parametrize("by", ["highlight_code", "ansi2html", "clean_html", "markdown2html"])
def test_no_text_takes_long(part, by):
    source = part * (200_000 // len(part))
    start = time.perf_counter()
    html = rendered(source, by)
    assert time.perf_counter() - start < 5
    assert by not in ("highlight_code", "markdown2html") or "Shown as plain text: it has " in html


@timed
@pytest.mark.parametrize("language", ["", "python", "perl", "html", "\x00"])
def test_no_code_in_markdown_takes_long(language):
    start = time.perf_counter()
    html = rendered(f"```{language}\n" + "(.)*" * 7_000 + "\n```")
    assert time.perf_counter() - start < 5
    assert "(.)*(.)*" in html


def test_short_code_is_coloured():
    assert 'class="kn"' in rendered("```python\nimport x\n```")
    assert 'class="kn"' in rendered("import x", "highlight_code")


def test_a_page_that_has_used_its_time_is_plain_and_says_so(monkeypatch):
    monkeypatch.setattr(page_filters, "PAGE_SECONDS", 0)
    html = rendered("**a** <b>")
    assert "<pre>**a** &lt;b&gt;</pre>" in html
    assert "used its 0 seconds" in html


def test_a_page_that_is_full_leaves_text_out_and_says_so(monkeypatch):
    monkeypatch.setattr(page_filters, "PAGE_TEXT", 10)
    assert "30,991 characters are left out" in rendered("a" * 31_001)
    assert "The page is full" in rendered("a" * 11, "ansi2html")


def test_colours_of_a_terminal_stay():
    assert rendered("\x1b[31mred\x1b[0m & 1", "ansi2html") == '<span class="ansi-red-fg">red</span> &amp; 1'


@pytest.mark.parametrize("by", ["highlight_code", "ansi2html", "clean_html", "markdown2html"])
def test_no_character_bears_more_marks_than_a_browser_places_in_time(by):
    few, many = "a" + "\u0301" * 20, "a" + "\u0301" * 15_000
    assert few in rendered(few, by)
    assert few in rendered(many, by)
    assert "\u0301" * 21 not in rendered(many, by)
