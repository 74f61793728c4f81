"""What of a student's HTML may stand in a page that acts for the person who reads it.

The formgrader finds its own buttons and fields by class and id, its server does things on a mere
request, and whatever lies over a button gets the click. So a student's elements have no class but
those that only colour, ids of their own, no address on the reader's server, and no size or place
beyond their own box.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from urllib.parse import quote, unquote, urlsplit
from urllib.request import DataHandler, Request

import tinycss2
from pygments.token import STANDARD_TYPES

from autograder.plugin.file_types import is_inert, is_picture
from autograder.plugin.pictures import NOT_SHOWN
from autograder.plugin.still_drawings import is_light_drawing

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del",
    "details", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre",
    "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"id", "style", "title", "align", "dir", "lang"},
    "a": {"href"},
    "font": {"color"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border"},
    "td": {"colspan", "rowspan", "valign", "halign"},
    "th": {"colspan", "rowspan", "valign", "halign", "scope"},
    "ol": {"start"},
    "details": {"open"},
}
_COLOURS = {name for name in STANDARD_TYPES.values() if name}  # Pygments' classes of code
_BOXES = {"alert", "alert-danger", "alert-info", "alert-success", "alert-warning"}
CLASSES = {
    "a": {"anchor-link"},
    "div": {"highlight", *_BOXES},
    "p": _BOXES,
    "span": _COLOURS,
    "table": {"dataframe"},
}
ID_PREFIX = "text:"  # no name of a cell has a colon
MAX_STYLE = 1_000
MAX_ADDRESS = 2_000
MAX_SIDE = 4_000  # pixels, of a picture
_LARGEST = {  # of a length, in pixels
    "font-size": 64, "line-height": 100,
    "height": 1_000, "max-width": 2_000, "min-width": 1_000, "width": 2_000,
    **dict.fromkeys(("border-spacing", "border-collapse"), 50),
    **{f"border{side}": 20 for side in ("", "-bottom", "-left", "-right", "-top")},
    **{
        f"{space}{side}": 100
        for space in ("margin", "padding")
        for side in ("", "-bottom", "-left", "-right", "-top")
    },
}  # fmt: skip
_WITHOUT_LENGTH = {
    "background-color", "color", "font-family", "font-style", "font-weight", "text-align",
    "text-decoration", "vertical-align", "white-space",
}  # fmt: skip
STYLES = {*_LARGEST, *_WITHOUT_LENGTH}
_PIXELS = {
    "px": 1,
    "pt": 4 / 3,
    "pc": 16,
    "mm": 3.78,
    "cm": 37.8,
    "in": 96,
    "em": 16,
    "rem": 16,
    "ex": 8,
    "ch": 8,
}
_MAX_PERCENT = 200
_MAX_FONT = {"em": 2, "ex": 4, "ch": 4}  # these multiply from element to element
_MAX_LINES = 5
_MAX_NUMBER = 1_000  # a weight of a font, a degree of a colour
_COLOUR_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla"}
_PICTURE_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp|bmp|(svg\+xml))[;,]", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,3}")
_SIDE = re.compile(r"(\d{1,4})(?:\.\d+)?(%|px)?")


def allowed_value(tag: str, attribute: str, value: str) -> str | None:
    """Return the value that an attribute may have, or None to leave it out.

    Parameters
    ----------
    tag, attribute : str
        In lower case; both are on the lists of this module.
    value : str
        As the student wrote it.

    Returns
    -------
    str or None
        Never raises: nh3 keeps a value where its filter fails.
    """
    try:
        return _allowed_value(tag, attribute, value)
    except Exception:
        return None


def _allowed_value(tag: str, attribute: str, value: str) -> str | None:
    check = _CHECKS.get(attribute)
    return value if check is None else check(value.strip())


def _own_id(name: str) -> str | None:
    return _prefixed(name) if 0 < len(name) <= MAX_ADDRESS else None


def _prefixed(name: str) -> str:
    """Put the prefix before a name that does not have it: cleaning twice changes nothing."""
    return ID_PREFIX + name.removeprefix(ID_PREFIX)


def _style(style: str) -> str | None:
    return bounded_style(style) or None


def _picture(address: str) -> str | None:
    """Return the address of a picture; of one that is not to be fetched, as `pictures` knows it."""
    return address if _is_shown_picture(address) else NOT_SHOWN + quote(address[:MAX_ADDRESS])


def _side(side: str) -> str | None:
    match = _SIDE.fullmatch(side)
    return side if match and int(match[1]) <= (100 if match[2] == "%" else MAX_SIDE) else None


def _count(count: str) -> str | None:
    return count if _COUNT.fullmatch(count) else None


def _link(address: str) -> str | None:
    """Return the address of a link: in the page, elsewhere on the web, or to an inert file."""
    if len(address) > MAX_ADDRESS:
        return None
    if address.startswith("#"):
        return f"#{_prefixed(address[1:])}" if len(address) > 1 else None
    if is_remote(address):
        return address
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return address
    return address if _is_inside(address) and is_inert(unquote(address)) else None


def is_remote(address: str) -> bool:
    """Tell whether an address names another host over HTTP."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and address[:8].count("/") >= 2


