"""Results of graphs are shared by equal graphs only, and nobody's grade is another's."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

keras = pytest.importorskip("keras")
pytest.importorskip("tensorflow")

from autograder.checks import keras_behaviour  # noqa: E402
from autograder.execution import engine, processes  # noqa: E402
from autograder.execution.graph_cache import Kept, form  # noqa: E402
from autograder.protocol import keras_models  # noqa: E402
from autograder.protocol.serialization import pack, unpack  # noqa: E402
from tests.autograder.notebooks import answer, graded, locked, notebook  # noqa: E402

layers = keras.layers
# Words that Keras' configurations use in other places as well.
NAMES = st.sampled_from(["relu", "same", "conv2d", "kernel", "float32", "name", "a", "b", "Conv2D", "0"])
LAYER = st.one_of(
    st.tuples(st.just("Conv2D"), st.sampled_from([1, 2]), st.sampled_from(["relu", "linear"])),
    st.tuples(st.just("BatchNormalization"), st.just(0), st.just("")),
    st.tuples(st.just("Activation"), st.just(0), st.sampled_from(["relu", "tanh"])),
)
SPEC = st.lists(LAYER, min_size=1, max_size=3)
THREE = st.lists(NAMES, min_size=3, max_size=3, unique=True)


def crossed(model):
    def untag(kind, body):
        made = (
            keras_models.Unbuilt(body) if kind == "model" else keras_models.untag(kind, body, trusted=False)
        )
        assert made is not NotImplemented
        return made

    return unpack(pack(model, keras_models.tag), untag)


def chain(spec, names):
    inputs = x = keras.Input((5, 5, 2))
    for (kind, filters, activation), name in zip(spec, names, strict=False):
        given_name = {"name": name} if name else {}
        if kind == "Conv2D":
            x = layers.Conv2D(filters, 3, padding="same", activation=activation, **given_name)(x)
        elif kind == "Activation":
            x = layers.Activation(activation, **given_name)(x)
        else:
            x = layers.BatchNormalization(**given_name)(x)
    return keras.Model(inputs, x)


@settings(max_examples=40, deadline=None)
@given(SPEC, SPEC, THREE, THREE)
def test_graphs_have_one_form_if_they_differ_in_names_alone(one, other, names, others):
    first = form(crossed(chain(one, names)))
    assert first == form(crossed(chain(one, others))) == form(crossed(chain(one, [None] * 3)))
    assert (first == form(crossed(chain(other, others)))) == (one == other)


def branches(swapped=False):
    a, b = keras.Input((4, 4, 2)), keras.Input((4, 4, 2))
    left, right = layers.ReLU()(a), layers.Activation("tanh")(b)
    return keras.Model([a, b], layers.Subtract()([right, left] if swapped else [left, right]))


def test_which_layer_goes_where_belongs_to_the_form():
    assert form(crossed(branches())) == form(crossed(branches()))
    assert form(crossed(branches())) != form(crossed(branches(swapped=True)))
    a, b = keras.Input((3,)), keras.Input((3,))
    ends = [keras.Model([a, b], [a, b][::step]) for step in (1, -1)]
    assert form(crossed(ends[0])) != form(crossed(ends[1]))


def test_weights_belong_to_the_form_by_shape_only():
    one, other = (keras.Sequential([keras.Input((n,)), layers.Dense(2)]) for n in (3, 4))
    changed = keras.models.clone_model(one)
    changed.set_weights([weight + 1 for weight in one.get_weights()])
    assert form(crossed(one)) == form(crossed(changed))
    assert form(crossed(one)) != form(crossed(other))


def nested():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    return keras.Sequential([keras.Input((3,)), inner])


def random():
    return keras.Sequential([keras.Input((3,)), layers.Dropout(0.5)])


def compiled():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    return model


def wrapped():
    return keras.Sequential([keras.Input((3, 2)), layers.TimeDistributed(layers.Dense(2))])


@pytest.mark.parametrize("make", [nested, random, compiled, wrapped])
def test_what_is_not_surely_the_same_has_no_form(make):
    assert form(crossed(make())) is None


DAMAGED = [
    lambda config: config.pop("config"),
    lambda config: config["config"].update(layers=3),
    lambda config: config["config"].update(output_layers=[["gone", 0, 0]]),
    lambda config: config["config"].update(output_layers=None),
    lambda config: config["config"]["layers"][1].update(name="another"),
    lambda config: config["config"]["layers"][1]["config"].update(name=["a"]),
    lambda config: config["config"]["layers"][1]["config"].update(name=0),
    lambda config: config["config"]["layers"].append(config["config"]["layers"][1]),
]


@pytest.mark.parametrize("number", range(len(DAMAGED)))
def test_what_keras_does_not_write_has_no_form(number):
    unbuilt = crossed(chain([("Conv2D", 2, "relu")], ["conv2d"]))
    config = json.loads(unbuilt.body["config"])
    DAMAGED[number](config)
    unbuilt.body["config"] = json.dumps(config).encode()
    assert form(unbuilt) is None


def test_the_last_asked_for_stay():
    kept = Kept(most=30)
    for name in (b"a", b"b", b"c"):
        kept.put(name, 10 * name)
    assert kept.get(b"a") == 10 * b"a"
    kept.put(b"d", 10 * b"d")
    assert [kept.get(name)[:1] for name in (b"a", b"b", b"c", b"d")] == [b"a", b"", b"c", b"d"]
    kept.put(b"a", b"")
    kept.put(b"e", 10 * b"e")
    assert kept.get(b"c") == 10 * b"c"
    kept.clear()
    assert kept.get(b"d") == b""


TEST = """
import keras
import numpy as np
from autograder.checks import keras_behaviour
from autograder import checks

