"""The exhibits stay small, and whole."""

import gzip
import re

import pytest


def test_both_exhibits_take_less_than_60_kb_compressed(exhibit):
    sources = [path.read_bytes() for path in sorted(exhibit.MODULES.rglob("*.js"))]
    style = exhibit.MODULES.with_name("exhibits.css").read_bytes()
    assert len(gzip.compress(b"".join([*sources, style]))) < 60_000


def test_a_page_carries_every_module_that_it_imports(exhibit):
    for name in exhibit.PAGES:
        modules = exhibit.module_map(name)
        assert f"exhibits/{name}/{name}.js" in modules
        for text in modules.values():
            for imported in re.findall(r"from\s*%22(exhibits/[^%]+)%22", text):
                assert imported in modules


def test_arithmetic_knows_nothing_of_the_page(exhibit):
    for path in (exhibit.MODULES / "arithmetic").glob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(document\.|window\.|localStorage|fetch\()", source), path.name
        assert all(name.startswith("./") for name in re.findall(r'from "([^"]+)"', source)), path.name


def test_no_module_is_left_over(exhibit):
    used = {name for page in exhibit.PAGES for name in exhibit.module_map(page)}
    there = {
        f"exhibits/{path.relative_to(exhibit.MODULES).as_posix()}" for path in exhibit.MODULES.rglob("*.js")
    }
    assert there == used


def test_an_exhibit_or_module_that_is_not_there_is_named(exhibit, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"needs the module nothing/nothing\.js"):
        exhibit.module_map("nothing")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "odd.js").write_text('import { a } from "./gone.js";')
    monkeypatch.setattr(exhibit, "MODULES", tmp_path)
    with pytest.raises(ValueError, match=r"'odd' needs the module odd/gone.js"):
        exhibit.module_map("odd")
