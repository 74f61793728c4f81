"""A network that the solution made is not made again: results are the same, and no one's else."""

import functools

import pytest

from autograder.checks.case import CallOutcome
from autograder.checks.known_networks import BOUNDS, KnownNetworks
from autograder.execution.engine import BEFORE_SOLUTION, FEW_NETWORKS, Engine
from tests.autograder.conftest import grade

HELPER = """
import keras, numpy as np
from autograder import checks
from autograder.checks import keras_behaviour
from autograder.checks.case import Case

x = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")

def right(units):
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.BatchNormalization()(keras.layers.Dense(units)(inputs)))

layer_cases, model_cases = (
    [
        Case(name, {"units": units}, keras_behaviour.of(right(units), x), how=how, x=x)
        for units in range(2, 6)
    ]
    for name, how in (("layer", "layer"), ("model", "model"))
)
"""
ANSWER = """
def layer(x, units):
    print("called")
    return keras.layers.BatchNormalization()(keras.layers.Dense(units)(x))

def model(units):
    inputs = keras.Input((4,))
    return keras.Model(inputs, layer(inputs, units))
"""
TESTS = (
    "for case in layer_cases: checks.agrees(layer, case)",
    "for case in model_cases: checks.agrees(model, case)",
    # A function of the test, and a call by the test itself, get the student's own network.
    "def both(x, units):\n    made = layer(x, units)\n    assert isinstance(made, keras.KerasTensor)\n"
    "    return made\n"
    "for case in layer_cases: checks.agrees(both, case)\n"
    "assert isinstance(model(2), keras.Model)",
)
WRONG = {
    "another activation": ANSWER.replace("Dense(units)", "Dense(units, activation='relu')"),
    "another normalization": ANSWER.replace("BatchNormalization()", "BatchNormalization(momentum=0.5)"),
    "another size": ANSWER.replace("Dense(units)", "Dense(units + 1)"),
    "another order": ANSWER.replace(
        "keras.layers.BatchNormalization()(keras.layers.Dense(units)(x))",
        "keras.layers.Dense(units)(keras.layers.BatchNormalization()(x))",
    ),
    "two results": ANSWER.replace("return keras", "return 0, keras", 1),
}
RENAMED = ANSWER.replace("Dense(units)", "Dense(units, name='batch_normalization')")


@pytest.fixture(scope="module")
def graded():
    """Return a function that grades by an engine of its own, and what its judges have made."""
    made = []
    with Engine() as engine:
        run = engine._run

        def counted(*args):
            result, done = run(*args)
            made.append(done.networks_made)
            return result, done

        engine._run = counted
        yield functools.partial(
            grade, engine, helper=HELPER, template=ANSWER, preload=("keras", "tensorflow"),
            memory_bytes=2**31, question_seconds=60, submission_seconds=200, call_seconds=20, cell_seconds=60,
        ), made  # fmt: skip


def test_what_the_solution_makes_is_not_made_again(graded):
    grade, made = graded
    first = grade(ANSWER, *TESTS)
    assert first.scores == [1.0] * 3, first.messages
    assert made == [8]
    assert made[0] > FEW_NETWORKS
    for _ in range(BEFORE_SOLUTION - 1):
        grade(ANSWER, *TESTS)
    del made[:]
    again = grade(ANSWER, *TESTS)
    assert made == [8, 0]  # the solution's, and this one's
    for each, other in zip(again.cells, first.cells, strict=True):
        assert (each.score, each.status, each.outputs) == (other.score, other.status, other.outputs)
    del made[:]
    assert grade(RENAMED, *TESTS).scores == [1.0] * 3
    assert made == [0]
    for name, wrong in WRONG.items():
        assert grade(wrong, *TESTS).scores == [0.0] * 3, name
    assert made[1:] == [2, 2, 0, 2, 0]  # the first of each test; of another size is the solution's next


def networks():
    return KnownNetworks(lambda function: function is len)


def test_what_is_known_is_told_in_plain_bytes():
    one, other = networks(), networks()
    one._known[b"k" * 8] = CallOutcome({"a": (1, 2), "b": "words"}, "Dense")
    other.add(one.to_bytes())
    assert other._known == one._known
    assert (one.made, other.made) == (1, 0)
    other.add(b"")
    one._known[b"large"] = CallOutcome({"a": "x" * (BOUNDS.bytes + 1)}, "")
    assert one.to_bytes() == b""
    one._known[b"large"] = CallOutcome({"a": object()}, "")
    assert one.to_bytes() == b""
