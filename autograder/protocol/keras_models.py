"""Keras models, layers, tensors and graphs of symbolic tensors as plain values, and back.

A model is its configuration and its weights. Before Keras sees a configuration that comes from a submission,
it is built anew from a list of allowed classes: names of modules, code, files and custom classes in it lead
nowhere. Keras' own loaders of files are not used. Nothing is imported here unless Keras is there already.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autograder.protocol.serialization import SerializationError, Tagged, json_depth

MAX_CONFIG = 4 * 2**20
MAX_INTEGER = 2**24
MAX_DEPTH = 100

LAYERS = """
    Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention Average
    AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Bidirectional CategoryEncoding
    CenterCrop Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose
    ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D Cropping3D Dense DepthwiseConv1D
    DepthwiseConv2D Dot Dropout EinsumDense ELU Embedding Flatten GaussianDropout GaussianNoise
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalMaxPooling3D GRU GRUCell GroupNormalization GroupQueryAttention Identity
    InputLayer LayerNormalization LeakyReLU RandomBrightness RandomContrast RandomCrop RandomFlip
    RandomRotation RandomTranslation RandomZoom LSTM LSTMCell Masking Maximum MaxPooling1D MaxPooling2D
    MaxPooling3D Minimum MultiHeadAttention Multiply Normalization Permute PReLU ReLU RepeatVector
    Rescaling Reshape Resizing RMSNormalization RNN SeparableConv1D SeparableConv2D SimpleRNN
    SimpleRNNCell Softmax SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization
    StackedRNNCells Subtract TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D
    ZeroPadding1D ZeroPadding2D ZeroPadding3D
""".split()  # noqa: SIM905 - easier to read
_KINDS = {
    "initializers": "Initializer", "regularizers": "Regularizer", "constraints": "Constraint",
    "optimizers": "Optimizer", "losses": "Loss", "metrics": "Metric",
}  # fmt: skip
_OPERATIONS = ("numpy", "nn", "math", "image", "linalg")


@dataclass(frozen=True)
class Weights:
    """Changed weights of a model, in Keras' order."""

    arrays: list[np.ndarray]


@dataclass(frozen=True)
class Output:
    """A place in a result for one output of a graph."""

    index: int


@dataclass(frozen=True)
class Graph:
    """What a function made of symbolic tensors: a model, and the result with places for its outputs."""

    model: Any
    result: Any


def _keras() -> Any:
    return sys.modules.get("keras")


def is_model(value: Any) -> bool:
    """Whether a value is a Keras model or layer."""
    keras = _keras()
    return keras is not None and hasattr(keras, "layers") and isinstance(value, keras.layers.Layer)


def is_symbol(value: Any) -> bool:
    """Whether a value is a symbolic tensor."""
    keras = _keras()
    return keras is not None and hasattr(keras, "KerasTensor") and isinstance(value, keras.KerasTensor)


def weights_of(model: Any) -> list[np.ndarray]:
    """Return copies of a model's weights."""
    return [np.array(weight) for weight in model.get_weights()]


def weights_differ(model: Any, other: Any) -> bool:
    """Whether two models of one configuration have different weights."""
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


