"""The exhibits stay small, and whole."""

import gzip
import re

import pytest

from course import bench_figures

LIMIT = 120_000  # bytes of all figures of a page, compressed, with what their cells hand them
DATA = re.compile(r'data-exhibit="\w+">.*?<script type="application/json">(.*?)</script>', re.DOTALL)


def parts(exhibit, name):
    """Files that an exhibit is made of."""
    modules = [exhibit.MODULES / key.partition("/")[2] for key in exhibit.module_map(name)]
    return [*modules, *(exhibit.MODULES.parent / style for style in exhibit.styles(name))]


def scripts_and_styles(exhibit, page) -> str:
    names = [name for name, place in exhibit.PAGES.items() if place == page]
    modules = {key: text for name in names for key, text in exhibit.module_map(name).items()}
    styles = {style for name in names for style in exhibit.styles(name)}
    static = exhibit.MODULES.parent
    written = [static / "exhibits.css", *exhibit.MODULES.glob("*.css"), *(static / style for style in styles)]
    return "".join([*modules.values(), *(path.read_text(encoding="utf-8") for path in written)])


def test_the_figures_of_a_page_take_little(exhibit):
    for page in set(exhibit.PAGES.values()):
        assert len(gzip.compress(scripts_and_styles(exhibit, page).encode())) < LIMIT / 2, page


def test_the_figures_of_a_page_take_little_with_their_numbers(exhibit, site):
    for page in set(exhibit.PAGES.values()):
        data = "".join(DATA.findall((site / f"{page}.html").read_text(encoding="utf-8")))
        assert len(gzip.compress((scripts_and_styles(exhibit, page) + data).encode())) < LIMIT, page


def test_a_style_beside_an_exhibit_is_loaded_by_its_page_alone(exhibit, figures):
    for name in ("field", "volumes"):
        page = (figures / f"{name}.html").read_text(encoding="utf-8")
        assert re.findall(r"exhibits/(\w+)/\w+\.css", page) == [name]
    assert exhibit.styles("draw") == []


def test_a_page_carries_every_module_that_it_imports(exhibit):
    for name in exhibit.PAGES:
        modules = exhibit.module_map(name)
        assert f"exhibits/{name}/{name}.js" in modules
        for text in modules.values():
            for imported in re.findall(r"from\s*%22(exhibits/[^%]+)%22", text):
                assert imported in modules


def test_a_figure_does_not_wait_for_the_rest_of_its_page(figures):
    page = (figures / "field.html").read_text(encoding="utf-8")
    assert '<script type="module" async>import "exhibits/field/field.js";</script>' in page


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


@pytest.mark.browser
def test_the_bench_measures_a_figure_that_draws(chromium, figures, exhibit):
    (row,) = bench_figures.measure(chromium, figures / "field.html", seconds=0.3)
    assert row["name"] == "field"
    files = b"".join(path.read_bytes() for path in parts(exhibit, "field"))
    style = exhibit.MODULES.with_name("exhibits.css").read_bytes()
    assert row["bytes"] == pytest.approx(len(gzip.compress(files + style, 6)), rel=0.05)
    assert row["frames"] > 0
    assert row["work_ms"] > 0
