"""Keras layers of the decoder and of what goes wrong with it, one stage at a time."""


def upsampled(x, factor=2, interpolation="bilinear"):
    from keras import layers

    return layers.UpSampling2D(factor, interpolation=interpolation)(x)


def convolved(
    x, filters, strides=1, kernel_size=3, separable=True, normalized=True, activation="relu", bias=True
):
    from keras import layers

    kind = layers.SeparableConv2D if separable else layers.Conv2D
    x = kind(filters, kernel_size, strides=strides, padding="same", activation=activation, use_bias=bias)(x)
    return layers.BatchNormalization()(x) if normalized else x


def normalized_before_relu(x, filters, strides=1, **options):
    from keras import layers

    return layers.ReLU()(convolved(x, filters, strides, activation=None, **options))


def joined(*tensors, axis=-1):
    from keras import layers

    return layers.Concatenate(axis=axis)(tensors)


def twice(x, filters, **change):
    return convolved(convolved(x, filters, **change), filters, **change)


def block(small, large, filters):
    return twice(upsampled(small) if large is None else joined(upsampled(small), large), filters)


def deepest_first(skips, some):
    return list(zip(skips, some, strict=True))[::-1]


def final(x, classes, **options):
    from keras import layers

    return layers.Conv2D(classes, **{"kernel_size": 1, "activation": "softmax"} | options)(x)


def fcn(
    input_shape,
    block_filters,
    filters,
    classes,
    *,
    first=lambda x, some: convolved(x, some, 2),
    middle=lambda x, filters: convolved(x, filters, kernel_size=1, separable=False),
    block=block,
    way_back=deepest_first,
    last=final,
):
    """Make the whole network, each part of which can be another one."""
    import keras

    x = inputs = keras.Input(input_shape)
    skips = []
    for some in block_filters:
        skips.append(x)
        x = first(x, some)
    if middle is not None:
        x = middle(x, filters)
    for skip, some in way_back(skips, list(block_filters)):
        x = block(x, skip, some)
    return keras.Model(inputs, last(x, classes))
