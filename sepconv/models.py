"""The networks that the book compares."""

import keras
from keras import layers

from sepconv.layers import xception_block

DIGIT = (28, 28, 1)


def _mnist(convolution, activation, name: str) -> keras.Sequential:
    return keras.Sequential(
        [
            keras.Input(DIGIT),
            convolution(8, 7, strides=2, activation=activation),
            convolution(16, 5, strides=2, activation=activation),
            convolution(32, 3, activation=activation),
            layers.GlobalAveragePooling2D(),
            layers.Dense(10, activation="softmax"),
        ],
        name=name,
    )


def mnist_dense(activation: str | None = None) -> keras.Sequential:
    """Build the sources' network for MNIST from `Conv2D`.

    Parameters
    ----------
    activation : str, optional
        Of the three convolutions. The sources print none.

    Returns
    -------
    keras.Sequential
        From (batch, 28, 28, 1) to the probabilities of ten digits; not compiled, not trained.
    """
    return _mnist(layers.Conv2D, activation, "mnist_dense")


def mnist_separable(activation: str | None = None) -> keras.Sequential:
    """Build the sources' network for MNIST from `SeparableConv2D`, all else as in `mnist_dense`.

    Parameters
    ----------
    activation : str, optional
        Of the three convolutions. The sources print none.

    Returns
    -------
    keras.Sequential
        From (batch, 28, 28, 1) to the probabilities of ten digits; not compiled, not trained.
    """
    return _mnist(layers.SeparableConv2D, activation, "mnist_separable")


def mini_xception(
    input_shape=(None, None, 3), classes: int = 10, filters=(16, 32, 64), middle: int = 1
) -> keras.Model:
    """Build Xception in small: an entry flow that halves, a middle flow that keeps, an exit.

    Parameters
    ----------
    input_shape : (int or None, int or None, int)
        Height and width may be left open.
    classes : int
    filters : sequence of ints
        The first of the plain convolution at the start; the others of one halving block each.
    middle : int
        Blocks of three separable layers each that keep size and channels.

    Returns
    -------
    keras.Model
        From images to the probabilities of the classes; not compiled, not trained.

    References
    ----------
    Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2017, figure 5.
    """
    inputs = keras.Input(input_shape)
    x = layers.Conv2D(filters[0], 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    for i, width in enumerate(filters[1:]):
        x = xception_block(x, width, start_with_relu=i > 0)
    for _ in range(middle):
        x = xception_block(x, filters[-1], repeats=3, strides=1)
    x = layers.SeparableConv2D(2 * filters[-1], 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x), name="mini_xception")