def _is_shown_picture(address: str) -> bool:
    if address[:5].lower() == "data:":
        match = _PICTURE_DATA.match(address)
        return match is not None and (match[1] is None or is_light_drawing(_data_of(address)))
    return len(address) <= MAX_ADDRESS and _is_inside(address) and is_picture(unquote(address))


def _data_of(address: str) -> bytes:
    """Return what a ``data:`` address holds."""
    with DataHandler().data_open(Request(address)) as answer:
        return answer.read()


def _is_inside(address: str) -> bool:
    """Tell whether an address is a plain path of a file in the notebook's folder or below."""
    path = unquote(address)
    if re.search(r"[?#]", address) or re.search(r"[\\:?#%\x00-\x1f]", path):
        return False
    return not {"", ".", ".."}.intersection(path.removeprefix("./").split("/")) and bool(
        PurePath(path).suffix
    )


def bounded_style(style: str) -> str:
    """Return the declarations of a style that stay within their element's box.

    Parameters
    ----------
    style : str
        The value of a ``style`` attribute.

    Returns
    -------
    str
        Colours, fonts, borders and lengths within bounds: nothing that places an element, nothing
        negative, no address, no function but those of colours. "" where nothing is left.
    """
    if len(style) > MAX_STYLE:
        return ""
    declarations = tinycss2.parse_declaration_list(style, skip_comments=True, skip_whitespace=True)
    return "; ".join(
        f"{declaration.lower_name}: {tinycss2.serialize(declaration.value).strip()}"
        for declaration in declarations
        if declaration.type == "declaration"
        and declaration.lower_name in STYLES
        and all(_is_bounded(declaration.lower_name, token) for token in declaration.value)
    )


def _is_bounded(name: str, token: tinycss2.ast.Node) -> bool:
    """Tell whether one part of a declaration's value is plain and within its bound."""
    match token.type:
        case "whitespace" | "ident" | "hash":
            return True
        case "string":
            return name == "font-family"
        case "literal":
            return token.value in (",", "/")
        case "number" | "percentage" | "dimension":
            return _fits(name, token)
        case "function":
            return token.lower_name in _COLOUR_FUNCTIONS and all(map(_is_plain_number, token.arguments))
    return False


def _is_plain_number(token: tinycss2.ast.Node) -> bool:
    return token.type in ("number", "percentage", "whitespace") or token in (",", "/")


def _fits(name: str, token: tinycss2.ast.NumberToken) -> bool:
    if token.type == "number":
        return 0 <= token.value <= (_MAX_LINES if name == "line-height" else _MAX_NUMBER)
    if name not in _LARGEST:
        return False
    if token.type == "percentage":
        return 0 <= token.value <= _MAX_PERCENT
    unit = token.lower_unit
    largest = _LARGEST[name] / _PIXELS[unit] if unit in _PIXELS else 0
    return (
        0 <= token.value <= (min(largest, _MAX_FONT.get(unit, largest)) if name == "font-size" else largest)
    )


_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "id": _own_id,
    "href": _link,
    "src": _picture,
    "style": _style,
    **dict.fromkeys(("width", "height"), _side),
    **dict.fromkeys(("colspan", "rowspan", "border"), _count),
}
