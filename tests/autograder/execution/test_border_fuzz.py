"""No answer of a worker gives a test more than plain values, proxies, and errors of its own."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.protocol.operations import Operation, ReplyKind
from autograder.protocol.serialization import SerializationError, Tagged, pack
from autograder.protocol.values import EXCEPTIONS, Kind
from tests.autograder.execution.border_fuzz import OPERATIONS, seeds, settle
from tests.autograder.fuzzing import run_atheris

HERE = Path(__file__).parent
KEPT = HERE / "border_seeds.zip"  # what fuzzing has found to reach new code
EXAMPLES = int(os.environ.get("BORDER_FUZZ_EXAMPLES", "150"))
ATHERIS_SECONDS = int(os.environ.get("BORDER_ATHERIS_SECONDS", "20"))
_settings = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_names = st.sampled_from(
    [
        "Asked",
        "x",
        "count",
        "_fields",
        "__eq__",
        "key",
        "os",
        "numpy",
        "builtins:eval",
        "",
        "a b",
        *EXCEPTIONS,
    ]
)
_scalars = (
    st.none() | st.booleans() | st.integers(-2, 9) | st.integers() | st.floats() | _names
    | st.text(max_size=9) | st.binary(max_size=9)
    | st.builds(np.ones, st.lists(st.integers(0, 3), max_size=2))
)  # fmt: skip
_descriptions = st.fixed_dictionaries(
    {},
    optional={
        "reference": st.integers(-1, 9) | _scalars, "type_name": _names, "name": _names, "doc": _names,
        "signature": st.none() | st.lists(st.lists(_scalars, max_size=3), max_size=2), "base": _names,
        "class_reference": st.integers(-1, 9), "text": _names, "shortcut": st.booleans(),
    },
)  # fmt: skip
_values = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(_names, inner, max_size=3)
        | st.builds(Tagged, st.sampled_from(list(Kind)) | _names, inner | _descriptions)
    ),
    max_leaves=20,
)
_replies = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from([*ReplyKind, "ended"]), "value": _values, "text": _names,
        "exception": st.none() | _descriptions | _values,
    },
    optional={
        "printed": st.lists(st.tuples(_names, _names), max_size=2).map(tuple) | _values,
        "drew": st.lists(st.sampled_from(["numpy", "random", "tensorflow", "x"]), max_size=3) | _values,
        "changed": st.dictionaries(st.integers(-1, 5) | _names, _values, max_size=2) | _values,
        "same": st.integers(-1, 5) | _names | _values,
    },
)  # fmt: skip


def _bytes_of(operation, plain):
    try:
        return bytes([OPERATIONS.index(operation), 0]) + pack(plain)
    except SerializationError:
        return b""


@_settings
@given(st.sampled_from(Operation), _replies)
def test_no_answer_gives_a_test_more_than_plain_values(operation, plain):
    whole = {"printed": (), "drew": (), "changed": {}, "same": None} | plain
    settle(_bytes_of(operation, whole))


@_settings
@given(st.sampled_from(list(seeds())), st.data())
def test_no_damaged_answer_does(answer, data):
    damaged = bytearray(answer)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        if not damaged:
            return
    settle(bytes(damaged))


def test_nothing_that_fuzzing_has_kept_does():
    with zipfile.ZipFile(KEPT) as kept:
        names = kept.namelist()
        assert len(names) > 80
        for name in names:
            settle(kept.read(name))


@pytest.mark.slow
def test_a_coverage_guided_fuzzer_finds_nothing(tmp_path):
    run_atheris(HERE / "border_atheris.py", tmp_path, seconds=ATHERIS_SECONDS, fewest=1_000)
