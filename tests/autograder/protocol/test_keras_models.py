"""Keras models, layers and graphs: what crosses, and what no configuration can do."""

# ruff: noqa: E501 - each submission is one string

import json

import numpy as np
import pytest

from autograder.protocol.serialization import SerializationError, Tagged, pack, unpack

keras = pytest.importorskip("keras")
pytest.importorskip("tensorflow")

from autograder.protocol import keras_models  # noqa: E402

layers = keras.layers


def across(value, own=None):
    return unpack(
        pack(value, keras_models.describe),
        lambda kind, body: keras_models.rebuild(kind, body, layers=lambda: own or {}),
    )


def functional():
    a, b = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    x = layers.Add()([a, b]) * 2.0
    y = layers.SeparableConv2D(4, 3, strides=2, padding="same", depthwise_regularizer="l2")(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU(max_value=6)(y)
    y = keras.ops.concatenate([y, y], axis=-1)
    return keras.Model(
        [a, b],
        [layers.GlobalAveragePooling2D()(y), layers.Dense(3, activation="softmax")(layers.Flatten()(y))],
    )


def sequential():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax"), layers.Dropout(0.5)])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def activations():
    x = inputs = keras.Input((4,))
    for name in ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "log_softmax", "softmax"):
        x = getattr(keras.activations, name)(x)
    return keras.Model(inputs, keras.activations.relu(x, max_value=0.5, threshold=0.1))


def recurrent():
    return keras.Sequential([keras.Input((5, 2)), layers.Bidirectional(layers.LSTM(3)), layers.Dense(1)])


