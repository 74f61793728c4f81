"""Configurations of Keras models from a process that is not trusted, built anew from an allow-list.

Names of modules, code, files and custom classes in a configuration lead nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from autograder.protocol.bounds import SerializationError, json_depth
from autograder.protocol.libraries import imported

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
# Modules of `keras.src` whose operations may stand in a graph, outside of a layer.
_OPERATIONS = ("ops.numpy", "ops.nn", "ops.math", "ops.image", "ops.linalg", "activations.activations")


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
    keras = imported("keras")
    table = {("layers", name): getattr(keras.layers, name) for name in LAYERS if hasattr(keras.layers, name)}
    for module, base in _KINDS.items():
        public = getattr(keras, module)
        for name, kind in vars(public).items():
            if isinstance(kind, type) and issubclass(kind, getattr(public, base)) and "Wrapper" not in name:
                table[module, name] = kind
    for part in _OPERATIONS:
        module = imported(f"keras.src.{part}")
        for name, kind in vars(module).items() if module else ():
            if (
                isinstance(kind, type)
                and issubclass(kind, keras.Operation)
                and kind.__module__ == module.__name__
            ):
                table[part, name] = kind
    return table


def allowed(node: Any, layers: Mapping[str, type], depth: int = 0) -> Any:
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


def _allowed_class(node: dict[str, Any], layers: Mapping[str, type], depth: int) -> dict[str, Any]:
    name, module = node["class_name"], node.get("module")
    if type(name) is not str or not isinstance(module, str | None):
        raise SerializationError("the configuration of a model is damaged")
    if name == "DTypePolicy":
        config = node.get("config")
        policy = str(config.get("name", "float32"))[:20] if isinstance(config, dict) else "float32"
        return {"module": "keras", "class_name": name, "registered_name": None, "config": {"name": policy}}
    place = {} if name in _SPECIAL else _place_of(name, module or "", layers)
    inner: dict[str, Any] = {
        key: allowed(node[key], layers, depth + 1)
        for key in ("config", "items", "build_config", "name", "inbound_nodes")
        if key in node
    }
    return {"class_name": name, **inner, **place}


def _place_of(name: str, module: str, layers: Mapping[str, type]) -> dict[str, Any]:
    """Return where Keras finds an allowed class."""
    if module.startswith("keras") and name in ("Sequential", "Model"):
        return {"module": "keras", "registered_name": None}
    if module.startswith("keras") and name == "Functional":
        return {"module": "keras.src.models.functional", "registered_name": None}
    if name in layers:
        return {"module": layers[name].__module__, "registered_name": name}
    for kind in ("layers", *_KINDS, *_OPERATIONS):
        if (kind, name) in _table() and _fits(kind, module):
            return {
                "module": f"keras.src.{kind}" if "." in kind else f"keras.{kind}",
                "registered_name": None,
            }
    raise SerializationError(not_built_in(name))


def not_built_in(name: Any) -> str:
    """Say that a layer of this class is not taken."""
    return (
        f"a model with a {name!s:.80} in it; "
        "only Keras' built-in layers without code of their own are allowed"
    )


def _fits(kind: str, module: str) -> bool:
    """Return whether a module that a configuration names is of that kind."""
    return module == f"keras.{kind}" or module.startswith((f"keras.src.{kind}", f"keras.{kind}."))
