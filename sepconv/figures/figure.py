"""Figures for a page: markup with style and alt text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from xml.etree import ElementTree

from sepconv.figures import colours
from sepconv.figures.rows import row_class_and_style
from sepconv.figures.svg import NAMESPACE, Element, element, format_coordinate, to_xml

MAX_ROW_WIDTH = 720
SPACE = 16


@cache
def asset(name: str) -> str:
    """Return the text of a file of the package `sepconv`."""
    return files("sepconv").joinpath(name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Figure:
    """Figure that a notebook shows.

    Attributes
    ----------
    alt : str
        Description of what is to be seen.
    html : str
        `<figure>` element that loads nothing.
    svg : str
        Standalone drawing, or "" where the figure holds pictures.
    """

    alt: str
    html: str
    svg: str = ""

    def _repr_html_(self) -> str:
        return self.html


def check_alt(alt: str | Sequence[str]) -> str | list[str]:
    """Return the alt text, or the list of those of several pictures.

    Raises
    ------
    ValueError
        If one is missing or empty.
    """
    texts = [alt] if isinstance(alt, str) else list(alt or [])
    if not texts or not all(isinstance(words, str) and words.strip() for words in texts):
        raise ValueError(f"alt must say in words what is to be seen, got {alt!r}")
    return alt if isinstance(alt, str) else texts


def figure_markup(body: str, caption: str | None, kind: str = "", script: str = "") -> str:
    """Put markup into a `<figure>` element with style, caption and script."""
    words = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure class="sepconv-figure {kind}">'.replace(' "', '"')
        + f"<style>{colours.style()}{asset('stepper.css')}</style>{body}{words}{script}</figure>"
    )


def with_alt_text(body: str, alt: str, kind: str = "sc-panels", style: str = "") -> str:
    """Wrap markup in an element with the role of an image and an alt text."""
    style = style and f' style="{style}"'
    return f'<div class="{kind}"{style} role="img" aria-label="{escape(alt)}">{body}</div>'


def standalone_svg(rows: list[list[Element]], alt: str) -> str:
    """Lay out rows of panels in one drawing that needs no page around it; long rows are broken."""
    x = y = row_height = width = 0.0
    placed = []
    for row in rows:
        for drawn in row:
            w, h = float(drawn.attrib["width"]), float(drawn.attrib["height"])
            if x and x + w > MAX_ROW_WIDTH:
                x, y, row_height = 0.0, y + row_height + SPACE, 0.0
            inner = ElementTree.fromstring(to_xml(drawn))
            inner.attrib.pop("aria-hidden", None)
            inner.attrib |= {"x": format_coordinate(x), "y": format_coordinate(y)}
            placed.append(inner)
            x, row_height = x + w + SPACE, max(row_height, h)
            width = max(width, x - SPACE)
        x, y, row_height = 0.0, y + row_height + SPACE, 0.0
    height = y - SPACE
    drawing = element(
        "svg",
        element("title", alt),
        element("style", colours.style() + asset("stepper.css")),
        element("g", *placed, class_="sepconv-figure"),
        xmlns=NAMESPACE,
        viewBox=f"0 0 {format_coordinate(width)} {format_coordinate(height)}",
        width=width,
        height=height,
        role="img",
    )
    return to_xml(drawing)


def panel_figure(panels: list[Element], alt: str, caption: str | None) -> Figure:
    """Show panels side by side, as one image with its alt text."""
    widths = [float(drawing.attrib["width"]) for drawing in panels]
    kind, style = row_class_and_style(widths, shrink=False)
    markup = with_alt_text("".join(map(to_xml, panels)), alt, kind, style)
    return Figure(alt, figure_markup(markup, caption), standalone_svg([panels], alt))
