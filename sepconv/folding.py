"""Batch normalization folded away: once trained, it is a line for each channel, and so is a convolution."""

import keras
import numpy as np
from keras import layers

FOLDABLE = (layers.Conv2D, layers.SeparableConv2D)


def fold_batch_normalization(model: keras.Model) -> keras.Model:
    """Copy a model without the normalizations that the convolutions before them can do as well.

    In inference, batch normalization maps each channel along a straight line. Where it follows a `Conv2D` or
    a `SeparableConv2D` without activation, the line's slope goes into the kernel and its height into the
    bias. Max pooling may stand between the two if no slope is negative, since a rising line leaves the
    largest value the largest.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional.

    Returns
    -------
    keras.Model
        With the same outputs in inference, up to rounding, and an `Activation` that does nothing where a
        normalization was. A normalization that cannot be folded stays as it is.
    """
    lines = {}
    for norm in (layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)):
        slope, height = _line(norm)
        before = _convolution_before(norm, rising=(slope >= 0).all())
        if before is not None:
            lines[before.name] = (norm.name, slope, height)
    folded_norms = {norm for norm, _, _ in lines.values()}

    def copy(layer):
        if layer.name in folded_norms:
            return layers.Activation("linear", name=layer.name)
        config = layer.get_config() | ({"use_bias": True} if layer.name in lines else {})
        return type(layer).from_config(config)

    def call(layer, *args, mask=None, **kwargs):  # what stands for a normalization takes no mask
        return layer(*args, **kwargs)

    sequential = isinstance(model, keras.Sequential)
    folded = keras.models.clone_model(model, clone_function=copy, call_function=None if sequential else call)
    for layer in model.layers:
        weights = layer.get_weights()
        if not weights or layer.name in folded_norms:
            continue
        if layer.name in lines:
            _, slope, height = lines[layer.name]
            *kernels, last = weights[:-1] if layer.use_bias else weights
            bias = weights[-1] if layer.use_bias else 0
            weights = [*kernels, last * slope, bias * slope + height]
        folded.get_layer(layer.name).set_weights(weights)
    return folded


def _line(norm) -> tuple[np.ndarray, np.ndarray]:
    """Slope and height of each channel's line, from what the layer itself makes of two values."""
    far = 1024.0  # a power of two, and far from 0: the height's rounding does not show in the slope
    channels = norm.moving_mean.shape[0]
    height, there = (
        np.asarray(norm(np.full((1, 1, 1, channels), value, "float32"), training=False)).ravel()
        for value in (0.0, far)
    )
    return (there - height) / far, height


def _convolution_before(norm, rising: bool):
    """Find the convolution whose values nothing but the normalization sees, if it can take the line in."""
    layer = norm
    while True:
        if len(layer._inbound_nodes) != 1:
            return None
        layer = layer._inbound_nodes[0].input_tensors[0]._keras_history.operation
        if len(layer._outbound_nodes) != 1:
            return None
        if isinstance(layer, layers.MaxPooling2D) and rising:
            continue
        linear = getattr(layer, "activation", None) in (None, keras.activations.linear)
        alone = len(layer._inbound_nodes) == 1
        return layer if type(layer) in FOLDABLE and linear and alone else None
