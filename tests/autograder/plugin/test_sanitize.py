"""Output of a submission cannot act in the page of the person who looks at it, nor delay it."""

# ruff: noqa: E501 - tables of cases

import base64
import re
import time
from html.parser import HTMLParser
from urllib.parse import quote, unquote

import nbformat
import pytest
from jinja2 import Environment

from autograder.plugin.allowed_html import bounded_style
from autograder.plugin.notebook_context import GRADER, KEY
from autograder.plugin.page_filters import MAX_MARKDOWN, markdown2html
from autograder.plugin.sanitize import clean_html, clean_outputs
from tests.autograder.corpus.fresh_machine import nested_drawing

ACTING = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java&#115;cript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<form action='/x'><button formaction='javascript:alert(1)'>x</button></form>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<style>@import '//x.example/a.css'</style>",
    "<style><img src=x onerror=alert(1)></style>",
    "<b <script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<meta http-equiv=refresh content='0;url=//x.example'>",
    "<base href=//x.example/><object data=x></object><embed src=x><link rel=stylesheet href=x>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]


class _Acts(HTMLParser):
    """Collect what a browser would run or fetch."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in (
            "script",
            "iframe",
            "object",
            "embed",
            "link",
            "meta",
            "base",
            "form",
            "style",
            "svg",
            "math",
        ):
            self.found.append(tag)
        for name, value in attrs:
            text = "".join((value or "").split()).lower()
            if name.startswith("on") or "javascript:" in text or "formaction" in name:
                self.found.append(f"{tag} {name}={value}")
            if tag == "a" and name == "href" and text.startswith("data:"):
                self.found.append(f"{tag} {name}={value}")
            if name == "style" and "url(" in text:
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag


def acts(html: str) -> list[str]:
    parser = _Acts()
    parser.feed(html)
    parser.close()
    return parser.found


def test_the_check_itself_finds_what_acts():
    assert all(acts(html) for html in ACTING[:3])


@pytest.mark.parametrize("html", ACTING)
def test_html_that_acts_is_made_inert(html):
    assert not acts(clean_html(html))
    assert not acts(clean_html(f"<div><p>{html}</p></div>"))


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<div></x>" * 50_000,
        "<b><p>" * 50_000,
        "<table><tr><td>" * 30_000,
        "<p>" * 200_000,
        "<li>" * 200_000,
        "<" * 1_000_000,
        "<a href='" * 100_000,
        f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>",
        f"<p {' '.join(f'a{n}' for n in range(100_000))}",
        "&" * 1_000_000,
        "<style>" * 100_000,
        "<!--" * 200_000,
    ],
    ids=lambda html: html[:12],
)
def test_no_html_takes_long(html):
    start = time.perf_counter()
    clean_html(html)
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize("part", ["![a](", "[", "*a", "<a ", "$a ", "|a\n|-\n", "> ", "- ", "`"])
def test_no_markdown_takes_long(part):
    for length in (MAX_MARKDOWN, 2_000_000):
        source = (part * length)[:length]
        start = time.perf_counter()
        rendered(source)
        assert time.perf_counter() - start < 3


def test_a_large_picture_is_no_long_tag():
    picture = f'<img src="data:image/png;base64,{"A" * 500_000}">'
    assert clean_html(picture) == picture


def test_what_pandas_shows_stays_a_table():
    html = (
        '<div>\n<style scoped>.dataframe td { color: red; }</style>\n<table border="1" class="dataframe">'
        '<thead><tr style="text-align: right;"><th></th><th>a</th></tr></thead><tbody><tr><th>0</th><td>1</td>'
        "</tr></tbody></table>\n</div>"
    )
    cleaned = clean_html(html)
    assert '<table border="1" class="dataframe">' in cleaned
    assert '<tr style="text-align:right">' in cleaned.replace(": ", ":").replace(';"', '"')
    assert "color: red" not in cleaned


def test_pictures_stay_and_links_stay():
    picture = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a map">'
    assert clean_html(picture) == picture
    assert 'href="https://example.org/x"' in clean_html('<a href="https://example.org/x">x</a>')


def rendered(source: str, cell: dict | None = None, nb: dict | None = None) -> str:
    environment = Environment(autoescape=False)
    environment.filters["markdown2html"] = markdown2html
    return environment.from_string("{{ source | markdown2html }}").render(
        source=source, cell=cell or {}, nb=nb
    )


@pytest.mark.parametrize("html", [*ACTING, "[x](javascript:alert(1))", "[x](data:text/html,x)"])
def test_markdown_that_acts_is_made_inert(html):
    assert not acts(rendered(f"Some *text*\n\n{html}\n\n- {html}"))


def test_markdown_keeps_its_formatting_and_its_mathematics():
    html = rendered("**bold** $a<b$ `x < y`\n\n> a quotation\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<strong>bold</strong>" in html
    assert "$a&lt;b$" in html
    assert "<code>x &lt; y</code>" in html
    assert "<blockquote>" in html
    assert "<table>" in html


def test_pictures_pasted_into_an_answer_are_shown():
    cell = {"attachments": {"a.png": {"image/png": "iVBORw0KGgo="}}}
    assert "data:image/png;base64,iVBORw0KGgo=" in rendered("![a](attachment:a.png)", cell)


OUTPUT = {"output_type": "display_data", "metadata": {}}


@pytest.mark.parametrize(
    "output",
    [
        OUTPUT | {"data": {"application/javascript": "alert(1)"}},
        OUTPUT | {"data": {"text/html": "<script>alert(1)</script>"}},
        OUTPUT | {"data": {"text/html": ["<scr", "ipt>alert(1)</script>"]}},
        OUTPUT | {"data": {"image/png": 'x"><script>alert(1)</script>'}},
        OUTPUT | {"data": {"image/png": "iVBORw0KGgo="}, "metadata": {"image/png": {"width": '1" onerror="x'}}},
        OUTPUT | {"data": {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}},
        {"output_type": "execute_result", "execution_count": "<script>", "data": {"text/plain": "1"}, "metadata": {}},
    ],
)  # fmt: skip
def test_outputs_that_act_are_made_inert(output):
    (clean,) = clean_outputs([output])
    assert not acts(str(clean))
    assert "javascript" not in str(clean.data) or "is not shown" in clean.data["text/plain"]
    assert clean.metadata == {}


@pytest.mark.parametrize(
    "output",
    [None, 3, {}, {"output_type": "update"}, {"output_type": "display_data"}, {"output_type": ["stream"]}],
)
def test_what_is_no_output_is_left_out(output):
    assert clean_outputs([output]) == []


def test_streams_errors_and_data_stay():
    outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="careful\n"),
        nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=["a", "b"]),
        nbformat.v4.new_output("display_data", data={"text/plain": "3", "text/latex": "$3$"}),
    ]
    assert clean_outputs(outputs) == outputs


@pytest.mark.parametrize(
    "html",
    [
        '<a id="test_words" name="test_words">x</a>',
        '<p class="modal-backdrop full-credit score nbgrader_cell tabbable">x</p>',
        '<span class="k btn full-credit" id="notebook">x</span>',
        '<h2 id="explain-comment">x</h2>',
        '<p style="position: fixed; inset: 0; z-index: 9; transform: scale(9); float: left">x</p>',
        '<p style="margin-left: -900px; MARGIN: 1px -1px; width: 99999px; height: 1e9em">x</p>',
        '<p style="margin: calc(1px - 99px); width: var(--x); height: max(9999px, 1px)">x</p>',
        '<p style="color: u\\72l(x); background-color: url(//x.example/a); border: 0.5e4px solid">x</p>',
        '<p style="font-size: 900px; line-height: -3; vertical-align: -90px">x</p>',
        '<a href="/logout">x</a>',
        '<a href="plot.html">x</a>',
        '<a href="plot.svg">x</a>',
        '<a href="next">x</a>',
        '<a href="files/../../x.csv">x</a>',
        '<a href="./../x.csv">x</a>',
        '<a href="https:formgrader">x</a>',
        '<a href="http:///x">x</a>',
    ],
)
def test_html_that_reaches_beyond_its_place_is_kept_in_it(html):
    tag = html[1:].split()[0].split(">")[0]
    kept = re.sub(
        r' (rel="noopener noreferrer"|id="text:[^"]*"|class="k?"|style="border:0?")', "", clean_html(html)
    )
    assert kept in (f"<{tag}>x</{tag}>", f"<{tag}>")


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://x.example/a.png">',
        '<img src="//x.example/a.png">',
        '<img src="/formgrader?path=/home/eve">',
        '<img src="../../formgrader?path=/home/eve">',
        '<img src="a.png?path=1">',
        '<img src="%2e%2e/%2e%2e/api/a.png">',
        '<img src="..\\..\\a.png" width="90000">',
    ],
)
def test_a_picture_from_elsewhere_is_not_asked_for_but_named(html):
    address = unquote(html.split('"')[1])
    cleaned = clean_html(html)
    assert cleaned.startswith("(picture")
    assert address in cleaned
    assert not acts(cleaned)
    assert "<img" not in cleaned


def test_cleaning_twice_changes_nothing():
    html = '<h2 id="a">a</h2><a href="#a">a</a><p style="margin: 3px; color: rgb(1, 2, 3)">$\\href{x}{y}$</p>'
    assert clean_html(clean_html(html)) == clean_html(html)


def test_a_table_of_contents_leads_to_its_headings():
    html = rendered("[to it](#The-end)\n\n## The end")
    (name,) = re.findall(r'<h2 id="([^"]*)"', html)
    assert name.startswith("text:")
    assert html.count(f'href="#{name}"') == 2  # the link, and the heading's own


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("margin: 4px auto; padding: 1em", "margin: 4px auto; padding: 1em"),
        ("border: 1px solid #ccc; width: 50%", "border: 1px solid #ccc; width: 50%"),
        ("color: rgb(1, 2, 3); line-height: 1.4", "color: rgb(1, 2, 3); line-height: 1.4"),
        ("font-size: 120%; font-weight: 700", "font-size: 120%; font-weight: 700"),
    ],
)
def test_honest_styles_stay(given, kept):
    assert bounded_style(given) == kept


REACHING = [
    r"\href{x}{y}",
    r"\cssId{a}{y}",
    r"\class{a}{y}",
    r"\style{a}{y}",
    r"\require{x}",
    r"\mmlToken{mi}{y}",
]


@pytest.mark.parametrize("formula", [*REACHING, r"\def\frac#1{1}", r"\let\x=\y", r"\newcommand{\frac}{1}"])
def test_formulas_that_reach_out_stand_as_written(formula):
    notebook = {
        "cells": [{"cell_type": "markdown", "source": r"$\frac12$", "metadata": {KEY: {"for": GRADER}}}]
    }
    html = rendered(f"${formula}$", nb=notebook)
    assert "<span>\\</span>" in html
    assert formula.replace("<", "&lt;") in re.sub("</?span>", "", html)  # to a reader the same
    for hidden in (formula.replace("\\", "&#92;"), formula[:3] + "<!-- -->" + formula[3:]):
        assert "<span>\\</span>" in clean_html(hidden)
    (output,) = clean_outputs([OUTPUT | {"data": {"text/latex": f"${formula}$"}}])
    assert set(output.data) == {"text/plain"}


def test_honest_formulas_stay():
    formula = r"$\newcommand{\R}{\mathbb{R}}\hrefs \frac{1}{2} \in \R \rlap{x} \begin{cases}1\end{cases}$"
    assert formula in rendered(formula)


def test_pictures_that_cannot_be_shown_are_said_to_be_there():
    html = rendered("![a map](https://x.example/a.png) ![b](attachment:gone.png)")
    assert "<img" not in html
    assert ">a map</a>" in html
    assert "(picture gone.png is not shown)" in html


def test_a_drawing_that_would_take_a_browser_long_is_not_shown():
    heavy, light = nested_drawing(9, 10), nested_drawing(3, 10)
    turbulence = light.replace("<defs>", '<filter id="f"><feTurbulence numOctaves="2000"/></filter><defs>')
    circle = light.replace("<defs>", '<g id="c"><use xlink:href="#c"/></g><defs>')
    for drawing in (heavy, turbulence, circle):
        address = f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
        assert "src" not in clean_html(f'<img src="{address}">')
        (output,) = clean_outputs([{"output_type": "display_data", "data": {"image/svg+xml": drawing}}])
        assert output.data == {"text/plain": "(output of type image/svg+xml is not shown)"}
    for address in (
        f"data:image/svg+xml;base64,{base64.b64encode(light.encode()).decode()}",
        f"data:image/svg+xml,{quote(light)}",
    ):
        assert f'src="{address}"' in clean_html(f'<img src="{address}">')
    (output,) = clean_outputs([{"output_type": "display_data", "data": {"image/svg+xml": light}}])
    assert output.data == {"image/svg+xml": light}


def test_a_table_that_would_take_a_browser_long_is_not_shown():
    assert "too large" in clean_html("<table><tr>" + '<td colspan="999">x</td>' * 1_000)
    assert "colspan" in clean_html("<table><tr>" + '<td colspan="60">x</td>' * 300)
