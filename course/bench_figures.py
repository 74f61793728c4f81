"""Weight and speed of the book's exhibits, measured in Chromium on one core.

    python -m course.bench_figures [FOLDER]

FOLDER holds the built pages, by default those that `course.bench_book` has built.
"""

import gzip
import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from course.bench_book import COPY
from course.browser import ARGUMENTS, chromium
from course.errors import CourseError

SECONDS = 2
FIRST_SECONDS = 30  # for the first picture of all of a page's exhibits
MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)
EXHIBIT = re.compile(r'data-exhibit="(\w+)"')
STYLE = re.compile(r'href="([^"?]*exhibits[^"?]*\.css)')
# Notes the first frame that has an exhibit in it.
WATCH = """
window.firstAt = {};
new MutationObserver(() => {
  for (const one of document.querySelectorAll(".exhibit-live")) {
    const { exhibit } = one.dataset;
    if (exhibit in window.firstAt) continue;
    window.firstAt[exhibit] = performance.now();
    requestAnimationFrame(() => setTimeout(() => (window.firstAt[exhibit] = performance.now())));
  }
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
"""
# A pointer goes round over the largest drawing, one step a frame, as fast as frames come.
MOVE = """async ([name, seconds]) => {
  const root = document.querySelector(`[data-exhibit="${name}"]`);
  const area = (element) => element.clientWidth * element.clientHeight;
  const drawings = [...root.querySelectorAll("canvas, svg")].sort((a, b) => area(b) - area(a));
  const drawing = drawings[0] ?? root; // some are made of blocks
  drawing.scrollIntoView({ block: "center" });
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  const box = drawing.getBoundingClientRect();
  const begun = performance.now();
  let frames = 0;
  for (let now = begun; now < begun + 1000 * seconds; now = performance.now()) {
    const turn = (now - begun) / 350;
    const place = {
      clientX: box.left + box.width * (0.5 + 0.42 * Math.cos(turn)),
      clientY: box.top + box.height * (0.5 + 0.42 * Math.sin(1.3 * turn)),
      bubbles: true, pointerType: "mouse",
    };
    const at = document.elementFromPoint(place.clientX, place.clientY) ?? drawing;
    at.dispatchEvent(new PointerEvent("pointermove", place));
    at.dispatchEvent(new MouseEvent("mousemove", place));
    await frame();
    frames += 1;
  }
  return [frames, (performance.now() - begun) / 1000];
}"""


def weight(page: Path, name: str) -> int:
    """Bytes of an exhibit's modules and styles, compressed.

    Parameters
    ----------
    page : pathlib.Path
        The built page that shows it.
    name : str
    """
    text = page.read_text(encoding="utf-8")
    modules = {key: unquote(address) for key, address in json.loads(MAP.search(text)[1])["imports"].items()}
    waiting, needed = [f"exhibits/{name}/{name}.js"], {}
    while waiting:
        key = waiting.pop()
        if key not in needed:
            needed[key] = modules[key]
            waiting += re.findall(r'from\s*"(exhibits/[^"]+)"', modules[key])
    styles = [(page.parent / address).read_text(encoding="utf-8") for address in set(STYLE.findall(text))]
    return len(gzip.compress("".join([*needed.values(), *styles]).encode(), 6))


def measure(
    browser: Browser, page: Path, seconds: float = SECONDS, first_seconds: float = FIRST_SECONDS
) -> list[dict[str, str | float]]:
    """Weight and speed of the exhibits of a built page.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
    page : pathlib.Path
    seconds : float
        To move the pointer over each.
    first_seconds : float
        To wait for the first picture of all of them.

    Returns
    -------
    list of dict
        For each exhibit: `name`; `bytes`, compressed; `first_ms`, from the end of the page's own
        load to the first picture, below zero where that stands before; `frames` a second, and
        `work_ms`, the processor's time of all of the browser's processes for each of these.

    Raises
    ------
    CourseError
        If one of them shows nothing.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.add_init_script(WATCH)
    opened.goto(page.as_uri())
    names = list(dict.fromkeys(EXHIBIT.findall(page.read_text(encoding="utf-8"))))
    try:
        opened.wait_for_function(
            "count => Object.keys(window.firstAt ?? {}).length === count",
            arg=len(names),
            timeout=1000 * first_seconds,
        )
    except PlaywrightTimeout as error:
        missing = set(names) - set(opened.evaluate("Object.keys(window.firstAt ?? {})"))
        raise CourseError(
            f"{page}: {', '.join(sorted(missing))} showed nothing within {first_seconds:g} s"
        ) from error
    opened.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    first, loaded = opened.evaluate(
        "[window.firstAt, performance.getEntriesByType('navigation')[0].loadEventEnd]"
    )
    session = browser.new_browser_cdp_session()

    def busy() -> float:
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
        return sum(process["cpuTime"] for process in processes)

    rows = []
    for name in names:
        before = busy()
        frames, took = opened.evaluate(MOVE, [name, seconds])
        rows.append(
            {
                "name": name,
                "bytes": weight(page, name),
                "first_ms": first[name] - loaded,
                "frames": frames / took,
                "work_ms": 1000 * (busy() - before) / frames,
            }
        )
    context.close()
    return rows


def main(site: Path) -> list[dict[str, str | float]]:
    """Measure every page of a built book that shows an exhibit, on one core.

    Raises
    ------
    CourseError
        If there is no Chromium, or no such page in the folder.
    """
    if chromium() is None:
        raise CourseError("no Chromium on this machine, which the figures are measured in")
    shown = [
        page for page in sorted(site.rglob("*.html")) if "data-exhibit=" in page.read_text(encoding="utf-8")
    ]
    if not shown:
        raise CourseError(
            f"no page in {site} shows an exhibit: build the book, or name the folder where it is"
        )
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        rows = [row for page in shown for row in measure(browser, page)]
        browser.close()
    return rows


if __name__ == "__main__":
    built = Path(sys.argv[1]) if len(sys.argv) > 1 else COPY / "_build" / "html"
    try:
        print(json.dumps({"rows": main(built.resolve())}))
    except CourseError as error:
        error.show()
        sys.exit(error.exit_code)
