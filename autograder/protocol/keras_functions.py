"""Functions in a model's configuration: known ones by Keras' names, others refused in words.

Keras writes a function by its name alone, so that somebody's own ``relu`` would be read as Keras'.
Here functions are told apart by identity.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from autograder.protocol.bounds import SerializationError
from autograder.protocol.libraries import imported

# Names of functions that compute what Keras' activation of the same name does; `keras.ops.gelu` is
# not among them, because it approximates by default.
_OF_KERAS_OPS = """
    elu hard_sigmoid hard_swish leaky_relu log_softmax relu relu6 selu sigmoid silu softmax softplus
    softsign swish tanh
""".split()  # noqa: SIM905 - easier to read
_OF_TENSORFLOW = {
    "nn": """
        elu gelu leaky_relu log_softmax relu relu6 selu sigmoid silu softmax softplus softsign swish tanh
    """.split(),  # noqa: SIM905
    "math": "sigmoid softplus tanh".split(),  # noqa: SIM905
}
_ARGUMENTS = ("activation", "initializer", "regularizer", "constraint")
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


@cache
def known() -> dict[Any, Any]:
    """Return Keras' own activation for each function that computes the same."""
    activations = imported("keras").activations
    table = {
        value: value
        for name, value in vars(activations).items()
        if isinstance(value, types.FunctionType) and name not in ("get", "serialize", "deserialize")
    }
    places = [(imported("keras").ops, _OF_KERAS_OPS)]
    if tensorflow := imported("tensorflow"):
        places += [(getattr(tensorflow, part), names) for part, names in _OF_TENSORFLOW.items()]
        table[tensorflow.identity] = activations.linear
        table[tensorflow.exp] = activations.exponential
    for place, names in places:
        table |= {getattr(place, name): getattr(activations, name) for name in names}
    return table


@contextmanager
def with_keras_functions(model: Any) -> Iterator[None]:
    """Let a model's layers name Keras' functions in place of others that compute the same.

    Parameters
    ----------
    model : keras.Layer
        A layer or model; it is as it was after the block.

    Raises
    ------
    SerializationError
        If a layer computes with another function; the text names both.
    """
    changed: list[tuple[Any, str, Any]] = []
    try:
        for layer in model._flatten_layers():
            for key, function in _functions(layer):
                if function not in known():
                    raise SerializationError(_refusal(layer, key, function))
                if (same := known()[function]) is not function:
                    setattr(layer, key, same)
                    changed.append((layer, key, function))
        yield
    finally:
        for layer, key, function in changed:
            setattr(layer, key, function)


def _functions(layer: Any) -> Iterator[tuple[str, Any]]:
    """Yield the arguments of a layer of Keras' own that are functions."""
    if type(layer).__module__.startswith("keras.") and type(layer).__name__ != "Lambda":
        for key, value in vars(layer).items():
            if key.endswith(_ARGUMENTS) and isinstance(value, _FUNCTIONS):
                yield key, value


def _refusal(layer: Any, key: str, function: Any) -> str:
    name = getattr(function, "__name__", "")
    words = "a lambda" if name == "<lambda>" else f"the function {name!s:.60}"
    example = 'name one of Keras\' own, such as "relu"' if "activation" in key else "use one of Keras' own"
    return f"a {type(layer).__name__} with {words} as its {key} in it; {example}"
