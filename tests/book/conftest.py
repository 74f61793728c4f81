"""The built book, and its pages in a browser."""

from pathlib import Path

import pytest
import yaml

from course import book
from course.stamps import ROOT
from tests.browsing import until_keys_are_heard

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---
"""  # of a page that executes
READY = "async () => { if (window.MathJax) await MathJax.startup.promise; await document.fonts.ready }"


def _toc() -> dict:
    return yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))


def pages() -> list[str]:
    """Names of all pages of the book, as `_toc.yml` lists them, and of the two that Sphinx adds."""
    listed = [page["file"] for part in _toc()["parts"] for page in part["chapters"]]
    return [_toc()["root"], *listed, "genindex", "search"]


def chapters() -> list[str]:
    """Names of the pages that teach: with exercises and a quiz."""
    return [
        page["file"] for part in _toc()["parts"] if part["caption"] == "Chapters" for page in part["chapters"]
    ]


@pytest.fixture(scope="session")
def site() -> Path:
    """Folder of the built book; it is built here unless that is done."""
    book.build()
    return book.PAGE.parent


@pytest.fixture
def open_page(chromium, site):
    """Open a page of the book; everything that it asks of other hosts is noted and refused."""
    contexts = []

    def open_it(name, width=1280, theme="light", **more):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **more)
        contexts.append(context)
        page = context.new_page()
        page.remote, page.trouble, page.asked = [], [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda m: m.type == "error" and page.trouble.append(m.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.route("http*://**", lambda route: (page.remote.append(route.request.url), route.abort()))
        page.goto((site / f"{name}.html").as_uri())
        if more.get("java_script_enabled", True):
            page.evaluate(READY)
            until_keys_are_heard(page)
        return page

    yield open_it
    for context in contexts:
        context.close()
