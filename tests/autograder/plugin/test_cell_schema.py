"""nbgrader's check of cells' metadata says the same when its schema is looked at once."""

import copy

import jsonschema
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.nbgraderformat import MetadataValidator, ValidationError, common

from autograder.plugin.cell_schema import schema_checked_once

RIGHT = {
    "schema_version": 3, "grade": True, "locked": True, "solution": False, "task": False,
    "grade_id": "test_f", "points": 2,
}  # fmt: skip
WRONG = {
    "points as text": RIGHT | {"points": "2"},
    "negative points": RIGHT | {"points": -1},
    "a name with a space": RIGHT | {"grade_id": "test f"},
    "not locked": RIGHT | {"locked": "yes"},
    "an unknown key": RIGHT | {"marks": 3},
    "no name": {key: value for key, value in RIGHT.items() if key != "grade_id"},
}


def said(metadata: dict) -> str:
    cell = new_code_cell(metadata={"nbgrader": copy.deepcopy(metadata)})
    try:
        MetadataValidator().validate_nb(new_notebook(cells=[cell]))
    except ValidationError as error:
        return str(error)
    return ""


def test_what_is_right_passes_and_what_is_wrong_is_named_alike():
    plain = {name: said(metadata) for name, metadata in WRONG.items()}
    assert all(plain.values())
    with schema_checked_once():
        assert said(RIGHT) == ""
        for name, metadata in WRONG.items():
            assert said(metadata) == plain[name], name
    assert common.jsonschema is jsonschema


def test_the_schema_is_looked_at_once(monkeypatch):
    looks = []
    kind = jsonschema.validators.validator_for({"$schema": "http://json-schema.org/draft-04/schema#"})
    monkeypatch.setattr(kind, "check_schema", lambda *_: looks.append(1))
    with schema_checked_once():
        for _ in range(5):
            said(RIGHT)
    assert looks == [1]


def test_a_schema_that_is_none_is_refused():
    with schema_checked_once(), pytest.raises(jsonschema.SchemaError):
        common.jsonschema.validate(
            RIGHT,
            {
                "$schema": "http://json-schema.org/draft-04/schema#",
                "type": "nothing that there is",
                "properties": {"schema_version": {"maximum": 3}},
            },
        )
