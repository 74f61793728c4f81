"""Output of a submission cannot act in the page of the person who looks at it, nor delay it."""

# ruff: noqa: E501 - tables of cases

import time
from html.parser import HTMLParser

import nbformat
import pytest
from jinja2 import Environment

from autograder.plugin.sanitize import MAX_MARKDOWN, clean_html, clean_outputs, markdown2html

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


def rendered(source: str, cell: dict | None = None) -> str:
    environment = Environment(autoescape=False)
    environment.filters["markdown2html"] = markdown2html
    return environment.from_string("{{ source | markdown2html }}").render(source=source, cell=cell or {})


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
