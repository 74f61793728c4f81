"""Execute the book's pages side by side, into the cache that the book is built from.

Pages that measure time are left to the build, which executes them one after another: beside other
pages they would measure those as well.
"""

import logging
import os
import runpy
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import yaml

from course.process import run
from course.stamps import BUILD, ROOT

CELL = "```{code-cell}"
MEASURES = ("perf_counter", "time_ratios")
SECONDS = 900  # for one cell, as in _config.yml
LOG = "pages.log"
FRESHNESS = runpy.run_path(str(ROOT / "book" / "_ext" / "freshness.py"))  # which is in no package


def cache_folder() -> Path:
    """Return the folder of the cache that `book/_ext/freshness.py` gives the build."""
    return BUILD / ".jupyter_cache" / FRESHNESS["execution_key"]()


def to_execute() -> list[Path]:
    """Return the pages with code that measures no time, the longest first."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    names = [contents["root"], *(page["file"] for part in contents["parts"] for page in part["chapters"])]
    pages = [path for name in names if (path := ROOT / f"{name}.md").is_file()]
    texts = {path: path.read_text(encoding="utf-8") for path in pages}
    chosen = [
        path for path, text in texts.items() if CELL in text and not any(word in text for word in MEASURES)
    ]
    return sorted(chosen, key=lambda path: -len(texts[path]))


def execute(on_line=None) -> None:
    """Execute the pages that the cache does not know yet, as many at once as there are cores.

    What fails here is executed again by the build, which says why.

    Parameters
    ----------
    on_line : callable, optional
        Called with each line that is printed.
    """
    run(["python", "-m", "course.pages", str(cache_folder()), *map(str, to_execute())], LOG, on_line)


def main(folder: str, *pages: str) -> None:
    """Execute pages into the cache in a folder; the next one begins where one is done."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    make_cache(folder)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(_execute, folder), pages))  # which raises what one of them raised


def make_cache(folder: str) -> None:
    """Make the cache in a folder, before several processes would at once, and one of them fail."""
    from jupyter_cache import get_cache  # noqa: PLC0415 - slow to import

    get_cache(folder).list_project_records()


def _execute(folder: str, page: str) -> None:
    from jupyter_cache import get_cache  # noqa: PLC0415 - slow to import
    from jupyter_cache.executors import load_executor  # noqa: PLC0415

    cache = get_cache(folder)
    cache.add_nb_to_project(page, read_data={"name": "myst_nb_md", "type": "plugin"})
    executor = load_executor("local-serial", cache, logging.getLogger(__name__))
    executor.run_and_cache(filter_uris=[page], timeout=SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
