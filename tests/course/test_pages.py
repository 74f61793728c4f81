"""Pages are executed side by side into the cache that the build looks into."""

import subprocess
import sys

import pytest
from jupyter_cache import get_cache
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

from course import pages
from course.stamps import ROOT

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def test_pages_that_measure_time_are_left_to_the_build():
    chosen = {path.stem for path in pages.to_execute()}
    assert {"index", "fcn", "inception"} <= chosen
    assert not chosen & {"mnist", "separable", "convolution", "glossary"}
    for path in (ROOT / "book").glob("*.md"):
        measures = any(word in path.read_text(encoding="utf-8") for word in pages.MEASURES)
        assert not (measures and path.stem in chosen)


@pytest.mark.slow
def test_what_is_executed_is_what_the_build_looks_for(tmp_path):
    for name, code in {"good": "print(6 * 7)", "bad": "1 / 0"}.items():
        (tmp_path / f"{name}.md").write_text(f"{HEAD}\n{pages.CELL}\n{code}\n```\n")
    files = [str(tmp_path / f"{name}.md") for name in ("good", "bad")]
    command = [sys.executable, "-m", "course.pages", str(tmp_path / "cache"), *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Executing:" in done.stderr
    cache = get_cache(tmp_path / "cache")
    assert [record.uri for record in cache.list_cache_records()] == files[:1]
    page = (tmp_path / "good.md").read_text()
    known = create_nb_reader(files[0], MdParserConfig(), NbParserConfig(), page).read(page)
    _, merged = cache.merge_match_into_notebook(known)
    assert merged.cells[-1].outputs[0].text == "42\n"
