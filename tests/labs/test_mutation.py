"""What the labs' hidden cases do not notice is known, and named as equivalent or as a gap."""

import json

import pytest

from tests.labs import mutation
from tests.labs.mutants import mutants
from tests.labs.mutation import SURVIVORS, Bench

KNOWN = json.loads(SURVIVORS.read_text(encoding="utf-8"))
TASKS = [(lab, function) for lab, functions in KNOWN.items() for function in functions]
EVERY = 7  # in the ordinary run, of networks, which take a second to try


@pytest.fixture(scope="module")
def benches():
    return {lab: Bench(lab) for lab in KNOWN}


def test_each_kind_of_slip_is_made_once():
    source = """
def f(x, size=2, same=True):
    "Keep 5."
    total = x[0] + g(x, size, axis=1)
    return (total if same else -x) == np.einsum("ab->ba", x).mean(padding="same")
"""
    changed = [mutant.change.partition(": ")[2] for mutant in mutants(source)]
    for expected in (
        "2 → 3", "2 → 1", "True → False", "x[0] + g(x, size, axis=1) → x[0] - g(x, size, axis=1)",
        "total = x[0] + g(x, size, axis=1) → pass", "g(x, size, axis=1) → g(size, x, axis=1)",
        "g(x, size, axis=1) → g(x, size)", "g(x, size, axis=1) → g(x, axis=1)",
        "total if same else -x → -x if same else total", "-x → x", "'ab->ba' → 'ab->ab'", "'same' → 'valid'",
    ):  # fmt: skip
        assert expected in changed, expected
    assert not any("5" in change for change in changed)
    sources = [mutant.source for mutant in mutants(source)]
    assert len(sources) == len(set(sources))


def test_layers_get_other_arguments_and_more():
    source = """
def f(x):
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    return keras.layers.BatchNormalization()(x)
"""
    changed = [mutant.change.partition(": ")[2] for mutant in mutants(source)]
    for expected in (
        "Conv2D(…, padding='valid')", "Conv2D(…, activation=None)", "Conv2D(…, activation='relu6')",
        "Conv2D(…, strides=2)", "Conv2D(…, use_bias=False)", "Conv2D(…, dilation_rate=2)",
        "BatchNormalization(…, momentum=0.9)", "BatchNormalization(…, epsilon=0.01)",
        "BatchNormalization(…, training=True)", "BatchNormalization(…, trainable=False)",
    ):  # fmt: skip
        assert expected in changed, expected
    assert "Conv2D(4, 3, padding='same', activation='relu', use_bias=False)" in " ".join(
        mutant.source for mutant in mutants(source)
    )
    assert "'same' → 'valid'" not in changed  # made once
    placed = mutants("y = keras.layers.Conv2D(4, 3, 1)(x)")
    assert not any("strides=2" in mutant.source for mutant in placed)


def test_every_survivor_has_a_reason():
    for lab, functions in KNOWN.items():
        for function, some in functions.items():
            made = {mutant.change for mutant in mutants(mutation.Lab(lab).cells[function].source)}
            assert some.keys() <= made, f"{lab}, {function}: no such mutant"
            assert all(reason.startswith(("equivalent: ", "gap: ")) for reason in some.values())


@pytest.mark.slow
@pytest.mark.parametrize(("lab", "function"), TASKS)
def test_the_hidden_cases_kill_what_is_not_known_to_survive(lab, function, benches):
    bench = benches[lab]
    every = EVERY if bench.cases(function)[0].how != "call" else 1
    expected = mutation.known(lab, function)
    for mutant in bench.mutants(function)[::every]:
        assert bench.is_killed(function, mutant) is (mutant.change not in expected), mutant.change


@pytest.mark.exhaustive
@pytest.mark.parametrize("lab", KNOWN)
def test_at_least_95_percent_of_all_mutants_are_killed(lab):
    assert mutation.main(lab) == 0
