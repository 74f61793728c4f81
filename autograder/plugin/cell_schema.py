"""nbgrader's check of cells' metadata, without a check of its own schema for every cell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from nbgrader.nbgraderformat import common


@contextmanager
def schema_checked_once() -> Iterator[None]:
    """Let nbgrader look whether its schema is one only once, as long as the block lasts.

    `jsonschema.validate` does so each time, which takes longer than looking at the cell.
    """
    validators: dict[int, Validator] = {}

    def validate(instance: Any, schema: dict[str, Any]) -> None:
        version = schema["properties"]["schema_version"]["maximum"]  # of each there is one schema
        if version not in validators:
            kind = validator_for(schema)
            kind.check_schema(schema)
            validators[version] = kind(schema)
        error = best_match(validators[version].iter_errors(instance))
        if error is not None:
            raise error

    before = common.jsonschema
    common.jsonschema = SimpleNamespace(validate=validate)
    try:
        yield
    finally:
        common.jsonschema = before
