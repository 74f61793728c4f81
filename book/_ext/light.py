"""Leave out of the built book what no page needs.

That is most of the size on disk and half of what a first visit loads.

The theme loads every icon twice, as a font with its styles and as a script that draws the same
icons again. Here the font does. Of MathJax the pages load one script; its other ready-made bundles
are the same parts in other combinations. What it may fetch later (fonts, TeX extensions, its menu,
speech in English) stays.

For a search while one types, which this book does not have, the theme loads the search's scripts
and index with every page. Sphinx then takes each for the page of results, and does not mark the
word that led there.
"""

import re
from pathlib import Path

ICONS = re.compile(r'<script[^>]* src="[^"]*_static/scripts/fontawesome\.js[^"]*"></script>')
SEARCH = re.compile(r'<script[^>]* src="[^"]*\b(?:searchtools|language_data|searchindex)\.js[^"]*"></script>')
UNUSED = [
    "**/*.map",
    "locales/**/*",  # the theme's translations; Sphinx has used them by now
    "mathjax/*-*.js",
    "mathjax/latest.js",
    "mathjax/sre/mathmaps/*.json",
    "scripts/fontawesome.js*",
    "vendor/fontawesome/webfonts/*.ttf",  # for browsers that do not know WOFF2: none of today's
]
USED = {"mathjax/tex-chtml.js", *(f"mathjax/sre/mathmaps/{name}.json" for name in ("base", "en", "nemeth"))}


def unused(static: Path) -> list[Path]:
    """Files below the folder of static files that no page asks for."""
    found = {path for pattern in UNUSED for path in static.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.relative_to(static).as_posix() not in USED)


def _lighten(app, exception):
    if exception or app.builder.format != "html":
        return
    for path in unused(Path(app.outdir) / "_static"):
        path.unlink()
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        lighter = ICONS.sub("", text)
        if path.name != "search.html":
            lighter = SEARCH.sub("", lighter)
        if lighter != text:
            path.write_text(lighter, encoding="utf-8")


def setup(app):
    """Sphinx calls this."""
    app.connect("build-finished", _lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
