"""Filters of a graded notebook's page, in the place of nbconvert's: cleaned, in bounded time.

The formgrader makes these pages in the Jupyter server's own process, so a text that takes
nbconvert's filters minutes would stop the server. Each filter bounds what it gives to a parser, by
length, by length of line and by number of marks. What is beyond the bounds, and what comes after a
page has used its time, is shown as plain text, and the page says so.
"""

import re
import time
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters import ansi

from autograder.notebook.outputs import IMAGE_TYPES
from autograder.plugin import sanitize
from autograder.plugin.coloured_code import coloured, too_long_for_colours
from autograder.plugin.pictures import SVG, in_words, picture_data
from autograder.printable import without_towers

FILTERS = {
    name: f"{__name__}.{name}"
    for name in (
        "markdown2html",
        "highlight_code",
        "ansi2html",
        "clean_html",
        "strip_files_prefix",
        "without_towers",
        "draws",
        "other_picture",
        "picture_in_words",
    )
}
PAGE_SECONDS = 10.0
PAGE_TEXT = 8_000_000  # characters
MAX_MARKDOWN = 30_000
MAX_MARKS = 3_000
MAX_COLOURS = 1_000
PLAINER = "(Shown as plain text: {}.)"
_KNOWN = {SVG, "image/png", "image/jpeg", "text/html", "text/markdown", "text/latex"}
_BUDGET = "autograder_page"  # in the resources of one page
_ESCAPE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~])?")
_LONG_COLOUR = re.compile(r"\x1b\[[\d;]{60}")
_MARK = re.compile(r"[\[\]<>*_`$|~\\!]")


class _Budget:
    """The time and text that the page in hand may still take."""

    def __init__(self) -> None:
        self.seconds, self.text = PAGE_SECONDS, PAGE_TEXT

    def make(self, render: Callable[[], str], source: str, reason: str) -> str:
        """Render a part of the page, or show it as plain text, with the reason."""
        start = time.monotonic()
        if self.seconds <= 0:
            reason = reason or f"this page has used its {PAGE_SECONDS:.0f} seconds"
        if self.text <= 0:
            reason = reason or "the page is full"
        try:
            return self.plain(source, reason) if reason else render()
        except Exception:  # of a parser, at a text that was made for it
            return self.plain(source, "it cannot be read as what it is")
        finally:
            self.seconds -= time.monotonic() - start
            self.text -= len(source)

    def plain(self, source: str, reason: str) -> str:
        """Return a text as it is, with the reason; cut where the page is full."""
        shown = source[: max(0, self.text)]
        if len(shown) < len(source):
            reason = f"{reason}; {len(source) - len(shown):,} characters are left out, as the page is full"
        return f"<pre>{escape(shown)}</pre><p><em>{PLAINER.format(reason)}</em></p>"


def _budget(context: Context) -> _Budget:
    resources: dict[str, Any] = context.get("resources", {})
    return resources.setdefault(_BUDGET, _Budget())


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Render Markdown as nbconvert's filter of this name does, then clean the HTML."""
    source = without_towers(source)
    reason = _too_much_markdown(source)
    return _budget(context).make(lambda: sanitize.markdown2html(context, source), source, reason)


@pass_context
def highlight_code(context: Context, source: str, language: str = "", metadata: dict | None = None) -> str:
    """Colour a cell's code as nbconvert's filter of this name does, always as Python."""
    source = without_towers(source)
    code = "\n".join(line.rstrip() for line in source.split("\n"))
    return _budget(context).make(
        lambda: coloured(code or " ", " highlight hl-ipython3"), source, too_long_for_colours(code)
    )


@pass_context
def ansi2html(context: Context, text: str) -> str:
    """Turn a terminal's colours into HTML as nbconvert's filter does, where they are few."""
    text, budget = without_towers(str(text)), _budget(context)
    shown = text[: max(0, budget.text)]
    left_out = "\n(The page is full: the rest is left out.)" if len(shown) < len(text) else ""
    budget.text -= len(shown)
    plain = escape(_ESCAPE.sub("", shown), quote=False) + left_out
    if shown.count("\x1b") > MAX_COLOURS or _LONG_COLOUR.search(shown) or budget.seconds <= 0:
        return plain
    start = time.monotonic()
    try:
        return ansi.ansi2html(shown) + left_out
    except (ValueError, IndexError, TypeError, KeyError):  # a colour that is none
        return plain
    finally:
        budget.seconds -= time.monotonic() - start


@pass_context
def clean_html(context: Context, source: str) -> str:
    """Clean the HTML of a raw cell."""
    source = without_towers(source)
    return _budget(context).make(lambda: sanitize.clean_html(source), source, "")


def strip_files_prefix(text: str) -> str:
    """Leave the cleaned HTML as it is: nbconvert's filter would change its addresses."""
    return text


def draws(data: Mapping[str, object], kind: str) -> bool:
    """Tell whether an output has a picture of a type that a browser draws."""
    return picture_data(kind, data.get(kind)) is not None


def other_picture(data: Mapping[str, object]) -> str:
    """Return an output's picture of a type that nbconvert does not know, as HTML.

    "" where there is none, or the output has something else to show.
    """
    kinds = sorted(IMAGE_TYPES.intersection(data)) if isinstance(data, Mapping) else []
    if not kinds or _KNOWN.intersection(data):
        return ""
    pictures = ((kind, picture_data(kind, data[kind])) for kind in kinds)
    tags = (f'<img src="data:{kind};base64,{text}">' for kind, text in pictures if text)
    return next(tags, in_words("") if "text/plain" not in data else "")


def picture_in_words(name: str) -> str:
    """Return the words in the place of a picture that is not shown."""
    return in_words(name)


def _too_much_markdown(source: str) -> str:
    """Say why a text is not rendered; "" where it is."""
    if len(source) > MAX_MARKDOWN:
        return f"it has more than {MAX_MARKDOWN:,} characters"
    if len(_MARK.findall(source)) > MAX_MARKS:
        return f"it has more than {MAX_MARKS:,} marks"
    return ""
