import pytest

from autograder.limits import Limits
from autograder.result import CellResult, Result


def test_a_result_survives_json():
    result = Result(
        cells={
            "a": CellResult(
                "a",
                1.5,
                3,
                "partial",
                "two of four",
                [{"output_type": "stream"}],
                0.1,
                "trace",
                mistakes=("doubled", "squared"),
            ),
            "b": CellResult("b", None, 2, "by hand"),
        },
        outputs={"s0": []},
        limits_hit=("call_seconds",),
        missing_layers=("landlock",),
        seconds=1.25,
    )
    assert Result.from_json(result.to_json()) == result


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', '{"cells": {"a": {}}}'])
def test_what_is_not_a_result_is_named_so(text):
    with pytest.raises(ValueError, match="not a grading result"):
        Result.from_json(text)


@pytest.mark.parametrize("score", [-0.5, 3.5, float("nan"), float("inf")])
def test_a_score_lies_between_zero_and_the_maximum(score):
    with pytest.raises(ValueError, match="score must be between 0 and 3"):
        CellResult("a", score, 3, "passed")


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="status must be one of"):
        CellResult("a", 1, 3, "great")


@pytest.mark.parametrize("value", [0, -1, "10", True, float("nan")])
def test_limits_are_positive_numbers(value):
    with pytest.raises(ValueError, match="call_seconds must be a positive number"):
        Limits(call_seconds=value)
