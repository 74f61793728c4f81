"""Each picture of a notebook is shown, or named in its place, and the rest of the page stays."""

import base64
import re
from html import unescape

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

import autograder.plugin
from autograder.plugin import pictures
from autograder.plugin.feedback_pages import FeedbackPages
from autograder.plugin.sanitize import clean_html, clean_outputs

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="3"><circle r="2"/></svg>'
DRAWN = base64.b64encode(SVG.encode()).decode()
PAGES = ["formgrade", "feedback"]
SHOWN = re.compile(r'<img[^>]* src="(data:[^"]*)"')


@pytest.fixture(scope="module")
def page():
    """Return a function: cells of a graded notebook and the name of a page → its HTML."""
    config = Config()
    autograder.plugin.configure(config)
    config = FeedbackPages(coursedir=CourseDirectory(), config=config).config
    graded = {"notebook": "lab", "score": 0, "max_score": 0, "late_penalty": 0}
    names = {"base_url": "", "index": 0, "total": 1, "notebook_id": "lab", "nbgrader": graded}

    exporters = {name: HTMLExporter(config=config, template_name=name) for name in PAGES}

    def make(*cells, template: str) -> str:
        notebook = new_notebook()
        notebook.cells = [*cells, new_markdown_cell("The *end*.")]
        html, _ = exporters[template].from_notebook_node(notebook, resources=dict(names))
        assert "The <em>end</em>." in html
        return html

    return make


def prose(source: str, attachments: object = None) -> nbformat.NotebookNode:
    cell = new_markdown_cell(source)
    if attachments is not None:
        cell["attachments"] = attachments
    return cell


def shows(data: object) -> nbformat.NotebookNode:
    cell = new_code_cell("show()")
    cell.outputs = [nbformat.from_dict({"output_type": "display_data", "metadata": {}, "data": data})]
    return cell


@pytest.mark.parametrize("template", PAGES)
@pytest.mark.parametrize(
    ("source", "attachments", "shown"),
    [
        ("![a](attachment:a.png)", {"a.png": {"image/png": PNG}}, f"image/png;base64,{PNG}"),
        ("![a](attachment:a.jpg)", {"a.jpg": {"image/jpg": PNG}}, f"image/jpeg;base64,{PNG}"),
        ("![a](attachment:a.webp)", {"a.webp": {"image/webp": PNG}}, f"image/webp;base64,{PNG}"),
        ("![a](attachment:a.svg)", {"a.svg": {"image/svg+xml": DRAWN}}, f"image/svg+xml;base64,{DRAWN}"),
        ("![a](attachment:a.svg)", {"a.svg": {"image/svg+xml": SVG}}, f"image/svg+xml;base64,{DRAWN}"),
        ("![a](attachment:a)", {"a": {"image/png": f"{PNG[:9]}\r\n{PNG[9:]}\n"}}, f"image/png;base64,{PNG}"),
        ("![a](attachment:a)", {"a": {"image/png": [PNG[:40], "\n", PNG[40:]]}}, f"image/png;base64,{PNG}"),
        ("![a](attachment:my%20map.png)", {"my map.png": {"image/png": PNG}}, f"image/png;base64,{PNG}"),
        ("![a](<attachment:my map.png>)", {"my map.png": {"image/png": PNG}}, f"image/png;base64,{PNG}"),
        ("![a](attachment:a%20b)", {"a%20b": {"image/png": PNG}}, f"image/png;base64,{PNG}"),
        ("![a](attachment:Gerät.png)", {"Gera\u0308t.png": {"image/png": PNG}}, f"image/png;base64,{PNG}"),
        ('<img src="attachment:a b" width="9">', {"a b": {"image/png": PNG}}, f"image/png;base64,{PNG}"),
        ("in <img src=attachment:a> line", {"a": {"image/png": PNG}}, f"image/png;base64,{PNG}"),
    ],
)  # fmt: skip
def test_a_picture_that_was_pasted_is_shown(page, template, source, attachments, shown):
    assert SHOWN.findall(page(prose(source, attachments), template=template)) == [f"data:{shown}"]


