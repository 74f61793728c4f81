"""A trained Keras network as plain data, for programs that are not Python."""

import base64

import keras
import numpy as np

from sepconv.cost import of_model

ACTIVATIONS = ("linear", "relu", "relu6", "silu", "softmax")
LABELS = {"relu": "ReLU", "relu6": "ReLU up to 6", "silu": "SiLU"}
SKIPPED = (keras.layers.Dropout, keras.layers.GaussianNoise, keras.layers.SpatialDropout2D)


class ExportError(ValueError):
    """A network holds something that has no counterpart outside Keras."""


class _Numbers:
    """All weights in one row; each array is known by where it begins and its shape."""

    def __init__(self):
        self._arrays, self._places, self._length = [], {}, 0

    def place(self, layer, name: str, value) -> list:
        key = (id(layer), name)
        if key not in self._places:
            array = np.asarray(value, "<f4")
            self._places[key] = [self._length, list(array.shape)]
            self._arrays.append(array.ravel())
            self._length += array.size
        return self._places[key]

    def text(self) -> str:
        row = np.concatenate(self._arrays) if self._arrays else np.zeros(0, "<f4")
        return base64.b64encode(row.astype("<f4").tobytes()).decode("ascii")


def _activation(layer) -> str:
    name = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if name not in ACTIVATIONS:
        raise ExportError(f"{layer.name}: activation must be one of {', '.join(ACTIVATIONS)}, got {name!r}")
    return name


def _bias(layer, numbers) -> dict:
    return {"bias": numbers.place(layer, "bias", layer.bias)} if getattr(layer, "use_bias", False) else {}


def _lies(layer) -> dict:
    """Where a kernel lies, as Keras' arguments say."""
    return {
        "strides": list(layer.strides),
        "padding": layer.padding,
        "dilation": list(getattr(layer, "dilation_rate", (1, 1))),
    }


def _convolution(layer, numbers) -> list[dict]:
    kernel = numbers.place(layer, "kernel", layer.kernel)
    size = "×".join(map(str, layer.kernel_size))
    return [
        _lies(layer)
        | {
            "kind": "convolution",
            "label": f"convolution {size}",
            "groups": layer.groups,
            "weights": {"kernel": kernel} | _bias(layer, numbers),
        }
    ]


def _depthwise(layer, numbers) -> list[dict]:
    kernel = np.asarray(layer.depthwise_kernel if hasattr(layer, "depthwise_kernel") else layer.kernel)
    flat = kernel.reshape(*kernel.shape[:2], 1, -1)
    size = "×".join(map(str, layer.kernel_size))
    step = _lies(layer) | {"kind": "depthwise", "label": f"depthwise {size}"}
    return [step | {"weights": {"kernel": numbers.place(layer, "depthwise", flat)}}]


def _depthwise_alone(layer, numbers) -> list[dict]:
    [step] = _depthwise(layer, numbers)
    step["weights"] |= _bias(layer, numbers)
    return [step]


def _separable(layer, numbers) -> list[dict]:
    pointwise = {
        "kind": "convolution",
        "label": "pointwise 1×1",
        "groups": 1,
        "strides": [1, 1],
        "padding": "valid",
        "weights": {"kernel": numbers.place(layer, "pointwise", layer.pointwise_kernel)}
        | _bias(layer, numbers),
    }
    return [*_depthwise(layer, numbers), pointwise]


def _normalization(layer, numbers) -> list[dict]:
    mean, variance = np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)
    scale = (np.asarray(layer.gamma) if layer.scale else 1.0) / np.sqrt(variance + layer.epsilon)
    shift = (np.asarray(layer.beta) if layer.center else 0.0) - mean * scale
    weights = {"scale": numbers.place(layer, "scale", scale), "shift": numbers.place(layer, "shift", shift)}
    return [{"kind": "affine", "label": "batch normalization", "weights": weights}]


