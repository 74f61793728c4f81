"""Right answers to the MNIST lab in many forms, by function."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

ROWS = ((8, 7, 2), (16, 5, 2), (32, 3, 1))


def network():
    """Give the forms of `network`."""

    def loop(separable, activation):
        x = inputs = keras.Input((28, 28, 1))
        for filters, size, strides in ROWS:
            kind = layers.SeparableConv2D if separable else layers.Conv2D
            x = kind(filters, (size, size), (strides, strides), activation=activation)(x)
        x = layers.GlobalAvgPool2D()(x)
        return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))

    def apart(separable, activation):
        model = keras.Sequential([layers.InputLayer(shape=(28, 28, 1))])
        for filters, size, strides in ROWS:
            if separable:
                model.add(layers.DepthwiseConv2D(size, strides=strides, use_bias=False))
                size = strides = 1  # noqa: PLW2901
            model.add(layers.Conv2D(filters, size, strides=strides))
            model.add(layers.Activation(activation or "linear"))
        model.add(layers.GlobalAveragePooling2D())
        model.add(layers.Dense(10))
        model.add(layers.Softmax())
        return model

    def with_tf(separable, activation):
        kind = tf.keras.layers.SeparableConv2D if separable else tf.keras.layers.Conv2D
        body = tf.keras.Sequential([kind(n, k, s, activation=activation) for n, k, s in ROWS])
        inputs = tf.keras.Input((28, 28, 1))
        pooled = keras.ops.mean(body(inputs), axis=(1, 2))
        return tf.keras.Model(inputs, tf.keras.layers.Dense(10, "softmax")(pooled))

    def functions(separable, activation):
        act = keras.activations.get(activation)
        x = inputs = keras.Input((28, 28, 1))
        for filters, size, strides in ROWS:
            kind = layers.SeparableConv2D if separable else layers.Conv2D
            x = act(kind(filters=filters, kernel_size=size, strides=strides, padding="valid")(x))
        x = layers.Reshape((32,))(layers.AveragePooling2D(2)(x))
        return keras.Model(inputs, keras.ops.softmax(layers.Dense(10)(x)))

    return {
        "a loop": loop,
        "depthwise and 1×1": apart,
        "tf.keras, a model in the model": with_tf,
        "functions for activations": functions,
    }


def macs():
    """Give the forms of `macs`."""

    def by_counting(size, channels, filters, kernel_size, strides=1, separable=False):
        row = len(range(0, size - kernel_size + 1, strides))
        taps = kernel_size * kernel_size
        return row * row * (channels * taps + channels * filters if separable else channels * taps * filters)

    def of_layers(size, channels, filters, kernel_size, strides=1, separable=False):
        kind = layers.SeparableConv2D if separable else layers.Conv2D
        layer = kind(filters, kernel_size, strides=strides, use_bias=False)
        layer.build((None, size, size, channels))
        _, height, width, _ = layer.compute_output_shape((None, size, size, channels))
        return height * width * layer.count_params()

    def in_arrays(size, channels, filters, kernel_size, strides=1, separable=False):
        windows = np.lib.stride_tricks.sliding_window_view(np.empty((size, size)), (kernel_size, kernel_size))
        places = windows[::strides, ::strides].shape[:2]
        each = [kernel_size, kernel_size, channels]
        of_each = np.prod(each) + channels * filters if separable else np.prod([*each, filters])
        return np.prod(places) * of_each

    def in_floats(size, channels, filters, kernel_size, strides=1, separable=False):
        places = np.ceil((size - kernel_size + 1) / strides) ** 2
        dense = places * channels * kernel_size**2 * float(filters)
        return dense * (1 / filters + 1 / kernel_size**2) if separable else dense

    return {
        "counting places": by_counting,
        "a layer's own shapes": of_layers,
        "windows of an array": in_arrays,
        "the ratio of both, in floats": in_floats,
    }


def accuracy():
    """Give the forms of `accuracy`."""

    def loop(probabilities, labels):
        right = 0
        for row, label in zip(probabilities, labels, strict=True):
            right += max(range(10), key=lambda digit: row[digit]) == label
        return right / len(labels)

    def by_keras(probabilities, labels):
        metric = keras.metrics.SparseCategoricalAccuracy()
        metric.update_state(labels, probabilities)
        return float(metric.result())

    def by_sorting(p, y):
        return (np.asarray(p).argsort(-1)[:, -1] == np.asarray(y)).mean(dtype="float32")

    def by_largest(p, y):
        return np.isclose(p[np.arange(len(y)), y], p.max(1)).sum() / np.float64(y.size)

    return {"a loop": loop, "Keras' metric": by_keras, "sorting": by_sorting, "the largest": by_largest}


FUNCTIONS = (network, macs, accuracy)
RIGHT = {make.__name__: make() for make in FUNCTIONS}
