"""Export of a trained Keras network as plain data, for programs outside Python."""

import base64
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from sepconv.cost import of_model

ACTIVATIONS = ("linear", "relu", "relu6", "silu", "softmax")
ACTIVATION_LABELS = {"relu": "ReLU", "relu6": "ReLU up to 6", "silu": "SiLU"}
TRAINING_ONLY = (keras.layers.Dropout, keras.layers.GaussianNoise, keras.layers.SpatialDropout2D)

Step = dict[str, Any]  # book/_static/exhibits/arithmetic/network.js lists the keys
Reference = list[Any]  # an array among all weights: its offset, and its shape


class ExportError(ValueError):
    """A network holds something that has no counterpart outside Keras."""


class _WeightBuffer:
    """Weights of a network in one array; a weight is referred to by its offset and shape."""

    def __init__(self) -> None:
        self._arrays: list[np.ndarray] = []
        self._references: dict[tuple[int, str], Reference] = {}
        self._length = 0

    def add(self, layer: keras.layers.Layer, name: str, value: object) -> Reference:
        """Append a weight, unless the layer's weight of that name is there, and refer to it."""
        key = (id(layer), name)
        if key not in self._references:
            array = np.asarray(value, "<f4")
            self._references[key] = [self._length, list(array.shape)]
            self._arrays.append(array.ravel())
            self._length += array.size
        return self._references[key]

    def base64(self) -> str:
        """Encode all weights as little-endian float32 in base64."""
        joined = np.concatenate(self._arrays) if self._arrays else np.zeros(0, "<f4")
        return base64.b64encode(joined.astype("<f4").tobytes()).decode("ascii")


Writer = Callable[[keras.layers.Layer, _WeightBuffer], list[Step]]


def _activation(layer: keras.layers.Layer) -> str:
    name = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if name not in ACTIVATIONS:
        raise ExportError(f"{layer.name}: activation must be one of {', '.join(ACTIVATIONS)}, got {name!r}")
    return name


def _bias(layer: keras.layers.Layer, weights: _WeightBuffer) -> dict[str, Reference]:
    return {"bias": weights.add(layer, "bias", layer.bias)} if getattr(layer, "use_bias", False) else {}


def _window_arguments(layer: keras.layers.Layer) -> Step:
    """Keras' arguments that decide where a window lies."""
    return {
        "strides": list(layer.strides),
        "padding": layer.padding,
        "dilation": list(getattr(layer, "dilation_rate", (1, 1))),
    }


def _convolution(layer: keras.layers.Layer, weights: _WeightBuffer) -> list[Step]:
    kernel = weights.add(layer, "kernel", layer.kernel)
    size = "×".join(map(str, layer.kernel_size))
    return [
        _window_arguments(layer)
        | {
            "kind": "convolution",
            "label": f"convolution {size}",
            "groups": layer.groups,
            "weights": {"kernel": kernel} | _bias(layer, weights),
        }
    ]


def _depthwise(layer: keras.layers.Layer, weights: _WeightBuffer) -> list[Step]:
    kernel = np.asarray(layer.depthwise_kernel if hasattr(layer, "depthwise_kernel") else layer.kernel)
    flat = kernel.reshape(*kernel.shape[:2], 1, -1)
    size = "×".join(map(str, layer.kernel_size))
    step = _window_arguments(layer) | {"kind": "depthwise", "label": f"depthwise {size}"}
    return [step | {"weights": {"kernel": weights.add(layer, "depthwise", flat)}}]


def _depthwise_alone(layer: keras.layers.Layer, weights: _WeightBuffer) -> list[Step]:
    [step] = _depthwise(layer, weights)
    step["weights"] |= _bias(layer, weights)
    return [step]


def _separable(layer: keras.layers.Layer, weights: _WeightBuffer) -> list[Step]:
    pointwise = {
        "kind": "convolution",
        "label": "pointwise 1×1",
        "groups": 1,
        "strides": [1, 1],
        "padding": "valid",
        "weights": {"kernel": weights.add(layer, "pointwise", layer.pointwise_kernel)}
        | _bias(layer, weights),
    }
    return [*_depthwise(layer, weights), pointwise]


def _normalization(layer: keras.layers.Layer, weights: _WeightBuffer) -> list[Step]:
    mean, variance = np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)
    scale = (np.asarray(layer.gamma) if layer.scale else 1.0) / np.sqrt(variance + layer.epsilon)
    shift = (np.asarray(layer.beta) if layer.center else 0.0) - mean * scale
    references = {"scale": weights.add(layer, "scale", scale), "shift": weights.add(layer, "shift", shift)}
    return [{"kind": "affine", "label": "batch normalization", "weights": references}]