@pytest.mark.parametrize("make", [functional, sequential, recurrent, activations])
def test_a_model_arrives_with_its_layers_and_weights(make):
    model = make()
    copy = across(model)
    assert isinstance(copy, keras.Model)
    assert [type(layer) for layer in copy.layers] == [type(layer) for layer in model.layers]
    assert copy.count_params() == model.count_params()
    assert copy.output_shape == model.output_shape
    for ours, theirs in zip(copy.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    data = [np.random.rand(2, *(one.shape[1:])).astype("f4") for one in model.inputs]
    data = data if len(data) > 1 else data[0]
    for ours, theirs in zip(copy(data), model(data), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_a_compiled_model_can_be_evaluated():
    copy = across(sequential())
    assert len(copy.evaluate(np.zeros((2, 4)), np.eye(3)[:2], verbose=0)) == 2


def test_a_layer_arrives_built():
    layer = layers.Conv2D(5, 3)
    layer(np.zeros((1, 8, 8, 2)))
    copy = across(layer)
    assert type(copy) is layers.Conv2D
    assert copy.filters == 5
    np.testing.assert_array_equal(copy.get_weights()[0], layer.get_weights()[0])


def test_tensors_arrive_as_tensors():
    import tensorflow as tf

    assert isinstance(across(tf.constant([1.0])), tf.Tensor)
    assert isinstance(across(tf.Variable([1.0])), tf.Variable)


class Own(layers.Layer):
    def call(self, x):
        raise AssertionError("ran")


def of_the_submission():
    return keras.Sequential([keras.Input((2,)), Own()])


def with_lambda():
    return keras.Sequential([keras.Input((2,)), layers.Lambda(lambda x: x)])


@pytest.mark.parametrize("make", [with_lambda])
def test_rule_1_a_model_with_code_in_it_is_refused(make):
    with pytest.raises(SerializationError, match="Lambda in it; only Keras' built-in layers"):
        across(make())


def forged(config, weights=()):
    body = {
        "config": json.dumps(config).encode(),
        "weights": list(weights),
        "compile": b"",
        "trainable": True,
    }
    return unpack(pack(Tagged("model", body)), keras_models.rebuild)


def dense(**changes):
    return {
        "module": "keras.layers",
        "class_name": "Dense",
        "config": {"units": 2},
        "registered_name": None,
    } | changes


@pytest.mark.parametrize(
    "config",
    [
        dense(class_name="Lambda"),
        dense(class_name="TFSMLayer", config={"filepath": "/tmp/x"}),
        dense(class_name="TorchModuleWrapper"),
        dense(class_name="StringLookup", config={"vocabulary": "/etc/passwd"}),
        dense(class_name="system", module="os"),
        dense(class_name="Dense", module="os"),
        dense(class_name="Dense", module="builtins"),
        dense(class_name="Own", module="tests"),
        dense(class_name="Own", registered_name="Package>Own"),
        dense(class_name="function", config="system", module="os"),
        dense(class_name="__lambda__", config={"value": "x"}),
        dense(class_name="__numpy__", config={"value": [1], "dtype": "object"}),
        dense(class_name="__typespec__"),
        dense(class_name=["Dense"]),
        dense(class_name=3),
        dense(module=3),
        dense(class_name="Functional", module="os"),
        dense(config={"units": 2**40}),
        dense(
            config={"units": 2, "activation": {"class_name": "function", "module": "os", "config": "system"}}
        ),
        dense(config={"units": 2, "kernel_initializer": {"class_name": "Lambda", "module": "keras.layers"}}),
        dense(config={"units": 2, "activation": "no such"}),
        dense(config={"no such": 2}),
        dense(config=[]),
        {"class_name": "__tuple__", "items": [1]},
        [dense()],
        "Dense",
        3,
        None,
        {},
        {"class_name": "Sequential", "module": "keras", "config": {"layers": [dense(class_name="Lambda")]}},
        {"class_name": "Functional", "module": "keras.src.models.functional", "config": {"layers": [1]}},
        {
            "class_name": "TimeDistributed",
            "module": "keras.layers",
            "config": {"layer": dense(class_name="Lambda")},
        },
    ],
)
def test_rule_1_a_forged_configuration_is_refused_and_runs_nothing(config):
    with pytest.raises(SerializationError):
        forged(config)


@pytest.mark.parametrize(
    "body",
    [
        3,
        {},
        {"config": "text"},
        {"config": b"", "weights": []},
        {"config": b"{}", "weights": [[1]]},
        {"config": b"[" * 9000, "weights": []},
        {"config": b" " * 5_000_000, "weights": []},
    ],
)
def test_rule_1_a_damaged_model_is_refused(body):
    with pytest.raises(SerializationError):
        keras_models.rebuild("model", body)


def test_rule_1_weights_that_do_not_fit_are_refused():
    config = {
        "class_name": "Sequential",
        "module": "keras",
        "registered_name": None,
        "config": {"layers": [dense()]},
        "build_config": {"input_shape": [None, 3]},
    }
    with pytest.raises(SerializationError, match="cannot be rebuilt"):
        forged(config, [np.zeros((9, 9))])


def test_the_instructors_own_layers_are_allowed_by_name():
    @keras.saving.register_keras_serializable("course")
    class Shift(layers.Layer):
        def call(self, x):
            return x + 1

    model = keras.Sequential([keras.Input((2,)), Shift()])
    with pytest.raises(SerializationError, match="Shift"):
        across(model)
    copy = across(model, {"Shift": Shift})
    assert type(copy.layers[-1]) is Shift


STUDENT = """
import keras
from keras import layers
def block(x, filters, strides=1):
    x = layers.SeparableConv2D(filters, 3, strides=strides, padding='same', use_bias=False)(x)
    return layers.BatchNormalization()(x)
def add(a, b): return [layers.Add()([a, b]), {'twice': a * 2.0}]
model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])
def forget(m): m.set_weights([0 * w for w in m.get_weights()])
def same(x): return x
def stacked(x): return keras.Sequential([layers.Dense(4), keras.Sequential([layers.ReLU(), layers.Dense(2)])])(x)
def boxed(x):
    inside = keras.Input(x.shape[1:])
    return keras.Model(inside, layers.Dense(5)(inside))(x)
def loose(x): return keras.Input((3,))
lazy = keras.Sequential([keras.Input((4,)), layers.Lambda(lambda x: x)])
class Mine(keras.Model):
    def count_params(self): return 1
mine = Mine()
class Fake:
    def count_params(self): return 1
fake = Fake()
"""


@pytest.mark.slow
def test_rule_4_models_in_tests_as_in_one_kernel(graded_with_keras):
    head = "import keras\n"
    result = graded_with_keras(
        STUDENT,
        head + "assert isinstance(model, keras.Model)\nassert model.layers[1].count_params() == 8",
        head + "inputs = keras.Input((8, 8, 3))\nm = keras.Model(inputs, block(inputs, 4, strides=2))\n"
        "assert m.output_shape == (None, 4, 4, 4)\n"
        "assert [type(x).__name__ for x in m.layers] == ['InputLayer', 'SeparableConv2D', 'BatchNormalization']",
        head + "x = keras.Input((8, 8, 3))\ny = block(block(x, 4), 5)\nassert y.shape == (None, 8, 8, 5)\n"
        "assert keras.Model(x, y).count_params() == 27 + 12 + 16 + 36 + 20 + 20",
        head
        + "a, b = keras.Input((3,)), keras.Input((3,))\nout = add(a, b)\nm = keras.Model([a, b], [out[0], out[1]['twice']])\n"
        "assert np.allclose(m([np.ones((1, 3)), np.ones((1, 3))])[0], 2)",
        head
        + "m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])\nforget(m)\nassert not m.get_weights()[0].any()",
        head + "x = keras.Input((3,))\nassert same(x).shape == (None, 3)",
        head + "x = keras.Input((3,))\ny = stacked(stacked(x))\nm = keras.Model(x, y)\n"
        "assert m.count_params() == 16 + 10 + 12 + 10\nassert m(np.ones((1, 3))).shape == (1, 2)",
        head + "x = keras.Input((3,))\nassert keras.Model(x, boxed(boxed(x))).count_params() == 20 + 30",
        head + "x = keras.Input((3,))\nloose(x)",
        "lazy.count_params()",
        "mine.count_params()",
        head + "assert isinstance(fake, keras.Model) and fake.count_params() == 1",
        template=STUDENT,
        call_seconds=20,
        question_seconds=30,
        cell_seconds=20,
        submission_seconds=120,
        memory_bytes=2**30,
    )
    assert result.scores[:8] == [1] * 8, result.messages
    assert not any(result.scores[8:])  # what the solution cannot pass either is for a person
    assert "depend" in result.messages[8]
    assert "Lambda" in result.messages[9]
    assert "Mine" in result.messages[10]
