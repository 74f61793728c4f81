"""How the Keras tasks go wrong, as Keras layers."""

from functools import partial


def _keras_parts():
    """Return the convolutions and the normalization that the mistakes are made of."""
    from keras import layers

    def separable(x, filters, strides=1, **change):
        return layers.SeparableConv2D(
            filters,
            **{"kernel_size": 3, "strides": strides, "padding": "same", "activation": "relu"} | change,
        )(x)

    def dense(x, filters, kernel_size=3, strides=1, **change):
        return layers.Conv2D(
            filters,
            **{"kernel_size": kernel_size, "strides": strides, "padding": "same", "activation": "relu"}
            | change,
        )(x)

    def normalized(x, **options):
        return layers.BatchNormalization(**options)(x)

    return layers, separable, dense, normalized


def _after(convolution, **change):
    """Make a stage whose convolution is changed and whose normalization is right."""

    def stage(x, *args, **kwargs):
        _, separable, dense, normalized = _keras_parts()
        made = {"separable": separable, "dense": dense}[convolution]
        return normalized(made(x, *args, **kwargs, **change))

    return stage


def _stage_mistakes(convolution):
    """Return the mistakes that both kinds of stage share."""

    def parts():
        layers, separable, dense, normalized = _keras_parts()
        return layers, {"separable": separable, "dense": dense}[convolution], normalized

    def no_normalization(x, *args, **kwargs):
        _, convolve, _ = parts()
        return convolve(x, *args, **kwargs)

    def before(x, *args, **kwargs):
        _, convolve, normalized = parts()
        return convolve(normalized(x), *args, **kwargs)

    def activation_last(x, *args, **kwargs):
        layers, convolve, normalized = parts()
        return layers.ReLU()(normalized(convolve(x, *args, **kwargs, activation=None)))

    def frozen(x, *args, **kwargs):
        layers, convolve, _ = parts()
        return layers.BatchNormalization(trainable=False)(convolve(x, *args, **kwargs))

    def layer_normalization(x, *args, **kwargs):
        layers, convolve, _ = parts()
        return layers.LayerNormalization()(convolve(x, *args, **kwargs))

    def along_the_height(x, *args, **kwargs):
        _, convolve, normalized = parts()
        return normalized(convolve(x, *args, **kwargs), axis=1)

    def strides_ignored(x, *args, **kwargs):
        _, convolve, normalized = parts()
        return normalized(convolve(x, *args, **kwargs | {"strides": 1}))

    def normalized_only(x, *args, **kwargs):
        _, _, normalized = parts()
        return normalized(x)

    return {
        "no normalization": (no_normalization, "Which of the two steps is missing?"),
        "batch normalization comes before the convolution": (before, "Look at the order of the two steps."),
        "the activation comes after the normalization": (
            activation_last,
            "The promise has the activation inside the convolution layer.",
        ),
        "no activation": (_after(convolution, activation=None), "What does the promise say about relu?"),
        "the normalization is frozen": (
            frozen,
            "A layer that may not be trained keeps to its moving statistics: leave `trainable` alone.",
        ),
        "another normalization": (
            layer_normalization,
            "Layer normalization takes its statistics from one image, batch normalization from the batch.",
        ),
        "normalized along the height": (
            along_the_height,
            "Each channel has statistics of its own; the channels are the last axis.",
        ),
        "strides are ignored": (strides_ignored, "What does the function do with its argument strides?"),
        "padding is valid": (
            _after(convolution, padding="valid"),
            "With which padding does the height stay what it is when strides is 1?",
        ),
        "no bias": (
            _after(convolution, use_bias=False),
            "Between the convolution and the normalization stands relu: here the bias is not superfluous.",
        ),
        "no convolution": (normalized_only, "Which of the two steps is missing?"),
    }


def of_separable():
    def by_hand(x, filters, strides=1, between=None, depthwise_bias=False, activation="relu"):
        layers, _, _, normalized = _keras_parts()
        x = layers.DepthwiseConv2D(
            3, strides=strides, padding="same", use_bias=depthwise_bias, activation=between
        )(x)
        return normalized(layers.Conv2D(filters, 1, activation=activation)(x))

    def no_pointwise(x, filters, strides=1):
        layers, _, _, normalized = _keras_parts()
        return normalized(layers.DepthwiseConv2D(3, strides=strides, padding="same", activation="relu")(x))

    def swapped(x, filters, strides=1):
        _, separable, _, normalized = _keras_parts()
        return normalized(separable(x, 3, strides, kernel_size=filters))

    return _stage_mistakes("separable") | {
        "a dense convolution": (
            _after("dense"),
            "A plain Conv2D has one kernel over all channels: which layer separates space and channels?",
        ),
        "the pointwise part is missing": (
            no_pointwise,
            "After the depthwise part, 1×1 filters must mix the channels.",
        ),
        "the depthwise part has a bias, too": (
            partial(by_hand, depthwise_bias=True),
            "The promise has one bias, after the pointwise part. What is the default of use_bias?",
        ),
        "the activation stands between the two parts": (
            partial(by_hand, between="relu", activation=None),
            "Nothing stands between depthwise and pointwise; relu follows both.",
        ),
        "filters and kernel size are swapped": (
            swapped,
            "In which order does the layer take its arguments? Names are safer.",
        ),
        "the depth multiplier is 2": (
            _after("separable", depth_multiplier=2),
            "The promise has one depthwise kernel for each channel.",
        ),
        "the kernel is not 3×3": (_after("separable", kernel_size=5), "Look at kernel_size."),
    }


