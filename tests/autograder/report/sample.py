"""A class whose results are known without running it: the large sample class of the encoder lab."""

import random

from autograder.report.data import Class, Code, Question, Submission
from autograder.result import CellResult
from tests.sample_class import big
from tests.sample_class.encoder import FULL

QUESTIONS = tuple(
    Question(name, 4 if name == "rank_answer" else points, by_hand=name == "rank_answer")
    for name, points in FULL.items()
)


def sample(size: int = 60, names: dict[str, str] | None = None) -> Class:
    """Return the class: points by what was answered, times drawn with a fixed seed."""
    rng, names = random.Random(1), names or {}
    made = big.members(size)
    released = tuple(Code(name, f"def {name}():\n    raise NotImplementedError") for name in big.SLIPS)
    return Class("encoder", QUESTIONS, tuple(_submission(one, rng, names) for one in made), "the course", released)


def _submission(one: big.Student, rng: random.Random, names: dict[str, str]) -> Submission:
    reason = {"torn": "the file is not JSON", "nothing": "no notebook of this name was handed in"}.get(one.hand_in_as, "")
    results = {}
    for question in QUESTIONS:
        function = question.name.removeprefix("test_")
        slip = one.wrong.get(function, "")
        right = function in one.answers and not slip
        if not question.by_hand:
            results[question.name] = CellResult(
                question.name,
                0 if reason or not right else question.max_score,
                question.max_score,
                "not run" if reason else "timeout" if slip == "never ends" else "passed" if right else "failed",
                "a call of your code did not return within 10 s" if slip == "never ends" else "",
                seconds=10 if slip == "never ends" else rng.uniform(0.02, 0.6),
                mistakes=(slip,) if slip in big.SLIPS.get(function, ()) and not reason else (),
            )
    scores = {question.name: results[question.name].score if question.name in results else None for question in QUESTIONS}
    return Submission(
        one.name, names.get(one.name, ""), scores, results,
        reason=reason,
        limits_hit=("call_seconds",) if "never ends" in one.wrong.values() else (),
        missing=("encoder_block", "test_encoder") if one.hand_in_as == "cells missing" else (),
        edited=("test_dense_kernel",) if one.hand_in_as == "edited tests" else (),
        code=() if reason else tuple(Code(name, text) for name, text in one.answers.items() if name in big.SLIPS),
        timestamp="2026-05-04T12:00:00+00:00",
        seconds=sum(result.seconds for result in results.values()),
    )  # fmt: skip
