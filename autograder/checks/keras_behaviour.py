"""What a Keras graph does, whatever layers it is made of: its shape, its parameters and its numbers."""

from collections import Counter
from zlib import crc32

import numpy as np

PARAMETERS, SHAPE = "number of parameters", "shape of the output"
INFERENCE, TRAINING = "output in inference", "output in training"


def of(model, x, seed=0):
    """
    Say what a model does with data, once its weights have known values.

    Parameters
    ----------
    model : keras.Model
        The model; its weights are overwritten.
    x : ndarray or tuple of ndarray
        A batch, shape (batch, height, width, channels); one for each of the model's inputs.
    seed : int
        Which known values the weights get.

    Returns
    -------
    dict
        By aspect: the number of parameters; the output's shape without the batch; the output in inference and
        in training, where batch normalization uses the batch's own statistics.
    """
    x = list(x) if isinstance(x, tuple) else x
    if not model.built:  # it was made without an input shape
        model([some[:1] for some in x] if isinstance(x, list) else x[:1], training=False)
    give_known_weights(model, seed)
    inference = np.asarray(model(x, training=False))
    return {
        PARAMETERS: model.count_params(),
        SHAPE: tuple(inference.shape[1:]),
        INFERENCE: inference,
        TRAINING: np.asarray(model(x, training=True)),
    }


def give_known_weights(model, seed=0):
    """
    Overwrite a model's weights with values that depend on what they are for, not on how the layers are made.

    A ``SeparableConv2D`` and a ``DepthwiseConv2D`` followed by a ``Conv2D`` of 1×1 get the same numbers.

    Parameters
    ----------
    model : keras.Model
        A built model.
    seed : int
        Other seeds give other values.
    """
    seen = Counter()
    for layer in leaves(model):
        for weight in layer.weights:
            role, shape = role_of(layer, weight)
            values = known_values(role, shape, seed, seen[role, shape])
            seen[role, shape] += 1
            weight.assign(values.reshape(tuple(weight.shape)))


def known_values(role, shape, seed=0, index=0):
    """
    Give the values of the `index`-th weight that has this role and shape in a graph.

    Parameters
    ----------
    role : str
        "depthwise_kernel", "pointwise_kernel", "kernel", "bias", "gamma", "beta", "moving_mean",
        "moving_variance", or another layer's own name.
    shape : tuple of int
        In the layout of ``SeparableConv2D`` and ``Conv2D``: (height, width, channels, multiplier or filters).
    seed, index : int
        Which values.

    Returns
    -------
    ndarray
        float32; variances between 0.5 and 2, kernels scaled so that outputs stay near 1.
    """
    shape = tuple(int(n) for n in shape)
    rng = np.random.default_rng([seed, crc32(role.encode()), index, *shape])
    if "variance" in role:
        return rng.uniform(0.5, 2, shape).astype("float32")
    values = rng.normal(size=shape)
    if "kernel" in role:
        fan_in = np.prod(shape[:2]) if role == "depthwise_kernel" else np.prod(shape[:-1])
        values /= np.sqrt(fan_in)
    return values.astype("float32")


class Known:
    """The known values of a graph's weights in order, for computing what it gives without Keras.

    Parameters
    ----------
    seed : int
        Which values.

    Attributes
    ----------
    parameters : int
        How many values it has given.
    """

    def __init__(self, seed):
        self.seed, self.seen, self.parameters = seed, Counter(), 0

    def __call__(self, role, *shape):
        """Give the values of the next weight that has this role and shape, as float64 (`known_values`)."""
        values = known_values(role, shape, self.seed, self.seen[role, shape])
        self.seen[role, shape] += 1
        self.parameters += values.size
        return values.astype(float)


def expected(stages, x, seed):
    """Say what a layer or model should do, from stages that compute it without Keras.

    Parameters
    ----------
    stages : callable
        From data, a `Known` that gives it the weights in order, and `training`, to the output.
    x : ndarray or tuple of ndarray
        The data, shape (batch, height, width, channels).
    seed : int
        Which values the weights have.

    Returns
    -------
    dict
        As `of` gives it.
    """
    known = Known(seed)
    inference = stages(x, known, training=False)
    return {
        PARAMETERS: known.parameters,
        SHAPE: inference.shape[1:],
        INFERENCE: inference.astype("float32"),
        TRAINING: stages(x, Known(seed), training=True).astype("float32"),
    }


def role_of(layer, weight):
    """
    Say what a weight is for.

    Parameters
    ----------
    layer : keras.Layer
        A layer without layers of its own.
    weight : keras.Variable
        One of its weights.

    Returns
    -------
    tuple of str and tuple of int
        The role, and the shape in that role's usual layout.
    """
    kind, name, shape = type(layer).__name__, weight.name, tuple(weight.shape)
    if name == "kernel" and kind == "DepthwiseConv2D":
        return "depthwise_kernel", shape
    if name == "bias" and kind == "DepthwiseConv2D":
        return "depthwise_bias", shape
    if name == "kernel" and kind == "Dense":
        return "pointwise_kernel", (1, 1, *shape)
    if name == "kernel" and kind == "Conv2D":
        if layer.groups > 1 and shape[2] == 1:  # one group for each channel: a depthwise convolution
            return "depthwise_kernel", (*shape[:2], layer.groups, shape[3] // layer.groups)
        if shape[:2] == (1, 1):
            return "pointwise_kernel", shape
    return name, shape


def leaves(model):
    """
    List a model's layers in order, with nested models taken apart.

    Parameters
    ----------
    model : keras.Model
        Any model.

    Returns
    -------
    list of keras.Layer
        Layers that hold no layers, inputs left out.
    """
    found = []
    for layer in model.layers:
        if getattr(layer, "layers", None):
            found += leaves(layer)
        elif type(layer).__name__ != "InputLayer":
            found.append(layer)
    return found


def in_words(model):
    """
    Name a model's layers in order, each with what distinguishes it.

    Parameters
    ----------
    model : keras.Model
        Any model.

    Returns
    -------
    str
        Such as ``Conv2D(8 filters, 3×3, strides 2, same, relu) → BatchNormalization``.
    """
    return " → ".join(_layer_in_words(layer) for layer in leaves(model)) or "no layer at all"


def _layer_in_words(layer):
    said = []
    if hasattr(layer, "filters") and layer.filters:
        said.append(f"{layer.filters} filters")
    if hasattr(layer, "units"):
        said.append(f"{layer.units} units")
    for name, short in (("kernel_size", ""), ("strides", "strides ")):
        pair = getattr(layer, name, None)
        if pair:
            same = len(set(pair)) == 1 and name == "strides"
            said.append(short + (str(pair[0]) if same else "×".join(map(str, pair))))
    if getattr(layer, "padding", None) in {"same", "valid"}:
        said.append(layer.padding)
    if hasattr(layer, "kernel_size") and getattr(layer, "use_bias", True) is False:
        said.append("no bias")
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if activation != "linear":
        said.append(activation)
    return type(layer).__name__ + (f"({', '.join(said)})" if said else "")
