"""Cleaning of what a submission shows in the browser of the person who grades it.

The formgrader renders notebooks inside its own page, and that page may write scores: a script in a
student's output or text would act in the grader's name.
"""

import re
from collections import Counter
from collections.abc import Container, Mapping
from html import escape
from typing import Any
from urllib.parse import unquote

import nbformat
import nh3
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.validator import NotebookValidationError

from autograder.notebook.outputs import IMAGE_TYPES, Output, not_shown, rebuild_outputs
from autograder.notebook.ownership import Marks, Owner
from autograder.plugin.allowed_html import ATTRIBUTES, CLASSES, STYLES, TAGS, allowed_value, is_remote
from autograder.plugin.coloured_code import coloured, too_long_for_colours
from autograder.plugin.notebook_context import GRADER, KEY
from autograder.plugin.pictures import (
    ATTACHMENT,
    SVG,
    TextPictures,
    in_words,
    name_what_is_not_shown,
    picture_data,
)
from autograder.plugin.tex import commands, is_plain, without_reach

_PYTHON = {"python", "python3", "py", "py3", "ipython", "ipython3"}
_VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)")
_SPAN = re.compile(r'(?:col|row)span="(\d+)"')
_PICTURE = re.compile(r"data:image/[^\s\"'>]*")
MAX_HTML = 2_000_000
MAX_NESTING = 200
MAX_TAG = 4_000
MAX_SPANNED = 20_000  # rows and columns of tables, over which the cells of one text reach


_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},  # pandas writes a <style> above every table
    attributes=ATTRIBUTES,
    attribute_filter=allowed_value,
    allowed_classes=CLASSES,
    url_schemes={"http", "https", "mailto", "data"},
    filter_style_properties=STYLES,
    link_rel="noopener noreferrer",
)
_REMOTE_LINK = re.compile(r'(<a (?:[^>"]|"[^"]*")*?)(?=href="https?:)', re.IGNORECASE)


def clean_html(html: str, taken: Container[str] | None = None) -> str:
    """HTML without anything that runs or reaches out of its place, all by allow-lists.

    What would take a parser long (very long, deeply nested, or with tags of thousands of
    attributes) is not shown.

    Parameters
    ----------
    html : str
        A student's.
    taken : container of str, optional
        The TeX commands that it may not define; None: it may define none.

    Returns
    -------
    str
        Balanced HTML. Links to other hosts open in a window of their own, which knows nothing of
        the page.
    """
    if len(html) > MAX_HTML or not _is_simple(html):
        return "<p>(HTML that is too long or too deeply nested is not shown.)</p>"
    cleaned = _REMOTE_LINK.sub(r'\1target="_blank" ', name_what_is_not_shown(_cleaner.clean(html)))
    if sum(map(int, _SPAN.findall(cleaned))) > MAX_SPANNED:
        return "<p>(HTML with a table that is too large is not shown.)</p>"
    return without_reach(cleaned, taken)


def _is_simple(html: str) -> bool:
    """Return whether nesting and tags are within bounds, which parsers need for linear time."""
    open_tags: Counter[str] = Counter()
    depth = 0
    for closing, name, rest in _TAG.findall(html):
        tag = name.lower()
        if len(rest) > MAX_TAG and len(_PICTURE.sub("", rest)) > MAX_TAG:
            return False
        if closing:
            if open_tags[tag]:
                open_tags[tag] -= 1
                depth -= 1
        elif tag not in _VOID:
            open_tags[tag] += 1
            depth += 1
            # paragraphs, items and cells are often left open; a parser closes them
            if (
                depth - sum(open_tags[left_open] for left_open in ("p", "li", "td", "th", "tr", "dt", "dd"))
                > MAX_NESTING
            ):
                return False
    return depth <= 10 * MAX_NESTING


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, where a picture that cannot be shown is named in its place."""

    def __init__(self, pictures: TextPictures) -> None:
        super().__init__(escape=False)
        self.pictures = pictures

    def block_code(self, code: str, info: str | None = None) -> str:
        language = (info or "").split(maxsplit=1)[:1]
        if language and language[0].lower() in _PYTHON and not too_long_for_colours(code):
            return coloured(code, "highlight")
        return f"<pre><code>{escape(code)}</code></pre>\n"  # a lexer of another language may take long

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if is_remote(url):
            return f'(picture: <a href="{escape(url)}">{text or escape(url)}</a>)'
        if url.lower().startswith(ATTACHMENT):
            name = unquote(url[len(ATTACHMENT) :])
            placeholder = self.pictures.place(url)
            if placeholder is None:
                return in_words(name)
            url, text = placeholder, text or name
        return super().image(text or unquote(url), url, title)  # where a file is missing, a browser says this

    def block_html(self, html: str) -> str:
        return super().block_html(self.pictures.place_in_html(html))

    def inline_html(self, html: str) -> str:
        return super().inline_html(self.pictures.place_in_html(html))


def markdown2html(context: Context, source: str) -> str:
    """Render Markdown as nbconvert's filter of this name does, then clean the HTML."""
    cell, resources = context.get("cell") or {}, context.get("resources") or {}
    pictures = TextPictures(cell.get("attachments"), resources)
    taken = _instructors_commands(context.get("nb") or {})
    html = MarkdownWithMath(renderer=_Renderer(pictures)).render(source)
    return pictures.fill(clean_html(html, taken))


def _instructors_commands(notebook: Mapping[str, Any]) -> set[str]:
    """Return the TeX commands of the cells that are not the student's."""
    trusted = (
        cell.get("source", "")
        for cell in notebook.get("cells", ())
        if cell.get("cell_type") == "markdown"
        and (
            Marks.of(cell).owner is Owner.INSTRUCTOR
            or cell.get("metadata", {}).get(KEY, {}).get("for") == GRADER
        )
    )
    return set().union(*map(commands, trusted))


def _clean_data(data: dict[str, str]) -> dict[str, str]:
    kept = {}
    for kind, text in data.items():
        # nbconvert puts an SVG into an <img>, where scripts do not run
        shown = picture_data(kind, text) if kind in (*IMAGE_TYPES, SVG) else text
        if shown is not None:
            kept[kind] = text if kind == SVG else shown
    if "text/html" in kept:
        kept["text/html"] = clean_html(kept["text/html"])
    if "text/latex" in kept and not is_plain(kept["text/latex"]):
        kept.setdefault("text/plain", kept.pop("text/latex"))
        kept.pop("text/latex", None)
    return kept or not_shown(data)


def clean_outputs(outputs: list) -> list[NotebookNode]:
    """Rebuild the outputs of a student's cell from the parts that are safe to render.

    Parameters
    ----------
    outputs : list of dict
        nbformat outputs, from a process that is not trusted.

    Returns
    -------
    list of NotebookNode
        Valid nbformat outputs: streams, errors and data of known types, results without a count.
        Scripts, widgets, metadata and whatever is no valid output are left out.
    """
    nodes = (_node(output) for output in rebuild_outputs(outputs))
    return [node for node in nodes if _is_valid(node)]


def _node(output: Output) -> NotebookNode:
    if "data" in output:
        return nbformat.v4.new_output(output["output_type"], data=_clean_data(output["data"]))
    return nbformat.from_dict(output)


def _is_valid(node: NotebookNode) -> bool:
    try:
        nbformat.validate(node, ref=node.output_type, version=4, version_minor=5)
    except NotebookValidationError:
        return False
    return True
