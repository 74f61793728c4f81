"""Keras models, layers and tensors as plain values, and back.

A model is its configuration and its weights. Before Keras sees a configuration that comes from a
submission, `keras_config` builds it anew from an allow-list. Keras' own loaders of files are not
used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.protocol.bounds import SerializationError, Tagged
from autograder.protocol.keras_config import allowed, not_built_in, parsed
from autograder.protocol.keras_functions import with_keras_functions
from autograder.protocol.keras_graphs import (
    Graph,
    Output,
    describe_symbol,
    is_symbol,
    rebuild_symbol,
)
from autograder.protocol.libraries import imported
from autograder.protocol.values import Kind

_NOT_OWN = ("keras", "__main__")


@dataclass(frozen=True)
class Weights:
    """Changed weights of a model, in Keras' order."""

    arrays: list[np.ndarray]


def is_model(value: Any) -> bool:
    """Return whether a value is a Keras model or layer."""
    keras = imported("keras")
    return keras is not None and hasattr(keras, "layers") and isinstance(value, keras.layers.Layer)


def weights_of(model: Any) -> list[np.ndarray]:
    """Return copies of a model's weights."""
    return [np.array(weight) for weight in model.get_weights()]


def weights_differ(model: Any, other: Any) -> bool:
    """Return whether two models of one configuration have different weights."""
    pairs = list(zip(weights_of(model), weights_of(other), strict=False))
    return len(model.get_weights()) != len(other.get_weights()) or not all(
        np.array_equal(a, b) for a, b in pairs
    )


def set_weights(model: Any, weights: Weights) -> None:
    """Give a model of the test the weights that the student's code left in it."""
    try:
        model.set_weights(weights.arrays)
    except (ValueError, TypeError) as error:
        raise SerializationError(f"changed weights do not fit the model: {error}") from None


def describe(value: Any, symbols: list[Any] | None = None) -> Tagged | None:  # noqa: PLR0911 - one for each kind
    """Describe a tensor, a layer or a model; None for what is none of them."""
    tensorflow = imported("tensorflow")
    if tensorflow is not None and hasattr(tensorflow, "Tensor"):
        if isinstance(value, tensorflow.Variable):
            return Tagged(Kind.VARIABLE, _numbers(value))
        if isinstance(value, tensorflow.Tensor):
            if not hasattr(value, "numpy"):
                raise SerializationError(
                    "a tensor of a TensorFlow graph cannot cross; return an eager tensor or an array"
                )
            return Tagged(Kind.TENSOR, _numbers(value))
    keras = imported("keras")
    if keras is None or not hasattr(keras, "layers"):
        return None
    if is_symbol(value):
        return describe_symbol(value, symbols)
    if isinstance(value, keras.Variable):
        return Tagged(Kind.TENSOR, _numbers(value))
    if is_model(value):
        return Tagged(Kind.MODEL, _describe(value))
    return None


def _numbers(value: Any) -> np.ndarray:
    try:
        return np.array(value.numpy() if hasattr(value, "numpy") else value)
    except Exception as error:
        raise SerializationError(f"a tensor cannot cross: {type(error).__name__}") from None


def _describe(model: Any) -> dict[str, Any]:
    config = _config(model)
    try:
        compiled = model.get_compile_config() if getattr(model, "compiled", False) else None
        return {
            "config": config,
            "weights": weights_of(model),
            "compile": json.dumps(compiled).encode() if compiled else b"",
            "trainable": bool(model.trainable),
        }
    except SerializationError:
        raise
    except Exception as error:
        raise _undescribed(model, error) from None


def _config(model: Any) -> bytes:
    """Return a model's configuration as JSON, its functions by Keras' names."""
    try:
        with with_keras_functions(model):
            return json.dumps(imported("keras").saving.serialize_keras_object(model)).encode()
    except SerializationError:
        raise
    except Exception as error:
        raise _undescribed(model, error) from None


