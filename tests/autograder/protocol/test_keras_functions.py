"""Functions in a model's configuration: told apart by identity, replaced by equals."""

import numpy as np
import pytest

from autograder.protocol.serialization import SerializationError

keras = pytest.importorskip("keras")
tensorflow = pytest.importorskip("tensorflow")

from autograder.protocol import keras_functions, keras_models  # noqa: E402


def relu(x):  # not Keras', and of its name
    return x * 0


OTHERS = [function for function, same in keras_functions.known().items() if function is not same]


@pytest.mark.parametrize("function", OTHERS, ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_what_takes_a_functions_place_computes_the_same(function):
    same = keras_functions.known()[function]
    x = np.random.default_rng(5).normal(scale=3, size=(7, 11)).astype("float32")
    np.testing.assert_allclose(np.asarray(function(x)), np.asarray(same(x)), rtol=1e-5, atol=1e-6)
    assert keras.activations.get(keras.activations.serialize(same)) is same


def test_a_model_is_as_it_was_when_it_has_been_described():
    layer = keras.layers.Dense(2, activation=tensorflow.nn.softmax)
    model = keras.Sequential([keras.Input((3,)), layer])
    with keras_functions.with_keras_functions(model):
        assert layer.activation is keras.activations.softmax
    assert layer.activation is tensorflow.nn.softmax
    with pytest.raises(ValueError, match="mine"), keras_functions.with_keras_functions(model):
        raise ValueError("mine")
    assert layer.activation is tensorflow.nn.softmax


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"activation": relu}, "a Dense with the function relu as its activation"),
        ({"activation": lambda x: x}, "a Dense with a lambda as its activation"),
        ({"activation": keras.ops.gelu}, "the function gelu"),  # it approximates, where Keras' own does not
        ({"kernel_initializer": lambda shape, dtype=None: keras.ops.ones(shape)}, "its kernel_initializer"),
    ],
)
def test_any_other_function_is_refused_by_what_it_is(arguments, words):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, **arguments)])
    with pytest.raises(SerializationError, match=words):
        keras_models.describe(model)