def tag(value: Any, symbols: list | None = None) -> Tagged | None:  # noqa: PLR0911 - one for each kind
    """Describe a tensor, a layer or a model; None for what is none of them."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and hasattr(tensorflow, "Tensor"):
        if isinstance(value, tensorflow.Variable):
            return Tagged("variable", _numbers(value))
        if isinstance(value, tensorflow.Tensor):
            if not hasattr(value, "numpy"):
                raise SerializationError(
                    "a tensor of a TensorFlow graph cannot cross; return an eager tensor or an array"
                )
            return Tagged("tensor", _numbers(value))
    keras = _keras()
    if keras is None or not hasattr(keras, "layers"):
        return None
    if is_symbol(value):
        if symbols is None:
            raise SerializationError(
                "a symbolic tensor can only be returned by a function that was given one"
            )
        return Tagged("symbol", (_place(value, symbols), list(value.shape), str(value.dtype)))
    if isinstance(value, keras.Variable):
        return Tagged("tensor", _numbers(value))
    if is_model(value):
        return Tagged("model", _describe(value))
    return None


def _place(value: Any, symbols: list) -> int:
    for index, known in enumerate(symbols):
        if known is value:
            return index
    symbols.append(value)
    return len(symbols) - 1


def _numbers(value: Any) -> np.ndarray:
    try:
        return np.array(value.numpy() if hasattr(value, "numpy") else value)
    except Exception as error:
        raise SerializationError(f"a tensor cannot cross: {type(error).__name__}") from None


def _describe(model: Any) -> dict:
    keras = _keras()
    try:
        described = keras.saving.serialize_keras_object(model)
        compiled = model.get_compile_config() if getattr(model, "compiled", False) else None
        return {
            "config": json.dumps(described).encode(),
            "weights": weights_of(model),
            "compile": json.dumps(compiled).encode() if compiled else b"",
            "trainable": bool(model.trainable),
        }
    except Exception as error:
        raise SerializationError(
            f"the {type(model).__name__} cannot be described by its configuration "
            f"({type(error).__name__}: {error})"
        ) from None


def untag(  # noqa: PLR0911 - one return for each kind
    kind: str, body: Any, *, trusted: bool, layers: Callable[[], dict[str, type]] = dict
) -> Any:
    """Make what `tag` described; NotImplemented for other kinds."""
    if kind == "exact":
        return body
    if kind in ("tensor", "variable"):
        tensorflow = sys.modules.get("tensorflow")
        if type(body) is not np.ndarray or tensorflow is None:
            raise SerializationError("a part of it is a tensor without TensorFlow")
        return tensorflow.constant(body) if kind == "tensor" else tensorflow.Variable(body)
    if kind == "weights":
        return Weights(_arrays(body))
    if kind == "output":
        if type(body) is not int:
            raise SerializationError("a part of it is damaged")
        return Output(body)
    if kind == "graph":
        if type(body) is not list or len(body) != 2 or not is_model(body[0]):
            raise SerializationError("a part of it is damaged")
        return Graph(*body)
    if kind == "model":
        return build(body, layers())
    return NotImplemented


def _arrays(body: Any) -> list[np.ndarray]:
    if type(body) is not list or not all(type(array) is np.ndarray for array in body):
        raise SerializationError("a part of it is damaged: weights must be arrays")
    return body


def build(body: Any, layers: dict[str, type]) -> Any:
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
    keras = _keras()
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


def parsed(data: bytes) -> Any:
    """Parse a configuration from a process that is not trusted.

    Raises
    ------
    SerializationError
        If it is too large, nested too deep or no JSON.
    """
    if len(data) > MAX_CONFIG:
        raise SerializationError(f"the configuration of a model has more than {MAX_CONFIG:,} bytes")
    if json_depth(data) > MAX_DEPTH:
        raise SerializationError(f"the configuration of a model is nested deeper than {MAX_DEPTH}")
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise SerializationError("the configuration of a model is not JSON") from None


@cache
def _table() -> dict[tuple[str, str], type]:
    """Return the classes that a configuration may name, by kind and name."""
    keras = _keras()
    table = {("layers", name): getattr(keras.layers, name) for name in LAYERS if hasattr(keras.layers, name)}
    for module, base in _KINDS.items():
        public = getattr(keras, module)
        for name, kind in vars(public).items():
            if isinstance(kind, type) and issubclass(kind, getattr(public, base)) and "Wrapper" not in name:
                table[module, name] = kind
    for part in _OPERATIONS:
        module = sys.modules.get(f"keras.src.ops.{part}")
        for name, kind in vars(module).items() if module else ():
            if (
                isinstance(kind, type)
                and issubclass(kind, keras.Operation)
                and kind.__module__ == module.__name__
            ):
                table[f"ops.{part}", name] = kind
    return table


def allowed(node: Any, layers: dict[str, type], depth: int = 0) -> Any:
    """Return a configuration made of allowed classes only.

    Parameters
    ----------
    node
        Parsed JSON from a process that is not trusted.
    layers
        The instructor's own layers, by name.

    Raises
    ------
    SerializationError
        If it names anything else; the text says what.
    """
    if depth > MAX_DEPTH:
        raise SerializationError(f"the configuration of a model is nested deeper than {MAX_DEPTH}")
    if isinstance(node, list):
        return [allowed(part, layers, depth + 1) for part in node]
    if isinstance(node, dict):
        if "class_name" in node:
            return _allowed_class(node, layers, depth)
        return {key: allowed(value, layers, depth + 1) for key, value in node.items()}
    if type(node) is int and abs(node) > MAX_INTEGER:
        raise SerializationError(
            f"a model with the number {node} in its configuration; at most {MAX_INTEGER:,} is allowed"
        )
    return node


_SPECIAL = frozenset(["__keras_tensor__", "__tuple__", "__ellipsis__", "__slice__"])


def _allowed_class(node: dict, layers: dict[str, type], depth: int) -> dict:
    name, module = node["class_name"], node.get("module")
    if type(name) is not str or not isinstance(module, str | None):
        raise SerializationError("the configuration of a model is damaged")
    if name == "DTypePolicy":
        config = node.get("config")
        policy = str(config.get("name", "float32"))[:20] if isinstance(config, dict) else "float32"
        return {"module": "keras", "class_name": name, "registered_name": None, "config": {"name": policy}}
    place = {} if name in _SPECIAL else _place_of(name, module or "", layers)
    inner = {
        key: allowed(node[key], layers, depth + 1)
        for key in ("config", "items", "build_config", "name", "inbound_nodes")
        if key in node
    }
    return {"class_name": name, **inner, **place}


def _place_of(name: str, module: str, layers: dict[str, type]) -> dict:
    """Return where Keras finds an allowed class."""
    if module.startswith("keras") and name in ("Sequential", "Model"):
        return {"module": "keras", "registered_name": None}
    if module.startswith("keras") and name == "Functional":
        return {"module": "keras.src.models.functional", "registered_name": None}
    if name in layers:
        return {"module": layers[name].__module__, "registered_name": name}
    for kind in ("layers", *_KINDS, *(f"ops.{part}" for part in _OPERATIONS)):
        if (kind, name) in _table() and _fits(kind, module):
            return {
                "module": f"keras.src.{kind}" if "." in kind else f"keras.{kind}",
                "registered_name": None,
            }
    raise SerializationError(
        f"a model with a {name!s:.80} in it; "
        "only Keras' built-in layers without code of their own are allowed"
    )


def _fits(kind: str, module: str) -> bool:
    """Whether a module that a configuration names is of that kind."""
    return module == f"keras.{kind}" or module.startswith((f"keras.src.{kind}", f"keras.{kind}."))


def symbol(body: Any, symbols: list) -> Any:
    """Return the worker's own input for a symbolic tensor of the test; ``symbols`` keeps them by number."""
    index, shape, dtype = body
    while len(symbols) <= index:
        symbols.append(None)
    if symbols[index] is None:
        symbols[index] = _keras().Input(batch_shape=tuple(shape), dtype=dtype)
    return symbols[index]


