"""The book is built from what its stamp watches, and from nothing else."""

import json
import subprocess
import sys

from course.bench_book import copy_inputs

CODE = """
import json, runpy, sys
from pathlib import Path

class App:
    class env:
        note_dependency = staticmethod(lambda path: read.append(path))

read, text = [], ["<!-- the tables of idioms -->\\n"]
extension = runpy.run_path("book/_ext/idioms.py")
extension["_add_tables"](App, "book/idioms", text)
files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
here = str(Path.cwd())
print(json.dumps({
    "rows": text[0].count("\\n| "), "read": read,
    "tests": [file for file in files if "/tests/" in file and not file.startswith(here)],
}))
"""


def test_the_tables_of_idioms_are_made_from_a_copy_of_what_the_stamp_watches(tmp_path):
    copy_inputs(tmp_path / "copy")
    command = [sys.executable, "-I", "-c", CODE]
    done = subprocess.run(command, cwd=tmp_path / "copy", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rows"] > 200
    assert found["tests"] == []
    assert all(path.startswith(str(tmp_path)) or not path.startswith("/") for path in found["read"])


def test_a_copy_is_built_by_its_own_code(tmp_path):
    copy_inputs(tmp_path / "copy")
    code = "import course.process, autograder.execution, sepconv; print(course.__file__, autograder.__file__)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path / "copy", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.startswith(str(tmp_path)) for path in done.stdout.split()] == [True, True]
