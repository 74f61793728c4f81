"""Keras layers for the labs, and the blocks that the book takes apart.

All are functions that return Keras' own layers or tensors, so that models made with them are saved
and loaded without this package.
"""

from collections.abc import Callable

from keras import KerasTensor, layers

from sepconv.ops import Size


def SeparableConv2DKeras(  # noqa: N802 - the name under which the course's sources know it
    filters: int,
    kernel_size: Size,
    strides: Size = 1,
    padding: str = "valid",
    activation: str | Callable[[KerasTensor], KerasTensor] | None = None,
    **kwargs: object,
) -> layers.SeparableConv2D:
    """Make a depthwise separable layer with the arguments of the course's sources, in order.

    Parameters
    ----------
    filters : int
        Channels of the output.
    kernel_size, strides : int or (int, int)
    padding : {"valid", "same"}
    activation : str, callable or None
        Applied after the pointwise part; there is none between the two parts.
    **kwargs
        Any other argument of `keras.layers.SeparableConv2D`.

    Returns
    -------
    keras.layers.SeparableConv2D
    """
    return layers.SeparableConv2D(
        filters, kernel_size, strides=strides, padding=padding, activation=activation, **kwargs
    )


def BilinearUpSampling2D(size: Size = 2) -> layers.UpSampling2D:  # noqa: N802 - the sources' name
    """Make a layer of bilinear upsampling.

    Parameters
    ----------
    size : int or (int, int)
        Factors of height and width.

    Returns
    -------
    keras.layers.UpSampling2D
        Equal to `sepconv.ops.upsample_bilinear2d`.
    """
    return layers.UpSampling2D(size, interpolation="bilinear")


def inception_module(
    x: KerasTensor,
    filters_1x1: int,
    filters_3x3: int,
    filters_5x5: int,
    filters_pool: int | None = None,
    reduce_3x3: int | None = None,
    reduce_5x5: int | None = None,
) -> KerasTensor:
    """Filter one input in four ways and concatenate the results.

    Parameters
    ----------
    x : tensor, (batch, height, width, channels)
    filters_1x1, filters_3x3, filters_5x5 : int
        Channels of the three convolutional towers.
    filters_pool : int, optional
        Channels of a 1×1 convolution after the pooling tower; None for no
        such convolution.
    reduce_3x3, reduce_5x5 : int, optional
        Channels of a 1×1 convolution before the 3×3 and the 5×5 one; None for
        no such convolution. Without the three optional arguments, the module
        is the naive one.

    Returns
    -------
    tensor, (batch, height, width, channels of all towers)

    References
    ----------
    Szegedy et al., "Going Deeper with Convolutions", 2015, figure 2.
    """
    same = {"padding": "same", "activation": "relu"}

    def convolve(y: KerasTensor, filters: int, size: int) -> KerasTensor:
        return layers.Conv2D(filters, size, **same)(y)

    def reduce(y: KerasTensor, filters: int | None) -> KerasTensor:
        return y if filters is None else convolve(y, filters, 1)

    pooled = layers.MaxPooling2D(3, strides=1, padding="same")(x)
    return layers.Concatenate()(
        [
            convolve(x, filters_1x1, 1),
            convolve(reduce(x, reduce_3x3), filters_3x3, 3),
            convolve(reduce(x, reduce_5x5), filters_5x5, 5),
            reduce(pooled, filters_pool),
        ]
    )


def towers(
    x: KerasTensor,
    filters: int,
    kernel_size: Size,
    groups: int,
) -> KerasTensor:
    """Mix channels by a 1×1 convolution, then filter them in separate towers.

    One group gives an ordinary convolution after the 1×1; as many groups as
    filters give a depthwise one, the Inception module with the most towers.

    Parameters
    ----------
    x : tensor, (batch, height, width, channels)
    filters : int
    kernel_size : int or (int, int)
    groups : int
        A divisor of `filters`.

    Returns
    -------
    tensor, (batch, height, width, filters)

    Raises
    ------
    ValueError
        If `groups` does not divide `filters`.

    References
    ----------
    Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions",
    2017, figures 3 and 4.
    """
    if groups < 1 or filters % groups:
        got = f"groups={groups} for {filters} filters"
        raise ValueError(f"groups must divide filters, got {got}")
    mixed = layers.Conv2D(filters, 1, use_bias=False)(x)
    if groups == filters:
        return layers.DepthwiseConv2D(kernel_size, padding="same")(mixed)
    spatial = layers.Conv2D(filters, kernel_size, padding="same", groups=groups)
    return spatial(mixed)


def xception_block(
    x: KerasTensor, filters: int, repeats: int = 2, strides: int = 2, start_with_relu: bool = True
) -> KerasTensor:
    """Stack separable layers and add the input: the residual block of Xception.

    Parameters
    ----------
    x : tensor, (batch, height, width, channels)
    filters : int
        Channels of the output.
    repeats : int
        Number of separable layers: 2 in Xception's entry flow, 3 in its middle flow.
    strides : int
        Above 1: strides of a max pooling after the separable layers and of a 1×1 convolution on
        the shortcut.
    start_with_relu : bool
        Whether the first separable layer has a ReLU before it as well.

    Returns
    -------
    tensor, (batch, height / strides, width / strides, filters)

    References
    ----------
    Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2017, figure 5.
    """
    shortcut = x
    if strides > 1 or x.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, padding="same", use_bias=False)(x)
        shortcut = layers.BatchNormalization()(shortcut)
    for repeat in range(repeats):
        if repeat > 0 or start_with_relu:
            x = layers.ReLU()(x)
        x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
    if strides > 1:
        x = layers.MaxPooling2D(3, strides=strides, padding="same")(x)
    return layers.Add()([x, shortcut])
