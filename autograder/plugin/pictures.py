"""Pictures of notebooks: which a page may show, and the words in the place of the others.

A picture that a page names may not be there, be of a kind that no browser draws, or be damaged. It
is then named in its place, and the rest of the page stays as it is.
"""

import base64
import binascii
import re
import secrets
import unicodedata
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote

from autograder.notebook.outputs import IMAGE_TYPES
from autograder.notebook.submission import scrubbed, text_of
from autograder.plugin.still_drawings import is_light_drawing

SVG = "image/svg+xml"
ATTACHMENT = "attachment:"
NOT_SHOWN = "not-shown:"  # stands before the address of a picture that may not be fetched
PAGE_PICTURES = 60_000_000  # characters of all pictures attached to the texts of one page
MAX_NAME = 200
_ORDER = (SVG, "image/png", "image/jpeg", *sorted(IMAGE_TYPES - {"image/png", "image/jpeg"}))
_SAME_TYPE = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}
_IMG = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
_ATTACHED_IMG = re.compile(
    r"(<img\b[^<>]{0,1000}?\bsrc\s*=\s*)"
    rf"(?:\"{ATTACHMENT}([^\"<>]*)\"|'{ATTACHMENT}([^'<>]*)'|{ATTACHMENT}([^\s\"'<>]+))",
    re.IGNORECASE,
)
_LEFT = "autograder_pictures"  # in the resources of one page


def base64_of(text: str) -> str | None:
    """Return base64 on one line; None for what is none."""
    joined = "".join(text.split())
    try:
        base64.b64decode(joined, validate=True)
    except (binascii.Error, ValueError):
        return None
    return joined


def picture_data(kind: str, data: object) -> str | None:
    """Return a picture's base64 on one line.

    Parameters
    ----------
    kind : str
        Its media type.
    data : object
        As a notebook holds it: base64, for a drawing in SVG also its source; a text, or a list of
        its lines.

    Returns
    -------
    str or None
        None for what a browser cannot draw, or not in bounded time.
    """
    text = text_of(data)
    if not text.strip() or kind not in _ORDER:
        return None
    if kind == SVG and text.lstrip("\ufeff \t\r\n").startswith("<"):
        text = base64.b64encode(text.encode()).decode()
    joined = base64_of(text)
    if joined is None or (kind == SVG and not is_light_drawing(base64.b64decode(joined))):
        return None
    return joined


def attached_pictures(attachments: object) -> dict[str, dict[str, str]]:
    """Return the pictures among a cell's attachments.

    Parameters
    ----------
    attachments : object
        Those of a cell that is not trusted.

    Returns
    -------
    dict
        As nbformat has attachments, but for line breaks: name → media type → base64.
    """
    pictures: dict[str, dict[str, str]] = {}
    for name, attached in attachments.items() if isinstance(attachments, Mapping) else ():
        types = attached if isinstance(attached, Mapping) else {}
        kept = {}
        for kind, data in types.items():
            usual = _SAME_TYPE.get(str(kind), str(kind))
            if (text := picture_data(usual, data)) is not None:
                kept[usual] = text
        if kept:
            pictures[scrubbed(str(name))] = kept
    return pictures


class TextPictures:
    """The pictures of one text: a placeholder each while its HTML is cleaned, then their data.

    Parameters
    ----------
    attachments : object
        Those of the text's cell.
    resources : dict
        Those of the page, which keep how much its pictures may still take.
    """

    def __init__(self, attachments: object, resources: dict[str, Any]) -> None:
        self._attached = {_usual(name): types for name, types in attached_pictures(attachments).items()}
        self._resources = resources
        self._placed: dict[str, str] = {}
        self._token = secrets.token_hex(8)

    def place(self, address: str) -> str | None:
        """Return the placeholder of a picture; None where it cannot be shown."""
        name = unquote(address[len(ATTACHMENT) :])
        types = self._attached.get(_usual(address[len(ATTACHMENT) :])) or self._attached.get(_usual(name))
        if not types:
            return None
        kind = next(kind for kind in _ORDER if kind in types)
        left = self._resources.setdefault(_LEFT, PAGE_PICTURES)
        if len(types[kind]) > left:
            return None
        self._resources[_LEFT] = left - len(types[kind])
        placeholder = f"{self._token}-{len(self._placed)}.png"
        self._placed[placeholder] = f"data:{kind};base64,{types[kind]}"
        return placeholder

    def place_in_html(self, html: str) -> str:
        """Put placeholders into the ``<img>`` of a student's HTML."""
        return _ATTACHED_IMG.sub(self._placed_tag, html)

    def _placed_tag(self, match: re.Match[str]) -> str:
        name = unescape(match[2] or match[3] or match[4] or "")
        source = self.place(ATTACHMENT + name) or f"{quote(name[:MAX_NAME])}?"  # no picture of a folder
        return f'{match[1]}"{source}"'

    def fill(self, html: str) -> str:
        """Put the pictures into cleaned HTML."""
        return re.sub(
            rf'src="({self._token}-\d+\.png)"', lambda match: f'src="{self._placed[match[1]]}"', html
        )


def _usual(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def in_words(name: str) -> str:
    """Return the words, as HTML, in the place of a picture that is not shown."""
    short = name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"
    return f"(picture {escape(short)} is not shown)" if short.strip() else "(a picture is not shown)"


def name_what_is_not_shown(html: str) -> str:
    """Put words in the place of each ``<img>`` of cleaned HTML that has no picture to show.

    Where the picture lies on another host, they are a link to it.
    """
    return _IMG.sub(_shown_or_named, html)


def _shown_or_named(match: re.Match[str]) -> str:
    attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}
    source = attributes.get("src", NOT_SHOWN)
    if not source.startswith(NOT_SHOWN):
        return match[0]
    address = unquote(source.removeprefix(NOT_SHOWN))
    name = attributes.get("alt", "").strip()
    if address.lower().startswith(("http://", "https://")):
        link = f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(name or address)}</a>'
        return f"(picture: {link})"
    return in_words(name or ("" if address[:5].lower() == "data:" else unquote(address.rstrip("?"))))