def _pooling(kind: str, label: str) -> Writer:
    def write(layer: keras.layers.Layer, weights: _WeightBuffer) -> list[Step]:
        return [_window_arguments(layer) | {"kind": kind, "label": label, "size": list(layer.pool_size)}]

    return write


def _dense(layer: keras.layers.Layer, weights: _WeightBuffer) -> list[Step]:
    references = {"kernel": weights.add(layer, "kernel", layer.kernel)} | _bias(layer, weights)
    return [{"kind": "dense", "label": "dense", "weights": references}]


def _without_arguments(kind: str, label: str) -> Writer:
    return lambda layer, weights: [{"kind": kind, "label": label}]


def _activation_alone(layer: keras.layers.Layer, weights: _WeightBuffer) -> list[Step]:
    if isinstance(layer, keras.layers.ReLU):
        plain = layer.negative_slope == 0 and layer.threshold == 0
        if not plain or layer.max_value not in (None, 6):
            raise ExportError(f"{layer.name}: a ReLU must be plain or end at 6")
        name = "relu" if layer.max_value is None else "relu6"
    elif isinstance(layer, keras.layers.Softmax):
        name = "softmax"
    else:
        name = _activation(layer)
    return [{"kind": "activation", "label": ACTIVATION_LABELS.get(name, name), "activation": name}]


WRITERS: dict[str, Writer] = {
    "InputLayer": _without_arguments("input", "image"),
    "Conv2D": _convolution,
    "DepthwiseConv2D": _depthwise_alone,
    "SeparableConv2D": _separable,
    "BatchNormalization": _normalization,
    "MaxPooling2D": _pooling("max", "max pooling"),
    "AveragePooling2D": _pooling("mean", "average pooling"),
    "GlobalAveragePooling2D": _without_arguments("average", "global average"),
    "Flatten": _without_arguments("flatten", "flatten"),
    "Dense": _dense,
    "Add": _without_arguments("add", "add"),
    "Activation": _activation_alone,
    "ReLU": _activation_alone,
    "Softmax": _activation_alone,
}


def _calls(model: keras.Model) -> list[tuple[keras.layers.Layer, list[int]]]:
    """List the calls of layers, inputs first: (layer, indices of its inputs' calls)."""
    index_of: dict[int, int] = {}  # by the tensor that the call returns
    calls: list[tuple[keras.layers.Layer, list[int]]] = []

    def visit(tensor: keras.KerasTensor) -> int:
        key = id(tensor)
        if key not in index_of:
            layer, node_index = tensor._keras_history.operation, tensor._keras_history.node_index
            inputs = [visit(before) for before in layer._inbound_nodes[node_index].input_tensors]
            if isinstance(layer, TRAINING_ONLY):
                index_of[key] = inputs[0]
            else:
                calls.append((layer, inputs))
                index_of[key] = len(calls) - 1
        return index_of[key]

    visit(model.outputs[0])
    return calls


def network(model: keras.Model, title: str | None = None) -> dict[str, Any]:
    """Export a network as data that JSON can hold.

    A separable layer becomes two steps, so that the maps between them can be shown. Batch
    normalization is written as in inference: one factor and one summand for each channel.

    Parameters
    ----------
    model : keras.Model
        With one input and one output, made of built-in layers; a layer may be used several times.
    title : str, optional
        By default the model's name.

    Returns
    -------
    dict
        `steps` in the order in which they run, each with the indices of its input steps;
        `numbers`, all weights as little-endian float32 in base64; `parameters` and `macs`.

    Raises
    ------
    ExportError
        If a layer or an activation has no counterpart, naming it.
    """
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ExportError(f"{model.name} must have one input and one output")
    weights = _WeightBuffer()
    steps: list[Step] = []
    last_step: list[int] = []  # of each call
    for layer, inputs in _calls(model):
        writer = WRITERS.get(type(layer).__name__)
        if writer is None:
            raise ExportError(f"{layer.name}: a {type(layer).__name__} cannot be written")
        sources = [last_step[i] for i in inputs]
        for step in writer(layer, weights):
            steps.append({"inputs": sources} | step)
            sources = [len(steps) - 1]
        if "activation" not in steps[-1]:
            steps[-1]["activation"] = _activation(layer)
        last_step.append(len(steps) - 1)
    return {
        "name": model.name,
        "title": title or model.name,
        "parameters": model.count_params(),
        "macs": of_model(model).macs,
        "steps": steps,
        "numbers": weights.base64(),
    }
