"""Cleaning of what a submission shows in the browser of the person who grades it.

The formgrader renders notebooks inside its own page, and that page may write scores: a script in a
student's output or text would act in the grader's name.
"""

import base64
import binascii
import re
from collections import Counter
from html import escape

import nbformat
import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.validator import NotebookValidationError

from autograder.notebook.outputs import IMAGE_TYPES, Output, not_shown, rebuild_outputs

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del",
    "details", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre",
    "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "style", "title", "align", "dir", "lang"},
    "a": {"href", "name", "id"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "font": {"color"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border"},
    "td": {"colspan", "rowspan", "valign", "halign"},
    "th": {"colspan", "rowspan", "valign", "halign", "scope"},
    "ol": {"start"},
    "details": {"open"},
}
_STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-left", "border-right",
    "border-spacing", "border-top", "color", "font-family", "font-size", "font-style",
    "font-weight", "height", "line-height", "margin", "margin-bottom", "margin-left",
    "margin-right", "margin-top", "max-width", "min-width", "overflow", "padding",
    "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align", "text-decoration",
    "vertical-align", "white-space", "width",
}  # fmt: skip
_VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^>]*)")
_PICTURE = re.compile(r"data:image/[^\s\"'>]*")
MAX_HTML = 2_000_000
MAX_NESTING = 200
MAX_TAG = 4_000
MAX_MARKDOWN = 30_000


def _picture_or_link(tag: str, attribute: str, value: str) -> str | None:
    # a link to a data: address would open a page of the author's; only pictures may have one
    is_data = value.strip().lower().startswith("data:")
    return None if is_data and (tag, attribute) != ("img", "src") else value


_cleaner = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style"},  # pandas writes a <style> above every table
    attributes=_ATTRIBUTES,
    attribute_filter=_picture_or_link,
    url_schemes={"http", "https", "mailto", "data"},
    filter_style_properties=_STYLES,
    link_rel=None,
)


def clean_html(html: str) -> str:
    """HTML without anything that runs: tags, attributes and styles by allow-list.

    What would take a parser long (very long, deeply nested, or with tags of thousands of
    attributes) is not shown.
    """
    if len(html) > MAX_HTML or not _is_simple(html):
        return "<p>(HTML that is too long or too deeply nested is not shown.)</p>"
    return _cleaner.clean(html)


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


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Render Markdown as nbconvert's filter of this name does, then clean the HTML."""
    if len(source) > MAX_MARKDOWN:
        return f"<pre>{escape(source)}</pre>"
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source))


def is_base64(text: str) -> bool:
    """Tell whether a text is base64, line breaks aside."""
    try:
        base64.b64decode(text.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _clean_data(data: dict[str, str]) -> dict[str, str]:
    # nbconvert puts an SVG into an <img>, where scripts do not run
    kept = {kind: text for kind, text in data.items() if kind not in IMAGE_TYPES or is_base64(text)}
    if "text/html" in kept:
        kept["text/html"] = clean_html(kept["text/html"])
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
        Valid nbformat outputs: streams, errors and data of known types. Scripts, widgets, metadata
        and whatever is no valid output are left out.
    """
    nodes = (_node(output) for output in rebuild_outputs(outputs))
    return [node for node in nodes if _is_valid(node)]


def _node(output: Output) -> NotebookNode:
    if "data" in output:
        return nbformat.v4.new_output("display_data", data=_clean_data(output["data"]))
    return nbformat.from_dict(output)


def _is_valid(node: NotebookNode) -> bool:
    try:
        nbformat.validate(node, ref=node.output_type, version=4, version_minor=5)
    except NotebookValidationError:
        return False
    return True
