"""The book's weight and build times, measured on a copy with nothing built."""

import json
import shutil
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from course.book import INPUTS
from course.browser import ARGUMENTS, chromium
from course.errors import CourseError
from course.process import failure, run
from course.stamps import BUILD, ROOT
from course.weight import visit, weight

COPY = BUILD / "bench" / "book"
MORE = "\n\nA sentence more, to build the page again.\n"


def _build(what: str) -> float:
    """Build the copy by its own commands, as `make book` does; return the seconds."""
    log = f"bench-{what}.log"
    started = time.perf_counter()
    if not run(["python", "-m", "course", "book"], log, folder=COPY):
        raise failure("building the book's copy", log)
    return time.perf_counter() - started


def copy_inputs(folder: Path) -> None:
    """Copy all that the book is built from, and what builds it, into a folder."""
    # The autograder as a whole: a folder with parts of it would hide the one that is installed.
    for name in (*INPUTS, "course", "autograder"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / name, folder / name)


def build_times(page: str = "separable") -> dict[str, float]:
    """Seconds to build from nothing, again without executing, and after a change in one page."""
    shutil.rmtree(COPY, ignore_errors=True)
    copy_inputs(COPY)
    times = {"cold": _build("cold")}
    for built in ("html", ".doctrees", "jupyter_execute"):
        shutil.rmtree(COPY / "_build" / built, ignore_errors=True)
    times["warm"] = _build("warm")
    with (COPY / "book" / f"{page}.md").open("a", encoding="utf-8") as text:
        text.write(MORE)
    times["text"] = _build("text")
    return times


def weights(site: Path) -> dict:
    """Bytes of a first visit to the front and the heaviest page, and of the site."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        visits = {page.stem: visit(browser, page) for page in sorted((site / "book").glob("*.html"))}
        browser.close()
    visited = {name: {"bytes": weight(asked)} for name, asked in visits.items()}
    heaviest = max(visited, key=lambda name: visited[name]["bytes"])
    whole = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    return {"front": visited["index"], "heaviest": visited[heaviest] | {"page": heaviest}, "disk": whole}


def main() -> dict:
    """Measure all of it.

    Raises
    ------
    CourseError
        If there is no Chromium, or the copy cannot be built.
    """
    if chromium() is None:
        raise CourseError("no Chromium on this machine, which the weight of a page is measured with")
    return {"times": build_times()} | weights(COPY / "_build" / "html")


if __name__ == "__main__":
    try:
        print(json.dumps(main()))
    except CourseError as error:
        error.show()
        sys.exit(error.exit_code)
