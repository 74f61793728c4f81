"""Size of a page of the built book: the files that a browser asks for, compressed."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

LIMIT = 1_000_000  # bytes of a first visit
PACKED = {".gz", ".jpeg", ".jpg", ".npz", ".png", ".webp", ".woff", ".woff2", ".zip"}


def compressed(path: Path) -> int:
    """Bytes of a file as a server sends it: gzip's level 6, nothing for what is packed already."""
    data = path.read_bytes()
    return len(data) if path.suffix in PACKED else len(gzip.compress(data, 6))


def weight(addresses: Iterable[str]) -> int:
    """Bytes of a visit.

    Parameters
    ----------
    addresses : iterable of str
        The `file:` addresses that a browser asked for; each file counts once. Others (`data:`)
        count nothing.
    """
    parts = [urlsplit(address) for address in addresses]
    return sum(compressed(Path(path)) for path in {unquote(p.path) for p in parts if p.scheme == "file"})


def visit(browser, page: Path) -> list[str]:
    """Open a page for the first time and return the addresses that it asks for.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
    page : pathlib.Path
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened, asked = context.new_page(), []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(page.as_uri())
    opened.evaluate(
        "async () => { if (window.MathJax) await MathJax.startup.promise; await document.fonts.ready }"
    )
    context.close()
    return asked
