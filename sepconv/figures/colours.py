"""The colour code of the book: one meaning for each colour, in both themes.

`book/_static/colours.css` gives the same values to the page's style and to the exhibits.
"""

from functools import cache

from matplotlib.colors import LinearSegmentedColormap

COLOURS = {  # by meaning: in the light theme, in the dark one
    "input": ("#0969b3", "#62b6f7"),  # what an operation reads
    "output": ("#b04a00", "#f5a04c"),  # what it makes
    "kernel": ("#7a4fb5", "#c3a2f2"),  # its weights
    "positive": ("#1b7837", "#63d08b"),  # a value above zero
    "negative": ("#b3126f", "#ff86b8"),  # a value below zero
    "chosen": ("#111111", "#ffffff"),  # what the reader has picked
}
FILLED = ("input", "output", "kernel")  # drawn as areas, too: as `NAME-fill`, mostly transparent
FILL_ALPHA = ("22", "2e")
DARK = ("[data-theme=dark]", "[data-jp-theme-light=false]", "[theme=dark]")  # the book, JupyterLab, Colab


def custom_properties(theme: int) -> dict[str, str]:
    """Return the CSS custom properties of a theme by name: 0 is light, 1 dark."""
    plain = {f"--course-{name}": values[theme] for name, values in COLOURS.items()}
    filled = {f"--course-{name}-fill": COLOURS[name][theme] + FILL_ALPHA[theme] for name in FILLED}
    return plain | filled


@cache
def style() -> str:
    """Write the style that gives the colours to a figure on any page."""
    light, dark = (
        ";".join(f"{name}:{value}" for name, value in custom_properties(theme).items()) for theme in (0, 1)
    )
    in_the_dark = ",".join(f"{place} .sepconv-figure" for place in DARK)
    return f".sepconv-figure{{{light}}}\n{in_the_dark}{{{dark}}}\n"


def signed_map() -> LinearSegmentedColormap:
    """Return a colour map for values around zero: negative, white, positive."""
    ends = [COLOURS["negative"][0], "#ffffff", COLOURS["positive"][0]]
    return LinearSegmentedColormap.from_list("signed", ends)
