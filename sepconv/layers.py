"""Keras layers that the labs are handed."""

import keras


def SeparableConv2DKeras(  # noqa: N802 - the name under which the course's sources know it
    filters, kernel_size, strides=1, padding="valid", activation=None, **kwargs
) -> keras.layers.SeparableConv2D:
    """Make a depthwise separable layer with the arguments of the course's sources, in their order.

    Parameters
    ----------
    filters : int
        Channels that come out.
    kernel_size, strides : int or (int, int)
    padding : {"valid", "same"}
    activation : str, callable or None
        Applied after the pointwise part; there is none between the two parts.
    **kwargs
        Any other argument of `keras.layers.SeparableConv2D`.

    Returns
    -------
    keras.layers.SeparableConv2D
        Keras' own layer, no subclass, so that models made with it are saved and loaded without this package.
    """
    return keras.layers.SeparableConv2D(
        filters, kernel_size, strides=strides, padding=padding, activation=activation, **kwargs
    )
