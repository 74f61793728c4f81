"""The behaviour of a Keras graph, whatever its layers: shape, parameters and numbers."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    import keras

Data = np.ndarray | tuple[np.ndarray, ...]

PARAMETERS, SHAPE = "number of parameters", "shape of the output"
INFERENCE, TRAINING = "output in inference", "output in training"
# What a layer does where nobody says whether it is training, and what it keeps of a batch.
UNTOLD, MOVED = "output where `training` is not given", "moving statistics after a batch in training"
AS_INFERENCE, AS_TRAINING, AS_NEITHER = "as in inference", "as in training", "another one"
MOMENTUM, EPSILON = 0.99, 1e-3  # Keras' defaults


def of(model: keras.Model, x: Data, seed: int = 0) -> dict[str, Any]:
    """Say what a model does with data, once its weights have known values.

    Parameters
    ----------
    model : keras.Model
        The model; its weights are overwritten.
    x : ndarray or tuple of ndarray
        A batch, shape (batch, height, width, channels); one for each of the model's inputs.
    seed : int
        Seed of the weights' known values.

    Returns
    -------
    dict
        By aspect: the number of parameters; the output's shape without the batch; the output in
        inference and in training, where batch normalization uses the batch's own statistics; in
        words, which of the two comes where `training` is not given; and what has become of batch
        normalization's moving statistics, one after the other, after that batch in training.
    """
    inputs = list(x) if isinstance(x, tuple) else x
    if not model.built:  # it was made without an input shape
        model([batch[:1] for batch in inputs] if isinstance(inputs, list) else inputs[:1], training=False)
    give_known_weights(model, seed)
    inference, untold = np.asarray(model(inputs, training=False)), np.asarray(model(inputs))
    training = np.asarray(model(inputs, training=True))
    return {
        PARAMETERS: model.count_params(),
        SHAPE: tuple(inference.shape[1:]),
        INFERENCE: inference,
        TRAINING: training,
        UNTOLD: _like(untold, inference, training),
        MOVED: _joined(
            np.asarray(weight)
            for layer in leaves(model)
            for weight in layer.weights
            if role_of(layer, weight)[0].startswith("moving_")
        ),
    }


def _like(output: np.ndarray, inference: np.ndarray, training: np.ndarray) -> str:
    """Say which of two outputs a third one is."""
    for words, other in ((AS_INFERENCE, inference), (AS_TRAINING, training)):
        if output.shape == other.shape and np.allclose(output, other, rtol=1e-3, atol=1e-4, equal_nan=True):
            return words
    return AS_NEITHER


def _joined(statistics: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0), *(values.ravel() for values in statistics)]).astype("float32")


def give_known_weights(model: keras.Model, seed: int = 0) -> None:
    """Overwrite a model's weights with values that depend on their roles, not on the layers' kinds.

    A ``SeparableConv2D`` and a ``DepthwiseConv2D`` followed by a ``Conv2D`` of 1×1 get the same
    numbers. Layers that draw at random, such as ``Dropout``, begin anew with a seed of their own
    each, so that two graphs of the same layers draw the same.

    Parameters
    ----------
    model : keras.Model
        A built model.
    seed : int
        Other seeds give other values.
    """
    seen: Counter[tuple[str, tuple[int, ...]]] = Counter()
    for layer in leaves(model):
        for weight in layer.weights:
            role, shape = role_of(layer, weight)
            values = known_values(role, shape, seed, seen[role, shape])
            seen[role, shape] += 1
            weight.assign(values.reshape(tuple(weight.shape)))
    for index, state in enumerate(_random_states(model)):
        state.assign([seed, index])


def _random_states(model: keras.Model) -> list[keras.Variable]:
    """List the states of the generators from which layers draw, in the layers' order."""
    return [
        variable for layer in leaves(model) for variable in layer.variables
        if str(variable.name).endswith("seed_generator_state")
    ]  # fmt: skip


