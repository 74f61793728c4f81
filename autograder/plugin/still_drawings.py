"""Drawings in SVG that only draw: no script, no link, nothing from elsewhere."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autograder.files import open_without_following

MAX_BYTES = 5_000_000
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
_INSTRUCTION = re.compile(rb"<\?(?!xml\s)")
_OTHER_TYPE = re.compile(rb"<!DOCTYPE(?!\s+svg\s+PUBLIC\s+\"[^\"\[]*\"\s+\"[^\"\[]*\"\s*>)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"\0|<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8|us-ascii)", re.IGNORECASE)
_REFUSED = (_INSTRUCTION, _OTHER_TYPE, _OTHER_ENCODING)
_OWN_PART = re.compile(r"#.*|data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]*")
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
        if len(content) > MAX_BYTES or any(pattern.search(content) for pattern in _REFUSED):
            return False
        return all(map(_only_draws, fromstring(content).iter()))
    except (OSError, ParseError, DefusedXmlException, ValueError, RecursionError):
        return False


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
