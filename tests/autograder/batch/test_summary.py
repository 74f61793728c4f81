"""The tables of a class and of a check keep every name whole, however narrow the terminal."""

import io

import pytest
from rich.console import Console

from autograder.batch.summary import QuestionSummary, table
from autograder.batch.trial import Tried
from autograder.commands.check import _table

NOTEBOOK = "separable_convolutions_and_what_they_cost"
NAME = "test_separable_conv2d_batchnorm_with_strides_and_dilation"


def of_a_class():
    return table([QuestionSummary(notebook, NAME, 3, [2.5], [0.1]) for notebook in (NOTEBOOK, "other")])


def of_a_check():
    return _table([Tried(NOTEBOOK, NAME, 3, 2.5, 0, 0.1, one_kernel=3)])


def shown(table, width):
    screen = io.StringIO()
    Console(file=screen, width=width).print(table)
    return screen.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("make", [of_a_class, of_a_check])
def test_no_name_is_cut(make, width):
    wide, narrow = shown(make(), 400), shown(make(), width)
    assert max(map(len, narrow.splitlines())) <= width
    assert NOTEBOOK in wide
    assert NAME in wide
    assert sorted(filter(str.isalnum, narrow)) == sorted(filter(str.isalnum, wide)), narrow