def _undescribed(model: Any, error: Exception) -> SerializationError:
    """Say why a model has no configuration: mostly a layer of the student's own class."""
    own = [type(layer).__name__ for layer in model._flatten_layers() if type(layer).__module__ == "__main__"]
    if own:
        return SerializationError(not_built_in(own[0]))
    return SerializationError(
        f"the {type(model).__name__} cannot be described by its configuration "
        f"({type(error).__name__}: {error})"
    )


def check_crosses(model: Any) -> None:
    """Refuse, in the notebook's own kernel, a model that `build` would not make again.

    Layers of an imported module count as the instructor's, those of the notebook as the student's.

    Parameters
    ----------
    model : keras.Layer
        The model or layer.

    Raises
    ------
    SerializationError
        If it holds what no configuration describes; the text says what.
    """
    own = {type(layer).__name__: type(layer) for layer in model._flatten_layers()}
    layers = {name: kind for name, kind in own.items() if kind.__module__.partition(".")[0] not in _NOT_OWN}
    allowed(json.loads(_config(model)), layers)


def rebuild(  # noqa: PLR0911 - one return for each kind
    kind: str, body: Any, layers: Callable[[], Mapping[str, type]] = dict
) -> Any:
    """Make what `describe` described; NotImplemented for other kinds."""
    if kind == Kind.EXACT:
        return body
    if kind in (Kind.TENSOR, Kind.VARIABLE):
        tensorflow = imported("tensorflow")
        if type(body) is not np.ndarray or tensorflow is None:
            raise SerializationError("a part of it is a tensor without TensorFlow")
        return tensorflow.constant(body) if kind == Kind.TENSOR else tensorflow.Variable(body)
    if kind == Kind.WEIGHTS:
        return Weights(_arrays(body))
    if kind == Kind.SYMBOL:
        return rebuild_symbol(body)
    if kind == Kind.OUTPUT:
        if type(body) is not int:
            raise SerializationError("a part of it is damaged")
        return Output(body)
    if kind == Kind.GRAPH:
        if type(body) is not list or len(body) != 2 or not is_model(body[0]):
            raise SerializationError("a part of it is damaged")
        return Graph(*body)
    if kind == Kind.MODEL:
        return build(body, layers())
    return NotImplemented


def _arrays(body: Any) -> list[np.ndarray]:
    if type(body) is not list or not all(type(array) is np.ndarray for array in body):
        raise SerializationError("a part of it is damaged: weights must be arrays")
    return body


def build(body: Any, layers: Mapping[str, type]) -> Any:
    """Make the model or layer that crossed, of allowed classes only.

    Parameters
    ----------
    body
        As it crossed: configuration and weights.
    layers
        The instructor's own layers, by name.

    Raises
    ------
    SerializationError
        If it holds anything else or fits nowhere; the text says what.
    """
    keras = imported("keras")
    if keras is None or type(body) is not dict or type(body.get("config")) is not bytes:
        raise SerializationError("a part of it is a Keras model without Keras")
    weights = _arrays(body.get("weights"))
    config = allowed(parsed(body["config"]), layers)
    custom = {kind.__name__: kind for kind in layers.values()}
    try:
        model = keras.saving.deserialize_keras_object(config, custom_objects=custom, safe_mode=True)
        if not isinstance(model, keras.layers.Layer):
            raise SerializationError("a part of it is no Keras model")
        if weights and not model.built and isinstance(config.get("build_config"), dict):
            model.build_from_config(config["build_config"])
        if weights or model.get_weights():
            model.set_weights(weights)
        if type(body.get("compile")) is bytes and body["compile"] and hasattr(model, "compile_from_config"):
            try:
                model.compile_from_config(allowed(parsed(body["compile"]), layers))
            except SerializationError:
                model.compiled = False
    except SerializationError:
        raise
    except Exception as error:
        raise SerializationError(
            f"the model cannot be rebuilt: {type(error).__name__}: {str(error)[:500]}"
        ) from None
    return model
