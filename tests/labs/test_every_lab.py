"""Every lab has all that the course asks of a lab."""

import importlib
import json

import pytest

from course import examples, labs
from course.sample_class import grading
from course.stamps import ROOT
from tests.book.conftest import pages
from tests.labs.cells import Lab
from tests.labs.contract import LabContract
from tests.labs.mutation import SURVIVORS


@pytest.mark.parametrize("lab", labs.names())
def test_a_lab_is_released_shown_tested_and_has_a_class(lab):
    assert (labs.RELEASED / lab / f"{lab}.ipynb").is_file(), f"not released: make labs LAB={lab}"
    assert f"labs/{lab}/{lab}" in pages(), "not in _toc.yml"
    tests = vars(importlib.import_module(f"tests.labs.test_{lab}"))
    contracts = [kind for kind in tests.values() if isinstance(kind, type) and issubclass(kind, LabContract)]
    assert lab in [getattr(kind, "lab", "") for kind in contracts], "no subclass of LabContract"
    assert (ROOT / f"course/sample_class/answers/{lab}.py").is_file(), "right answers in other forms"
    assert grading.check(lab) == lab
    assert lab in json.loads(SURVIVORS.read_text(encoding="utf-8")), (
        "no mutants: see tests/labs/survivors.json"
    )


@pytest.mark.parametrize("lab", labs.names())
def test_every_graded_function_has_a_cell_and_a_test_of_its_name(lab):
    cells = Lab(lab).cells
    for function in examples.reference(lab).FUNCTIONS:
        assert cells[function].metadata.nbgrader.solution
        assert cells[f"test_{function}"].metadata.nbgrader.grade
