"""The names in a cell's code, found in one syntax tree."""

import ast
import gc
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.notebook.code import (
    import_statements,
    modules_imported,
    names_bound,
    names_read,
    parse_cell,
    parse_python,
)

CELL = """\
import numpy as np, os.path
from json import loads as read
from . import near
if True:
    def f(x): local = x
class A: inside = 1
values = [item for item in range(3)]
with open("x") as file: (a, *b) = 1, 2
"""


def test_names_are_told_apart_by_what_binds_them():
    names = names_bound(parse_python(CELL))
    assert names.imports == {"np", "os", "read", "near"}
    assert (names.functions, names.classes, names.values) == ({"f"}, {"A"}, {"values", "file", "a", "b"})
    assert names.all == names.imports | names.defined


def test_names_that_are_read_are_those_that_the_cell_does_not_bind():
    assert names_read(parse_python("y = 1\nassert near(lambda z: z + y, TOLERANCE)")) == {"near", "TOLERANCE"}


def test_imports_are_found_with_their_full_names():
    tree = parse_python(CELL)
    assert list(modules_imported(tree)) == ["numpy", "os.path", "json"]
    statements = ["import numpy as np, os.path", "from json import loads as read", "from . import near"]
    assert list(map(ast.unparse, import_statements(tree))) == statements


def test_magics_are_calls_in_a_cell_and_no_plain_python():
    assert names_bound(parse_cell("%matplotlib inline\nfiles = !ls\nx = 3")).values == {"files", "x"}
    assert parse_python("%matplotlib inline\nx = 3").body == []


@pytest.mark.parametrize("source", ["def f(:", "x = '\0'", "(" * 5000, "%%html\n<b>", "-" * 100_000 + "1"])
def test_what_is_no_python_has_no_names(source):
    assert names_bound(parse_cell(source)).defined == set()


def test_cells_can_be_parsed_in_many_threads():
    """A callback of the garbage collector lets other threads run in the midst of each tree."""
    source = f"x = {'[' * 60}1{']' * 60}\n" * 20
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()

    def let_others_run(*_):
        time.sleep(0)

    gc.callbacks.append(let_others_run)
    gc.set_threshold(50)
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            trees = list(pool.map(parse_cell, [source] * 32))
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*threshold)
        gc.callbacks.remove(let_others_run)
    assert [len(tree.body) for tree in trees] == [20] * 32


@pytest.mark.parametrize("part", ["\n", " \n", "?  ", "= ", "x = 1\n"])
def test_no_cell_takes_long_to_read(part):
    source = "!a\n" * 59 + part * (10_000 // len(part)) + "("
    start = time.perf_counter()
    parse_cell(source)
    assert time.perf_counter() - start < 3
