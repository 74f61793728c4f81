"""Both networks: what they should give, computed in NumPy, their cases and how they go wrong."""

from functools import partial

import numpy as np

from autograder.checks import keras_behaviour
from sepconv import ops

SHAPE = (28, 28, 1)
STAGES = ((8, 7, 2), (16, 5, 2), (32, 3, 1))  # filters, kernel size, strides
CLASSES = 10
ACTIVATIONS = {None: lambda x: x, "relu": lambda x: np.maximum(x, 0), "tanh": np.tanh}


def _stages(x, known, training, separable, activation):
    for filters, size, strides in STAGES:
        channels = x.shape[3]
        if separable:
            depthwise = known("depthwise_kernel", size, size, channels, 1)
            x = ops.separable_conv2d(
                x, depthwise, known("pointwise_kernel", 1, 1, channels, filters), strides=strides
            )
        else:
            x = ops.conv2d(x, known("kernel", size, size, channels, filters), strides=strides)
        x = ACTIVATIONS[activation](x + known("bias", filters))
    x = x.mean(axis=(1, 2)) @ known("pointwise_kernel", 1, 1, x.shape[3], CLASSES)[0, 0] + known(
        "bias", CLASSES
    )
    x = np.exp(x - x.max(axis=1, keepdims=True))
    return x / x.sum(axis=1, keepdims=True)


def _networks(hidden, rng):
    chosen = [(False, "relu"), (True, "relu"), (False, "tanh"), (False, None), (True, None)]
    if hidden:
        chosen = [(separable, activation) for separable in (False, True) for activation in (None, "tanh")]
    for number, (separable, activation) in enumerate(chosen):
        x = rng.normal(size=(3, *SHAPE)).astype("float32")
        seed = int(rng.integers(100, 10**6)) if hidden else number
        yield {
            "how": "model",
            "args": {"separable": separable, "activation": activation},
            "x": x,
            "seed": seed,
            "expected": keras_behaviour.expected(
                partial(_stages, separable=separable, activation=activation), x, seed
            ),
        }


def _built(
    separable, activation=None, *, strides=None, padding="valid", pooling="mean", softmax=True, bias=True,
    stages=STAGES, kind=None, last_activation=None, normalized=False,
):  # fmt: skip
    import keras
    from keras import layers

    kind = kind or (layers.SeparableConv2D if separable else layers.Conv2D)
    model = keras.Sequential([keras.Input(SHAPE)])
    for number, (filters, size, step) in enumerate(stages):
        made = kind(number) if isinstance(kind, type(lambda: 0)) else kind
        model.add(made(filters, size, strides=strides or step, padding=padding, use_bias=bias,
                       activation=activation))  # fmt: skip
        if normalized:
            model.add(layers.BatchNormalization())
    model.add(
        {"mean": layers.GlobalAveragePooling2D, "max": layers.GlobalMaxPooling2D, "flat": layers.Flatten}[
            pooling
        ]()
    )
    model.add(layers.Dense(CLASSES, activation="softmax" if softmax else last_activation))
    return model


def _mistakes():
    def but(**change):
        return partial(_mistaken, change)

    def first_dense(separable, activation):
        from keras import layers

        return _built(
            separable,
            activation,
            kind=lambda number: layers.SeparableConv2D if separable and number else layers.Conv2D,
        )

    def always(separable):
        return lambda _, activation: _built(separable, activation)

    reversed_filters = tuple((f, k, s) for (f, _, _), (_, k, s) in zip(STAGES[::-1], STAGES, strict=True))
    same_kernels = tuple((f, 3, s) for f, _, s in STAGES)
    two_stages = STAGES[:2]
    return {
        "strides are 1 everywhere": (but(strides=1), "The first two layers move their filters by two."),
        "the last layer has strides, too": (but(strides=2), "The third layer moves its filters by one."),
        "padding is same": (but(padding="same"), "Keras' default padding is what the table means."),
        "a flat layer instead of the average": (
            but(pooling="flat"),
            "What does the table say between the last convolution and the dense layer?",
        ),
        "the largest instead of the average": (but(pooling="max"), "Each map is averaged."),
        "no softmax": (but(softmax=False), "Ten numbers that add up to one: which activation gives those?"),
        "a sigmoid instead of softmax": (
            but(softmax=False, last_activation="sigmoid"),
            "Ten numbers that add up to one: which activation gives those?",
        ),
        "no bias": (but(bias=False), "The table counts a bias for every filter."),
        "batch normalization is added": (but(normalized=True), "The table has no normalization."),
        "the activation is ignored": (
            lambda separable, activation: _built(separable, None),
            "What does the function do with its argument activation?",
        ),
        "the activation is always relu": (
            lambda separable, activation: _built(separable, "relu"),
            "With activation None the layers stay linear.",
        ),
        "None becomes relu": (
            lambda separable, activation: _built(separable, activation or "relu"),
            "With activation None the layers stay linear.",
        ),
        "both networks are dense": (always(False), "What does the function do with its argument separable?"),
        "both networks are separable": (
            always(True),
            "What does the function do with its argument separable?",
        ),
        "separable the other way round": (
            lambda separable, activation: _built(not separable, activation),
            "Which network is which?",
        ),
        "the first layer is dense in both": (
            first_dense,
            "All three convolutions of the second network are separable.",
        ),
        "the filters in reverse order": (
            but(stages=reversed_filters),
            "The later the layer, the more filters.",
        ),
        "all kernels are 3×3": (but(stages=same_kernels), "Look at the column of kernel sizes."),
        "the third convolution is missing": (
            but(stages=two_stages),
            "How many convolutions does the table have?",
        ),
    }


def _mistaken(change, separable, activation=None):
    return _built(separable, activation, **change)


TASKS = {"network": (_networks, _mistakes())}
