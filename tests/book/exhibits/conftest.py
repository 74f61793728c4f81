"""The exhibits' modules in a browser, on a page of nothing else."""

import json
import sys
from pathlib import Path

import pytest

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
    """Open a page that can import every module of both exhibits, by name."""
    imports = exhibit.module_map("explorer") | exhibit.module_map("draw")
    path = tmp_path_factory.mktemp("modules") / "page.html"
    script = f'<script type="importmap">{json.dumps({"imports": imports})}</script>'
    path.write_text(f'<!doctype html><meta charset="utf-8">{script}', encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()