def known_values(role: str, shape: tuple[int, ...], seed: int = 0, index: int = 0) -> np.ndarray:
    """Return the values of the `index`-th weight that has this role and shape in a graph.

    Parameters
    ----------
    role : str
        "depthwise_kernel", "pointwise_kernel", "kernel", "bias", "gamma", "beta", "moving_mean",
        "moving_variance", or another layer's own name.
    shape : tuple of int
        In the layout of ``SeparableConv2D`` and ``Conv2D``: (height, width, channels, multiplier
        or filters).
    seed, index : int
        Seeds of the values.

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


class KnownWeights:
    """The known values of a graph's weights in order, for computing what it gives without Keras.

    Parameters
    ----------
    seed : int
        Seed of the values.

    Attributes
    ----------
    parameters : int
        Number of the values that it has given.
    moved : list of ndarray
        What `normalized` has made of the moving statistics, in training.
    """

    def __init__(self, seed: int) -> None:
        self.seed, self.parameters = seed, 0
        self.moved: list[np.ndarray] = []
        self.seen: Counter[tuple[str, tuple[int, ...]]] = Counter()

    def __call__(self, role: str, *shape: int) -> np.ndarray:
        """Return the values of the next weight with this role and shape, as float64."""
        values = known_values(role, shape, self.seed, self.seen[role, shape])
        self.seen[role, shape] += 1
        self.parameters += values.size
        return values.astype(float)

    def normalized(self, x: np.ndarray, training: bool) -> np.ndarray:
        """Normalize data as Keras' ``BatchNormalization`` does by default, with the next weights.

        Parameters
        ----------
        x : ndarray
            Channels on the last axis.
        training : bool
            Whether to use the statistics of this data, and to move the kept ones towards them.
        """
        gamma, beta, mean, variance = (
            self(role, x.shape[-1]) for role in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        if training:
            axes = tuple(range(x.ndim - 1))
            kept, (mean, variance) = (mean, variance), (x.mean(axes), x.var(axes))
            self.moved += [
                MOMENTUM * old + (1 - MOMENTUM) * new for old, new in zip(kept, (mean, variance), strict=True)
            ]
        return np.asarray(gamma * (x - mean) / np.sqrt(variance + EPSILON) + beta)


def expected(stages: Callable[..., np.ndarray], x: Data, seed: int) -> dict[str, Any]:
    """Say what a layer or model should do, from stages that compute it without Keras.

    Parameters
    ----------
    stages : callable
        From data, `KnownWeights` that give it the weights in order and normalize with them, and
        `training`, to the output.
    x : ndarray or tuple of ndarray
        The data, shape (batch, height, width, channels).
    seed : int
        Seed of the weights' known values.

    Returns
    -------
    dict
        As `of` gives it.
    """
    known, trained = KnownWeights(seed), KnownWeights(seed)
    inference = stages(x, known, training=False)
    return {
        PARAMETERS: known.parameters,
        SHAPE: inference.shape[1:],
        INFERENCE: inference.astype("float32"),
        TRAINING: stages(x, trained, training=True).astype("float32"),
        UNTOLD: AS_INFERENCE,
        MOVED: _joined(trained.moved),
    }


def role_of(layer: keras.Layer, weight: keras.Variable) -> tuple[str, tuple[int, ...]]:
    """Return the role of a weight and its shape.

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
    kind, name = type(layer).__name__, str(weight.name)
    shape: tuple[int, ...] = tuple(weight.shape)
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


def leaves(model: keras.Model) -> list[keras.Layer]:
    """List a model's layers in order, with nested models taken apart.

    Parameters
    ----------
    model : keras.Model
        Any model.

    Returns
    -------
    list of keras.Layer
        Layers that hold no layers, inputs left out.
    """
    layers = []
    for layer in model.layers:
        if getattr(layer, "layers", None):
            layers += leaves(layer)
        elif type(layer).__name__ != "InputLayer":
            layers.append(layer)
    return layers


def in_words(model: keras.Model) -> str:
    """Name a model's layers in order, each with what distinguishes it.

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


def _layer_in_words(layer: keras.Layer) -> str:
    traits = []
    if hasattr(layer, "filters") and layer.filters:
        traits.append(f"{layer.filters} filters")
    if hasattr(layer, "units"):
        traits.append(f"{layer.units} units")
    for name, short in (("kernel_size", ""), ("strides", "strides ")):
        pair = getattr(layer, name, None)
        if pair:
            once = len(set(pair)) == 1 and name == "strides"
            traits.append(short + (str(pair[0]) if once else "×".join(map(str, pair))))
    if getattr(layer, "padding", None) in {"same", "valid"}:
        traits.append(layer.padding)
    if hasattr(layer, "kernel_size") and getattr(layer, "use_bias", True) is False:
        traits.append("no bias")
    activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if activation != "linear":
        traits.append(activation)
    traits += _changed_arguments(layer)
    return type(layer).__name__ + (f"({', '.join(traits)})" if traits else "")


# Arguments that are named above, or that say nothing of what a layer computes.
_TOLD = {"filters", "units", "kernel_size", "strides", "use_bias", "activation", "name", "dtype", "seed"}


def _changed_arguments(layer: keras.Layer) -> list[str]:
    """Name a layer's other arguments, where they are not Keras' defaults."""
    config, found = layer.get_config(), []
    for name, parameter in inspect.signature(type(layer).__init__).parameters.items():
        value = config.get(name)
        told = name in _TOLD or value in ("same", "valid", "channels_last", None)
        if not told and isinstance(value, bool | int | float | str | tuple | list):
            flat = set(np.ravel(value).tolist())
            if flat != set(np.ravel(parameter.default).tolist()):
                values = value if np.ndim(value) == 0 else "×".join(map(str, np.ravel(value)))
                found.append(f"{name} {values}")
    return found if layer.trainable else [*found, "not trainable"]
