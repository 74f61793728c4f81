"""Figures are measured from their first picture on, while a pointer moves over them."""

import json

import pytest

from course import bench_figures
from course.errors import CourseError

MODULES = {
    "exhibits/quick/quick.js": "data:text/javascript,import%20%22exhibits/shared.js%22",
    "exhibits/slow/slow.js": "data:text/javascript,export%20const%20n%20=%201",
    "exhibits/blocks/blocks.js": "data:text/javascript,export%20const%20k%20=%203",
    "exhibits/shared.js": "data:text/javascript,export%20const%20m%20=%202",
}
PAGE = f"""<!doctype html><html lang="en"><title>Figures</title>
<script type="importmap">{json.dumps({"imports": MODULES})}</script>
<div data-exhibit="quick"><svg width="80" height="80"></svg></div>
<div data-exhibit="slow"><svg width="80" height="80"></svg></div>
<div data-exhibit="blocks" class="exhibit-live"><button>one block</button></div>
<script>
  const busy = (wait) => {{ for (const end = performance.now() + wait; performance.now() < end; ); }};
  const root = (name) => document.querySelector(`[data-exhibit=${{name}}]`);
  root("slow").addEventListener("pointermove", () => busy(120));
  addEventListener("DOMContentLoaded", () => root("quick").classList.add("exhibit-live"));
  addEventListener("load", () => setTimeout(() => root("slow").classList.add("exhibit-live"), 150));
</script>"""


@pytest.mark.browser
def test_a_slow_figure_is_seen_to_be_slow(chromium, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    quick, slow, blocks = bench_figures.measure(chromium, page, seconds=0.7)
    assert (quick["name"], slow["name"]) == ("quick", "slow")
    assert slow["first_ms"] >= 140
    assert slow["first_ms"] > quick["first_ms"]
    assert slow["frames"] < 9 < quick["frames"]
    assert blocks["frames"] > 9
    assert min(quick["work_ms"], slow["work_ms"]) > 0
    assert 20 < slow["bytes"] < 200


@pytest.mark.browser
def test_an_exhibit_that_shows_nothing_is_named_with_its_page(chromium, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE.replace('root("slow").classList.add("exhibit-live")', "null"), encoding="utf-8")
    with pytest.raises(CourseError, match=r"/page\.html: slow showed nothing within 3 s$"):
        bench_figures.measure(chromium, page, first_seconds=3)


def test_a_folder_without_exhibits_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_figures, "chromium", lambda: "/usr/bin/chromium")
    (tmp_path / "index.html").write_text("<p>no exhibit</p>")
    with pytest.raises(CourseError, match=f"no page in {tmp_path} shows an exhibit: build the book"):
        bench_figures.main(tmp_path)