def collect(result: Any, symbols: list) -> Any:
    """Turn the symbolic tensors in a result into one model of the worker's inputs."""
    if not symbols:
        return result
    outputs: list[Any] = []

    def replace(value: Any) -> Any:
        if is_symbol(value):
            outputs.append(value)
            return Tagged("output", len(outputs) - 1)
        if type(value) in (list, tuple):
            return type(value)([replace(part) for part in value])
        if type(value) is dict:
            return {key: replace(part) for key, part in value.items()}
        return value

    replaced = replace(result)
    if not outputs:
        return result
    inputs = [one for one in symbols if one is not None]
    try:
        model = _keras().Model(inputs, outputs)
    except Exception as error:
        raise SerializationError(
            f"the returned tensor does not depend on the given one alone ({type(error).__name__}: {error})"
        ) from None
    return Tagged("graph", [model, replaced])


def _applied(model: Any, tensors: list) -> list:
    """Return the outputs of fresh copies of a model's layers, put on other symbolic tensors, inline."""
    keras = _keras()
    made: dict[int, Any] = {}

    def twin(operation: Any) -> Any:
        if id(operation) not in made:
            config = operation.get_config()
            if _AUTOMATIC.sub("", config.get("name", "")) == _snake(type(operation).__name__):
                config.pop("name")
                if isinstance(operation, keras.Model):  # whose configuration must have one
                    config["name"] = keras.src.utils.naming.auto_name(_snake(type(operation).__name__))
            copy = type(operation).from_config(config)
            if isinstance(operation, keras.layers.Layer) and operation.built and operation.get_build_config():
                copy.build_from_config(operation.get_build_config())
            made[id(operation)] = operation, copy
        return made[id(operation)][1]

    inputs = tensors if len(tensors) > 1 else tensors[0]
    outputs = model._run_through_graph(inputs, operation_fn=twin)
    for operation, copy in made.values():
        if isinstance(operation, keras.layers.Layer):
            copy.set_weights(operation.get_weights())
            copy.trainable = operation.trainable
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


_AUTOMATIC = re.compile(r"_\d+$")


def _snake(name: str) -> str:
    """Return the name that Keras gives to the first layer of a class."""
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def attach(value: Any, symbols: list) -> Any:
    """Put the layers of a graph on the test's own tensors; other values are returned as they are."""
    if not isinstance(value, Graph):
        return value
    try:
        outputs = _applied(value.model, symbols)
    except Exception as error:
        raise SerializationError(
            f"the graph cannot be rebuilt: {type(error).__name__}: {str(error)[:500]}"
        ) from None

    def replace(part: Any) -> Any:
        if isinstance(part, Output):
            if not 0 <= part.index < len(outputs):
                raise SerializationError("the graph has fewer outputs than its result says")
            return outputs[part.index]
        if type(part) in (list, tuple):
            return type(part)(replace(one) for one in part)
        if type(part) is dict:
            return {key: replace(one) for key, one in part.items()}
        return part

    return replace(value.result)
