"""Blocks of the networks after Xception, each a function of Keras tensors.

Every one is built of depthwise and pointwise convolutions; they differ in
where the channels are many, where a non-linearity stands and which channels
a filter reads.
"""

from keras import KerasTensor, layers


def channel_shuffle(x: KerasTensor, groups: int) -> KerasTensor:
    """Deal the channels of each group out to all groups.

    Parameters
    ----------
    x : tensor, (batch, height, width, channels)
        Of known height and width.
    groups : int
        A divisor of the channels.

    Returns
    -------
    tensor, as `x`
        Equal to `sepconv.ops.channel_shuffle`.

    Raises
    ------
    ValueError
        If `groups` does not divide the channels.

    References
    ----------
    Zhang et al., "ShuffleNet", 2018, section 3.1.
    """
    height, width, channels = x.shape[1:]
    if groups < 1 or channels % groups:
        got = f"groups={groups} for {channels} channels"
        raise ValueError(f"groups must divide the channels, got {got}")
    x = layers.Reshape((height * width, groups, channels // groups))(x)
    x = layers.Permute((1, 3, 2))(x)
    return layers.Reshape((height, width, channels))(x)


def inverted_residual(
    x: KerasTensor,
    filters: int,
    expansion: int = 6,
    strides: int = 1,
) -> KerasTensor:
    """Expand the channels, filter each spatially, project to few again.

    The residual connection is between the narrow ends, and no activation
    follows the projection: it is a linear bottleneck.

    Parameters
    ----------
    x : tensor, (batch, height, width, channels)
    filters : int
        Channels of the output.
    expansion : int
        Channels of the depthwise step for each channel of `x`; 1 for none.
    strides : int
        Of the depthwise step. The input is added where strides are 1 and
        the channels stay.

    Returns
    -------
    tensor, (batch, height / strides, width / strides, filters)

    References
    ----------
    Sandler et al., "MobileNetV2: Inverted Residuals and Linear
    Bottlenecks", 2018, table 1.
    """
    channels, y = x.shape[-1], x
    if expansion > 1:
        y = layers.Conv2D(expansion * channels, 1, use_bias=False)(y)
        y = layers.BatchNormalization()(y)
        y = layers.ReLU(6.0)(y)
    y = layers.DepthwiseConv2D(
        3,
        strides=strides,
        padding="same",
        use_bias=False,
    )(y)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU(6.0)(y)
    y = layers.Conv2D(filters, 1, use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    if strides > 1 or filters != channels:
        return y
    return layers.Add()([x, y])


def shuffle_unit(
    x: KerasTensor,
    filters: int,
    groups: int = 3,
    strides: int = 1,
    group_first: bool = True,
) -> KerasTensor:
    """Put a shuffle and a depthwise step between grouped 1×1 convolutions.

    Parameters
    ----------
    x : tensor, (batch, height, width, channels)
    filters : int
        Channels of the output; with strides of 1, those of `x`.
    groups : int
        Of the 1×1 convolutions.
    strides : int
        Above 1: strides of the depthwise step and of an average pooling of
        the input, which is then concatenated instead of added.
    group_first : bool
        False for a first 1×1 convolution without groups, as at the start
        of the network.

    Returns
    -------
    tensor, (batch, height / strides, width / strides, filters)

    Raises
    ------
    ValueError
        If strides are 1 and `filters` is not the number of channels of `x`.

    References
    ----------
    Zhang et al., "ShuffleNet", 2018, figure 2.
    """
    channels, narrow = x.shape[-1], filters // 4
    if strides == 1 and filters != channels:
        wanted = f"the {channels} channels of x with strides of 1"
        raise ValueError(f"filters must be {wanted}, got {filters}")
    new = filters if strides == 1 else filters - channels
    first = groups if group_first else 1
    y = layers.Conv2D(narrow, 1, groups=first, use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = channel_shuffle(y, groups)
    y = layers.DepthwiseConv2D(
        3,
        strides=strides,
        padding="same",
        use_bias=False,
    )(y)
    y = layers.BatchNormalization()(y)
    y = layers.Conv2D(new, 1, groups=groups, use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    if strides == 1:
        return layers.ReLU()(layers.Add()([x, y]))
    pooled = layers.AveragePooling2D(3, strides=strides, padding="same")(x)
    return layers.ReLU()(layers.Concatenate()([pooled, y]))


def convnext_block(
    x: KerasTensor,
    kernel_size: int = 7,
    expansion: int = 4,
) -> KerasTensor:
    """Filter each channel by a large kernel, then mix channels twice.

    ConvNeXt's block without its layer scale and stochastic depth, which
    help to train deep networks.

    Parameters
    ----------
    x : tensor, (batch, height, width, channels)
    kernel_size : int
        Of the depthwise step.
    expansion : int
        Channels between the two 1×1 convolutions for each channel of `x`.

    Returns
    -------
    tensor, as `x`

    References
    ----------
    Liu et al., "A ConvNet for the 2020s", 2022, figure 4.
    """
    channels = x.shape[-1]
    y = layers.DepthwiseConv2D(kernel_size, padding="same")(x)
    y = layers.LayerNormalization(epsilon=1e-6)(y)
    y = layers.Conv2D(expansion * channels, 1, activation="gelu")(y)
    y = layers.Conv2D(channels, 1)(y)
    return layers.Add()([x, y])
