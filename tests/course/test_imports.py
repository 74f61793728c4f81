"""What is outside tests/ stands without it."""

import ast
import json

import pytest

from course.stamps import ROOT

FOLDERS = ("autograder", "book", "course", "deploy", "labs", "sepconv", "solutions")


def sources(folder):
    """Give the Python of a folder's modules and notebooks, by path, without magic commands."""
    yield from ((path, path.read_text(encoding="utf-8")) for path in (ROOT / folder).rglob("*.py"))
    for path in (ROOT / folder).rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lines = [
            line
            for cell in cells
            if cell["cell_type"] == "code"
            for line in "".join(cell["source"]).splitlines()
        ]
        yield path, "\n".join(line for line in lines if not line.startswith(("%", "!")))


def imported(source):
    """Name the modules that a source imports, within functions as well."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_outside_the_tests_imports_them(folder):
    found = {path: [*imported(source)] for path, source in sources(folder)}
    assert found
    for path, names in found.items():
        assert not [name for name in names if name.partition(".")[0] == "tests"], path


def test_an_import_within_a_function_counts():
    assert [*imported("def f():\n    from tests.labs import cells\nimport tests.x")] == [
        "tests.x",
        "tests.labs",
    ]