def _pooling(kind: str, label: str):
    def steps(layer, numbers) -> list[dict]:
        return [_lies(layer) | {"kind": kind, "label": label, "size": list(layer.pool_size)}]

    return steps


def _dense(layer, numbers) -> list[dict]:
    weights = {"kernel": numbers.place(layer, "kernel", layer.kernel)} | _bias(layer, numbers)
    return [{"kind": "dense", "label": "dense", "weights": weights}]


def _plain(kind: str, label: str):
    return lambda layer, numbers: [{"kind": kind, "label": label}]


def _activation_alone(layer, numbers) -> list[dict]:
    if isinstance(layer, keras.layers.ReLU):
        plain = layer.negative_slope == 0 and layer.threshold == 0
        if not plain or layer.max_value not in (None, 6):
            raise ExportError(f"{layer.name}: a ReLU must be plain or end at 6")
        name = "relu" if layer.max_value is None else "relu6"
    elif isinstance(layer, keras.layers.Softmax):
        name = "softmax"
    else:
        name = _activation(layer)
    return [{"kind": "activation", "label": LABELS.get(name, name), "activation": name}]


WRITERS = {
    "InputLayer": _plain("input", "image"),
    "Conv2D": _convolution,
    "DepthwiseConv2D": _depthwise_alone,
    "SeparableConv2D": _separable,
    "BatchNormalization": _normalization,
    "MaxPooling2D": _pooling("max", "max pooling"),
    "AveragePooling2D": _pooling("mean", "average pooling"),
    "GlobalAveragePooling2D": _plain("average", "global average"),
    "Flatten": _plain("flatten", "flatten"),
    "Dense": _dense,
    "Add": _plain("add", "add"),
    "Activation": _activation_alone,
    "ReLU": _activation_alone,
    "Softmax": _activation_alone,
}


def _calls(model) -> list[tuple]:
    """List the calls of layers, inputs first: (layer, indices of its inputs' calls)."""
    made, order = {}, []

    def visit(tensor) -> int:
        key = id(tensor)
        if key not in made:
            layer, node_index = tensor._keras_history.operation, tensor._keras_history.node_index
            inputs = [visit(before) for before in layer._inbound_nodes[node_index].input_tensors]
            if isinstance(layer, SKIPPED):
                made[key] = inputs[0]
            else:
                order.append((layer, inputs))
                made[key] = len(order) - 1
        return made[key]

    visit(model.outputs[0])
    return order


def network(model: keras.Model, title: str | None = None) -> dict:
    """Write a network as data that JSON can hold.

    A separable layer becomes two steps, so that what passes between them can be seen. Batch normalization is
    written as it works after training: one factor and one summand for each channel.

    Parameters
    ----------
    model : keras.Model
        With one input and one output, made of built-in layers; a layer may be used several times.
    title : str, optional
        By default the model's name.

    Returns
    -------
    dict
        `steps` in the order in which they run, each with the indices of the steps that it takes; `numbers`,
        all weights as little-endian float32 in base64; `parameters` and `macs`.

    Raises
    ------
    ExportError
        If a layer or an activation has no counterpart, naming it.
    """
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ExportError(f"{model.name} must have one input and one output")
    numbers, steps, last = _Numbers(), [], {}
    for index, (layer, inputs) in enumerate(_calls(model)):
        writer = WRITERS.get(type(layer).__name__)
        if writer is None:
            raise ExportError(f"{layer.name}: a {type(layer).__name__} cannot be written")
        before = [last[i] for i in inputs]
        for step in writer(layer, numbers):
            steps.append({"inputs": before} | step)
            before = [len(steps) - 1]
        if "activation" not in steps[-1]:
            steps[-1]["activation"] = _activation(layer)
        last[index] = len(steps) - 1
    return {
        "name": model.name,
        "title": title or model.name,
        "parameters": model.count_params(),
        "macs": of_model(model).macs,
        "steps": steps,
        "numbers": numbers.text(),
    }
