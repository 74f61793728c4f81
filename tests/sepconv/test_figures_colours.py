"""One colour code: the page's style, the exhibits and the drawings have the same."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from sepconv import figures
from sepconv.figures.colours import COLOURS, custom_properties, signed_map, style

BOOK = Path(__file__).resolve().parents[2] / "book"
STATIC = BOOK / "_static"
GROUNDS = ("#ffffff", "#14181e")
HEX = r"#[0-9a-fA-F]{3,8}\b"


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one, other):
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def seen_without_green_receptors(colour):
    """Simulate deuteranopia (Viénot, Brettel and Mollon 1999) in linear light."""
    linear = np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])
    return np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]) @ linear


@pytest.mark.parametrize("theme", [0, 1])
def test_the_pages_style_has_the_colours_of_the_drawings(theme):
    sheet = (STATIC / "colours.css").read_text(encoding="utf-8")
    rules = re.findall(r"^html(\S*) \{(.*?)\}", sheet, re.DOTALL | re.MULTILINE)
    assert [selector for selector, _ in rules] == ["", '[data-theme="dark"]']
    assert dict(re.findall(r"(--[\w-]+): (\S+);", rules[theme][1])) == custom_properties(theme)


def test_a_figure_brings_the_colours_along():
    for name, value in custom_properties(1).items():
        assert f"{name}:{value}" in style()
    for text in (figures.still("plain").html, figures.still("plain").svg):
        assert style() in text


def test_no_other_file_names_a_colour_of_the_code():
    values = {value.lower() for pair in COLOURS.values() for value in pair if len(set(value)) > 2}
    files = [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *BOOK.glob("*.md")]
    files += [*(BOOK.parent / "sepconv").rglob("*.py"), *(BOOK.parent / "sepconv").glob("*.css")]
    for path in files:
        if path.name not in ("colours.css", "colours.py"):
            found = set(map(str.lower, re.findall(HEX, path.read_text(encoding="utf-8"))))
            assert not found & values, path


def test_what_is_asked_for_is_defined():
    own = re.findall(r"(--exhibit-[\w-]+):", (STATIC / "exhibits.css").read_text(encoding="utf-8"))
    defined = {*custom_properties(0), *own}
    for path in [*STATIC.rglob("*.css"), *(BOOK.parent / "sepconv").glob("*.css")]:
        used = set(re.findall(r"var\((--(?:course|exhibit|live)-[\w-]+)", path.read_text(encoding="utf-8")))
        assert used <= defined, path


@pytest.mark.parametrize("theme", [0, 1])
def test_every_colour_is_read_on_its_ground_and_told_from_the_others(theme):
    colours = {name: pair[theme] for name, pair in COLOURS.items()}
    for name, colour in colours.items():
        assert contrast(colour, GROUNDS[theme]) >= 4.5, name
    for a, b in (("positive", "negative"), ("input", "output"), ("output", "kernel")):
        seen = [seen_without_green_receptors(colours[name]) for name in (a, b)]
        assert np.abs(seen[0] - seen[1]).max() > 0.08, (a, b)
    for a, b in combinations(colours.values(), 2):
        assert np.abs(np.subtract(to_rgb(a), to_rgb(b))).max() > 0.15


def test_values_around_zero_are_coloured_by_their_sign():
    assert [to_hex(signed_map()(x)) for x in (0.0, 1.0)] == [
        COLOURS["negative"][0],
        COLOURS["positive"][0],
    ]
    assert min(signed_map()(0.5)) > 0.99
    positive, negative = (figures.heatmap([[v]]).html for v in (1, -1))
    assert "sc-plus" in positive
    assert "sc-minus" in negative
