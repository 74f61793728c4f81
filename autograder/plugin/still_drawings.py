"""Drawings in SVG that only draw, in bounded time: no script, no link, nothing from elsewhere."""

import re
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autograder.files import open_without_following

MAX_BYTES = 5_000_000
MAX_DRAWN = 50_000  # elements, each as often as others refer to it
MAX_FILTERED = 20  # steps of filters, likewise: each may go over the whole picture
_SVG = "http://www.w3.org/2000/svg"
_DRAWING = {
    "circle", "clipPath", "defs", "desc", "ellipse", "feBlend", "feColorMatrix", "feComposite",
    "feFlood", "feGaussianBlur", "feMerge", "feMergeNode", "feOffset", "filter", "g", "image", "line",
    "linearGradient", "marker", "mask", "metadata", "path", "pattern", "polygon", "polyline",
    "radialGradient", "rect", "stop", "style", "svg", "switch", "symbol", "text", "textPath", "title",
    "tspan", "use",
}  # fmt: skip
_NOTES = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/",
    "http://creativecommons.org/ns#",
)
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s[^<>]{1,200}\?>")
_OTHER_TYPE = re.compile(rb"<!DOCTYPE(?!\s+svg\s+PUBLIC\s+\"[^\"\[]*\"\s+\"[^\"\[]*\"\s*>)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8|us-ascii)", re.IGNORECASE)
_OWN_PART = re.compile(r"#.*|data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")]+)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"@import|url\(\s*['\"]?(?!#|['\"]?#)|\\", re.IGNORECASE)


def is_still_drawing(path: Path) -> bool:
    """Tell whether a file is a drawing in SVG, as plotting libraries write them, that runs nothing.

    Parameters
    ----------
    path : Path
        A regular file; links are not followed.

    Returns
    -------
    bool
        False also for what is larger than `MAX_BYTES`, or no XML.
    """
    if path.suffix.lower() != ".svg":
        return False
    try:
        with open_without_following(path) as file:
            content = file.read(MAX_BYTES + 1)
        root = _parsed(content)
        return root is not None and _is_light(root) and all(map(_only_draws, root.iter()))
    except (OSError, ValueError, RecursionError):
        return False


def is_light_drawing(content: bytes) -> bool:
    """Tell whether a drawing in SVG, shown as a picture, is drawn in bounded time.

    A few elements that refer to each other, each several times, are millions to a browser.
    """
    try:
        root = _parsed(content)
        return root is not None and _is_light(root)
    except (ValueError, RecursionError):
        return False


def _parsed(content: bytes) -> Element | None:
    """Parse XML in UTF-8 without instructions and entities; None where it is none."""
    declaration = _DECLARATION.match(content)
    start = declaration.end() if declaration else 0
    if (
        len(content) > MAX_BYTES
        or b"\0" in content
        or content.find(b"<?", start) >= 0
        or (declaration and _OTHER_ENCODING.search(declaration[0]))
        or _OTHER_TYPE.search(content)
    ):
        return None
    try:
        return fromstring(content)
    except (ParseError, DefusedXmlException):
        return None


def _is_light(root: Element) -> bool:
    names = [_name(element) for element in root.iter()]
    if len(names) > MAX_DRAWN or any(name.startswith("fe") and name not in _DRAWING for name in names):
        return False
    return (
        _count_drawn(root, lambda element: 1) <= MAX_DRAWN
        and _count_drawn(root, lambda element: int(_name(element).startswith("fe"))) <= MAX_FILTERED
    )


def _count_drawn(root: Element, weight: Callable[[Element], int]) -> float:
    """Return the weight of all elements, each as often as it is drawn; infinite for a circle."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    counts: dict[Element, float | None] = {}  # None: under way
    pending = [root]
    while pending:
        element = pending[-1]
        parts = [*element, *(named[name] for name in _references(element) if name in named)]
        if element not in counts:
            counts[element] = None
            if any(part in counts and counts[part] is None for part in parts):
                return inf
            pending += [part for part in parts if part not in counts]
        else:
            pending.pop()
            if counts[element] is None:
                counts[element] = weight(element) + sum(counts[part] or 0 for part in parts)
    return counts[root] or 0


def _references(element: Element) -> Iterator[str]:
    """Yield the ids that an element draws, or that it is painted, cut or changed by."""
    name = _name(element)
    for attribute, value in element.items():
        if attribute.rpartition("}")[2] == "href" and value.startswith("#") and name != "a":
            yield value[1:]
        yield from _REFERENCE.findall(value)
    if name == "style":
        yield from _REFERENCE.findall(element.text or "")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _only_draws(element: Element) -> bool:
    if not isinstance(element.tag, str):  # a comment
        return False
    namespace, _, name = element.tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    drawn = (namespace == _SVG and name in _DRAWING) or namespace.startswith(_NOTES)
    text = element.text or "" if name == "style" else ""
    return drawn and not _ELSEWHERE.search(text) and all(_only_draws_by(*item) for item in element.items())


def _only_draws_by(attribute: str, value: str) -> bool:
    name = attribute.rpartition("}")[2].lower()
    if name.startswith("on") or name == "base":
        return False
    if name in ("href", "src"):
        return bool(_OWN_PART.fullmatch(value))
    return not _ELSEWHERE.search(value)
