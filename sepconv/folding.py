"""Batch normalization folded into the convolution before it."""

from collections.abc import Container
from typing import Any

import keras
import numpy as np
from keras import layers

FOLDABLE = (layers.Conv2D, layers.SeparableConv2D)


def fold_batch_normalization(model: keras.Model) -> keras.Model:
    """Copy a model with its batch normalizations folded into the convolutions before them.

    In inference, batch normalization scales and shifts each channel. Where it follows a `Conv2D` or
    a `SeparableConv2D` without activation, the scale goes into the kernel and the shift into the
    bias. Max pooling may lie between the two if no scale is negative, since an increasing function
    keeps the largest value the largest.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional.

    Returns
    -------
    keras.Model
        Equal in inference, up to rounding, with a linear `Activation` in the place of each folded
        normalization. A normalization that cannot be folded stays as it is.
    """
    affine: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # scale and shift, by convolution
    folded_norms = set()
    for norm in (layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)):
        scale, shift = _scale_and_shift(norm)
        convolution = _convolution_before(norm, increasing=bool((scale >= 0).all()))
        if convolution is not None:
            affine[convolution.name] = (scale, shift)
            folded_norms.add(norm.name)
    folded = _clone(model, folded_norms, affine)
    for layer in model.layers:
        weights = layer.get_weights()
        if not weights or layer.name in folded_norms:
            continue
        if layer.name in affine:
            scale, shift = affine[layer.name]
            *kernels, last = weights[:-1] if layer.use_bias else weights
            bias = weights[-1] if layer.use_bias else 0
            weights = [*kernels, last * scale, bias * scale + shift]
        folded.get_layer(layer.name).set_weights(weights)
    return folded


def _clone(model: keras.Model, folded_norms: Container[str], with_bias: Container[str]) -> keras.Model:
    """Clone a model with linear activations for the normalizations, and biases where named."""

    def clone_layer(layer: layers.Layer) -> layers.Layer:
        if layer.name in folded_norms:
            return layers.Activation("linear", name=layer.name)
        config = layer.get_config() | ({"use_bias": True} if layer.name in with_bias else {})
        return type(layer).from_config(config)

    def call_layer(layer: layers.Layer, *args: Any, mask: object = None, **kwargs: Any) -> Any:
        return layer(*args, **kwargs)  # without the mask, which a linear activation does not take

    call_function = None if isinstance(model, keras.Sequential) else call_layer
    return keras.models.clone_model(model, clone_function=clone_layer, call_function=call_function)


def _scale_and_shift(norm: layers.BatchNormalization) -> tuple[np.ndarray, np.ndarray]:
    """Scale and shift of each channel, from the layer's outputs for two inputs."""
    far = 1024.0  # a power of two, and far from 0: the shift's rounding does not show in the scale
    channels = norm.moving_mean.shape[0]
    shift, output = (
        keras.ops.convert_to_numpy(
            norm(np.full((1, 1, 1, channels), value, "float32"), training=False)
        ).ravel()
        for value in (0.0, far)
    )
    return (output - shift) / far, shift


def _convolution_before(norm: layers.BatchNormalization, increasing: bool) -> layers.Layer | None:
    """Find the convolution that only the normalization reads, if it can take scale and shift."""
    layer = norm
    while True:
        if len(layer._inbound_nodes) != 1:
            return None
        layer = layer._inbound_nodes[0].input_tensors[0]._keras_history.operation
        if len(layer._outbound_nodes) != 1:
            return None
        if isinstance(layer, layers.MaxPooling2D) and increasing:
            continue
        linear = getattr(layer, "activation", None) in (None, keras.activations.linear)
        called_once = len(layer._inbound_nodes) == 1
        return layer if type(layer) in FOLDABLE and linear and called_once else None
