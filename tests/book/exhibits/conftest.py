"""The exhibits' modules in a browser, on a page of nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.book.conftest import HEAD
from tests.browsing import until_keys_are_heard

BOOK = Path(__file__).resolve().parents[3] / "book"


@pytest.fixture(scope="session")
def exhibit():
    """Give the extension that puts exhibits on pages."""
    sys.path.insert(0, str(BOOK / "_ext"))
    try:
        import exhibit
    finally:
        sys.path.remove(str(BOOK / "_ext"))
    return exhibit


@pytest.fixture(scope="module")
def modules(chromium, exhibit, tmp_path_factory):
    """Open a page that can import every module of all exhibits, by name."""
    imports = {key: text for name in exhibit.PAGES for key, text in exhibit.module_map(name).items()}
    path = tmp_path_factory.mktemp("modules") / "page.html"
    script = f'<script type="importmap">{json.dumps({"imports": imports})}</script>'
    path.write_text(f'<!doctype html><meta charset="utf-8">{script}', encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()


FIGURES = ("field", "volumes")  # of the chapters
CONF = """
import sys
sys.path.insert(0, {ext!r})
extensions = ["myst_nb", "exhibit"]
nb_execution_mode = "off"
exclude_patterns = ["_build"]
html_theme = "sphinx_book_theme"
html_static_path = [{static!r}]
html_css_files = ["colours.css", "course.css", "exhibits.css"]
html_js_files = ["paper.js"]
html_context = {{"default_mode": "auto"}}
"""


@pytest.fixture(scope="session")
def figures(exhibit, tmp_path_factory):
    """Build a page for each figure of the chapters, with its directive as the chapter has it."""
    root = tmp_path_factory.mktemp("figures")
    for name in FIGURES:
        chapter = (BOOK.parent / f"{exhibit.PAGES[name]}.md").read_text(encoding="utf-8")
        block = re.search(rf"```{{exhibit}} {name}\n.*?\n```\n", chapter, re.DOTALL)
        assert block, f"{exhibit.PAGES[name]} does not show {name}"
        (root / f"{name}.md").write_text(
            f"{HEAD}# {name}\n\n## Shown\n\n### Here\n\n{block[0]}\n", encoding="utf-8"
        )
    listed = "\n".join(FIGURES)
    (root / "index.md").write_text(f"{HEAD}# Figures\n\n```{{toctree}}\n{listed}\n```\n", encoding="utf-8")
    conf = CONF.format(ext=str(BOOK / "_ext"), static=str(BOOK / "_static"))
    (root / "conf.py").write_text(conf, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-W", "-b", "html", ".", "_build"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return root / "_build"


@pytest.fixture
def figure(chromium, figures):
    """Open a figure; whatever the page complains of fails the test."""
    contexts = []

    def open_it(name, width=1280, theme="light", **more):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **more)
        page = context.new_page()
        contexts.append((context, page))
        page.trouble = []
        page.on("console", lambda m: m.type == "error" and page.trouble.append(m.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("request", lambda r: r.url.startswith(("file:", "data:")) or page.trouble.append(r.url))
        page.goto((figures / f"{name}.html").as_uri())
        if more.get("java_script_enabled", True):
            page.wait_for_selector(".exhibit-live")
            until_keys_are_heard(page)
        return page

    yield open_it
    for context, page in contexts:
        assert page.trouble == []
        context.close()


@pytest.fixture
def live_figure(chromium, exhibit, tmp_path):
    """Open a page of one figure, with the book's styles and with data as a chapter's."""
    from sepconv import figures

    still = figures.images([[[0.0, 1.0]]], alt="Two pixels, the second one white.")
    pages = []

    def open_it(name, data, width=1280, **more):
        styles = [f"../{path}" for path in ("colours.css", "exhibits.css", *exhibit.styles(name))]
        links = "".join(
            f'<link rel="stylesheet" href="{(exhibit.MODULES / style).as_uri()}">' for style in styles
        )
        imports = json.dumps({"imports": exhibit.module_map(name)})
        path = tmp_path / f"{name}.html"
        path.write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>{links}'
            f"<body>{figures.live(name, data, still).html}"
            f'<script type="importmap">{imports}</script>'
            f'<script type="module">import "exhibits/{name}/{name}.js";</script>',
            encoding="utf-8",
        )
        page = chromium.new_page(viewport={"width": width, "height": 900}, **more)
        pages.append(page)
        page.trouble = []
        page.on("console", lambda m: m.type == "error" and page.trouble.append(m.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.goto(path.as_uri())
        if more.get("java_script_enabled", True):
            page.wait_for_selector(".exhibit-live")
            until_keys_are_heard(page)
        return page

    yield open_it
    for page in pages:
        assert page.trouble == []
        page.close()


@pytest.fixture
def opened(chromium, site):
    """Open an exhibit's page of the book; what it complains of or asks of others fails the test."""
    pages = []

    def open_it(name, setting="", width=1280, height=1000, **more):
        page = chromium.new_page(viewport={"width": width, "height": height}, **more)
        pages.append(page)
        page.trouble, page.asked = [], []
        page.on("console", lambda m: m.type == "error" and page.trouble.append(m.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((site / "book" / f"{name}.html").as_uri() + (f"?{setting}" if setting else ""))
        page.wait_for_selector(".exhibit-live")
        until_keys_are_heard(page)
        return page

    yield open_it
    for page in pages:
        assert page.trouble == []
        assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
        page.close()
