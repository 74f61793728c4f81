"""Leave out of the built book what no page asks for: most of the size on disk, nothing of what is seen.

Of MathJax the pages load one script; its other ready-made bundles are the same parts in other combinations.
What that script may fetch later (fonts, TeX extensions, its menu, speech in English) stays.
"""

from pathlib import Path

UNUSED = [
    "**/*.map",
    "locales/**/*",  # the theme's translations; Sphinx has used them by now
    "mathjax/sre/mathmaps/*.json",
    "mathjax/*-*.js",
    "mathjax/latest.js",
]
USED = {"mathjax/tex-chtml.js", *(f"mathjax/sre/mathmaps/{name}.json" for name in ("base", "en", "nemeth"))}


def unused(static: Path) -> list[Path]:
    """Files below the folder of static files that no page asks for."""
    found = {path for pattern in UNUSED for path in static.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.relative_to(static).as_posix() not in USED)


def _drop(app, exception):
    if exception is None and app.builder.format == "html":
        for path in unused(Path(app.outdir) / "_static"):
            path.unlink()


def setup(app):
    """Sphinx calls this."""
    app.connect("build-finished", _drop)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
