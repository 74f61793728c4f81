"""Commands begin at once: what they do not use is not imported, and nothing else is different."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.timed import timed

AUTOGRADER = Path(sys.executable).with_name("autograder")
HEAVY = ("numpy", "nbformat", "nbgrader", "IPython", "rich", "jsonschema", "sqlalchemy")


def python(code: str) -> str:
    # without what the tests have put in the place of a slow import
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"], ["check", "-h"]])
def test_help_imports_no_library_but_the_command_lines(arguments):
    code = f"""
import sys
from autograder.cli import main
try:
    main({arguments!r})
except SystemExit:
    print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
    sys.exit(len([name for name in {HEAVY!r} if name in sys.modules]))
"""
    assert "Usage:" in python(code)


@timed
def test_help_takes_a_fifth_of_a_second():
    code = f"""
import resource, subprocess
subprocess.run([{str(AUTOGRADER)!r}, "--help"], check=True, capture_output=True)
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(spent.ru_utime + spent.ru_stime)
"""
    assert min(float(python(code)) for _ in range(3)) < 0.2


IMPORTS = """
import gc, json, sys
from autograder.commands.quick_imports import quick_imports
with quick_imports():
    assert not gc.isenabled()
    from autograder.commands import grade
"""


def test_grading_compiles_no_grammar_of_addresses():
    assert python(IMPORTS + "print(gc.isenabled(), 'jsonschema' in sys.modules, 'lark' in sys.modules)") == (
        "True True False\n"
    )


@pytest.mark.parametrize("first", ["", "import rfc3987_syntax\n"])
def test_a_schema_that_asks_for_the_grammar_has_it(first):
    code = (
        first
        + IMPORTS
        + """
import jsonschema
checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
found = [checker.conforms(text, "iri") for text in ("https://example.org/ä", "no address", "a:b")]
import rfc3987_syntax, rfc3987_syntax.utils
from rfc3987_syntax import make_syntax_validator
print(json.dumps([found, make_syntax_validator("iri")("a:b"), 'lark' in sys.modules]))
"""
    )
    assert json.loads(python(code)) == [[True, False, True], True, True]


def test_without_the_grammar_nothing_is_put_in_its_place():
    code = (
        "import sys\nsys.modules['rfc3987_syntax'] = None\n"
        + IMPORTS
        + "print(sys.modules['rfc3987_syntax'])"
    )
    assert python(code) == "None\n"


def test_a_fork_server_imports_nothing_that_reads_notebooks():
    code = "import sys, autograder.execution.forkserver_process\nprint(*sys.modules)"
    assert not {"nbformat", "jsonschema", "nbgrader", "sqlalchemy"} & {*python(code).split()}


def test_archives_are_unpacked_by_what_is_imported_then(tmp_path):
    code = (
        IMPORTS
        + f"""
import zipfile
from pathlib import Path
from nbgrader.utils import unzip
early = [name for name in sys.modules if name.partition(".")[0] in ("setuptools", "pkg_resources")]
folder = Path({str(tmp_path)!r})
with zipfile.ZipFile(folder / "a.zip", "w") as archive:
    archive.writestr("b.txt", "text")
(folder / "out").mkdir()
unzip(str(folder / "a.zip"), str(folder / "out"))
import setuptools.archive_util as real
print(json.dumps([early, (folder / "out" / "b.txt").read_text(), hasattr(real, "__file__")]))
"""
    )
    assert json.loads(python(code)) == [["setuptools.archive_util"], "text", True]
