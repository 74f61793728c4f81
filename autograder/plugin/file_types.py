"""Which of the files that a student hands in can do nothing where a browser opens them."""

import mimetypes
import re
from pathlib import PurePath

# By ending, as servers and browsers go by it. In an <img> a drawing in SVG runs nothing.
_PICTURES = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"}
_ACTIVE_TYPE = re.compile(
    r"message/.*|multipart/.*|.*[/+.-](?:x?html|xml|xsl|xslt|mathml|vrml|x3d)|.*(?:script|java|flash|wasm).*"
)
_ACTIVE_ENDINGS = {
    ".asp", ".hta", ".htc", ".htm", ".html", ".jar", ".js", ".mht", ".mhtml", ".mjs", ".php", ".shtm",
    ".shtml", ".svg", ".svgz", ".swf", ".url", ".wasm", ".webarchive", ".xht", ".xhtm", ".xhtml", ".xml",
    ".xsl", ".xslt", ".xul",
}  # fmt: skip


def is_picture(name: str) -> bool:
    """Tell whether a name is that of a picture, which an ``<img>`` may show."""
    return PurePath(name).suffix.lower() in _PICTURES


def is_inert(name: str) -> bool:
    """Tell whether a browser that opens a file of this name runs nothing of it.

    Parameters
    ----------
    name : str
        The file's name, or a path.

    Returns
    -------
    bool
        False for pages, scripts, XML and archives of pages. What has no known type is offered to be
        saved.
    """
    if any(suffix.lower() in _ACTIVE_ENDINGS for suffix in PurePath(name).suffixes):
        return False
    kind, encoding = mimetypes.guess_type(name.lower())
    return kind is None or encoding is not None or not _ACTIVE_TYPE.fullmatch(kind)