x = np.random.default_rng(1).normal(size=(2, 6, 6, 2)).astype("float32")

def block_(t, activation="relu", normal=True):
    t = keras.layers.Conv2D(3, 3, activation=activation)(t)
    return keras.layers.BatchNormalization()(t) if normal else t

inputs = keras.Input((6, 6, 2))
expected = keras_behaviour.of(keras.Model(inputs, block_(inputs)), x, 5)
case = checks.Case("block", {}, expected, how="layer", x=x, seed=5)
mistakes = {
    "no activation": (lambda t: block_(t, None), "Name one."),
    "no normalization": (lambda t: block_(t, normal=False), "Add one."),
}
checks.agrees(block, checks.with_mistakes(case, mistakes))
"""
CONVOLUTION = "keras.layers.Conv2D(3, 3{})(t)"
RIGHT = f"def block(t):\n    return keras.layers.BatchNormalization()({CONVOLUTION})"
ANSWERS = {
    "right": RIGHT.format(", activation='relu'"),
    "right, with names": RIGHT.format(", activation='relu', name='relu'"),
    "right, other layers before": "keras.layers.Conv2D(1, 1)\n" + RIGHT.format(", activation='relu'"),
    "no activation": RIGHT.format(""),
    "another activation": RIGHT.format(", activation='tanh', name='relu'"),
    "no normalization": f"def block(t):\n    return {CONVOLUTION}".format(", activation='relu'"),
    "random": f"def block(t):\n    return keras.layers.Dropout(0.9)({CONVOLUTION})".format(""),
    "code of its own": "def block(t):\n    return keras.layers.Lambda(lambda t: t)(t)",
    "no tensor": "def block(t):\n    print('here')\n    return None",
    "an error": "def block(t):\n    raise RuntimeError('no')",
}  # fmt: skip
SOURCE = notebook(
    locked("imports", "import keras"), answer("block", "def block(t):\n    ..."), graded("test", 2, TEST)
)


def result_of(name, scope):
    mine = json.loads(json.dumps(SOURCE))
    mine["cells"][1]["source"] = ANSWERS[name]
    cell = engine.grade(json.dumps(mine).encode(), SOURCE, scope=scope).cells["test"]
    message = re.sub(r"[-\d.]+", "", cell.message) if name == "random" else cell.message
    return cell.score, cell.status, message, cell.mistakes


@pytest.fixture
def warm():
    engine.warm(("keras", "tensorflow"))
    processes.kept.clear()
    yield
    engine.close()


@pytest.mark.slow
def test_a_grade_is_the_same_whoever_was_graded_before(warm):
    alone = {name: result_of(name, "") for name in ANSWERS}
    assert {name for name in ANSWERS if alone[name][0]} == {name for name in ANSWERS if "right" in name}
    assert alone["no activation"][3] == ("no activation",)
    assert processes.kept._results == {}
    for _ in range(2):
        assert {name: result_of(name, "a class") for name in ANSWERS} == alone
    assert len(processes.kept._results) == 4 + 1  # graphs that differ, and the mistakes of one case


@pytest.mark.slow
def test_what_was_computed_is_used_in_its_scope_only(warm):
    assert result_of("right", "a class")[1] == "passed"
    ((key, kept),) = processes.kept._results.items()
    aspects, words = unpack(kept)
    processes.kept.put(key, pack((aspects | {keras_behaviour.PARAMETERS: 7}, words)))
    assert "came 7" in result_of("right, with names", "a class")[2]
    assert result_of("right", "another class")[1] == "passed"
    assert np.isfinite(aspects[keras_behaviour.TRAINING]).all()