@pytest.mark.parametrize("template", PAGES)
@pytest.mark.parametrize(
    ("source", "attachments", "words"),
    [
        ("![a](attachment:gone.png)", None, "(picture gone.png is not shown)"),
        ("![a](attachment:gone.png)", {"gone.png": {}}, "(picture gone.png is not shown)"),
        ("![a](attachment:gone.png)", {"gone.png": {"image/png": "no base64!"}}, "(picture gone.png is not"),
        ("![a](attachment:gone.png)", {"gone.png": {"image/png": 5}}, "(picture gone.png is not shown)"),
        ("![a](attachment:a.heic)", {"a.heic": {"image/heic": PNG}}, "(picture a.heic is not shown)"),
        ("![a](attachment:a.svg)", {"a.svg": {"image/svg+xml": "no drawing"}}, "(picture a.svg is not"),
        ("![a](attachment:%3Cb%3E.png)", None, "(picture <b>.png is not shown)"),
        ("![a](attachment:)", None, "(a picture is not shown)"),
        ('<img src="attachment:gone.png">', None, "(picture gone.png is not shown)"),
        ('<img src="attachment:gone.png" alt="a <b>">', None, "(picture a <b> is not shown)"),
        ('<img src="file:///home/eve/a.png" alt="mine">', None, "(picture mine is not shown)"),
        ('<img src="data:image/heic;base64,AAAA">', None, "(a picture is not shown)"),
        ("<img>", None, "(a picture is not shown)"),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_shown_is_named_in_its_place(page, template, source, attachments, words):
    html = page(prose(f"Before. {source}", attachments), template=template)
    assert "<img" not in html
    assert words in unescape(html)
    assert "Before." in html


def test_a_picture_of_another_host_is_a_link_in_either_form():
    html = clean_html('<img src="https://x.example/a.png?b=1&amp;c=2" alt="a &lt;map&gt;">')
    assert "<img" not in html
    assert 'href="https://x.example/a.png?b=1&amp;c=2"' in html
    assert ">a &lt;map&gt;</a>)" in html
    assert clean_html(html).count("<a ") == 1


@pytest.mark.parametrize("template", PAGES)
@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"image/png": PNG + "\n"}, f"image/png;base64,{PNG}"),
        ({"image/svg+xml": SVG}, f"image/svg+xml;base64,{DRAWN}"),
        ({"image/gif": PNG, "text/plain": "<Image>"}, f"image/gif;base64,{PNG}"),
        ({"image/webp": PNG}, f"image/webp;base64,{PNG}"),
    ],
)
def test_a_picture_that_a_cell_shows_is_shown(page, template, data, shown):
    (clean,) = clean_outputs([{"output_type": "display_data", "data": data, "metadata": {}}])
    assert SHOWN.findall(page(shows(clean.data), template=template)) == [f"data:{shown}"]


@pytest.mark.parametrize("template", PAGES)
@pytest.mark.parametrize("kind", ["png", "jpeg", "svg+xml", "gif", "webp"])
def test_a_damaged_picture_in_a_notebook_that_nbgrader_graded_is_said(page, template, kind):
    cells = [shows({f"image/{kind}": data}) for data in (5, None, {}, "<x", "a?b")]
    html = page(*cells, template=template)
    assert html.count("(a picture is not shown)") == len(cells)
    assert "<img" not in html


@pytest.mark.parametrize("attachments", [None, [], "a", {"a": None}, {"a": [PNG]}, {"a": {"image/png": {}}}])
def test_attachments_of_any_shape_are_read(attachments):
    assert pictures.attached_pictures(attachments) == {}


def test_pictures_take_no_more_of_a_page_than_their_bound(monkeypatch, page):
    monkeypatch.setattr(pictures, "PAGE_PICTURES", 3 * len(PNG))
    cells = [prose("![a](attachment:a) ![b](attachment:a)", {"a": {"image/png": PNG}}) for _ in range(2)]
    html = page(*cells, template="formgrade")
    assert (html.count("<img"), html.count("(picture a is not shown)")) == (3, 1)


def test_a_large_picture_leaves_its_text_on_the_page(page):
    large = base64.b64encode(bytes(3_000_000)).decode()
    html = page(prose("Text. ![a](attachment:a)", {"a": {"image/png": large}}), template="feedback")
    assert large in html
    assert "too long" not in html
