"""How the Keras tasks go wrong, as Keras layers."""

from functools import partial


def keras_parts():
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


def after(convolution, **change):
    """Make a stage whose convolution is changed and whose normalization is right."""

    def stage(x, *args, **kwargs):
        _, separable, dense, normalized = keras_parts()
        made = {"separable": separable, "dense": dense}[convolution]
        return normalized(made(x, *args, **kwargs, **change))

    return stage


def _stage_mistakes(convolution):
    """Return the mistakes that both kinds of stage share."""

    def parts():
        layers, separable, dense, normalized = keras_parts()
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

    def normalized_with(**options):
        def stage(x, *args, **kwargs):
            _, convolve, normalized = parts()
            return normalized(convolve(x, *args, **kwargs), **options)

        return stage

    def always_training(x, *args, **kwargs):
        layers, convolve, _ = parts()
        return layers.BatchNormalization()(convolve(x, *args, **kwargs), training=True)

    def as_in_the_book(x, *args, **kwargs):
        layers, convolve, normalized = parts()
        return layers.ReLU()(normalized(convolve(x, *args, **kwargs, activation=None, use_bias=False)))

    def padded(x, *args, **kwargs):
        layers, convolve, normalized = parts()
        size = kwargs.get("kernel_size", 3)
        return normalized(convolve(layers.ZeroPadding2D(size // 2)(x), *args, **kwargs, padding="valid"))

    return {
        "no normalization": (no_normalization, "Which of the two steps is missing?"),
        "batch normalization comes before the convolution": (before, "Look at the order of the two steps."),
        "the activation comes after the normalization": (
            activation_last,
            "The promise has the activation inside the convolution layer.",
        ),
        "no activation": (after(convolution, activation=None), "What does the promise say about relu?"),
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
        "the normalization has another momentum": (
            normalized_with(momentum=0.9),
            "The promise has Keras' defaults: which of them do you change?",
        ),
        "the normalization has another momentum, that of PyTorch": (
            normalized_with(momentum=0.1),
            "PyTorch's momentum is the share of what is new, Keras' the share of what is kept.",
        ),
        "the normalization has PyTorch's momentum and epsilon": (
            normalized_with(momentum=0.1, epsilon=1e-5),
            "The promise has Keras' defaults: which of them do you change?",
        ),
        "the normalization is always in training": (
            always_training,
            "Who should say whether the network is training: you, or the one who calls it?",
        ),
        "relu stops at 6": (
            after(convolution, activation="relu6"),
            "Two activations have similar names: which one does the promise name?",
        ),
        "no bias, and the activation comes after the normalization": (
            as_in_the_book,
            "Two things differ from the promise, as in the book's networks: read it once more.",
        ),
        "strides are ignored": (strides_ignored, "What does the function do with its argument strides?"),
        "zeros are put on all sides, as in PyTorch": (
            padded,
            'With strides of 2, how many zeros does padding "same" put above and how many below?',
        ),
        "padding is valid": (
            after(convolution, padding="valid"),
            "With which padding does the height stay what it is when strides is 1?",
        ),
        "no bias": (
            after(convolution, use_bias=False),
            "Between the convolution and the normalization stands relu: here the bias is not superfluous.",
        ),
        "no convolution": (normalized_only, "Which of the two steps is missing?"),
    }


def of_separable():
    def by_hand(x, filters, strides=1, between=None, depthwise_bias=False, bias=True, activation="relu"):
        layers, _, _, normalized = keras_parts()
        x = layers.DepthwiseConv2D(
            3, strides=strides, padding="same", use_bias=depthwise_bias, activation=between
        )(x)
        return normalized(layers.Conv2D(filters, 1, use_bias=bias, activation=activation)(x))

    def no_pointwise(x, filters, strides=1):
        layers, _, _, normalized = keras_parts()
        return normalized(layers.DepthwiseConv2D(3, strides=strides, padding="same", activation="relu")(x))

    def swapped(x, filters, strides=1):
        _, separable, _, normalized = keras_parts()
        return normalized(separable(x, 3, strides, kernel_size=filters))

    shared = _stage_mistakes("separable")
    # In a separable layer, strides of the 1×1 part give the same numbers: that part takes every
    # other place of maps on which zeros were put on all sides.
    padded, _ = shared.pop("zeros are put on all sides, as in PyTorch")
    return shared | {
        "zeros on all sides, as in PyTorch, or strides in the 1×1 part": (
            padded,
            'With strides of 2 and padding "same", over which pixels does the first 3×3 kernel lie?',
        ),
        "a dense convolution": (
            after("dense"),
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
        "the activation stands between the two parts as well": (
            partial(by_hand, between="relu"),
            "Nothing stands between depthwise and pointwise.",
        ),
        "the bias belongs to the depthwise part": (
            partial(by_hand, depthwise_bias=True, bias=False),
            "The promise has one bias, after the pointwise part.",
        ),
        "filters and kernel size are swapped": (
            swapped,
            "In which order does the layer take its arguments? Names are safer.",
        ),
        "the depth multiplier is 2": (
            after("separable", depth_multiplier=2),
            "The promise has one depthwise kernel for each channel.",
        ),
        "the kernel is not 3×3": (after("separable", kernel_size=5), "Look at kernel_size."),
    }


def of_dense():
    def kernel_size_ignored(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = keras_parts()
        return normalized(dense(x, filters, 3, strides))

    def one_axis(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = keras_parts()
        return normalized(dense(x, filters, kernel_size, (strides, 1)))

    def separated(x, filters, kernel_size=3, strides=1):
        _, separable, _, normalized = keras_parts()
        return normalized(separable(x, filters, strides, kernel_size=kernel_size))

    def swapped(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = keras_parts()
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