def of_dense():
    def kernel_size_ignored(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = _keras_parts()
        return normalized(dense(x, filters, 3, strides))

    def one_axis(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = _keras_parts()
        return normalized(dense(x, filters, kernel_size, (strides, 1)))

    def separated(x, filters, kernel_size=3, strides=1):
        _, separable, _, normalized = _keras_parts()
        return normalized(separable(x, filters, strides, kernel_size=kernel_size))

    def swapped(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = _keras_parts()
        return normalized(dense(x, kernel_size, filters, strides))

    return _stage_mistakes("dense") | {
        "kernel_size is ignored": (kernel_size_ignored, "What does the function do with kernel_size?"),
        "strides on one axis only": (one_axis, "One number of strides means both height and width."),
        "a separable convolution": (separated, "Here the plain, dense layer is asked for."),
        "filters and kernel size are swapped": (
            swapped,
            "In which order does the layer take its arguments? Names are safer.",
        ),
    }


def of_block():
    def twice(x, filters, strides):
        _, separable, _, normalized = _keras_parts()
        return normalized(separable(normalized(separable(x, filters, strides)), filters, 1))

    def pooled(x, filters, strides):
        layers, separable, _, normalized = _keras_parts()
        return layers.MaxPooling2D(strides, padding="same")(normalized(separable(x, filters)))

    def ignored(x, filters, strides):
        _, separable, _, normalized = _keras_parts()
        return normalized(separable(x, filters))

    return of_separable() | {
        "strides are ignored": (ignored, "Does the block pass its strides on?"),
        "two convolutions instead of one": (twice, "One separable layer is a block."),
        "pooling instead of strides": (pooled, "The block's strides belong to its convolution."),
    }


def of_encoder():
    def model(build):
        def make(input_shape, block_filters, filters):
            import keras

            inputs = keras.Input(input_shape)
            return keras.Model(inputs, build(inputs, list(block_filters), filters))

        return make

    block, last = _after("separable"), partial(_after("dense"), kernel_size=1)

    def blocks(x, block_filters, strides=2, stage=block):
        for filters in block_filters:
            x = stage(x, filters, strides=strides)
        return x

    def pooled(x, block_filters, filters):
        layers, *_ = _keras_parts()
        return layers.GlobalAveragePooling2D(keepdims=True)(last(blocks(x, block_filters), filters))

    def plain_last(x, block_filters, filters):
        layers, *_ = _keras_parts()
        return layers.Conv2D(filters, 1, activation="relu")(blocks(x, block_filters))

    def without(x, filters, strides=1, kernel_size=3):
        return _keras_parts()[1](x, filters, strides)

    return {
        "the 1×1 layer is missing": (
            model(lambda x, some, f: blocks(x, some)),
            "What follows the last block?",
        ),
        "the 1×1 layer comes first": (
            model(lambda x, some, f: blocks(last(x, f), some)),
            "First the blocks, then the 1×1 layer.",
        ),
        "the last layer is 3×3": (
            model(lambda x, some, f: _after("dense")(blocks(x, some), f)),
            "Which kernel_size does conv2d_batchnorm take when you give none?",
        ),
        "the last layer is not normalized": (
            model(plain_last),
            "You have written conv2d_batchnorm: is it used?",
        ),
        "the last layer has strides": (
            model(lambda x, some, f: _after("dense")(blocks(x, some), f, 1, 2)),
            "The blocks make the maps smaller, the 1×1 layer keeps every place.",
        ),
        "the places are averaged away": (model(pooled), "The encoder keeps a value for every place."),
        "the blocks keep the size": (
            model(lambda x, some, f: last(blocks(x, some, strides=1), f)),
            "Each block halves height and width.",
        ),
        "only the last block counts": (
            model(lambda x, some, f: last(block(x, some[-1], strides=2), f)),
            "Is the block's input always the encoder's input?",
        ),
        "only the first block counts": (
            model(lambda x, some, f: last(block(x, some[0], strides=2), f)),
            "How often does the loop run?",
        ),
        "the blocks come in reverse order": (
            model(lambda x, some, f: last(blocks(x, some[::-1]), f)),
            "The first entry of block_filters belongs to the first block.",
        ),
        "dense blocks": (
            model(lambda x, some, f: last(blocks(x, some, stage=_after("dense")), f)),
            "The blocks are made of separable layers.",
        ),
        "the blocks are not normalized": (
            model(lambda x, some, f: last(blocks(x, some, stage=without), f)),
            "Look at what separable_conv2d_batchnorm does.",
        ),
        "the 1×1 layer is separable": (
            model(lambda x, some, f: _after("separable", kernel_size=1)(blocks(x, some), f)),
            "The last layer is conv2d_batchnorm.",
        ),
    }
